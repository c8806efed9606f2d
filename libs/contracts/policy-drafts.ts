import { IsObject } from 'class-validator';
import { IsCount, IsDay, IsFilled, IsVersion, type Day, type Uuid } from './values.js';

/** Begins a draft of the deployment's rules. */
export class BeginDraft {
  /** What it is about, for other administrators. */
  @IsFilled(200) title!: string;
  /** As in a seed file, terms as texts such as `30wd`. */
  @IsObject() policy!: object;
}

/** Says a draft anew. */
export class ChangeDraft extends BeginDraft {
  /** The version that was looked at. */
  @IsCount(1_000_000, 1) seen!: number;
}

/** Publishes a draft as it was looked at. */
export class PublishDraft {
  @IsCount(1_000_000, 1) seen!: number;
  /** Under which it is known for good. */
  @IsVersion() id!: string;
  /** The first day of effect. */
  @IsDay() from!: Day;
}

/** What was done to a draft, and by whom. */
export interface DraftStep {
  /** Counted from 1. */
  version: number;
  state: 'draft' | 'published' | 'deleted';
  title: string;
  by: string;
  /** ISO 8601 in UTC, in milliseconds. */
  at: string;
  /** The version of the policy that it was published as. */
  published?: string;
}

export interface ListedDraft extends DraftStep {
  draft: Uuid;
}

export interface Draft extends ListedDraft {
  policy: object;
  history: DraftStep[];
}

/** A rule of the draft that differs from the one in force, and how many cases under way it is about. */
export interface DraftChange {
  /** As `completion.immediate.serious.done`. */
  path: string;
  /** Absent where there is no such rule. */
  inForce?: unknown;
  draft?: unknown;
  cases: number;
}

export interface DraftEffect {
  /** The policy in force. */
  inForce: string;
  version: number;
  changes: DraftChange[];
  /** Cases under way that any of the changes is about. */
  cases: number;
}
