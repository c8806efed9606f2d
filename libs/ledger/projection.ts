import { caseEvents, type CaseEvent } from '../contracts/case-events.js';
import { ENDS } from '../contracts/status.js';
import { decoder } from '../eventing/decode.js';
import { prepare, type Projection } from '../eventing/project.js';
import { logIndex, type Noted } from '../eventing/project-index.js';
import { BETWEEN, recordWriter } from '../platform/record-text.js';
import { type Sql } from '../platform/sql.js';
import { changeOf, type Row } from './row.js';

/** The version of the rows that is served. Another shape of row is another schema. */
export const LEDGER = 'ledger_v3';

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
  sources: 'json not null',
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
  taskText: 'text',
  basis: 'text',
  amountFen: 'bigint',
  rectifiedFen: 'bigint not null',
  householdCount: 'int',
  occurredFrom: 'text',
  occurredTo: 'text',
  sourceDueOn: 'text',
  personsAtRisk: 'boolean not null',
  weight: 'int not null',
  problemType: 'text',
  knownSince: 'text',
  fundDocument: 'text',
  fiscalYear: 'int',
  principal: 'text',
  visibility: 'text not null',
  circularId: 'text',
  campaignId: 'text',
  frame: 'text',
  batch: 'text',
  remark: 'text',
  adopted: 'boolean not null',
  statedStatus: 'text',
  statedClosedOn: 'text',
  statedDueOn: 'text',
  statedUnit: 'text',
  statedClosureNumber: 'text',
  substantiation: 'text',
  items: 'int not null',
  itemsSettled: 'int not null',
  parent: 'uuid',
  absorbed: 'text[] not null',
  mergedInto: 'uuid',
  status: 'text not null',
  flags: 'text[] not null',
  leads: 'text[] not null',
  coUnits: 'text[] not null',
  handler: 'text',
  parts: 'int not null',
  partsPassed: 'int not null',
  requirement: 'text',
  letter: 'text',
  dueOn: 'text',
  returns: 'int not null',
  extensions: 'int not null',
  suspendedUntil: 'text',
  stagesDone: 'int not null',
  reviewBy: 'text',
  evidence: 'int not null',
  declaredAbsent: 'text[] not null',
  reports: 'int not null',
  progress: 'text',
  pending: 'text',
  measures: 'text',
  completedOn: 'text',
  verification: 'text',
  verifiedAt: 'text',
  escalations: 'int not null',
  notice: 'text',
  objections: 'int not null',
  disciplinePosition: 'text',
  recognition: 'text',
  closedAt: 'text',
  closureNumber: 'text',
  round: 'int not null',
  reopened: 'int not null',
  reopenCause: 'text',
  endedBy: 'text',
  endedAt: 'text',
  holdUntil: 'text',
  callbacks: 'int not null',
  callback: 'text',
  lookBack: 'text',
  lookBackAnswerBy: 'text',
  accountability: 'int not null',
  supervision: 'text[] not null',
  openInstructions: 'int not null',
  duties: 'json not null',
  overdueRung: 'text',
  heldBy: 'text[] not null',
  heldSince: 'text not null',
  registeredAt: 'text not null',
  changedAt: 'text not null',
  finder: 'text not null',
  assigner: 'text',
  route: 'json not null',
  passed: 'text[] not null',
  closer: 'text',
  excluded: 'text[] not null',
  tickOn: 'text',
  provisionalOn: 'text',
  checkerUnits: 'text[] not null',
  checkedFor: 'text',
  partUnits: 'json not null',
  heldBefore: 'text[] not null',
};

const NAMES = Object.keys(COLUMNS) as (keyof Row)[];
const quoted = (name: string): string => `"${name}"`;

/** Kept for the next fold only. */
const UNSHOWN: readonly string[] = [
  'finder',
  'assigner',
  'route',
  'passed',
  'closer',
  'excluded',
  'tickOn',
  'provisionalOn',
  'checkerUnits',
  'checkedFor',
  'partUnits',
  'heldBefore',
];

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

/** Rows in one statement: a longer text costs more to take apart than it saves. */
const STATEMENT = 500;

const textOf = recordWriter<Row>(COLUMNS);

/** Rows of the ledger from the streams of cases. */
export function ledgerProjection(schema = LEDGER): Projection<Row, CaseEvent, Noted> {
  // PostgreSQL reads rows as it writes them itself in less than half the time of JSON.
  const insert = `insert into ${schema}.cases (${NAMES.map(quoted).join(', ')})
    select ${NAMES.map((name) => `(r.written).${quoted(name)}`).join(', ')}
    from (select t::${schema}.cases as written from unnest(string_to_array($1, E'\\x1e')) t offset 0) r
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
        // Each is looked up by itself: what is right for a small table is not when it has grown.
        `select c.* from unnest($1::uuid[]) one(id) cross join lateral (
           select ${NAMES.map(quoted).join(', ')} from ${schema}.cases c where c.id = one.id offset 0) c`,
        [ids],
        { prepare: true },
      );
      return new Map(rows.map((row) => [`case-${row.id}`, { ...row }]));
    },
    change: changeOf,
    settled: ({ status }) => ENDS.some((end) => end === status),
    save: async (tx, rows) => {
      for (let from = 0; from < rows.length; from += STATEMENT) {
        const texts = rows.slice(from, from + STATEMENT).map(textOf);
        const saved = tx.unsafe(insert, [texts.join(BETWEEN)], { prepare: true });
        if (from + STATEMENT < rows.length) await saved;
        // Not `tx.notify`, which speaks on another connection, before this is committed.
        else await Promise.all([saved, tx`select pg_notify('ledger', '')`]);
      }
    },
    beside: logIndex,
  };
}
