import { randomUUID } from 'node:crypto';
import { compare, eventOf, matcher, Pace, type Place, type Reading } from './esdb-node-events.js';
import { type Logged } from './esdb-node-log.js';
import { nameOf, streams, type Streams } from './esdb-node-protocol.js';
import { type Room } from './esdb-node-room.js';

type Options = Streams.ReadReq.Options;

/** Events that are considered at a time where the caller names no window. */
const WINDOW = 32;
/** A live subscription that is further behind than this has fallen behind. */
const LIVE = 128;

/** Sends what is there, says that it has caught up, and goes on with what is written, until the caller leaves. */
export async function subscribe(room: Room, call: Reading, options: Options): Promise<void> {
  const pace = new Pace(call);
  const { ReadResp } = streams;
  await pace.write(
    new ReadResp().setConfirmation(new ReadResp.SubscriptionConfirmation().setSubscriptionId(randomUUID())),
  );
  const sending = new Sending(room, pace, options);
  while (!pace.signal.aborted) {
    await sending.catchUp();
    // What was written while the last was being sent has rung already.
    if (!sending.behind) await room.log.grown(pace.signal);
  }
}

class Sending {
  readonly #wants: (record: Logged) => boolean;
  /** A checkpoint is due after so many events, whether wanted or not; undefined where nothing is filtered. */
  readonly #interval: number | undefined;
  #next: number;
  #considered = 0;
  #live = false;
  #checkpoint: Place | undefined;

  constructor(
    private readonly room: Room,
    private readonly pace: Pace,
    options: Options,
  ) {
    const stream = options.getStream();
    const filter = options.getFilter();
    const window = filter?.hasMax() === true ? filter.getMax() : WINDOW;
    this.#interval = filter && window * filter.getCheckpointintervalmultiplier();
    const matches = matcher(options);
    const name = stream && nameOf(stream.getStreamIdentifier());
    const after = stream?.hasRevision() === true ? BigInt(stream.getRevision()) : -1n;
    this.#wants = stream ? (record) => record.stream === name && record.revision > after : matches;
    this.#next = this.#start(options);
  }

  get behind(): boolean {
    return this.#next < this.room.log.all.length;
  }

  async catchUp(): Promise<void> {
    const { all } = this.room.log;
    let last: Logged | undefined;
    for (let record = all[this.#next]; record && !this.pace.signal.aborted; record = all[this.#next]) {
      if (this.#live && all.length - this.#next > LIVE) await this.#stand(false);
      this.#next++;
      last = record;
      await this.#consider(record);
    }
    if (this.#live || this.pace.signal.aborted) return;
    if (last && this.#interval !== undefined) await this.#mark(last);
    await this.#stand(true);
  }

  async #consider(record: Logged): Promise<void> {
    const wanted = this.#wants(record);
    if (wanted) {
      this.room.calls.eventsSent++;
      await this.pace.write(eventOf(record));
      if (this.room.faults.takeTwice()) await this.pace.write(eventOf(record));
    }
    if (this.#interval === undefined) return;
    const due = ++this.#considered >= this.#interval;
    if (due) this.#considered = 0;
    if (due || (wanted && this.room.faults.takeEarlyCheckpoint())) await this.#mark(record);
  }

  /** The same checkpoint is not told twice. */
  async #mark({ commit, prepare }: Place): Promise<void> {
    if (this.#checkpoint && compare({ commit, prepare }, this.#checkpoint) <= 0) return;
    this.#checkpoint = { commit, prepare };
    const { ReadResp } = streams;
    const told = new ReadResp.Checkpoint()
      .setCommitPosition(String(commit))
      .setPreparePosition(String(prepare));
    await this.pace.write(new ReadResp().setCheckpoint(told));
  }

  async #stand(live: boolean): Promise<void> {
    this.#live = live;
    if (this.room.options.neverCaughtUp) return;
    const { ReadResp } = streams;
    const told = new ReadResp();
    await this.pace.write(
      live ? told.setCaughtUp(new ReadResp.CaughtUp()) : told.setFellBehind(new ReadResp.FellBehind()),
    );
  }

  /** The first event behind the position: where the caller was is not sent again. */
  #start(options: Options): number {
    const { all } = this.room.log;
    const from = options.getAll();
    if (from?.hasEnd() === true || options.getStream()?.hasEnd() === true) return all.length;
    const position = from?.getPosition();
    if (!position) return 0;
    const place = {
      commit: BigInt(position.getCommitPosition()),
      prepare: BigInt(position.getPreparePosition()),
    };
    const index = all.findIndex((record) => compare(record, place) > 0);
    return index === -1 ? all.length : index;
  }
}
