import { randomUUID } from 'node:crypto';
import { LEDGER } from '../../libs/ledger/rows/columns.js';
import { placesOf } from '../../libs/ledger/rows/places.js';
import { indexLedger } from '../../libs/ledger/rows/indexes.js';
import { migrateLedger } from '../../libs/ledger/rows/projection.js';
import { connectReading } from '../../libs/ledger/asking/reading.js';
import { connect, type Sql } from '../../libs/platform/sql.js';
import { readSeed } from '../../libs/register/seed/seed.js';
import { Asker } from './asker.js';
import { type Contest, type Size } from './contest.js';
import { type Question, questionsOf } from './ledger-questions.js';
import { fill } from './ledger-rows.js';
import { quantile, type Results } from './results.js';
import { BenchServer } from './server.js';
import { HUNAN, Standalone, today } from './standalone.js';

/** So often each is asked in a round, and before that, to open connections and warm what is compiled; at least so often. */
const [TIMES, FIRST, LEAST] = [40, 20, 4];
/** What takes long is asked less often, in milliseconds. */
const LONGEST_MS = 1000;

/** A ledger of its own, in a database server of its own, as an application serves it. */
interface Served {
  cases: number;
  sql: Sql;
  asker: Asker;
  questions: Question[];
  end: () => Promise<void>;
}

/** Questions of ledgers of several sizes over HTTP, each beside the SQL by hand and a request that asks next to nothing. */
export async function ledgerContest(results: Results, size: Size): Promise<Contest> {
  const ledgers: Served[] = [];
  for (const cases of size.ledgers) ledgers.push(await servedOf(cases));
  return {
    round: async (turn) => {
      for (const { cases, asker, questions } of turn(ledgers)) {
        const floor = (): Promise<unknown> => asker.get(FLOOR[0], FLOOR[1]);
        for (const { kind, name, ours, byHand } of questions)
          await timed(
            turn(Object.entries({ ours, byHand, floor })),
            `ledger/${cases}/${kind}/${name}`,
            results,
          );
      }
    },
    end: async () => {
      for (const { end } of ledgers) await end();
    },
  };
}

/** Authenticated, and answered from memory. */
const FLOOR = ['sample-province-leader', '/api/v1/register/divisions/430000'] as const;

/** p50 and p95, in milliseconds, of acts that take turns. */
async function timed(
  acts: readonly [string, () => Promise<unknown>][],
  name: string,
  results: Results,
): Promise<void> {
  const took = new Map(acts.map(([one]) => [one, [] as number[]]));
  const often = async (most: number, longestMs: number): Promise<void> => {
    const until = performance.now() + longestMs;
    for (let n = 0; n < most && (n < LEAST || performance.now() < until); n++) {
      for (const [one, act] of acts) {
        const from = performance.now();
        await act();
        took.get(one)?.push(performance.now() - from);
      }
    }
  };
  await often(FIRST, LONGEST_MS / 2);
  for (const times of took.values()) times.length = 0;
  await often(TIMES, LONGEST_MS);
  for (const [one, times] of took) {
    results.add(`${name}/${one}/p50`, quantile(times, 0.5));
    results.add(`${name}/${one}/p95`, quantile(times, 0.95));
  }
}

async function servedOf(cases: number): Promise<Served> {
  const server = await BenchServer.open();
  const ends = [() => server.close()];
  const end = async (): Promise<void> => {
    while (ends.length > 0) await ends.pop()?.();
  };
  try {
    await filled(server, cases);
    const application = await Standalone.start(server, HUNAN);
    ends.push(() => application.stop());
    const asker = await Asker.open(application.url, application.tokens);
    const sql = connectReading(server.application.app, 5);
    ends.push(() => sql.end({ timeout: 5 }));
    const questions = await questionsOf(asker, sql, await aCase(asker), today());
    return { cases, sql, asker, questions, end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Before the application starts: it finds a ledger that has its rows already, and a log that has none of them. */
export async function filled({ application }: BenchServer, cases: number): Promise<void> {
  const register = { ...(await readSeed(HUNAN)), today: today() };
  const world = { places: placesOf(() => register), zone: register.zone };
  const sql = connect(application.app, 1, { synchronous_commit: 'off', maintenance_work_mem: '1GB' });
  await migrateLedger(sql);
  await fill(sql, LEDGER, cases, register, world);
  await indexLedger(sql, LEDGER);
  await sql.end();
  const admin = connect(application.admin, 1);
  await admin.unsafe('checkpoint');
  await admin.end();
}

/** The one case that the log knows, too: it has ten events. */
async function aCase(asker: Asker): Promise<string> {
  const body = {
    ...{ type: 'RegisterProblem', source: { code: 'LV' }, categories: ['4'], divisions: ['430121'] },
    ...{ severity: 'general', rectificationType: 'immediate', foundOn: today(), weight: 1000 },
    ...{ description: '农户反映住房屋面多处渗漏，入户核查时发现，至今没有修缮。', personsAtRisk: false },
  };
  let seen = -1;
  const give = async (person: string, path: string, given: object): Promise<string> => {
    const match = seen < 0 ? '' : `If-Match: "${seen}"\r\n`;
    const text = await asker.post(person, path, given, `Idempotency-Key: ${randomUUID()}\r\n${match}`);
    const receipt = JSON.parse(text) as { case: string; revision: number };
    seen = receipt.revision;
    return receipt.case;
  };
  const id = await give('sample-province-registrar', '/api/v1/cases', body);
  const on = (person: string, command: string, given: object): Promise<string> =>
    give(person, `/api/v1/cases/${id}/${command}`, given);
  await on('sample-province-dispatcher', 'assign-case', {
    ...{ type: 'AssignCase', leads: ['county-430121'], coUnits: [], requirement: '限期修缮，举一反三。' },
  });
  await on('sample-changsha-county-handler', 'accept-assignment', { type: 'AcceptAssignment' });
  for (let n = 1; n <= 7; n++)
    await on('sample-changsha-county-handler', 'report-progress', {
      ...{ type: 'ReportProgress', text: `第${n}次报告：修缮材料已到场，正在施工。` },
    });
  return id;
}
