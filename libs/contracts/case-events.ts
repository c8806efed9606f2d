import { type CallbackChannel, type ReopenCause, type Resolved, type Satisfied } from './afterwards.js';
import { type Deadline, type DutyChanges, type DutyName } from './deadline.js';
import { type ObjectorKind } from './examination-notice.js';
import { type DisciplinePosition, type Recognition } from './examination-positions.js';
import { type Shortcoming, type VerificationMethod } from './examination.js';
import { type Stage } from './rectification.js';
import {
  type Accused,
  type Correctable,
  type FileRow,
  type Location,
  type Petitioner,
  type Place,
  type RectificationType,
  type Severity,
  type Source,
  type Stated,
  type Substantiation,
  type Visibility,
} from './intake.js';
import { type Item } from './items.js';
import { type Sealed } from './sealing.js';
import { type HeldToAccount } from './oversight.js';
import { type StageOutcome } from './rectification-stages.js';
import { type Status } from './status.js';
import {
  type Day,
  type DivisionId,
  type PersonId,
  type PlainValue,
  type UnitId,
  type Uuid,
} from './values.js';

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
  /** Wanted by the closing only: what it asks for is not there before the case is examined. */
  due?: 'closing';
}

/** Where evidence belongs: a slot or, of one that is wanted for each item, the slot for this item. */
export const placeOf = (slot: string, item?: string): string =>
  // Ids have no spaces.
  item === undefined ? slot : `${slot} ${item}`;

/** The slot of a place. */
export const slotOf = (place: string): string => place.split(' ')[0] ?? place;

/** The item of a place, if it is one's. */
export const itemOf = (place: string): string | undefined => place.split(' ')[1];

/** An uploaded file as the case keeps it. */
export interface Upload {
  receipt: Uuid;
  /** Hex. */
  sha256: string;
  bytes: number;
  mediaType: string;
  /** When a photo says that it was taken: local time in ISO 8601, with its offset from UTC where the camera knew it. */
  takenAt?: string;
  /** Where a photo says that it was taken. */
  takenPlace?: Place;
  /** There are people in it: whose key seals it. `sha256` and `bytes` are then of what is kept, which is encrypted. */
  holder?: Uuid;
}

/** What was looked at. */
interface Looked {
  /** Hex SHA-256 of the evidence of the standing submission, as `RectificationSubmitted` or `EvidenceSupplied` names it. */
  evidence?: string;
}

/** Items of a case with many, drawn for a verification: see `libs/cases/examination/sample.ts`. */
export interface Sample {
  /** Known to everybody and chosen by nobody. */
  seed: string;
  drawn: string[];
  /** How many were looked at, the drawn ones among them. */
  checked: number;
}

/** What both assigning and reopening fix for the round. */
interface Terms {
  leads: UnitId[];
  coUnits: UnitId[];
  dueOn: Day;
  /** How `dueOn` came about. */
  deadline?: Deadline;
  /** The last day that extensions may reach. */
  ceilingOn?: Day;
  route: RouteStep[];
  /** Unit that closes the case. */
  closer: UnitId;
  checklist: Slot[];
  /** The day from which the terms of the round count. */
  assignedOn?: Day;
  /** Last day of a dispute of the finding. */
  disputeBy?: Day;
}

/** Whom the history of another case keeps out of this one: they rectified it, vouched for what was false, or do not see it. */
export interface Limits {
  rectifiers: PersonId[];
  barred: PersonId[];
  excluded: PersonId[];
}

/** A part that becomes a case: its id, and what differs from the whole. */
export interface Child {
  case: Uuid;
  weight: number;
  taskText?: string;
  categories?: string[];
  divisions?: DivisionId[];
  amountFen?: number;
  householdCount?: number;
}

