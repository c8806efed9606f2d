import { randomUUID } from 'node:crypto';
import { invalid, refuse } from '../../contracts/refusal.js';
import { type Uuid } from '../../contracts/values.js';
import { type Parameter } from './operation.js';

export type Headers = Record<string, string | string[] | undefined>;

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The id in an address. What is no id names no case. */
export function caseIdIn(text: string): Uuid {
  return uuidIn(text) ?? refuse('case/unknown');
}

export const uuidIn = (text: string): Uuid | undefined => (UUID.test(text) ? text : undefined);

export function idempotencyKey(headers: Headers): string {
  const key = headers['idempotency-key'];
  return typeof key === 'string' && /^[\x21-\x7e]{1,128}$/.test(key) ? key : refuse('key/missing');
}

/** The revision in If-Match. */
export function seenRevision(headers: Headers): number {
  const seen = headers['if-match'];
  if (typeof seen !== 'string') return refuse('case/seen-missing');
  const revision = /^"(\d{1,9})"$/.exec(seen)?.[1];
  return revision === undefined
    ? invalid('If-Match', 'revision', 'If-Match must be one ETag of the case, as "12"')
    : Number(revision);
}

/** Where a request belongs in a trace, as far as it says so itself. */
export function tracing(headers: Headers): { correlationId: string; traceparent?: string } {
  const id = headers['x-correlation-id'];
  const parent = headers.traceparent;
  return {
    correlationId: typeof id === 'string' && UUID.test(id) ? id : randomUUID(),
    ...(typeof parent === 'string' &&
      /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(parent) && { traceparent: parent }),
  };
}

/** What a query says it has been promised: a revision of a case. */
export function ledgerAtLeast(headers: Headers): { caseId: Uuid; revision: number } | undefined {
  const receipt = headers['ledger-at-least'];
  if (receipt === undefined) return undefined;
  const [, caseId, revision] = /^([0-9a-f-]{36})@(\d{1,9})$/.exec(String(receipt)) ?? [];
  if (caseId === undefined || !UUID.test(caseId)) {
    return invalid('Ledger-At-Least', 'receipt', 'Ledger-At-Least must be a receipt, as <caseId>@<revision>');
  }
  return { caseId, revision: Number(revision) };
}

const header = (name: string, description: string, pattern: string, required = false): Parameter => ({
  ...{ name, description, required },
  in: 'header',
  schema: { type: 'string', pattern },
});

export const CASE_ID: Parameter = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'The case.',
  schema: { type: 'string', format: 'uuid' },
};
export const IDEMPOTENCY_KEY = header(
  'Idempotency-Key',
  'The same key of the same person is the same command, however often it is sent.',
  '^[\\x21-\\x7e]{1,128}$',
  true,
);
export const IF_MATCH = header('If-Match', 'The ETag of the case as it was seen.', '^"\\d{1,9}"$', true);
export const LEDGER_AT_LEAST = header(
  'Ledger-At-Least',
  'A receipt: the answer waits up to two seconds for the ledger to have it, else says `Ledger-Behind: true`.',
  '^[0-9a-f-]{36}@\\d{1,9}$',
);
