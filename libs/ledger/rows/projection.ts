import { setImmediate as turn } from 'node:timers/promises';
import { caseEvents, type CaseEvent } from '../../contracts/case-events.js';
import { decoder, stampOf } from '../../eventing/decode.js';
import { type Stamp } from '../../eventing/event.js';
import { prepare, type Projection } from '../../eventing/project.js';
import { BETWEEN, recordWriter } from '../../platform/record-text.js';
import { type Sql, type Tx } from '../../platform/sql.js';
import { taken } from '../../platform/taken.js';
import { COLUMNS, LEDGER, NAMES, quoted } from './columns.js';
import { deltaTables } from './deltas.js';
import { lineageTable } from './lineages.js';
import { NOWHERE, placed, type World } from './places.js';
import { changeOf, type Row } from './row.js';
import { holderTable, retained } from './retention.js';
import { searchTable } from './search-text.js';
import { meeting, whereaboutsTable, writeWhereabouts } from './whereabouts.js';

export async function migrateLedger(sql: Sql, schema = LEDGER): Promise<void> {
  const columns = Object.entries(COLUMNS).map(([name, type]) => `${quoted(name)} ${type}`);
  // Rows are written again and again: room is left on each page so that a new version stays beside the old.
  await sql.unsafe(`
    create schema if not exists ${schema};
    create table if not exists ${schema}.cases (${columns.join(', ')}) with (fillfactor = 50);
    ${deltaTables(schema)} ${lineageTable(schema)} ${searchTable(schema)} ${holderTable(schema)}
    ${whereaboutsTable(schema)}`);
  await prepare(sql, schema);
}

/** Rows in one statement: a longer text costs more to take apart than it saves. */
const STATEMENT = 250;
/** After so many rows what is being written goes out piece by piece: the database would wait for it. */
const TURN = 100;

const textOf = recordWriter<Row>(COLUMNS);

/** Rows of the ledger from the streams of cases. What else is kept of events is noted beside them. */
export function ledgerProjection(
  schema = LEDGER,
  { places, zone }: World = NOWHERE,
): Projection<Row, CaseEvent> {
  // PostgreSQL reads rows as it writes them itself in less than half the time of JSON. Out of a list each is taken apart
  // once; column by column it would be gone through from its beginning for each of them.
  const names = NAMES.map(quoted).join(', ');
  const insert = `insert into ${schema}.cases (${names})
    select ${names} from unnest((
      select array_agg(t::${schema}.cases) from unnest(string_to_array($1, E'\\x1e')) t))
    on conflict (id) do update set ${NAMES.slice(1)
      .map((name) => `${quoted(name)} = excluded.${quoted(name)}`)
      .join(', ')}`;
  const met = meeting();
  const saving = async (rows: readonly Row[]) => {
    const statements: string[] = [];
    let made = 0;
    for (let from = 0; from < rows.length; from += STATEMENT) {
      const texts: string[] = [];
      for (const row of rows.slice(from, from + STATEMENT)) {
        texts.push(textOf(row));
        if (++made % TURN === 0) await turn();
      }
      statements.push(texts.join(BETWEEN));
    }
    const fresh = met(rows);
    return async (tx: Tx): Promise<void> => {
      // Both take from the same: while one is written the next is there already, and no more of them.
      const left = statements.values();
      const write = async (): Promise<void> => {
        for (const text of left) await tx.unsafe(insert, [text], { prepare: true });
      };
      // Not `tx.notify`, which speaks on another connection, before this is committed.
      await Promise.all([
        write(),
        write(),
        writeWhereabouts(tx, schema, fresh),
        tx`select pg_notify('ledger', '')`,
      ]);
    };
  };
  return {
    schema,
    decode: decoder<CaseEvent, Stamp>(caseEvents, {}, stampOf),
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
      return new Map(taken(rows).map((row) => [`case-${row.id}`, { ...row }]));
    },
    change: (row, recorded, ordinal) =>
      retained(row, recorded, placed(row, changeOf(row, recorded, ordinal), places), zone),
    settled: ({ open }) => !open,
    save: async (tx, rows) => (await saving(rows))(tx),
    saving,
  };
}
