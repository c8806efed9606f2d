import { type ReopenCause } from './afterwards.js';
import { type Shortcoming, type VerificationMethod } from './examination.js';
import { type Location, type RectificationType, type Severity, type Source } from './intake.js';
import { type Day, type DivisionId, type UnitId, type Uuid } from './values.js';

export type StepName = 'review' | 'verify' | 'approve';

/** A step of the route, the level that takes it and, at that level, the unit. */
export interface RouteStep {
  step: StepName;
  level: string;
  unit: UnitId;
}

/** A slot of the checklist: full with at least one file in it. */
export interface Slot {
  id: string;
  title: string;
}

/** An uploaded file as the case keeps it. */
export interface Upload {
  receipt: Uuid;
  /** Hex. */
  sha256: string;
  bytes: number;
  mediaType: string;
}

/** What both assigning and reopening fix for the round. */
interface Duty {
  leads: UnitId[];
  coUnits: UnitId[];
  dueOn: Day;
  route: RouteStep[];
  /** Unit that closes the case. */
  closer: UnitId;
  checklist: Slot[];
}

type IntakeEvent = {
  type: 'ProblemRegistered';
  caseNumber: string;
  source: Source;
  categories: string[];
  divisions: DivisionId[];
  severity: Severity;
  rectificationType: RectificationType;
  description: string;
  foundOn?: Day;
  foundBy?: string;
  location?: Location;
  intakeNumber?: string;
  householdCount?: number;
  occurredFrom?: Day;
  occurredTo?: Day;
  sourceDueOn?: Day;
  basis?: string;
  amountFen?: number;
  personsAtRisk: boolean;
  weight: number;
};

type AssignmentEvent =
  | ({
      type: 'CaseAssigned';
      letter: string;
      requirement: string;
      final: boolean;
      /** Last day of a return. */
      returnBy: Day;
    } & Duty)
  | { type: 'AssignmentAccepted' }
  | { type: 'AssignmentReturned'; ground: string; reason: string }
  | { type: 'ReturnUpheld'; reason: string }
  | { type: 'ReturnRejected'; reason: string };

type RectificationEvent =
  | { type: 'EvidenceAttached'; slot: string; file: Upload; note?: string }
  | { type: 'RectificationSubmitted'; result: 'completed'; measures: string; completedOn: Day };

type ExaminationEvent =
  | { type: 'ReviewPassed'; opinion?: string }
  | { type: 'RectificationRejected'; reasons: Shortcoming[] }
  | {
      type: 'VerificationRecorded';
      method: VerificationMethod;
      place: string;
      visitedOn: Day;
      findings: string;
      photos: Upload[];
    }
  | { type: 'VerificationConfirmed' }
  | { type: 'VerificationFailed'; reasons: Shortcoming[] }
  | { type: 'ClosureApproved'; opinion?: string }
  | { type: 'ClosureRejected'; reasons: Shortcoming[] }
  | { type: 'CaseClosed'; closureNumber: string; opinion?: string };

type AfterwardsEvent = {
  type: 'CaseReopened';
  round: number;
  cause: ReopenCause;
  reason: string;
} & Duty;

/** All that can have happened in the handling of a problem. */
export type CaseEvent =
  IntakeEvent | AssignmentEvent | RectificationEvent | ExaminationEvent | AfterwardsEvent;

/** The stored names. */
export const caseEvents = {
  ProblemRegistered: true,
  CaseAssigned: true,
  AssignmentAccepted: true,
  AssignmentReturned: true,
  ReturnUpheld: true,
  ReturnRejected: true,
  EvidenceAttached: true,
  RectificationSubmitted: true,
  ReviewPassed: true,
  RectificationRejected: true,
  VerificationRecorded: true,
  VerificationConfirmed: true,
  VerificationFailed: true,
  ClosureApproved: true,
  ClosureRejected: true,
  CaseClosed: true,
  CaseReopened: true,
} as const satisfies { readonly [T in CaseEvent['type']]: true };
