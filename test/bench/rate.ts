import { randomUUID } from 'node:crypto';
import { type Appender } from './appenders.js';
import { quantile } from './results.js';

export interface Rate {
  perSecond: number;
  /** In milliseconds. */
  p99: number;
}

/** A case has about this many events. */
const STREAM = 10;

/** Writers that each append one event after the other, to streams of their own: first to warm up, then measured. */
export async function rate(appender: Appender, writers: number, warmMs: number, ms: number): Promise<Rate> {
  await write(appender, writers, warmMs);
  const begin = performance.now();
  const taken = await write(appender, writers, ms);
  const seconds = (performance.now() - begin) / 1000;
  return { perSecond: taken.length / seconds, p99: quantile(taken, 0.99) };
}

async function write(appender: Appender, writers: number, ms: number): Promise<number[]> {
  const end = performance.now() + ms;
  const taken: number[] = [];
  const one = async (): Promise<void> => {
    let now = performance.now();
    while (now < end) {
      const stream = `case-${randomUUID()}`;
      for (let revision = 0; revision < STREAM && now < end; revision++) {
        const from = now;
        await appender.append(stream, revision);
        now = performance.now();
        taken.push(now - from);
      }
    }
  };
  await Promise.all(Array.from({ length: writers }, one));
  return taken;
}
