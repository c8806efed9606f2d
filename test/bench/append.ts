import { type Appender, emmett, file, onLog, type Opening, ours, raw, withLog } from './appenders.js';
import { type Contest, type Size } from './contest.js';
import { payload, textOf } from './payload.js';
import { connect } from '../../libs/platform/sql.js';
import { rate } from './rate.js';
import { type BenchDatabase, type BenchServer } from './server.js';
import { type Results } from './results.js';

export const WRITERS = [1, 8, 32, 128];
const CONTESTANTS: Record<string, Opening> = { ours, raw, emmett };
/** With so many writers an empty and a full log are compared. */
const FULL_WRITERS = 32;

/** Appends of one event each, by many writers at once. */
export async function appendContest(server: BenchServer, results: Results, size: Size): Promise<Contest> {
  const full = await server.create('append_full');
  await withLog(full);
  await fill(full, size.fullLog);
  const measure = async (name: string, appender: Appender, writers: number): Promise<void> => {
    const { perSecond, p99 } = await rate(appender, writers, size.warmMs, size.appendMs);
    results.add(`append/${name}/${writers}`, perSecond);
    results.add(`append/${name}/${writers}/p99`, p99);
    await appender.close();
  };
  return {
    round: async (turn) => {
      const names = turn(Object.keys(CONTESTANTS));
      const databases = new Map<string, BenchDatabase>();
      for (const name of names) databases.set(name, await server.create(`append_${name}`));
      await measure('file', await file(server.folder), 1);
      for (const writers of WRITERS) {
        for (const name of names) {
          const [open, database] = [CONTESTANTS[name], databases.get(name)];
          if (!open || !database) continue;
          await measure(name, await open(database, writers), writers);
          if (name === 'ours' && writers === FULL_WRITERS) await measure('full', await onLog(full), writers);
        }
      }
      for (const name of names) await server.drop(`append_${name}`);
    },
    end: () => server.drop('append_full'),
  };
}

/** Events of streams of ten, straight into the table. */
async function fill({ admin }: BenchDatabase, events: number): Promise<void> {
  const sql = connect(admin, 1);
  const { type, data, meta } = textOf(payload());
  await sql.unsafe(
    `insert into log.events select n, 'case-' || md5(((n - 1) / 10)::text)::uuid, (n - 1) % 10, gen_random_uuid(), $1,
       $2::text::json, $3::text::json from generate_series(1, ${events}) n`,
    [type, data, meta],
  );
  await sql.unsafe('vacuum (analyze) log.events');
  await sql.unsafe('checkpoint');
  await sql.end();
}