/** A problem as it was entered. */
interface Registered {
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
  taskText?: string;
  problemType?: string;
  knownSince?: Day;
  fundDocument?: string;
  fiscalYear?: number;
  principal?: string;
  accused?: Accused[];
  visibility?: Visibility;
  circularId?: string;
  campaignId?: string;
  frame?: string;
  batch?: string;
  remark?: string;
  /** The case that it was a part of. */
  parent?: Uuid;
  /** Unit that registered the whole, where this is a part. */
  finder?: UnitId;
  /** Of cases that had been merged into the whole. */
  furtherSources?: Source[];
  /** Of the whole. */
  limits?: Limits;
}

export type IntakeEvent =
  | ({ type: 'ProblemRegistered' } & Registered)
  /** A row of an old ledger, as it states itself. */
  | ({ type: 'CaseAdopted'; stated: Stated; file: FileRow } & Registered)
  /** null: nothing. */
  | {
      type: 'RegistrationCorrected';
      field: Correctable;
      from: PlainValue | null;
      to: PlainValue | null;
      why: string;
    }
  /** Of an assigned case also what it comes to for the round, which is never less than before. */
  | {
      type: 'CaseClassified';
      categories: string[];
      severity: Severity;
      rectificationType: RectificationType;
      reason?: string;
      route?: RouteStep[];
      closer?: UnitId;
      checklist?: Slot[];
      /** Where it is of another type now: its day, how that came about, and the last that extensions may reach. */
      dueOn?: Day;
      deadline?: Deadline;
      ceilingOn?: Day;
    }
  | { type: 'ItemsListed'; items: Item[] }
  /** `units`: where the checkers check facts. */
  | { type: 'FactCheckStarted'; checkers: PersonId[]; units: UnitId[]; reason?: string }
  | {
      type: 'FactsEstablished';
      substantiation: Substantiation;
      findings: string;
      place?: string;
      visitedOn?: Day;
      photos: Upload[];
      opposing?: string;
      taskText?: string;
      /** They have been since, at the latest. */
      personsAtRisk?: true;
    }
  | { type: 'CaseVoided'; reason: string; document: string };

export type AssignmentEvent =
  | ({
      type: 'CaseAssigned';
      letter: string;
      /** What was said to hold of it. */
      circumstances?: string[];
      requirement: string;
      final: boolean;
      /** Last day of a return. */
      returnBy: Day;
    } & Terms)
  | { type: 'AssignmentAccepted' }
  /** Nobody returned it in time. */
  | { type: 'AssignmentDeemedAccepted' }
  | { type: 'AssignmentReturned'; ground: string; reason: string }
  | { type: 'ReturnUpheld'; reason: string }
  | { type: 'ReturnRejected'; reason: string }
  | { type: 'FindingDisputed'; grounds: string; files: Upload[] }
  | { type: 'FindingUpheld'; reason: string }
  /** What is amended, and the route where another severity may have added to it. */
  | {
      type: 'FindingAmended';
      reason: string;
      taskText?: string;
      amountFen?: number;
      severity?: Severity;
      householdCount?: number;
      route?: RouteStep[];
      closer?: UnitId;
    }
  | {
      type: 'CaseReassigned';
      letter: string;
      leads: UnitId[];
      coUnits: UnitId[];
      reason: string;
      dueOn: Day;
      /** Last day of a return. */
      returnBy: Day;
      disputeBy: Day;
      route: RouteStep[];
      closer: UnitId;
    }
  | { type: 'CoUnitsChanged'; coUnits: UnitId[]; reason: string; route: RouteStep[]; closer: UnitId }
  | { type: 'HandlerNamed'; person: PersonId; reason?: string };

/** Parts of a case are counted from 1. A part that is given anew keeps its number. */
export type PartEvent =
  | { type: 'PartAssigned'; part: number; unit: UnitId; duty: string; dueOn: Day }
  | { type: 'PartAccepted'; part: number }
  | { type: 'PartReturned'; part: number; reason: string }
  | { type: 'PartSubmitted'; part: number; result: string; files: Upload[] }
  | { type: 'PartPassed'; part: number; opinion?: string }
  | { type: 'PartRejected'; part: number; reason: string };

