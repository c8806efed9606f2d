import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { type LedgerPage, type LedgerRow, SearchCases } from '../contracts/ledger.js';
import { invalid } from '../contracts/refusal.js';
import { type Fragment, type Sql } from '../platform/sql.js';
import { SHOWN } from './columns.js';
import { containing } from './filters.js';
import { lookedAt } from './lights.js';
import { cursorOf, placeIn } from './order.js';
import { READING } from './reading.js';
import { type Chosen, Scope } from './scope.js';
import { gramsOf, plain } from './search-text.js';

const ORDER = '-seq';
/** So many of the newest are looked through first. */
const GLANCE = 1000;
/** Further than this nobody looks through texts one by one: the index knows better. */
const FARTHEST = 10_000;

/** What is looked for, and how much of it is still wanted. */
interface Looking extends Chosen {
  /** How a text must read. */
  said: Fragment;
  grams: string[];
}

/** Of these newest, so many say it where it is frequent. */
const OFTEN = 20;

/** Finds cases by what is said of them, newest first. */
@QueryHandler(SearchCases)
export class SearchCasesHandler implements IQueryHandler<SearchCases> {
  constructor(
    @Inject(READING) private readonly sql: Sql,
    private readonly scope: Scope,
  ) {}

  /** @throws Refusal input/invalid */
  async execute({ caller, text, filter, limit, after }: SearchCases): Promise<LedgerPage> {
    const words = plain(text).split(/\s+/u).filter(Boolean);
    const grams = [...new Set(words.flatMap(gramsOf))];
    if (grams.length === 0)
      invalid('text', 'searchable', 'text must have two letters or digits beside each other');
    // A cursor is of this search and no other.
    const list = { ...filter, text };
    const place = after === undefined ? undefined : placeIn(after, ORDER, list);
    const chosen = await this.scope.of(caller, filter);
    const said = this.sql`said like all (${words.map(containing)})`;
    const found = await this.#found({ ...chosen, said, grams }, place?.[1], limit + 1);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      rows: page.map((row) => lookedAt(row, chosen.register.today)),
      ...(found.length > limit && last && { next: cursorOf([last.seq, last.seq], ORDER, list) }),
    };
  }

  /**
   * What is said of many cases stands among the newest: these are looked through, which no index does faster. How many
   * are found says how far that is worth it; the index finds what is said of few.
   */
  async #found(looking: Looking, before: number | undefined, wanted: number): Promise<LedgerRow[]> {
    // Within a division few rows are left in any case.
    if (looking.among !== undefined)
      return looking.grams.length > 1 && (await this.#isFrequent(looking))
        ? this.#within(looking, before, wanted)
        : this.#indexed(looking, before, wanted);
    const near = await this.#through(looking, before, GLANCE, wanted);
    if (near.rows.length >= wanted || near.last === undefined) return near.rows;
    const rest = wanted - near.rows.length;
    const far = Math.ceil((rest / near.rows.length) * GLANCE * 2);
    const more =
      far <= FARTHEST
        ? await this.#through(looking, near.last, far, rest)
        : { rows: await this.#indexed(looking, near.last, rest), last: undefined };
    const rows = [...near.rows, ...more.rows];
    if (rows.length >= wanted || more.last === undefined) return rows;
    return [...rows, ...(await this.#indexed(looking, more.last, wanted - rows.length))];
  }

  /**
   * Whether many say it, as the newest texts tell. The database takes the parts of a text to be independent of each other,
   * and so thinks that hardly anybody says all of a text whose every part is frequent.
   */
  async #isFrequent({ schema, said }: Looking): Promise<boolean> {
    const { sql } = this;
    const [found] = await sql<{ some: number }[]>`
      select count(*) as some
      from (select said from ${schema}.search order by "atSeq" desc limit ${GLANCE}) s where ${said}`;
    return (found?.some ?? 0) > OFTEN;
  }

  /** Among the rows that the caller may see, text by text. */
  async #within(
    { schema, where, said }: Looking,
    before: number | undefined,
    wanted: number,
  ): Promise<LedgerRow[]> {
    const { sql } = this;
    // By `offset 0` the rows are chosen before the texts are looked at.
    const found = await sql<LedgerRow[]>`
      select ${sql.unsafe(SHOWN)}
      from (select "caseId" as found
        from (select id as seen from ${schema}.cases where ${where} offset 0) n
        join ${schema}.search on "caseId" = seen
        where ${said} ${before === undefined ? sql`` : sql`and "atSeq" < ${before}`}
        order by "atSeq" desc limit ${wanted}) f
      join ${schema}.cases on id = found order by seq desc`;
    return [...found];
  }

  /** @returns `last`: where it was given up; absent where there is nothing behind it */
  async #through(
    { schema, where, said }: Looking,
    before: number | undefined,
    most: number,
    wanted: number,
  ): Promise<{ rows: LedgerRow[]; last: number | undefined }> {
    const { sql } = this;
    const newest = sql`select "caseId", "atSeq", said from ${schema}.search
      ${before === undefined ? sql`` : sql`where "atSeq" < ${before}`} order by "atSeq" desc limit ${most}`;
    const [rows, [end]] = await Promise.all([
      sql<LedgerRow[]>`
        select ${sql.unsafe(SHOWN)} from (${newest}) s join ${schema}.cases on id = "caseId"
        where ${said} and ${where} order by "atSeq" desc limit ${wanted}`,
      sql<{ last: number | null; looked: number }[]>`
        select min("atSeq") as last, count(*) as looked from (${newest}) s`,
    ]);
    return { rows: [...rows], last: end?.looked === most ? (end.last ?? undefined) : undefined };
  }

  async #indexed(
    { schema, where, said, grams }: Looking,
    before: number | undefined,
    wanted: number,
  ): Promise<LedgerRow[]> {
    const { sql } = this;
    const found = await sql<LedgerRow[]>`
      select ${sql.unsafe(SHOWN)} from ${schema}.search join ${schema}.cases on id = "caseId"
      where grams @> ${grams} and ${said}
        ${before === undefined ? sql`` : sql`and "atSeq" < ${before}`}
        and ${where}
      order by "atSeq" desc limit ${wanted}`;
    return [...found];
  }
}
