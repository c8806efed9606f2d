import { createHash } from 'node:crypto';
import { PostgresLog } from '../../../libs/adapters/postgres-log/postgres-log.js';
import { type Following, type FollowingDone, line } from './appending.js';

/** A process of a test: follows the log from its beginning until it has seen as many events as it is told there are. */
process.once('message', ({ address }: Following) => {
  const log = new PostgresLog(address);
  const stop = new AbortController();
  const follower = new Follower(stop);
  process.on('message', ({ upTo }: { upTo: number }) => {
    follower.endAt(upTo);
  });
  void follower.follow(log).then(async (done) => {
    await log.close();
    process.send?.(done, () => {
      process.disconnect();
    });
  });
});

class Follower {
  readonly #digest = createHash('sha256');
  readonly #revisions = new Map<string, number>();
  #seen = 0;
  #upTo = Infinity;

  constructor(private readonly stop: AbortController) {}

  endAt(upTo: number): void {
    this.#upTo = upTo;
    if (this.#seen >= upTo) this.stop.abort();
  }

  async follow(log: PostgresLog): Promise<FollowingDone> {
    let fault: string | undefined;
    try {
      for await (const { events, next } of log.follow(undefined, this.stop.signal)) {
        for (const event of events) {
          this.#digest.update(line(++this.#seen, event));
          const expected = (this.#revisions.get(event.stream) ?? -1) + 1;
          if (event.revision !== expected) {
            throw new Error(`${event.stream}: ${event.revision} came where ${expected} was to come`);
          }
          this.#revisions.set(event.stream, expected);
        }
        if (Number(next) !== this.#seen) throw new Error(`event ${this.#seen} stands at position ${next}`);
        if (this.#seen >= this.#upTo) break;
      }
    } catch (error) {
      fault = (error as Error).message;
    }
    return { events: this.#seen, digest: this.#digest.digest('hex'), ...(fault !== undefined && { fault }) };
  }
}