export type RectificationEvent =
  | { type: 'EvidenceAttached'; slot: string; file: Upload; item?: string; note?: string }
  | { type: 'EvidenceWithdrawn'; receipt: Uuid; slot: string; reason: string }
  /** `settled`: items of the case that are settled then. */
  | {
      type: 'ItemRectified';
      item: string;
      measures: string;
      completedOn: Day;
      files?: Upload[];
      settled: number;
    }
  | { type: 'ItemExcepted'; item: string; ground: string; reason: string; settled: number }
  | { type: 'EvidenceDeclaredAbsent'; slot: string; item?: string; reason: string }
  | { type: 'PlanSubmitted'; measures: string; doneStandard: string; stages: Stage[]; fundsFen?: number }
  | { type: 'PlanApproved'; opinion?: string }
  | { type: 'PlanRejected'; reason: string }
  /** Reports are counted from 1; one without a text says that nothing has changed. */
  | { type: 'ProgressReported'; report: number; text?: string; pending?: string }
  | { type: 'ProgressCorrected'; report: number; text: string; reason: string }
  | { type: 'InterimSafetyRecorded'; measures: string; persons: number; doneOn: Day }
  /** An amount more or, taken back, less; and what is left of the whole then. */
  | { type: 'MoneyRectified'; method: string; fen: number; voucher: string; remainingFen: number }
  | { type: 'AmountAdjusted'; fromFen: number; amountFen: number; reason: string; document: string }
  | { type: 'ExtensionRequested'; until: Day; reason: string }
  /** With a `document`: for many cases at once, which uses up none of the extensions. */
  | { type: 'DeadlineExtended'; from: Day; until: Day; opinion?: string; document?: string }
  /** Unanswered in time, it is refused and charged to the unit that should have answered. */
  | { type: 'ExtensionRefused'; reason: string; chargedTo?: UnitId }
  /** `apart`: its days are not of those that all suspensions together may last. */
  | {
      type: 'CaseSuspended';
      ground: string;
      from: Day;
      until: Day;
      document: string;
      reason: string;
      apart?: boolean;
    }
  /** `reviewBy`: where its ground still holds, the day of the next review. */
  | { type: 'SuspensionReviewed'; holds: boolean; reason: string; reviewBy?: Day }
  /** `days`: working days that the clock stood, by which the due day moved. */
  | { type: 'CaseResumed'; days: number; dueOn: Day; reason: string }
  /** `reviewBy`: the last stage of a sustained rectification; it is sustained from now on, and reviewed by that day. */
  | { type: 'StageCompleted'; stage: number; result: string; files: Upload[]; reviewBy?: Day }
  /** `reviewBy`: where it holds, the day of the next review. */
  | { type: 'StageReviewed'; outcome: StageOutcome; findings: string; reviewBy?: Day }
  | {
      type: 'RectificationSubmitted';
      result: 'completed';
      measures: string;
      completedOn: Day;
      /** Hex SHA-256 of the RFC 8785 JSON of the sorted list of [slot, receipt, sha256], one for each file. */
      evidence?: string;
    }
  | { type: 'SubmissionCountersigned'; opinion?: string }
  | { type: 'RectificationWithdrawn'; reason: string };

