import { type Contest, type Size } from './contest.js';
import { Job } from './job.js';
import { type Results } from './results.js';
import { type BenchServer } from './server.js';
import { type Standalone, today } from './standalone.js';
import { type Paced, type Seen } from './visibility-load.js';

export const PER_SECOND = 300;
const CONNECTIONS = 64;
const WARM_MS = 1000;

/** At a steady rate: how long after its answer a command's row is in the ledger. */
export function visibilityContest(
  server: BenchServer,
  application: Standalone,
  results: Results,
  size: Size,
): Contest {
  const load = Job.start('visibility-load');
  // A case is given a command about every second.
  const cases = PER_SECOND + Math.ceil((PER_SECOND * (WARM_MS + size.visibilityMs)) / 1000 / 11);
  let cell = 0;
  return {
    round: async () => {
      const prefix = `visibility-${++cell}-${Date.now()}`;
      await application.receipts(prefix, 1, cases);
      const task: Paced = {
        ...{ url: application.url, tokens: application.tokens, today: today(), prefix, cases },
        ...{ place: server.application.app, perSecond: PER_SECOND, connections: CONNECTIONS },
        ...{ warmMs: WARM_MS, ms: size.visibilityMs },
      };
      const { p50, p99, answerP50, answerP99 } = await load.ask<Seen>(task);
      results.add('visibility/p50', p50);
      results.add('visibility/p99', p99);
      results.add('visibility/answer/p50', answerP50);
      results.add('visibility/answer/p99', answerP99);
    },
    end: () => load.end(),
  };
}
