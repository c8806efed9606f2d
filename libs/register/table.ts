import { invalid, type RefusalCode } from '../contracts/refusal.js';
import {
  REGISTER_KINDS,
  registerEvents,
  type RegisterEvent,
  type RegisterEvents,
  type RegisterKind,
} from '../contracts/register-events.js';
import { type Agent, type Role } from '../contracts/roles.js';
import { type Day, type PersonId } from '../contracts/values.js';
import { type Decode, decoder } from '../eventing/decode.js';
import { type AnyRow, type Decided, each, type Facts, type Kind, type Said } from '../eventing/handle.js';
import { type Recorded } from '../eventing/event.js';
import { type Doc, type DocOf, type Docs, fold, none, type Period } from './docs.js';

/** An entry as decisions on it know it. */
export interface RegisterState extends Decided {
  status: 'open' | 'ended' | undefined;
  doc: Doc | undefined;
}

/** What decisions on an entry know besides the entry. */
export interface RegisterFacts extends Facts {
  /** Of the entry. */
  id: string;
  /** All entries; moments old at most. */
  docs: Docs;
  /** Day of `now` in the deployment's zone. */
  today: Day;
  /** Somebody else has the identity number that the command gives: who, where the docs know them. */
  namesake?: { person?: PersonId };
}

/** One command on an entry of a kind. */
export interface RegisterRow<K extends RegisterKind, C extends object> {
  command: new () => C;
  roles: readonly (Role | Agent)[];
  /** `new`: it makes the entry. */
  in: readonly ('new' | 'open')[];
  /** It has no address: a draft that a second administrator approves is the road to it. */
  byDraft?: true;
  /** With what it may refuse besides what every command does (`codesOf`). */
  refuses?: readonly RefusalCode[];
  decide: (command: C, doc: DocOf[K], facts: RegisterFacts) => RegisterEvents[K][];
}

export interface AnyRegisterRow extends AnyRow<RegisterState, RegisterEvent, RegisterFacts> {
  kind: RegisterKind;
  roles: readonly (Role | Agent)[];
  byDraft?: true;
  refuses?: readonly RefusalCode[];
}

const SAID: Said = {
  unknown: 'register/unknown',
  begun: 'register/entered-already',
  role: 'auth/forbidden',
  status: 'register/ended',
};

/** The commands on entries of one kind. */
export function commandsOn<K extends RegisterKind, T extends Record<string, object>>(
  kind: K,
  rows: { [N in keyof T]: RegisterRow<K, T[N]> },
): AnyRegisterRow[] {
  // The command's type has served its purpose: the bodies that reach a row were validated as its class.
  return (Object.values(rows) as RegisterRow<K, never>[]).map((row) => ({
    ...row,
    command: row.command,
    kind,
    says: SAID,
    decide: (command, { doc }, facts) => row.decide(command, (doc ?? none[kind]) as DocOf[K], facts),
  }));
}

/** With what a command may be refused by the rules. */
export function codesOf({ in: statuses, refuses = [] }: AnyRegisterRow): RefusalCode[] {
  return [
    'auth/forbidden',
    ...(statuses.includes('new') ? [] : (['register/unknown'] as const)),
    ...(statuses.includes('open') ? [] : (['register/entered-already'] as const)),
    'register/ended',
    ...refuses,
  ];
}

export const streamOf = (kind: RegisterKind, id: string): string => `${kind}-${id}`;

/** Kind and id of a stream of the register. */
export function entryOf(stream: string): { kind: RegisterKind; id: string } | undefined {
  const kind = REGISTER_KINDS.find((one) => stream.startsWith(`${one}-`));
  return kind && { kind, id: stream.slice(kind.length + 1) };
}

/** Prefixes of the register's streams. */
export const REGISTER_STREAMS: readonly string[] = REGISTER_KINDS.map((kind) => `${kind}-`);

const decoders = Object.fromEntries(
  REGISTER_KINDS.map((kind) => [kind, decoder<RegisterEvent>(registerEvents[kind] as never)]),
) as Record<RegisterKind, Decode<RegisterEvent>>;

/** Each kind has its own names. */
export const decodeEntry: Decode<RegisterEvent> = (stored) => {
  const entry = entryOf(stored.stream);
  if (!entry) throw new Error(`${stored.stream} is no stream of the register`);
  return decoders[entry.kind](stored);
};

const NO_FLAGS: ReadonlySet<string> = new Set();

export const entries: Kind<RegisterState, RegisterEvent, RegisterFacts> = {
  initial: { status: undefined, flags: NO_FLAGS, basis: -1, doc: undefined },
  decode: decodeEntry,
  fold: each<RegisterState, Recorded<RegisterEvent>>(({ doc }, { stream, revision, event, meta }) => {
    const { kind } = entryOf(stream) ?? { kind: 'unit' as const };
    const next = fold(kind, doc as never, event, meta.recordedAt);
    return { status: hasEnded(next) ? 'ended' : 'open', flags: NO_FLAGS, basis: revision, doc: next };
  }),
};

/** Whether an end has been decided, in effect or not. */
function hasEnded(doc: Doc): boolean {
  return ['merged', 'abolished', 'closed'].some((end) => end in doc);
}

/** @throws Refusal where a period ends before it begins */
export function checkPeriod({ from, until }: Period): void {
  if (until !== undefined && until < from) invalid('until', 'not-before', 'until lies before from');
}

/** @throws Refusal where something takes effect before there is what it happens to */
export function checkOpened(from: Day, opened: Day): void {
  if (from < opened) invalid('from', 'not-before-opening', 'from lies before the day the entry begins');
}