export type ExaminationEvent =
  /** The unit that reviews from now on, and its level. */
  | { type: 'ReviewEscalated'; unit: UnitId; level: string; reason: string }
  | ({ type: 'ReviewPassed'; opinion?: string } & Looked)
  | { type: 'RectificationRejected'; reasons: Shortcoming[] }
  | ({
      type: 'VerificationRecorded';
      method: VerificationMethod;
      place: string;
      visitedOn: Day;
      findings: string;
      photos: Upload[];
      sample?: Sample;
    } & Looked)
  | ({ type: 'VerificationConfirmed' } & Looked)
  /** `failed`: items that are not put right. */
  | { type: 'VerificationFailed'; reasons: Shortcoming[]; failed?: string[] }
  /** `evidence`: what the evidence of the standing submission comes to with it. */
  | { type: 'EvidenceSupplied'; slot: string; file: Upload; item?: string; note?: string; evidence: string }
  | { type: 'AbsenceAccepted'; slot: string; item?: string; opinion?: string }
  | ({ type: 'ClosureApproved'; opinion?: string } & Looked)
  | { type: 'ClosureRejected'; reasons: Shortcoming[] }
  /** From its first day to its last. */
  | { type: 'PublicNoticeStarted'; place: string; url?: string; text: string; from: Day; until: Day }
  | { type: 'PublicNoticeEnded' }
  /** Objections of a case are counted from 1. */
  | {
      type: 'ObjectionRaised';
      objection: number;
      by: ObjectorKind;
      text: Sealed;
      objector?: { name: Sealed; phone?: Sealed };
    }
  | { type: 'ObjectionDismissed'; objection: number; reason: string }
  | { type: 'ObjectionUpheld'; objection: number; reasons: Shortcoming[] }
  | { type: 'DisciplinePositionStated'; position: DisciplinePosition; reason: string }
  | {
      type: 'RecognitionRecorded';
      result: Recognition;
      document: string;
      on: Day;
      /** Why it is not recognised. */
      reasons?: Shortcoming[];
    }
  | ({ type: 'CaseClosed'; closureNumber: string; opinion?: string } & Looked);

/** What was found of a closed case, and the draw that chose it. */
interface LookBack {
  draw?: Uuid;
  place: string;
  visitedOn: Day;
  findings: string;
  photos: Upload[];
}

export type AfterwardsEvent =
  /** `personsAtRisk`: people are at risk anew. */
  | ({
      type: 'CaseReopened';
      round: number;
      cause: ReopenCause;
      reason: string;
      personsAtRisk?: true;
    } & Terms)
  /** `holdUntil`: the last day on which an inspector may hold it. */
  | {
      type: 'CaseTerminated';
      ground: string;
      reason: string;
      minutes: string;
      document: string;
      holdUntil: Day;
    }
  /** `to`: the status that it goes on in. */
  | { type: 'TerminationHeld'; to: Status; reason: string }
  | { type: 'CaseTransferredOut'; to: string; document: string; reason: string }
  | {
      type: 'CallbackRecorded';
      resolved: Resolved;
      satisfied: Satisfied;
      lawful: boolean;
      channel: CallbackChannel;
      on: Day;
      note?: Sealed;
    }
  | ({ type: 'LookBackPassed' } & LookBack)
  /** `answerBy`: the last day for a reopening, or for refusing it. */
  | ({ type: 'LookBackFailed'; reasons: Shortcoming[]; answerBy: Day } & LookBack)
  | { type: 'ReopeningRefused'; reason: string }
  /**
   * Its time of retention is over: whatever was sealed in it up to here is erased. `request`: in which two administrators
   * decided it; `endedOn`, `years`: since when it was at its end, and for how many years the policy kept it.
   */
  | {
      type: 'RetentionEnded';
      request: Uuid;
      askedBy: PersonId;
      approvedBy: PersonId;
      endedOn: Day;
      years: number;
    };

export type SplitEvent =
  /** Items that go to a part which is split off with it; `settled`: of those that stay. */
  | { type: 'ItemsDealt'; case: Uuid; items: string[]; settled: number }
  | { type: 'CaseSplit'; children: Child[]; reason: string }
  /** The child's weight and amount are taken off the case. */
  | { type: 'ResidualSplit'; child: Child; reason: string };

export type MergeEvent =
  | { type: 'CaseMerged'; into: Uuid; reason: string }
  | {
      type: 'CaseAbsorbed';
      from: Uuid;
      caseNumber: string;
      /** Stays with the case that was merged. */
      weight: number;
      /** All of that case, its own first. */
      sources: Source[];
      /** Whether people were at risk in it. */
      atRisk: boolean;
      limits: Limits;
      /** Until when its sources want it. */
      sourceDueOn?: Day;
      /** Of an assigned case: what it comes to for the round with these sources besides. */
      route?: RouteStep[];
      closer?: UnitId;
      checklist?: Slot[];
    }
  /** `code`: with what the other case refused; `status`: in which this one goes on. */
  | { type: 'MergeUndone'; into: Uuid; code: string; status: Status };

