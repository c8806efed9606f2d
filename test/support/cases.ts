import 'reflect-metadata';
import { type ClassConstructor } from 'class-transformer';
import { dayIn } from '../../libs/calendar/working-days.js';
import { rowOf } from '../../libs/cases/commands.js';
import { type Flag } from '../../libs/cases/case-state.js';
import { fold, noCase } from '../../libs/cases/state.js';
import { type CaseFacts, codesOf } from '../../libs/cases/table.js';
import { ReopenCase } from '../../libs/contracts/afterwards.js';
import {
  AcceptAssignment,
  AssignCase,
  RejectReturn,
  ReturnAssignment,
  UpholdReturn,
} from '../../libs/contracts/assignment.js';
import { caseEvents, type CaseEvent, type Upload } from '../../libs/contracts/case-events.js';
import {
  ApproveClosure,
  CloseCase,
  ConfirmVerification,
  FailVerification,
  PassReview,
  RecordVerification,
  RejectClosure,
  RejectRectification,
  Shortcoming,
} from '../../libs/contracts/examination.js';
import { Location, Petitioner, RegisterProblem, Source } from '../../libs/contracts/intake.js';
import {
  AcceptAnswer,
  AnswerInstruction,
  ExcludePerson,
  IssueSupervision,
  LiftExclusion,
  LiftSupervision,
  RecordInstruction,
  RejectAnswer,
} from '../../libs/contracts/oversight.js';
import {
  AdjustAmount,
  ApprovePlan,
  AttachEvidence,
  CorrectProgress,
  ExtendMany,
  GrantExtension,
  RecordInterimSafety,
  RecordMoney,
  RefuseExtension,
  RejectPlan,
  ReportProgress,
  RequestExtension,
  ResumeCase,
  ReviewSuspension,
  SubmitPlan,
  SubmitRectification,
  SuspendCase,
  WithdrawEvidence,
  WithdrawRectification,
} from '../../libs/contracts/rectification.js';
import { type Register } from '../../libs/contracts/register.js';
import { type Sealed } from '../../libs/contracts/sealing.js';
import { type Status } from '../../libs/contracts/status.js';
import { type Day } from '../../libs/contracts/values.js';
import { decoder } from '../../libs/eventing/decode.js';
import { type Actor } from '../../libs/eventing/event.js';
import { type Circumstances, type Past, specification } from '../../libs/eventing/given.js';
import { validated } from '../../libs/platform/validated.js';
import {
  approverWu,
  approverZheng,
  dispatcherQian,
  handlerLi,
  province,
  registrarGu,
  reviewerWang,
  verifierSun,
  verifierZhao,
  inspectorChen,
} from './province.js';
import { moreOfProblem } from './registration-fields.js';

export type PastEvent = Past<CaseEvent>;

/** A past after which a command is allowed, and somebody who may give it then. */
export interface Occasion {
  past: readonly PastEvent[];
  who: Actor;
  /** Where the sample, with all its fields, is for another occasion. */
  command?: object;
}

/** Given what happened in a case. */
export const given = specification(
  { initial: noCase, decode: decoder<CaseEvent>(caseEvents), fold },
  rowOf,
  (body) => codesOf(rowOf(body)),
);

/** A Tuesday. Nothing in these specs happens on another day unless it says so. */
export const TODAY = '2026-09-01';

const file = (n: number): Upload => ({
  receipt: `00000000-0000-4000-8000-00000000000${n}`,
  sha256: String(n).repeat(64),
  bytes: 1000 + n,
  mediaType: 'image/jpeg',
});
/** Uploads, each known to be of whoever commands unless a spec says otherwise. */
export const before = file(1);
export const after = file(2);
export const visit = file(3);
export const another = file(4);
export const voucher = file(5);
const FILES = [before, after, visit, another, voucher];

/** Another case, which everybody sees who may command. */
export const TWIN = '00000000-0000-4000-8000-0000000000a1';

/** In what the circumstances are other than usual. */
export interface Otherwise {
  /** Noon of this day in the province. */
  on?: Day;
  /** An instant. */
  at?: string;
  onBehalfOf?: string;
  seen?: number;
  register?: Register;
  uploads?: readonly Upload[];
  /** null: not in the draw that the command names. */
  drawnBy?: readonly string[] | null;
}

