import { type CaseEvent, type StepName } from '../case-events.js';
import { type REOPEN_CAUSES } from '../afterwards.js';
import { type Duty, type DutyKind, type Light } from '../deadline.js';
import { type accessEvents } from '../access.js';
import { type drawEvents } from '../draws.js';
import { type ExportColumn, type ExportMark, type ExportName, type ExportValue } from '../exports.js';
import { type RectificationType, type Severity, type Visibility } from '../intake.js';
import { type referralEvents } from '../referrals.js';
import { type RefusalCode } from '../refusal.js';
import { type RegisterEvent } from '../register-events.js';
import { type Agent, type Role } from '../roles.js';
import { type Status } from '../status.js';
import { type CommandName } from './command-name.js';

/** Languages of the product; the first is its own. */
export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Phases of a case's life, in order. Commands are grouped by them. */
export const PHASES = [
  'intake',
  'assignment',
  'rectification',
  'examination',
  'afterwards',
  'oversight',
  'time',
] as const;
export type Phase = (typeof PHASES)[number];

/** What the routes of the API are about, besides the phases. */
export const AREAS = [
  ...(['cases', 'ledger', 'figures', 'live', 'batches', 'uploads', 'evidence', 'imports'] as const),
  ...([
    'personal',
    'draws',
    'exports',
    'referrals',
    'register',
    'session',
    'own-sessions',
    'single-sign-on',
  ] as const),
  ...(['accounts', 'access-log', 'clock', 'operations'] as const),
  ...(['hand-overs', 'policy-drafts', 'erasure-requests', 'retention'] as const),
] as const;
export type Area = (typeof AREAS)[number];

/** A flag of a case, as the code of its refusal names it. */
type Flag = RefusalCode extends infer Code ? (Code extends `case/flag-${infer Name}` ? Name : never) : never;

type EventName =
  | CaseEvent['type']
  | keyof typeof accessEvents
  | keyof typeof drawEvents
  | keyof typeof referralEvents
  | RegisterEvent['type'];

/** A name, and a sentence that says what it is. */
export type Named = readonly [name: string, sentence: string];

/** The words of the product in one language. What is missing in one of them does not compile. */
export interface Catalogue {
  /** What a refusal means to whoever is refused. */
  refusals: Readonly<Record<RefusalCode, string>>;
  /** By the name of its class. */
  commands: Readonly<Record<CommandName, Named>>;
  /** By the stored name. */
  events: Readonly<Record<EventName, string>>;
  statuses: Readonly<Record<Status, string>>;
  flags: Readonly<Record<Flag, string>>;
  roles: Readonly<Record<Role | Agent, string>>;
  severities: Readonly<Record<Severity, string>>;
  rectificationTypes: Readonly<Record<RectificationType, string>>;
  steps: Readonly<Record<StepName, string>>;
  duties: Readonly<Record<DutyKind, string>>;
  visibilities: Readonly<Record<Visibility, string>>;
  reopenCauses: Readonly<Record<(typeof REOPEN_CAUSES)[number], string>>;
  lights: Readonly<Record<Light, string>>;
  /** Why a light is as it is. */
  lightReasons: Readonly<Record<Light | NonNullable<Duty['pressing']>, string>>;
  areas: Readonly<Record<Phase | Area, Named>>;
  /** Headings of the exported ledger. */
  columns: Readonly<Record<ExportColumn, string>>;
  /** Titles of what is exported. */
  exports: Readonly<Record<ExportName, string>>;
  /** Where an exported file comes from. */
  marks: Readonly<Record<ExportMark, string>>;
  /** Values in an exported file. */
  values: Readonly<Record<ExportValue, string>>;
}
