import { type Socket } from 'node:net';

/** What becomes of the answer to an append. */
export type Answer = 'given' | 'lost' | 'cut' | number;

/** What a node can be made to do wrong. Each fault is named after what the other side sees. */
export class Faults {
  #silent = false;
  #notLeader = 0;
  #notReady = 0;
  #timeouts = 0;
  #early = 0;
  #twice = 0;
  #answer: Answer = 'given';

  constructor(private readonly sockets: ReadonlySet<Socket>) {}

  /** From now on nothing is answered and nothing is done, whatever is asked; connections stay open. */
  silence(): void {
    this.#silent = true;
  }

  /** Ends the silence; what was asked meanwhile is never answered. */
  speak(): void {
    this.#silent = false;
  }

  /** The next append is written, and its answer never comes: the line stays silent, or is cut. */
  loseNextAnswer(how: 'lost' | 'cut' = 'lost'): void {
    this.#answer = how;
  }

  /** The next append is written, and answered so many milliseconds later. */
  delayNextAnswer(ms: number): void {
    this.#answer = ms;
  }

  /** The next request that wants the leader is told that it is elsewhere: at the address where it really is. */
  notLeaderOnce(): void {
    this.#notLeader++;
  }

  /** The next append is turned away by a node that is just starting. */
  notReadyOnce(): void {
    this.#notReady++;
  }

  /** The next append is written, and the node says that it timed out. */
  timeOutOnce(): void {
    this.#timeouts++;
  }

  /** A checkpoint follows at once behind each of the next `count` events that a subscription sends. */
  earlyCheckpoint(count = 1): void {
    this.#early = count;
  }

  /** Each of the next `count` events that a subscription sends comes twice. */
  sendTwice(count = 1): void {
    this.#twice = count;
  }

  /** Every connection breaks, in the middle of whatever it carries. */
  dropConnections(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  get silent(): boolean {
    return this.#silent;
  }

  takeNotLeader(): boolean {
    return this.#notLeader > 0 && this.#notLeader-- > 0;
  }

  takeNotReady(): boolean {
    return this.#notReady > 0 && this.#notReady-- > 0;
  }

  takeTimeout(): boolean {
    return this.#timeouts > 0 && this.#timeouts-- > 0;
  }

  takeEarlyCheckpoint(): boolean {
    return this.#early > 0 && this.#early-- > 0;
  }

  takeTwice(): boolean {
    return this.#twice > 0 && this.#twice-- > 0;
  }

  takeAnswer(): Answer {
    const answer = this.#answer;
    this.#answer = 'given';
    return answer;
  }
}