/** Somebody commands: at noon of TODAY, under the rules of the province, unless it is said otherwise. */
export function by(who: Actor, otherwise: Otherwise = {}): Circumstances<CaseFacts> {
  const { on = TODAY, at = `${on}T04:00:00.000Z`, onBehalfOf, seen, register = province } = otherwise;
  return {
    actor: { ...who, ...(onBehalfOf !== undefined && { onBehalfOf }) },
    ...(seen !== undefined && { seen }),
    facts: {
      now: at,
      today: dayIn(register.zone, at),
      policy: register.policy.id,
      calendar: register.calendar.id,
      register,
      uploads: new Map((otherwise.uploads ?? FILES).map((upload) => [upload.receipt, upload])),
      drawnBy: otherwise.drawnBy === null ? undefined : (otherwise.drawnBy ?? ['chen']),
      number: 'N-7',
      visible: new Map([[TWIN, { decides: true }]]),
    },
  };
}

/** The same command with other fields. */
export function amended<C extends object>(command: C, changes: Partial<C>): C {
  return validated(command.constructor as ClassConstructor<C>, { ...command, ...changes });
}

const source = validated(Source, { code: 'PC', document: '省检〔2026〕7号', line: '12', part: 'a' });
/** As the rules are given it: they pass on what is sealed and look at no text. */
const petitioner = validated(Petitioner, {
  name: '演示张三',
  phone: '13800005678',
  identityNumber: '110101190001010016',
  address: '山县石桥村2组',
});
const verbatim = '我家屋面渗漏，找过村里三次。' as unknown as Sealed;
const location = validated(Location, {
  address: '山县石桥村',
  place: { latitudeE7: 281_234_567, longitudeE7: 1_129_876_543, datum: 'WGS-84' },
});
export const shortcoming = validated(Shortcoming, { slot: 'after', reason: 'the roof still leaks' });

export const registerProblem = validated(RegisterProblem, {
  source,
  categories: ['roof'],
  divisions: ['hill'],
  severity: 'general',
  rectificationType: 'immediate',
  description: '屋面渗漏',
  foundOn: '2026-08-20',
  foundBy: '省检查组',
  location,
  petitioner,
  verbatim,
  accusation: false,
  intakeNumber: 'S-1',
  householdCount: 3,
  occurredFrom: '2026-05-01',
  occurredTo: '2026-08-01',
  sourceDueOn: '2026-12-31',
  basis: '技术导则第五条',
  amountFen: 1_250_000,
  personsAtRisk: false,
  weight: 1000,
  ...moreOfProblem,
  secret: false,
});
export const assignCase = validated(AssignCase, {
  leads: ['hill-office'],
  coUnits: ['hill-works'],
  requirement: '翻修屋面',
  dueOn: '2026-10-19',
  circumstances: ['disputed'],
  final: false,
});
export const acceptAssignment = validated(AcceptAssignment, {});
export const returnAssignment = validated(ReturnAssignment, { ground: 'unclear', reason: '户名不清' });
export const upholdReturn = validated(UpholdReturn, { reason: '另行交办' });
export const rejectReturn = validated(RejectReturn, { reason: '要素齐全' });
export const attachEvidence = validated(AttachEvidence, {
  slot: 'before',
  receipt: before.receipt,
  note: '八月拍摄',
});
export const submitRectification = validated(SubmitRectification, {
  result: 'completed',
  measures: '屋面已翻修',
  completedOn: '2026-08-31',
});
export const withdrawEvidence = validated(WithdrawEvidence, { receipt: before.receipt, reason: '照片有误' });
export const withdrawRectification = validated(WithdrawRectification, { reason: '补充材料' });
export const submitPlan = validated(SubmitPlan, {
  measures: '分两步翻修',
  doneStandard: '不再渗漏',
  stages: [
    { goal: '拆除旧瓦', until: '2026-09-15' },
    { goal: '铺设新瓦', until: '2026-10-15' },
  ],
  fundsFen: 800_000,
});
export const approvePlan = validated(ApprovePlan, { opinion: '可行' });
export const rejectPlan = validated(RejectPlan, { reason: '工期过长' });
export const reportProgress = validated(ReportProgress, { text: '已拆除旧瓦', pending: '等待新瓦到货' });
export const correctProgress = validated(CorrectProgress, {
  report: 1,
  text: '已拆除一半旧瓦',
  reason: '统计有误',
});
export const recordInterimSafety = validated(RecordInterimSafety, {
  measures: '已搬至安置点',
  persons: 4,
  doneOn: '2026-08-31',
});
export const recordMoney = validated(RecordMoney, { method: 'recovered', fen: 250_000, voucher: '凭证7' });
export const adjustAmount = validated(AdjustAmount, {
  amountFen: 1_000_000,
  reason: '复核更正',
  document: '复核〔2026〕3号',
});
export const requestExtension = validated(RequestExtension, { until: '2026-11-20', reason: '连续降雨' });
export const grantExtension = validated(GrantExtension, { until: '2026-11-10', opinion: '同意' });
export const extendMany = validated(ExtendMany, {
  until: '2026-11-10',
  reason: '洪涝灾害',
  document: '防汛〔2026〕9号',
});
export const refuseExtension = validated(RefuseExtension, { reason: '理由不足' });
export const suspendCase = validated(SuspendCase, {
  ground: 'weather',
  until: '2026-09-30',
  document: '气象证明5号',
  reason: '冰冻期不宜施工',
});
export const reviewSuspension = validated(ReviewSuspension, { holds: true, reason: '冰冻未解' });
export const resumeCase = validated(ResumeCase, { reason: '天气转好' });
export const passReview = validated(PassReview, { opinion: '材料齐全' });
export const rejectRectification = validated(RejectRectification, { reasons: [shortcoming] });
export const recordVerification = validated(RecordVerification, {
  method: 'on-site',
  place: '石桥村',
  visitedOn: '2026-08-31',
  findings: '屋面完好',
  photos: [visit.receipt],
});
export const confirmVerification = validated(ConfirmVerification, {});
export const failVerification = validated(FailVerification, { reasons: [shortcoming] });
export const approveClosure = validated(ApproveClosure, { opinion: '同意' });
export const rejectClosure = validated(RejectClosure, { reasons: [shortcoming] });
export const closeCase = validated(CloseCase, { opinion: '销号' });
export const reopenAtRisk = validated(ReopenCase, {
  cause: 'relapse',
  reason: '再次渗漏',
  dueOn: '2026-10-19',
  leads: ['hill-office'],
  coUnits: ['hill-works'],
  personsAtRisk: true,
});
export const reopenCase = amended(reopenAtRisk, { personsAtRisk: undefined });

