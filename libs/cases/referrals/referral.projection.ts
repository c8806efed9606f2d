import { type ReferralEvent, type ReferralRow } from '../../contracts/referrals.js';
import { type DivisionId } from '../../contracts/values.js';
import { type Recorded, type Stamp } from '../../eventing/event.js';
import { prepare, type Projection } from '../../eventing/project.js';
import { type Sql } from '../../platform/sql.js';
import { decodeReferral } from './on-referral.handler.js';

/** The version of the rows that is served. Another shape of row is another schema. */
export const REFERRALS = 'referrals_v1';

/** As it stands in the log, its texts sealed. */
export type Row = Omit<ReferralRow, 'text' | 'persons'> & Sealed & { divisions: DivisionId[] };
type Sealed = Pick<Extract<ReferralEvent, { type: 'ClueReferred' }>, 'text' | 'persons'>;

export const PREFIX = 'referral-';

/** Whole rows as JSON: there are few of them, and nobody sorts or counts them. */
export async function migrateReferrals(sql: Sql): Promise<void> {
  await sql.unsafe(`
    create schema if not exists ${REFERRALS};
    create table if not exists ${REFERRALS}.rows (
      id uuid primary key, seq bigint not null unique, divisions text[] not null, content json not null);`);
  await prepare(sql, REFERRALS);
}

export function changeOf(
  row: Row | undefined,
  { stream, event, revision, meta }: Recorded<ReferralEvent, Stamp>,
  ordinal: number,
): Partial<Row> {
  const at = meta.recordedAt;
  if (event.type === 'ReferralAnswered') {
    const { outcome, document, remark = null } = event;
    return { status: 'answered', answeredAt: at, outcome, document, remark, revision };
  }
  const { type: _, ...clue } = event;
  return {
    ...clue,
    ...{ id: stream.slice(PREFIX.length), revision, seq: ordinal, status: 'sent', sentAt: at },
    ...{ answeredAt: null, outcome: null, document: null, remark: null },
  };
}

export const referralProjection: Projection<Row, ReferralEvent> = {
  schema: REFERRALS,
  decode: decodeReferral,
  hears: [PREFIX],
  wants: (stream) => stream.startsWith(PREFIX),
  load: async (sql, streams) => {
    const ids = streams.map((stream) => stream.slice(PREFIX.length));
    const found = await sql<{ id: string; content: Row }[]>`
      select id, content from ${sql(REFERRALS)}.rows where id = any (${ids}::uuid[])`;
    return new Map(found.map(({ id, content }) => [`${PREFIX}${id}`, content]));
  },
  change: changeOf,
  save: async (tx, rows) => {
    for (const row of rows) {
      await tx`
        insert into ${tx(REFERRALS)}.rows (id, seq, divisions, content)
        values (${row.id}, ${row.seq}, ${row.divisions}, ${JSON.stringify(row)}::text::json)
        on conflict (id) do update set content = excluded.content`;
    }
  },
};
