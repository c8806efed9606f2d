import { hash } from 'node:crypto';

const NAMESPACE = Buffer.from('0b9f6a3e5d0c4a579a5e6c1f0d8b2e71', 'hex');
/** The two bits that say "as in RFC 9562" before the two that are kept of a digit. */
const VARIANTS = '89ab';

/**
 * RFC 9562 version 5 over the RFC 8785 JSON of [kind, ...parts]; an absent part is null. Every command needs three: in
 * one call of the platform they cost a third of what a hash object for each did.
 */
function uuid5(
  kind: 'case' | 'command' | 'event' | 'draw' | 'referral' | 'holder',
  ...parts: (string | number | undefined)[]
): string {
  // A list of texts and integers has one JSON text only, whoever writes it.
  const name = JSON.stringify([kind, ...parts.map((part) => part ?? null)]);
  const bytes = Buffer.allocUnsafe(NAMESPACE.length + Buffer.byteLength(name));
  bytes.set(NAMESPACE);
  bytes.write(name, NAMESPACE.length);
  const hex = hash('sha1', bytes);
  const variant = VARIANTS[parseInt(hex.charAt(16), 16) & 3] ?? '';
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The same person with the same key means the same command, however often it arrives. */
export function commandId(person: string, idempotencyKey: string): string {
  return uuid5('command', person, idempotencyKey);
}

/** @param n counts the command's events from 0 */
export function eventId(stream: string, command: string, n: number): string {
  return uuid5('event', stream, command, n);
}

/** Whose key seals what a stream says of its one person. */
export function holderId(stream: string): string {
  return uuid5('holder', stream);
}

/** Where a problem was written down first. */
export interface Origin {
  source: string;
  document?: string;
  line?: string;
  part?: string;
}

/**
 * A problem's case. The same line of the same document is the same case, so that appending to a stream that must not
 * exist yet is the check for uniqueness; without a document the command alone says what is the same.
 */
export function caseId(deployment: string, origin: Origin, command: string): string {
  const document = normalised(origin.document);
  if (document === undefined) return uuid5('case', command);
  const { source, line, part } = origin;
  return uuid5('case', deployment, normalised(source), document, normalised(line), normalised(part));
}

/** The case that a part becomes. @param n counts the parts of the whole from 0, over all its splits */
export function partId(whole: string, n: number): string {
  return uuid5('case', whole, n);
}

/** How texts of an identity are compared. */
export function normalised(text: string | undefined): string | undefined {
  // Lower-casing the upper case folds what has no single lower-case partner (ß, ς), as case folding does.
  return text?.normalize('NFKC').trim().toUpperCase().toLowerCase() || undefined;
}

/** What a command drew. */
export function drawId(command: string): string {
  return uuid5('draw', command);
}

/** What a command referred of a case. */
export function referralId(caseId: string, command: string): string {
  return uuid5('referral', caseId, command);
}
