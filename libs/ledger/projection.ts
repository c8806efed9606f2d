import { caseEvents, type CaseEvent } from '../contracts/case-events.js';
import { decoder } from '../eventing/decode.js';
import { prepare, type Projection } from '../eventing/project.js';
import { indexLog } from '../eventing/project-index.js';
import { type Sql, type Tx } from '../platform/sql.js';
import { foldRow, type Row } from './row.js';

/** The version of the rows that is served. Another shape of row is another schema. */
export const LEDGER = 'ledger_v1';

/** Columns in the order of the table; names are those of the row. */
export const COLUMNS: { [C in keyof Row]: string } = {
  id: 'uuid primary key',
  revision: 'int not null',
  seq: 'bigint not null unique',
  caseNumber: 'text not null',
  source: 'text not null',
  sourceDocument: 'text',
  sourceLine: 'text',
  sourcePart: 'text',
  intakeNumber: 'text',
  foundOn: 'text',
  foundBy: 'text',
  divisions: 'text[] not null',
  address: 'text',
  latitudeE7: 'int',
  longitudeE7: 'int',
  datum: 'text',
  categories: 'text[] not null',
  severity: 'text not null',
  rectificationType: 'text not null',
  description: 'text not null',
  basis: 'text',
  amountFen: 'bigint',
  householdCount: 'int',
  occurredFrom: 'text',
  occurredTo: 'text',
  sourceDueOn: 'text',
  personsAtRisk: 'boolean not null',
  weight: 'int not null',
  status: 'text not null',
  flags: 'text[] not null',
  leads: 'text[] not null',
  coUnits: 'text[] not null',
  requirement: 'text',
  letter: 'text',
  dueOn: 'text',
  returns: 'int not null',
  evidence: 'int not null',
  measures: 'text',
  completedOn: 'text',
  verification: 'text',
  verifiedAt: 'text',
  closedAt: 'text',
  closureNumber: 'text',
  round: 'int not null',
  reopened: 'int not null',
  reopenCause: 'text',
  heldBy: 'text[] not null',
  heldSince: 'text not null',
  registeredAt: 'text not null',
  changedAt: 'text not null',
  assigner: 'text',
  route: 'json not null',
  closer: 'text',
};

const NAMES = Object.keys(COLUMNS) as (keyof Row)[];
const quoted = (name: string): string => `"${name}"`;

/** Kept for the next fold only. */
const UNSHOWN: readonly string[] = ['assigner', 'route', 'closer'];

export const SHOWN_NAMES = NAMES.filter((name) => !UNSHOWN.includes(name));

/** What every list reads. */
export const SHOWN = SHOWN_NAMES.map(quoted).join(', ');

export async function migrateLedger(sql: Sql, schema = LEDGER): Promise<void> {
  const columns = Object.entries(COLUMNS).map(([name, type]) => `${quoted(name)} ${type}`);
  // Rows are written again and again: room is left on each page so that a new version stays beside the old, and no
  // column that changes is indexed.
  await sql.unsafe(`
    create schema if not exists ${schema};
    create table if not exists ${schema}.cases (${columns.join(', ')}) with (fillfactor = 50);
    create index if not exists cases_divisions on ${schema}.cases using gin (divisions);`);
  await prepare(sql, schema);
}

/** Rows of the ledger from the streams of cases. */
export function ledgerProjection(schema = LEDGER): Projection<Row, CaseEvent> {
  const insert = `insert into ${schema}.cases (${NAMES.map(quoted).join(', ')})
    select ${NAMES.map(quoted).join(', ')} from json_populate_recordset(null::${schema}.cases, $1::text::json)
    on conflict (id) do update set ${NAMES.slice(1)
      .map((name) => `${quoted(name)} = excluded.${quoted(name)}`)
      .join(', ')}`;
  return {
    schema,
    decode: decoder<CaseEvent>(caseEvents),
    wants: (stream) => stream.startsWith('case-'),
    load: async (sql, streams) => {
      const ids = streams.map((stream) => stream.slice('case-'.length));
      const rows = await sql.unsafe<Row[]>(
        `select ${NAMES.map(quoted).join(', ')} from ${schema}.cases where id = any($1::uuid[])`,
        [ids],
        { prepare: true },
      );
      return new Map(rows.map((row) => [`case-${row.id}`, { ...row }]));
    },
    fold: foldRow,
    save: async (tx: Tx, rows) => {
      await Promise.all([
        tx.unsafe(insert, [JSON.stringify(rows)], { prepare: true }),
        // Not `tx.notify`, which speaks on another connection, before this is committed.
        tx`select pg_notify('ledger', '')`,
      ]);
    },
    beside: indexLog,
  };
}
