import { type ReopenCause } from './afterwards.js';
import { type Shortcoming, type VerificationMethod } from './examination.js';
import { type Stage } from './rectification.js';
import {
  type Location,
  type Petitioner,
  type RectificationType,
  type Severity,
  type Source,
} from './intake.js';
import { type Sealed } from './sealing.js';
import { type Day, type DivisionId, type PersonId, type UnitId, type Uuid } from './values.js';

/** Steps of a route, in the order in which they stand in it. */
export const STEPS = [
  'review',
  'verify',
  'approve',
  'public-notice',
  'discipline-position',
  'recognition',
] as const;
export type StepName = (typeof STEPS)[number];

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
  /** Wanted for each item of the case. */
  each?: true;
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
  petitioner?: Petitioner;
  verbatim?: Sealed;
  accusation?: boolean;
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
  | { type: 'EvidenceWithdrawn'; receipt: Uuid; slot: string; reason: string }
  | { type: 'PlanSubmitted'; measures: string; doneStandard: string; stages: Stage[]; fundsFen?: number }
  | { type: 'PlanApproved'; opinion?: string }
  | { type: 'PlanRejected'; reason: string }
  /** Reports are counted from 1; one without a text says that nothing has changed. */
  | { type: 'ProgressReported'; report: number; text?: string; pending?: string }
  | { type: 'ProgressCorrected'; report: number; text: string; reason: string }
  | { type: 'InterimSafetyRecorded'; measures: string; persons: number; doneOn: Day }
  /** An amount more, and what is left of the whole then. */
  | { type: 'MoneyRectified'; method: string; fen: number; voucher: string; remainingFen: number }
  | { type: 'AmountAdjusted'; fromFen: number; amountFen: number; reason: string; document: string }
  | { type: 'ExtensionRequested'; until: Day; reason: string }
  | { type: 'DeadlineExtended'; from: Day; until: Day; opinion?: string }
  | { type: 'ExtensionRefused'; reason: string }
  | { type: 'CaseSuspended'; ground: string; from: Day; until: Day; document: string; reason: string }
  /** `days`: working days that the clock stood, by which the due day moved. */
  | { type: 'CaseResumed'; days: number; dueOn: Day; reason: string }
  | { type: 'RectificationSubmitted'; result: 'completed'; measures: string; completedOn: Day }
  | { type: 'RectificationWithdrawn'; reason: string };

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

/** Instructions of a case are counted from 1. */
type OversightEvent =
  | { type: 'SupervisionIssued'; rung: string; demand: string; answerBy: Day }
  | { type: 'SupervisionLifted'; rung: string; reason: string }
  | {
      type: 'InstructionRecorded';
      instruction: number;
      from: string;
      original: string;
      lead: UnitId;
      dueOn: Day;
    }
  | { type: 'InstructionAnswered'; instruction: number; answer: string }
  | { type: 'AnswerAccepted'; instruction: number; opinion?: string }
  | { type: 'AnswerRejected'; instruction: number; reason: string }
  | { type: 'PersonExcluded'; person: PersonId; reason: string };

/** All that can have happened in the handling of a problem. */
export type CaseEvent =
  IntakeEvent | AssignmentEvent | RectificationEvent | ExaminationEvent | AfterwardsEvent | OversightEvent;

/** The stored names. */
export const caseEvents = {
  ProblemRegistered: true,
  CaseAssigned: true,
  AssignmentAccepted: true,
  AssignmentReturned: true,
  ReturnUpheld: true,
  ReturnRejected: true,
  EvidenceAttached: true,
  EvidenceWithdrawn: true,
  PlanSubmitted: true,
  PlanApproved: true,
  PlanRejected: true,
  ProgressReported: true,
  ProgressCorrected: true,
  InterimSafetyRecorded: true,
  MoneyRectified: true,
  AmountAdjusted: true,
  ExtensionRequested: true,
  DeadlineExtended: true,
  ExtensionRefused: true,
  CaseSuspended: true,
  CaseResumed: true,
  RectificationSubmitted: true,
  RectificationWithdrawn: true,
  ReviewPassed: true,
  RectificationRejected: true,
  VerificationRecorded: true,
  VerificationConfirmed: true,
  VerificationFailed: true,
  ClosureApproved: true,
  ClosureRejected: true,
  CaseClosed: true,
  CaseReopened: true,
  SupervisionIssued: true,
  SupervisionLifted: true,
  InstructionRecorded: true,
  InstructionAnswered: true,
  AnswerAccepted: true,
  AnswerRejected: true,
  PersonExcluded: true,
} as const satisfies { readonly [T in CaseEvent['type']]: true };
