import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import { emmettPool } from './appenders.js';
import { answering } from './job.js';
import { type Place } from './server.js';

export interface Idle {
  place: Place;
  events: number;
  /** Names the checkpoint. */
  processor: string;
}

/** Its table has no index by position, so that large batches are quicker; beyond this nothing is won. */
const BATCH = 10_000;

/** Emmett's consumer with a handler that does nothing: from nothing to the end of its events, in seconds. */
answering(async ({ place, events, processor }: Idle) => {
  const pool = emmettPool(place, 4);
  const store = getPostgreSQLEventStore('postgresql://bench', { connectionOptions: { pool } });
  const consumer = store.consumer({ pulling: { batchSize: BATCH, pullingFrequencyInMs: 1 } });
  let seen = 0;
  const begin = performance.now();
  const seconds = await new Promise<number>((resolve, reject) => {
    consumer.reactor({
      processorId: processor,
      eachMessage: () => {
        if (++seen === events) resolve((performance.now() - begin) / 1000);
        return Promise.resolve();
      },
    });
    consumer.start().catch(reject);
  });
  await consumer.stop();
  await store.close();
  await pool.end();
  return { seconds };
});
