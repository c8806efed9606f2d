import { type Metadata } from '@grpc/grpc-js';
import { type EventEmitter } from 'node:events';
import { type Socket } from 'node:net';
import { type Cluster, type Member } from './esdb-node-cluster.js';
import { Faults } from './esdb-node-faults.js';
import { type NodeLog } from './esdb-node-log.js';
import { Refused, refusals } from './esdb-node-protocol.js';

export interface Credentials {
  username: string;
  password: string;
}

type Method = 'append' | 'batchAppend' | 'read' | 'subscribe' | 'delete' | 'tombstone';

/** How often each method was called, how many calls were broken off, and how many events subscriptions were sent. */
export type Calls = Record<Method | 'cancelled' | 'eventsSent', number>;

export interface RoomOptions {
  /** Who may read and write; without, everybody. */
  credentials?: Credentials;
  /** Bytes of data in one append. */
  maxAppendBytes?: number;
  /** Subscriptions are not told that they have caught up, as by older servers. */
  neverCaughtUp?: boolean;
}

/** What the methods of one node share. */
export class Room {
  readonly faults: Faults;
  readonly calls: Calls = {
    append: 0,
    batchAppend: 0,
    read: 0,
    subscribe: 0,
    delete: 0,
    tombstone: 0,
    cancelled: 0,
    eventsSent: 0,
  };
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(
    readonly cluster: Cluster,
    readonly member: Member,
    readonly options: RoomOptions,
    sockets: ReadonlySet<Socket>,
  ) {
    this.faults = new Faults(sockets);
  }

  get log(): NodeLog {
    return this.cluster.log;
  }

  /** Carries out a call: unless the node is silent, the caller may not, or it is for the leader. */
  serve(
    kind: Method,
    call: EventEmitter & { metadata: Metadata },
    refuse: (refused: Refused) => void,
    act: () => void,
  ): void {
    this.calls[kind]++;
    call.once('cancelled', () => this.calls.cancelled++);
    const { metadata } = call;
    if (this.faults.silent) return;
    try {
      this.#admit(metadata.get('authorization')[0]);
      if (metadata.get('requires-leader').includes('true')) this.#lead();
      act();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refuse(error);
    }
  }

  later(ms: number, act: () => void): void {
    this.#timers.add(setTimeout(act, ms));
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #admit(header: unknown): void {
    const { credentials } = this.options;
    if (!credentials) return;
    if (header === undefined) throw refusals.accessDenied();
    const { username, password } = credentials;
    const expected = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    if (header !== expected) throw refusals.unauthenticated();
  }

  #lead(): void {
    const { leader } = this.cluster;
    if (!leader) throw refusals.noLeader();
    if (this.faults.takeNotLeader() || leader !== this.member) throw refusals.notLeader(leader);
  }
}
