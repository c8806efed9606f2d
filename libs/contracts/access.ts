import { IsIn, Matches } from 'class-validator';
import { type Caller } from './envelope.js';
import { INDEX_KINDS, type IndexKind } from './sealing.js';
import { type Day, IsCount, IsFilled, IsText, type Uuid } from './values.js';

/**
 * What came of somebody's wish to see personal data, or to have it erased. `gone`: it had been erased before;
 * `searched`: a case was looked for by a person's name or number; `reapplied`: erasures were applied again after a
 * restore; `exported`: cases were taken out as a file; `refused`: somebody known was turned away from a route; the
 * others: somebody signed in or out, or failed to, or an account was changed.
 */
export const OUTCOMES = [
  ...(['revealed', 'denied', 'gone', 'searched', 'erased', 'reapplied', 'exported', 'refused'] as const),
  ...(['signed-in', 'sign-in-failed', 'signed-out', 'account-changed'] as const),
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/**
 * One access to personal data, one export of cases, one refusal, or one sign-in. Never the data itself; of a sign-in by an
 * unknown name the person is empty, and the name is not kept.
 */
export interface Access {
  person: string;
  unit: string;
  role: string;
  onBehalfOf?: string;
  via: string;
  caseId?: Uuid;
  /** Where it was no case: the stream of a clue, or of a person of the register. */
  stream?: string;
  revision?: number;
  /**
   * The path of a sealed text, the kind of text that was searched, what was exported, by what somebody signed in, or what
   * of an account was changed.
   */
  field?: string;
  /** Whose account was changed. */
  subject?: string;
  purpose?: string;
  /** What cases were exported by, and how many they were. */
  filter?: Readonly<Record<string, string>>;
  rows?: number;
  /** From what somebody was turned away, as it is declared (`GET /api/v1/cases/:id`), with which code, and how often. */
  route?: string;
  code?: string;
  times?: number;
  outcome: Outcome;
}

/** Enters an access into the log of accesses. It is there for good when this has answered. */
export class NoteAccess {
  constructor(readonly access: Access) {}
}

/** Tells of a refusal. What the same person is refused again and again is entered once a minute, with how often it was. */
export class NoteRefusal {
  constructor(readonly access: Access) {}
}

export const accessOf = ({ person, unit, role, onBehalfOf, via }: Caller): Omit<Access, 'outcome'> => ({
  ...{ person, unit, role, via },
  ...(onBehalfOf !== undefined && { onBehalfOf }),
});

/** A line of the log of accesses. */
export interface AccessEntry extends Access {
  /** Counted from 1. */
  seq: number;
  /** ISO 8601 in UTC, in milliseconds. */
  at: string;
  /** Hex SHA-256(hash of the entry before ‖ RFC 8785 JSON of everything else in this one); 32 zero bytes stand before the first. */
  hash: string;
}

/** Which entries are asked for: those that are so in everything that is said. */
export interface AccessFilter {
  person?: string;
  caseId?: Uuid;
  outcome?: Outcome;
  /** Days of the deployment's zone, both included. */
  from?: Day;
  until?: Day;
}

/** Query for a page of the log of accesses (AccessPage), newest first. An auditor sees those to cases in scope. */
export class AccessLogPage {
  readonly type = 'AccessLogPage';
  constructor(
    readonly caller: Caller,
    readonly filter: AccessFilter,
    readonly limit: number,
    readonly before: number | undefined,
  ) {}
}

/**
 * A day of the log of accesses that is over: how it stood when its last entry had been made. `root` is the hash of that
 * entry, so it stands for every entry from the first on.
 */
export interface AccessDayClosed {
  type: 'AccessDayClosed';
  day: Day;
  /** How many entries the day has, and the number of its last. */
  entries: number;
  last: number;
  /** Hex SHA-256. */
  root: string;
}

export const accessEvents = { AccessDayClosed: true } as const;

export interface AccessPage {
  entries: AccessEntry[];
  /** For the next page. */
  before?: number;
}

/** Query for those of these cases that somebody sees (a list of ids). */
export class SeenAmong {
  readonly type = 'SeenAmong';
  constructor(
    readonly caseIds: readonly Uuid[],
    readonly caller: Caller,
  ) {}
}

/** In what a sealed text stands. The name is how its stream begins. */
export type RevealedIn = 'case' | 'referral' | 'person';

/** Shows a sealed text in clear to somebody who may see it and says why (string). Noted whether it is shown or not. */
export class Reveal {
  constructor(
    readonly where: RevealedIn,
    readonly id: string,
    readonly caller: Caller,
    readonly revision: number,
    /** The path of the text in the event's data. */
    readonly field: string,
    readonly purpose: string,
  ) {}
}

/** Looks for cases in which somebody is named exactly so (FoundCases). Noted, without the text. */
export class FindHolders {
  constructor(
    readonly kind: IndexKind,
    readonly text: string,
    readonly caller: Caller,
  ) {}
}

export interface FoundCases {
  cases: Uuid[];
  /** Whether there are more, which are not told. */
  more: boolean;
}

/** A path in an event's data. */
const FIELD = /^[A-Za-z]\w{0,63}(?:\.(?:[A-Za-z]\w{0,63}|\d{1,4})){0,9}$/;

/** What is revealed, and what for. */
export class RevealText {
  @IsCount(1_000_000_000) revision!: number;
  /** As the history names it. */
  @Matches(FIELD) field!: string;
  @IsText(500, 5) purpose!: string;
}

/** Who is looked for. */
export class FindPerson {
  @IsIn(INDEX_KINDS) kind!: IndexKind;
  @IsFilled(100) text!: string;
}
