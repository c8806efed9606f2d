import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Contest, type Size } from './contest.js';
import { NURSERY } from './job.js';
import { copyLog } from './log-rows.js';
import { COMMANDS, type Felt, Foreground } from './rebuild-load.js';
import { type Results } from './results.js';
import { BenchServer } from './server.js';
import { DEMO, Standalone } from './standalone.js';

const CLI = fileURLToPath(new URL('../../apps/cli/main.js', import.meta.url));
/** So few cases are open at once that the clock has hardly anything to say. */
const OPEN = 100;
const WARM_MS = 2000;
/** It ends one way or another, in milliseconds. */
const LONGEST_MS = 300_000;

/** The ledger made anew beside the one that serves, under reads and commands at a steady pace, beside the same pace alone. */
export async function rebuildContest(results: Results, size: Size): Promise<Contest> {
  const server = await BenchServer.open();
  const ends = [() => server.close()];
  const end = async (): Promise<void> => {
    while (ends.length > 0) await ends.pop()?.();
  };
  try {
    await server.migrateLog();
    await copyLog(server.application, size.rebuildEvents, OPEN);
    const application = await Standalone.start(server);
    ends.push(() => application.stop());
    await application.caughtUp(LONGEST_MS);
    let cell = 0;
    const foreground = async (act: () => Promise<unknown>): Promise<Felt> => {
      // A case takes eleven commands; those that are under way at the end are left.
      const cases = COMMANDS + Math.ceil((COMMANDS * LONGEST_MS) / 1000 / 11);
      const load = await Foreground.open(application, `rebuild-${++cell}-${Date.now()}`, cases);
      try {
        await load.during(() => pause(WARM_MS));
        return await load.during(act);
      } finally {
        load.close();
      }
    };
    const acts: Record<string, () => Promise<unknown>> = {
      alone: () => pause(size.aloneMs),
      beside: async () => {
        const { seconds, events, switchMs } = await rebuilt(server);
        results.add('rebuild/seconds', seconds);
        results.add('rebuild/perSecond', events / seconds);
        results.add('rebuild/switch', switchMs);
      },
    };
    const round: Contest['round'] = async (turn) => {
      for (const [name, act] of turn(Object.entries(acts))) {
        const { asked, readP99, commandP99, failed } = await foreground(act);
        results.add(`rebuild/${name}/asked`, asked);
        results.add(`rebuild/${name}/read`, readP99);
        results.add(`rebuild/${name}/command`, commandP99);
        results.add(`rebuild/${name}/failed`, failed);
      }
    };
    return { most: 3, round, end };
  } catch (error) {
    await end();
    throw error;
  }
}

interface Rebuilt {
  seconds: number;
  events: number;
  switchMs: number;
}

async function rebuilt({ folder }: BenchServer): Promise<Rebuilt> {
  const env = { PATH: process.env.PATH, DATA_DIR: folder, SEED: DEMO };
  const begin = performance.now();
  const { stdout } = await promisify(execFile)(process.execPath, [...NURSERY, CLI, 'rebuild', '--json'], {
    ...{ env, timeout: LONGEST_MS },
  });
  const seconds = (performance.now() - begin) / 1000;
  const { events, switched, switchMs } = JSON.parse(stdout) as Omit<Rebuilt, 'seconds'> & {
    switched: boolean;
  };
  if (!switched) throw new Error(`the rows made anew are not served: ${stdout}`);
  return { seconds, events, switchMs };
}
