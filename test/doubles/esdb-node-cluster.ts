import { randomUUID } from 'node:crypto';
import { type NodeLog } from './esdb-node-log.js';

/** One node, as the others see it. */
export interface Member {
  readonly id: string;
  readonly host: string;
  port: number;
  alive: boolean;
}

/** Nodes that keep one log; one of them leads, or none for the moment. */
export class Cluster {
  readonly members: Member[] = [];
  leader: Member | undefined;

  constructor(readonly log: NodeLog) {}

  join(host: string): Member {
    const member: Member = { id: randomUUID(), host, port: 0, alive: false };
    this.members.push(member);
    this.leader ??= member;
    return member;
  }
}
