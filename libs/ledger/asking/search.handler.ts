import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { type LedgerPage, type LedgerRow, SearchCases } from '../../contracts/ledger.js';
import { invalid } from '../../contracts/refusal.js';
import { type Fragment, type Sql } from '../../platform/sql.js';
import { SHOWN } from '../rows/columns.js';
import { containing } from './filters.js';
import { Frequencies } from './frequencies.js';
import { lookedAt } from './lights.js';
import { cursorOf, placeIn } from './order.js';
import { PLANNED_ONCE, READING } from './reading.js';
import { type Chosen, Scope } from './scope.js';
import { shownIn } from './shown-rows.js';
import { gramsOf, plain } from '../rows/search-text.js';

const ORDER = '-seq';
/** So many of the newest are looked through first, or fewer, by full steps: each is a statement that is planned once. */
const [GLANCE, STEP] = [500, 50];
/** So many the index finds, and puts in order, before those are looked through. */
const FEW = 1000;
/** Further than this nobody looks through texts one by one: the index knows better. */
const FARTHEST = 10_000;
/** A text that is looked through takes as long as so many entries of the index that lie elsewhere. */
const PASSED_BY = 50;
/** Of what a share promises about so much more is looked through at once. */
const MARGIN = 1.4;
/** A text that the index finds costs as much as so many that stand one behind the other. */
const FOUND_COSTS = 2;

/** What is looked for. */
interface Looking extends Chosen {
  /** Whether more is asked than what is said: then fewer are found than statistics of texts know. */
  narrowed: boolean;
  /** How a text must read. */
  said: Fragment;
  /** Pairs of it by which the index is asked. */
  grams: string[];
}

/** What was found among the newest texts. */
interface Near {
  rows: LedgerRow[];
  /** Where it was given up; absent where there is nothing behind it. */
  last: number | undefined;
  /** Of all texts, about. */
  texts: number;
}

/** What was looked through: where it ended, how many texts that was, and how many there are at all. */
interface Looked {
  last: number | null;
  looked: number;
  texts: number;
}
const NOTHING: Looked = { last: null, looked: 0, texts: 0 };