export const issueSupervision = validated(IssueSupervision, {
  rung: 'blue',
  demand: '限期报告进展',
  answerBy: '2026-09-10',
});
export const liftSupervision = validated(LiftSupervision, { rung: 'blue', reason: '已报告进展' });
export const recordInstruction = validated(RecordInstruction, {
  from: '分管副省长',
  original: '请尽快解决群众住房安全问题。',
  lead: 'hill-office',
  dueOn: '2026-09-15',
});
export const answerInstruction = validated(AnswerInstruction, { instruction: 1, answer: '已翻修完毕' });
export const acceptAnswer = validated(AcceptAnswer, { instruction: 1, opinion: '同意' });
export const rejectAnswer = validated(RejectAnswer, { instruction: 1, reason: '未说明原因' });
export const liftExclusion = validated(LiftExclusion, { person: 'zhou', reason: '事由已消除' });
export const excludePerson = validated(ExcludePerson, { person: 'zhou', reason: '近亲属为施工方' });

/** Somebody did something. */
export const did = (actor: Actor, event: CaseEvent, at = '2026-08-31T04:00:00.000Z'): PastEvent => ({
  ...{ event, actor, at },
});

type EventOf<T extends CaseEvent['type']> = Extract<CaseEvent, { type: T }>;

export const registration: EventOf<'ProblemRegistered'> = {
  type: 'ProblemRegistered',
  caseNumber: 'N-7',
  source,
  categories: ['roof'],
  divisions: ['hill'],
  severity: 'general',
  rectificationType: 'immediate',
  description: '屋面渗漏',
  foundOn: '2026-08-20',
  foundBy: '省检查组',
  location,
  petitioner,
  verbatim,
  accusation: false,
  intakeNumber: 'S-1',
  householdCount: 3,
  occurredFrom: '2026-05-01',
  occurredTo: '2026-08-01',
  sourceDueOn: '2026-12-31',
  basis: '技术导则第五条',
  amountFen: 1_250_000,
  personsAtRisk: false,
  weight: 1000,
  ...moreOfProblem,
};
export const toReview = { step: 'review', level: 'county', unit: 'hill-office' } as const;
export const toVerify = { step: 'verify', level: 'city', unit: 'north-office' } as const;
export const toApprove = { step: 'approve', level: 'province', unit: 'province-office' } as const;
export const roofChecklist = [
  { id: 'before', title: '整改前照片' },
  { id: 'after', title: '整改后照片' },
];
/** As it was asked for: also the last day of the policy. */
const deadline = {
  ...({ n: 30, unit: 'working-days', start: '2026-09-01' } as const),
  basis: 'completion.immediate.general.done',
  ceiling: '2026-10-19',
  due: '2026-10-19',
  provisional: false,
};
export const assigning: EventOf<'CaseAssigned'> = {
  type: 'CaseAssigned',
  letter: 'N-7',
  leads: ['hill-office'],
  coUnits: ['hill-works'],
  requirement: '翻修屋面',
  circumstances: ['disputed'],
  final: false,
  // The 30th working day after TODAY, over the National Day and its moved Saturday; the third one.
  dueOn: '2026-10-19',
  deadline,
  // 90 days after.
  ceilingOn: '2026-11-30',
  returnBy: '2026-09-04',
  route: [toReview, toVerify],
  closer: 'north-office',
  checklist: roofChecklist,
  assignedOn: TODAY,
  disputeBy: '2026-09-08',
};

