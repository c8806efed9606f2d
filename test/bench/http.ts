import { raw } from './appenders.js';
import { type Contest, type Size } from './contest.js';
import { type Load, type Loaded } from './http-load.js';
import { Job } from './job.js';
import { rate } from './rate.js';
import { type Results } from './results.js';
import { type BenchServer } from './server.js';
import { type Standalone, today } from './standalone.js';

export const CLIENTS = 32;
/** More commands than this no contestant can give; beyond it the load ends with an error. */
const MOST_PER_SECOND = 15_000;
const COMMANDS_OF_A_CASE = 11;
const WARM_MS = 1500;

/** Whole commands over HTTP: eleven of each case's life, by clients on kept connections. */
export async function httpContest(
  server: BenchServer,
  application: Standalone,
  results: Results,
  size: Size,
): Promise<Contest> {
  const load = Job.start('http-load');
  const emmett = Job.start('http-emmett');
  const place = (await server.create('http_emmett')).app;
  const { url: emmettUrl } = await emmett.ask<{ url: string }>({ place, clients: CLIENTS });
  const database = await server.create('http_raw');
  const { tokens } = application;
  let cell = 0;

  const task = async (url: string, ms: number): Promise<Load> => {
    const prefix = `http-${++cell}-${Date.now()}`;
    const cases = Math.ceil(((MOST_PER_SECOND / CLIENTS) * (WARM_MS + ms)) / 1000 / COMMANDS_OF_A_CASE);
    await application.receipts(prefix, CLIENTS, cases);
    return { ...{ url, tokens, prefix, cases, ms }, today: today(), clients: CLIENTS, warmMs: WARM_MS };
  };

  const loaded = async (name: string, url: string): Promise<void> => {
    const { perSecond, p50, p99 } = await load.ask<Loaded>(await task(url, size.httpMs));
    results.add(`http/${name}`, perSecond);
    results.add(`http/${name}/p50`, p50);
    results.add(`http/${name}/p99`, p99);
  };
  for (const url of [application.url, emmettUrl]) await load.ask<Loaded>(await task(url, size.httpWarmMs));
  const contestants: Record<string, () => Promise<void>> = {
    ours: () => loaded('ours', application.url),
    emmett: () => loaded('emmett', emmettUrl),
    raw: async () => {
      const appender = await raw(database, CLIENTS);
      const { perSecond, p99 } = await rate(appender, CLIENTS, size.warmMs, size.appendMs);
      results.add('http/raw', perSecond);
      results.add('http/raw/p99', p99);
      await appender.close();
    },
  };
  return {
    round: async (turn) => {
      for (const name of turn(Object.keys(contestants))) await contestants[name]?.();
    },
    end: async () => {
      await Promise.all([load.end(), emmett.end()]);
      await server.drop('http_emmett');
      await server.drop('http_raw');
    },
  };
}