/** Finds cases by what is said of them, newest first. */
@QueryHandler(SearchCases)
export class SearchCasesHandler implements IQueryHandler<SearchCases> {
  constructor(
    @Inject(READING) private readonly sql: Sql,
    @Inject(PLANNED_ONCE) private readonly once: Sql,
    private readonly scope: Scope,
    private readonly frequencies: Frequencies,
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
    const narrowed = Object.keys(filter).length > 0;
    const found = await this.#found({ ...chosen, narrowed, said, grams }, place?.[1], limit + 1);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      rows: page.map((row) => lookedAt(row, chosen.register.today)),
      ...(found.length > limit && last && { next: cursorOf([last.seq, last.seq], ORDER, list) }),
    };
  }

  /**
   * What is said of many cases stands among the newest: these are looked through, which no index does faster. How many
   * are found says how far that is worth it; the index finds what is said of few, as far as statistics know, among those
   * that concern a unit too. Where they know of a word only that it is rarer than others, the index is asked first, until
   * it has found too many.
   */
  async #found(asked: Looking, before: number | undefined, wanted: number): Promise<LedgerRow[]> {
    const { frequencies } = this;
    const [most, part] = await Promise.all([frequencies.most(asked.grams), this.#partOf(asked.among)]);
    const looking = { ...asked, grams: await frequencies.telling(asked.grams, part) };
    if (most !== undefined && most.rows * part <= FEW) return this.#indexed(looking, before, wanted);
    if (looking.among !== undefined && most?.known !== true) return this.#indexed(looking, before, wanted);
    if (most?.known === false) {
      const rows = await this.#rare(looking, before, wanted);
      if (rows) return rows;
    }
    // What is said of nearly all of them is found among fewer.
    const likely = looking.narrowed ? 0 : (most?.share ?? 0);
    const glance = Math.min(GLANCE, Math.ceil(((wanted / likely) * MARGIN) / STEP) * STEP);
    const near = await this.#through(looking, before, glance, wanted, 'once');
    if (near.rows.length >= wanted || near.last === undefined) return near.rows;
    const rest = wanted - near.rows.length;
    const share = near.rows.length / glance;
    const far = Math.ceil((rest / share) * 2);
    const more =
      far <= Math.min(FARTHEST * Math.min(1, part * PASSED_BY), share * part * near.texts * FOUND_COSTS)
        ? await this.#through(looking, near.last, far, rest)
        : { rows: await this.#indexed(looking, near.last, rest), last: undefined };
    const rows = [...near.rows, ...more.rows];
    if (rows.length >= wanted || more.last === undefined) return rows;
    return [...rows, ...(await this.#indexed(looking, more.last, wanted - rows.length))];
  }

  /** The share of all cases that concern somebody; all, where that is not known. */
  async #partOf(among: readonly string[] | undefined): Promise<number> {
    const known = among && (await this.frequencies.concerning(among));
    return known ? known.cases / known.all : 1;
  }

  /** By the index, unless it finds more than a few: then nothing. */
  async #rare(
    { schema, where, said, grams }: Looking,
    before: number | undefined,
    wanted: number,
  ): Promise<LedgerRow[] | undefined> {
    const { once: sql } = this;
    // What is kept aside is planned as if all of it were wanted, and stops where no more is taken.
    const found = await shownIn<{ texts: number }>(
      sql`
      with saying as materialized (
        select "caseId", "atSeq" from ${schema}.search
        where grams @> ${grams} and ${said} ${before === undefined ? sql`` : sql`and "atSeq" < ${before}`}),
      few as materialized (select * from saying limit ${FEW + 1})
      select f.*, n.texts from (select count(*) as texts from few) n
      left join (
        select ${sql.unsafe(SHOWN)} from few join ${schema}.cases on id = "caseId"
        where ${where} order by "atSeq" desc limit ${wanted}) f on n.texts <= ${FEW}
      order by f.seq desc`,
      ['texts'],
    );
    const rows = found.map(({ row }) => row).filter(({ seq }) => seq);
    return (found[0]?.others.texts ?? 0) <= FEW ? rows : undefined;
  }

  async #through(
    { schema, where, lying, said }: Looking,
    before: number | undefined,
    most: number,
    wanted: number,
    planned: 'each' | 'once' = 'each',
  ): Promise<Near> {
    // In the text it is known to a plan that is made once; elsewhere every number would be another text.
    const [sql, limit] =
      planned === 'once' ? [this.once, this.once.unsafe(String(most))] : ([this.sql, most] as const);
    const found = await shownIn<Looked>(
      sql`
      with newest as materialized (
        select "caseId", "atSeq", said from ${schema}.search where ${lying}
        ${before === undefined ? sql`` : sql`and "atSeq" < ${before}`} order by "atSeq" desc limit ${limit})
      select f.*, l.* from (
        select min("atSeq") as last, count(*) as looked,
          (select reltuples::bigint from pg_class where oid = (select tableoid from ${schema}.search limit 1)) as texts
        from newest) l
      left join (
        select ${sql.unsafe(SHOWN)} from newest join ${schema}.cases on id = "caseId"
        where ${said} and ${where} order by "atSeq" desc limit ${wanted}) f on true
      order by f.seq desc`,
      ['last', 'looked', 'texts'],
    );
    const { last, looked, texts } = found[0]?.others ?? NOTHING;
    // Where none is found there is one row, with what was looked at alone.
    const rows = found.map(({ row }) => row).filter(({ seq }) => seq);
    return { rows, last: looked === most ? (last ?? undefined) : undefined, texts };
  }

  /** By what is said, and whom it concerns: put in order before rows are read, of which there may be a hundred times as many. */
  async #indexed(
    { schema, where, said, grams, among }: Looking,
    before: number | undefined,
    wanted: number,
  ): Promise<LedgerRow[]> {
    const { sql } = this;
    const found = await shownIn(sql`
      select ${sql.unsafe(SHOWN)}
      from (select "caseId", "atSeq" from ${schema}.search
        where grams @> ${grams} and ${said}
          ${among === undefined ? sql`` : sql`and reach && ${among}`}
          ${before === undefined ? sql`` : sql`and "atSeq" < ${before}`}
        order by "atSeq" desc offset 0) s
      join ${schema}.cases on id = "caseId"
      where ${where} order by "atSeq" desc limit ${wanted}`);
    return found.map(({ row }) => row);
  }
}