export const registered = did(registrarGu, registration);
export const registeredAtRisk = did(registrarGu, { ...registration, personsAtRisk: true });
export const assigned = did(dispatcherQian, assigning);
export const assignedAsFinal = did(dispatcherQian, { ...assigning, final: true });
export const accepted = did(handlerLi, { type: 'AssignmentAccepted' });
export const returned = did(handlerLi, {
  type: 'AssignmentReturned',
  ground: 'unclear',
  reason: '户名不清',
});
export const returnUpheld = did(dispatcherQian, { type: 'ReturnUpheld', reason: '另行交办' });
export const returnRejected = did(dispatcherQian, { type: 'ReturnRejected', reason: '要素齐全' });
export const attachedBefore = did(handlerLi, {
  type: 'EvidenceAttached',
  slot: 'before',
  file: before,
  note: '八月拍摄',
});
export const attachedAfter = did(handlerLi, { type: 'EvidenceAttached', slot: 'after', file: after });
export const submitted = did(handlerLi, {
  type: 'RectificationSubmitted',
  result: 'completed',
  measures: '屋面已翻修',
  completedOn: '2026-08-31',
});
export const evidenceWithdrawn = did(handlerLi, {
  type: 'EvidenceWithdrawn',
  receipt: before.receipt,
  slot: 'before',
  reason: '照片有误',
});
export const withdrawn = did(handlerLi, { type: 'RectificationWithdrawn', reason: '补充材料' });
export const planSubmitted = did(handlerLi, {
  type: 'PlanSubmitted',
  measures: '分两步翻修',
  doneStandard: '不再渗漏',
  stages: submitPlan.stages,
  fundsFen: 800_000,
});
export const planApproved = did(reviewerWang, { type: 'PlanApproved', opinion: '可行' });
export const planRejected = did(reviewerWang, { type: 'PlanRejected', reason: '工期过长' });
export const reported = did(handlerLi, {
  type: 'ProgressReported',
  report: 1,
  text: '已拆除旧瓦',
  pending: '等待新瓦到货',
});
export const progressCorrected = did(handlerLi, {
  type: 'ProgressCorrected',
  report: 1,
  text: '已拆除一半旧瓦',
  reason: '统计有误',
});
export const madeSafe = did(handlerLi, {
  type: 'InterimSafetyRecorded',
  measures: '已搬至安置点',
  persons: 4,
  doneOn: '2026-08-31',
});
export const moneyRecorded = did(handlerLi, {
  type: 'MoneyRectified',
  method: 'recovered',
  fen: 250_000,
  voucher: '凭证7',
  remainingFen: 1_000_000,
});
export const amountAdjusted = did(dispatcherQian, {
  type: 'AmountAdjusted',
  fromFen: 1_250_000,
  amountFen: 1_000_000,
  reason: '复核更正',
  document: '复核〔2026〕3号',
});
export const extensionRequested = did(handlerLi, {
  type: 'ExtensionRequested',
  until: '2026-11-20',
  reason: '连续降雨',
});
export const extended = did(dispatcherQian, {
  type: 'DeadlineExtended',
  from: '2026-10-19',
  until: '2026-11-10',
  opinion: '同意',
});
export const extensionRefused = did(dispatcherQian, { type: 'ExtensionRefused', reason: '理由不足' });
export const suspended = did(dispatcherQian, {
  type: 'CaseSuspended',
  ground: 'weather',
  from: TODAY,
  until: '2026-09-30',
  document: '气象证明5号',
  reason: '冰冻期不宜施工',
});
export const suspensionReviewed = did(dispatcherQian, {
  type: 'SuspensionReviewed',
  holds: true,
  reason: '冰冻未解',
  reviewBy: '2026-10-01',
});
export const resumed = did(dispatcherQian, {
  type: 'CaseResumed',
  days: 5,
  dueOn: '2026-10-26',
  reason: '天气转好',
});
export const reviewed = did(reviewerWang, { type: 'ReviewPassed', opinion: '材料齐全' });
export const reviewRejected = did(reviewerWang, { type: 'RectificationRejected', reasons: [shortcoming] });
export const recorded = did(verifierZhao, {
  type: 'VerificationRecorded',
  method: 'on-site',
  place: '石桥村',
  visitedOn: '2026-08-31',
  findings: '屋面完好',
  photos: [visit],
});
export const confirmed = did(verifierSun, { type: 'VerificationConfirmed' });
export const failed = did(verifierZhao, { type: 'VerificationFailed', reasons: [shortcoming] });
export const approved = did(approverZheng, { type: 'ClosureApproved', opinion: '同意' });
export const closureRejected = did(approverWu, { type: 'ClosureRejected', reasons: [shortcoming] });
export const closed = did(approverWu, { type: 'CaseClosed', closureNumber: 'N-7', opinion: '销号' });
export const reopening: EventOf<'CaseReopened'> = {
  type: 'CaseReopened',
  round: 2,
  cause: 'relapse',
  reason: '再次渗漏',
  leads: ['hill-office'],
  coUnits: ['hill-works'],
  dueOn: '2026-10-19',
  deadline,
  ceilingOn: '2026-11-30',
  route: [toReview, toVerify],
  closer: 'north-office',
  checklist: roofChecklist,
  assignedOn: TODAY,
  disputeBy: '2026-09-08',
};
export const reopened = did(approverWu, reopening);
export const reopenedAtRisk = did(approverWu, { ...reopening, personsAtRisk: true });
export const reopenedAsFalse = did(approverWu, { ...reopening, cause: 'false-rectification' });

