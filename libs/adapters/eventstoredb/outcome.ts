import {
  AccessDeniedError,
  CancelledError,
  DeadlineExceededError,
  InvalidTransactionError,
  isCommandError,
  MaxAppendSizeExceededError,
  NotLeaderError,
  RequiredMetadataPropertyMissingError,
  StreamDeletedError,
  StreamNotFoundError,
  TimeoutError,
  UnavailableError,
  UnknownError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { NotStorable } from '../../eventing/canonical.js';
import { Conflict, OutcomeUnknown, Unavailable } from '../../eventing/store.js';

/** Somebody deleted, tombstoned or truncated a stream on the server: a ledger never does. */
export class StreamDeleted extends Error {
  constructor(stream: string) {
    super(`${stream} was deleted on the server, whole or in part`);
    this.name = 'StreamDeleted';
  }
}

// gRPC has one code for a connection that never was and for one that broke; only the text tells them apart. What is
// not listed counts as sent.
const NOT_SENT =
  /No connection established|Name resolution failed|Failed to discover|Channel closed before call started|Waiting for LB pick|waiting for name resolution|Stream refused by server/i;
// What the server says before it has looked at the append.
const TURNED_AWAY = /Server Is Not Ready|Server Is (Too )?Busy|No leader info available/;
// gRPC codes of requests that were refused for what they are: INVALID_ARGUMENT, PERMISSION_DENIED,
// FAILED_PRECONDITION, UNIMPLEMENTED, UNAUTHENTICATED.
const REFUSED = new Set([3, 7, 9, 12, 16]);

/** What the port says of an append that failed. */
export function outcomeOf(error: unknown, stream: string, expected: number): Error {
  if (error instanceof Conflict || error instanceof Unavailable || error instanceof OutcomeUnknown)
    return error;
  if (error instanceof StreamDeleted || error instanceof NotStorable) return error;
  if (error instanceof WrongExpectedVersionError) return new Conflict(stream, expected);
  if (error instanceof StreamDeletedError) return new StreamDeleted(stream);
  if (error instanceof MaxAppendSizeExceededError) {
    return new NotStorable('these events are longer together than this server takes at once');
  }
  const cause = { cause: error };
  return surelyNotWritten(error)
    ? new Unavailable(`EventStoreDB did not take the append: ${told(error)}`, cause)
    : new OutcomeUnknown(`it is not known whether EventStoreDB wrote to ${stream}: ${told(error)}`, cause);
}

function surelyNotWritten(error: unknown): boolean {
  const refused = [
    AccessDeniedError,
    NotLeaderError,
    InvalidTransactionError,
    RequiredMetadataPropertyMissingError,
  ];
  if (refused.some((kind) => error instanceof kind)) return true;
  if (!(error instanceof Error)) return false;
  if (error instanceof UnknownError) return isRefusal(error) || TURNED_AWAY.test(error.message);
  const plain = !isCommandError(error);
  if (plain || error instanceof UnavailableError || error instanceof DeadlineExceededError) {
    return NOT_SENT.test(error.message) || TURNED_AWAY.test(error.message);
  }
  return false;
}

/** What the port says of a read that failed: reading changes nothing. */
export function unread(error: unknown, stream: string): Error {
  if (error instanceof StreamDeletedError) return new StreamDeleted(stream);
  if (error instanceof Unavailable || error instanceof StreamDeleted) return error;
  return new Unavailable(`EventStoreDB cannot be read: ${told(error)}`, { cause: error });
}

/** Whether an append that failed may go out again at once: it has reached nobody, and elsewhere somebody may listen. */
export function mayBeSentElsewhere(error: unknown): boolean {
  if (error instanceof NotLeaderError || error instanceof Replaced) return true;
  return error instanceof UnavailableError && error.message.includes('Channel closed before call started');
}

/**
 * Whether the same question may find an answer later: the connection or the node was at fault, not the question. Of
 * nodes it cannot find and of connections it has closed itself the client speaks in plain errors.
 */
export function isPassing(error: unknown): boolean {
  if (error instanceof UnknownError) return !isRefusal(error);
  const passing = [UnavailableError, CancelledError, NotLeaderError, TimeoutError, DeadlineExceededError];
  if (isCommandError(error as Error)) return passing.some((kind) => error instanceof kind);
  return error instanceof Error && !(error instanceof TypeError || error instanceof StreamDeleted);
}

export function isMissing(error: unknown): boolean {
  return error instanceof StreamNotFoundError;
}

/** The client was closing the connection when the call was about to begin. */
export class Replaced extends Unavailable {
  constructor() {
    super('the connection was being replaced');
  }
}

function isRefusal(error: UnknownError): boolean {
  return error.code !== undefined && REFUSED.has(error.code);
}

function told(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
