import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { invalid } from '../../contracts/refusal.js';
import { type Ended, EndedLongAgo, type EndedPage } from '../../contracts/retention.js';
import { type Day } from '../../contracts/values.js';
import { type Sql } from '../../platform/sql.js';
import { READING } from './reading.js';
import { Served } from '../versions/served.js';

/** The last case of a page: since when it is at its end, and its ordinal. */
const CURSOR = /^(\d{4}-\d{2}-\d{2})\.(\d{1,15})$/;

/** Numbers and days: whoever asks reads no case. */
@QueryHandler(EndedLongAgo)
export class EndedLongAgoHandler implements IQueryHandler<EndedLongAgo> {
  constructor(
    @Inject(READING) private readonly sql: Sql,
    private readonly served: Served,
  ) {}

  /** @throws Refusal input/invalid */
  async execute({ endedBy, today, limit, narrowed }: EndedLongAgo): Promise<EndedPage> {
    const { sql } = this;
    const { only, except = [], until, after } = narrowed;
    const place = after === undefined ? undefined : placeIn(after);
    const schema = sql(this.served.schema);
    const found = await sql<(Ended & { seq: number })[]>`
      select c.id as "case", c."caseNumber", c."endedOn", c.seq,
        (select count(*) from ${schema}.holders h where h."caseId" = c.id) as holders
      from ${schema}.cases c
      where c.erasable and c."endedOn" <= ${endedBy}
        and c."openInstructions" = 0 and c.duties::text = '{}'
        and c."lookBackAnswerBy" is null and (c."holdUntil" is null or c."holdUntil" < ${today})
        and c.id <> all (${except}::uuid[])
        ${only === undefined ? sql`` : sql`and c.id = any (${only}::uuid[])`}
        ${until === undefined ? sql`` : sql`and c."endedOn" <= ${until}`}
        ${place === undefined ? sql`` : sql`and (c."endedOn", c.seq) > (${place[0]}::text, ${place[1]}::bigint)`}
        and not exists (
          select from ${schema}.holders mine
            join ${schema}.holders theirs on theirs.holder = mine.holder and theirs."caseId" <> c.id
            join ${schema}.cases other on other.id = theirs."caseId"
          where mine."caseId" = c.id and (other."endedOn" is null or other."endedOn" > ${endedBy}))
        and not exists (
          with recursive onward (id) as (
            select c."mergedInto"
            union select x."mergedInto" from onward o join ${schema}.cases x on x.id = o.id)
          select from onward o join ${schema}.cases x on x.id = o.id
          where x."endedOn" is null or x."endedOn" > ${endedBy})
      order by c."endedOn", c.seq limit ${limit + 1}`;
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      cases: page.map(({ seq: _, ...one }) => one),
      ...(found.length > limit && last && { next: `${last.endedOn}.${last.seq}` }),
    };
  }
}

/** @throws Refusal input/invalid */
function placeIn(cursor: string): [day: Day, seq: string] {
  const [, day, seq] = CURSOR.exec(cursor) ?? [];
  if (day === undefined || seq === undefined)
    return invalid('after', 'cursor', 'after is no cursor of this list');
  return [day, seq];
}