export const supervised = did(dispatcherQian, {
  type: 'SupervisionIssued',
  rung: 'blue',
  demand: '限期报告进展',
  answerBy: '2026-09-10',
});
export const supervisionLifted = did(dispatcherQian, {
  type: 'SupervisionLifted',
  rung: 'blue',
  reason: '已报告进展',
});
export const instructed = did(dispatcherQian, {
  type: 'InstructionRecorded',
  instruction: 1,
  from: '分管副省长',
  original: '请尽快解决群众住房安全问题。',
  lead: 'hill-office',
  dueOn: '2026-09-15',
});
export const answered = did(handlerLi, { type: 'InstructionAnswered', instruction: 1, answer: '已翻修完毕' });
export const answerAccepted = did(dispatcherQian, {
  type: 'AnswerAccepted',
  instruction: 1,
  opinion: '同意',
});
export const answerRejected = did(dispatcherQian, {
  type: 'AnswerRejected',
  instruction: 1,
  reason: '未说明原因',
});
export const excluded = did(dispatcherQian, {
  type: 'PersonExcluded',
  person: 'zhou',
  reason: '近亲属为施工方',
});

export const exclusionLifted = did(inspectorChen, {
  type: 'ExclusionLifted',
  person: 'zhou',
  reason: '事由已消除',
});

/** A serious problem has to be approved by the province, which then closes the case. */
export const registeredSerious = did(registrarGu, { ...registration, severity: 'serious' });
export const assignedSerious = did(dispatcherQian, {
  ...assigning,
  route: [toReview, toVerify, toApprove],
  closer: 'province-office',
});

/** How a case comes into each status, and no further. */
export const until = {
  registered: [registered],
  assigned: [registered, assigned],
  rectifying: [registered, assigned, accepted],
  submitted: [registered, assigned, accepted, attachedBefore, attachedAfter, submitted],
  rectified: [registered, assigned, accepted, attachedBefore, attachedAfter, submitted, reviewed],
  verified: [
    registered,
    assigned,
    accepted,
    attachedBefore,
    attachedAfter,
    submitted,
    reviewed,
    recorded,
    confirmed,
  ],
  closed: [
    registered,
    assigned,
    accepted,
    attachedBefore,
    attachedAfter,
    submitted,
    reviewed,
    recorded,
    confirmed,
    closed,
  ],
} satisfies { [S in Status]?: readonly PastEvent[] };
export const verifiedSerious = [registeredSerious, assignedSerious, ...until.verified.slice(2)];

/** What raises each flag. */
export const raising = {
  returnPending: [registered, assigned, returned],
  extensionPending: [registered, assigned, accepted, extensionRequested],
  suspended: [registered, assigned, accepted, suspended],
  atRisk: [registeredAtRisk, assigned, accepted],
} as const satisfies { readonly [F in Flag]?: readonly PastEvent[] } satisfies {
  readonly [F in Flag]?: readonly PastEvent[];
};
