import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '../../libs/platform/sql.js';
import { LEDGER } from '../../libs/ledger/rows/columns.js';
import { Connection } from './connection.js';
import { answering } from './job.js';
import { keyOf } from './lifecycle.js';
import { quantile } from './results.js';
import { type Place } from './server.js';
import { Walk } from './walk.js';

/** Commands at a fixed rate, whether or not the ones before were answered. */
export interface Paced {
  url: string;
  tokens: Record<string, string>;
  today: string;
  prefix: string;
  place: Place;
  perSecond: number;
  connections: number;
  cases: number;
  warmMs: number;
  ms: number;
}

/** From the answer to the row, and from the command to the answer, in milliseconds. */
export interface Seen {
  commands: number;
  p50: number;
  p99: number;
  answerP50: number;
  answerP99: number;
}

interface Expected {
  id: string;
  revision: number;
  since: number;
}

const UNDER_WAY = 150;

/** Looks for rows whenever the ledger rings: what was answered is expected until its row is read. */
async function watch(
  place: Place,
): Promise<{ expect: (one: Expected) => void; seen: number[]; end: () => Promise<void> }> {
  const expected = new Set<Expected>();
  const seen: number[] = [];
  let again = false;
  let looking = false;
  const look = async (): Promise<void> => {
    again = true;
    if (looking) return;
    looking = true;
    while (again && expected.size > 0) {
      again = false;
      const asked = [...expected];
      const rows = await sql<{ id: string; revision: number }[]>`
        select id, revision from ${sql(LEDGER)}.cases where id = any(${asked.map(({ id }) => id)}::uuid[])`;
      const now = performance.now();
      const revisions = new Map(rows.map(({ id, revision }) => [id, revision]));
      for (const one of asked) {
        if ((revisions.get(one.id) ?? -1) < one.revision) continue;
        seen.push(now - one.since);
        expected.delete(one);
      }
    }
    looking = false;
  };
  const sql = connect(place, 1);
  const bell = connect(place, 1, {}, { onnotify: () => void look() });
  await bell.unsafe('listen ledger');
  return {
    expect: (one) => {
      expected.add(one);
      void look();
    },
    seen,
    end: async () => {
      for (const until = Date.now() + 5000; expected.size > 0 && Date.now() < until;) await pause(10);
      await Promise.all([sql.end({ timeout: 1 }), bell.end({ timeout: 1 })]);
      if (expected.size > 0) throw new Error(`${expected.size} rows were never seen`);
    },
  };
}

answering(async (task: Paced) => {
  const { url, tokens, today, prefix, place, perSecond, cases, warmMs, ms } = task;
  const watching = await watch(place);
  const idle = await Promise.all(Array.from({ length: task.connections }, () => Connection.open(url)));
  let begun = 0;
  const another = (): Walk => {
    if (begun === cases) throw new Error('there are no more cases prepared');
    return new Walk(keyOf(prefix, 0, begun++), tokens, today);
  };
  // Cases at every step of their life: any of those under way is next.
  const walks = Array.from({ length: UNDER_WAY }, another);
  const begin = performance.now();
  const answered: number[] = [];
  const failures: unknown[] = [];
  let [due, taken] = [0, 0];

  const give = async (walk: Walk, connection: Connection, warm: boolean): Promise<void> => {
    const from = performance.now();
    const revision = await walk.step(connection);
    const since = performance.now();
    idle.push(connection);
    walks.push(walk.done ? another() : walk);
    if (warm) return;
    answered.push(since - from);
    watching.expect({ id: walk.id, revision, since });
  };
  const total = Math.floor(((warmMs + ms) / 1000) * perSecond);
  while (taken < total && failures.length === 0) {
    due = Math.min(total, Math.floor(((performance.now() - begin) / 1000) * perSecond));
    for (; taken < due; taken++) {
      // Where the answers do not keep up, the commands are late; what is measured begins with the answer.
      if (walks.length === 0 || idle.length === 0) break;
      const [walk] = walks.splice(Math.floor(Math.random() * walks.length), 1);
      const connection = idle.pop();
      if (!walk || !connection) break;
      give(walk, connection, performance.now() - begin < warmMs).catch((error: unknown) =>
        failures.push(error),
      );
    }
    await pause(1);
  }
  for (const until = Date.now() + 5000; idle.length < task.connections && Date.now() < until;)
    await pause(10);
  for (const connection of idle) connection.close();
  await watching.end();
  if (failures.length > 0) throw failures[0];
  const { seen } = watching;
  return {
    commands: seen.length,
    ...{ p50: quantile(seen, 0.5), p99: quantile(seen, 0.99) },
    ...{ answerP50: quantile(answered, 0.5), answerP99: quantile(answered, 0.99) },
  } satisfies Seen;
});
