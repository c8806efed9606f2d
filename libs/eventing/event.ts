import { type Caller } from '../contracts/envelope.js';

/** The capacity in which an act was done. Ids are opaque; names stand in the register only. */
export type Actor = Caller;

/** What is known of an event besides its content. Absent parts are left out, never null. */
export interface Meta {
  /** ISO 8601 UTC, milliseconds: the later of now and the stream's last. Guards count this, not claimed times. */
  recordedAt: string;
  commandId: string;
  /** Hex SHA-256 of the RFC 8785 JSON of { type, caseId, body } after validation. */
  requestHash: string;
  correlationId: string;
  causationId: string;
  traceparent?: string;
  actor: Actor;
  /** backfilled: decided on paper first, on `effectiveOn` by `basisDocument`, and entered later. */
  entryMode: 'live' | 'backfilled';
  effectiveOn?: string;
  basisDocument?: string;
  decisionBatch?: string;
  policy?: string;
  calendar?: string;
  simulated?: boolean;
}

/** A member of a union of plain types: the literal `type` is the stored name, the rest is the data. */
export interface DomainEvent {
  type: string;
}

/** An event on its way into a stream. `data` and `meta` are RFC 8785 JSON. */
export interface NewEvent {
  id: string;
  type: string;
  data: string;
  meta: string;
}

/** An event as a store gives it back, its JSON untouched. */
export interface StoredEvent extends NewEvent {
  stream: string;
  /** Counted from 0. */
  revision: number;
}

/** Who acted, and when: nothing else of a meta goes into rows. */
export type Stamp = Pick<Meta, 'actor' | 'recordedAt'>;

/**
 * An event decoded: what folds read.
 * @typeParam M what is known of it besides its content
 */
export interface Recorded<E extends DomainEvent = DomainEvent, M extends Stamp = Meta> {
  id: string;
  stream: string;
  revision: number;
  event: E;
  meta: M;
}
