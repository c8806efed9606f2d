import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { type LedgerPage, type LedgerRow, SearchCases } from '../contracts/ledger.js';
import { invalid } from '../contracts/refusal.js';
import { type Sql } from '../platform/sql.js';
import { SHOWN } from './columns.js';
import { containing } from './filters.js';
import { lookedAt } from './lights.js';
import { cursorOf, placeIn } from './order.js';
import { READING } from './reading.js';
import { Scope } from './scope.js';
import { gramsOf, plain } from './search-text.js';

const ORDER = '-seq';

/** Finds cases by what is said of them, newest first. */
@QueryHandler(SearchCases)
export class SearchCasesHandler implements IQueryHandler<SearchCases> {
  constructor(
    @Inject(READING) private readonly sql: Sql,
    private readonly scope: Scope,
  ) {}

  /** @throws Refusal input/invalid */
  async execute({ caller, text, filter, limit, after }: SearchCases): Promise<LedgerPage> {
    const { sql } = this;
    const words = plain(text).split(/\s+/u).filter(Boolean);
    const grams = [...new Set(words.flatMap(gramsOf))];
    if (grams.length === 0)
      invalid('text', 'searchable', 'text must have two letters or digits beside each other');
    // A cursor is of this search and no other.
    const list = { ...filter, text };
    const place = after === undefined ? undefined : placeIn(after, ORDER, list);
    const { schema, where, register, among } = await this.scope.of(caller, filter);
    const found = await sql<LedgerRow[]>`
      select ${sql.unsafe(SHOWN)} from ${schema}.search join ${schema}.cases on id = "caseId"
      where grams @> ${grams} and said like all (${words.map(containing)})
        ${among === undefined ? sql`` : sql`and near && ${among}`}
        ${place === undefined ? sql`` : sql`and "atSeq" < ${place[1]}`}
        and ${where}
      order by "atSeq" desc limit ${limit + 1}`;
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      rows: page.map((row) => lookedAt(row, register.today)),
      ...(found.length > limit && last && { next: cursorOf([last.seq, last.seq], ORDER, list) }),
    };
  }
}