/** Instructions of a case are counted from 1. */
export type OversightEvent =
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
  | { type: 'PersonExcluded'; person: PersonId; reason: string }
  | { type: 'ExclusionLifted'; person: PersonId; reason: string }
  | { type: 'AccountabilityRecorded'; persons: HeldToAccount[] }
  | { type: 'VisibilityChanged'; to: Visibility; reason: string };

/** What time alone brings about. */
export type ClockEvent =
  /** `rung`: the highest of the ladder that is due by now. */
  | { type: 'DeadlinePassed'; duty: DutyName; due: Day; rung?: string }
  /** A calendar was published, and a provisional day is another. */
  | { type: 'DeadlineMoved'; duty: DutyName; from: Day; to: Day };

/** All that can have happened in the handling of a problem. */
export type CaseEvent = (
  | IntakeEvent
  | SplitEvent
  | MergeEvent
  | AssignmentEvent
  | PartEvent
  | RectificationEvent
  | ExaminationEvent
  | AfterwardsEvent
  | OversightEvent
  | ClockEvent
) & { duties?: DutyChanges };

/** The stored names. */
export const caseEvents = {
  ProblemRegistered: true,
  CaseAdopted: true,
  RegistrationCorrected: true,
  CaseClassified: true,
  ItemsListed: true,
  FactCheckStarted: true,
  FactsEstablished: true,
  CaseVoided: true,
  ItemsDealt: true,
  CaseSplit: true,
  ResidualSplit: true,
  CaseMerged: true,
  CaseAbsorbed: true,
  MergeUndone: true,
  CaseAssigned: true,
  AssignmentAccepted: true,
  AssignmentDeemedAccepted: true,
  AssignmentReturned: true,
  ReturnUpheld: true,
  ReturnRejected: true,
  FindingDisputed: true,
  FindingUpheld: true,
  FindingAmended: true,
  CaseReassigned: true,
  CoUnitsChanged: true,
  HandlerNamed: true,
  PartAssigned: true,
  PartAccepted: true,
  PartReturned: true,
  PartSubmitted: true,
  PartPassed: true,
  PartRejected: true,
  EvidenceAttached: true,
  EvidenceWithdrawn: true,
  ItemRectified: true,
  ItemExcepted: true,
  EvidenceDeclaredAbsent: true,
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
  SuspensionReviewed: true,
  StageCompleted: true,
  StageReviewed: true,
  RectificationSubmitted: true,
  SubmissionCountersigned: true,
  RectificationWithdrawn: true,
  ReviewEscalated: true,
  ReviewPassed: true,
  RectificationRejected: true,
  VerificationRecorded: true,
  VerificationConfirmed: true,
  VerificationFailed: true,
  EvidenceSupplied: true,
  AbsenceAccepted: true,
  ClosureApproved: true,
  ClosureRejected: true,
  PublicNoticeStarted: true,
  PublicNoticeEnded: true,
  ObjectionRaised: true,
  ObjectionDismissed: true,
  ObjectionUpheld: true,
  DisciplinePositionStated: true,
  RecognitionRecorded: true,
  CaseClosed: true,
  CaseReopened: true,
  CaseTerminated: true,
  TerminationHeld: true,
  CaseTransferredOut: true,
  CallbackRecorded: true,
  LookBackPassed: true,
  LookBackFailed: true,
  ReopeningRefused: true,
  RetentionEnded: true,
  SupervisionIssued: true,
  SupervisionLifted: true,
  InstructionRecorded: true,
  InstructionAnswered: true,
  AnswerAccepted: true,
  AnswerRejected: true,
  PersonExcluded: true,
  ExclusionLifted: true,
  AccountabilityRecorded: true,
  VisibilityChanged: true,
  DeadlinePassed: true,
  DeadlineMoved: true,
} as const satisfies { readonly [T in CaseEvent['type']]: true };
