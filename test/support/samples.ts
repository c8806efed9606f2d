import * as clockwork from './clock.js';
import { type Flag } from '../../libs/cases/case-state.js';
import { type Status } from '../../libs/contracts/status.js';
import { afterwardsOccasions, afterwardsSamples, afterwardsWays } from './afterwards.js';
import {
  type Occasion,
  type PastEvent,
  acceptAnswer,
  acceptAssignment,
  adjustAmount,
  answerInstruction,
  answered,
  approveClosure,
  approvePlan,
  assignCase,
  attachedBefore,
  closeCase,
  confirmVerification,
  correctProgress,
  excluded,
  excludePerson,
  extendMany,
  failVerification,
  grantExtension,
  instructed,
  issueSupervision,
  liftExclusion,
  liftSupervision,
  passReview,
  planSubmitted,
  raising,
  recordInstruction,
  recordInterimSafety,
  recordMoney,
  recordVerification,
  recorded,
  refuseExtension,
  registerProblem,
  rejectAnswer,
  rejectClosure,
  rejectPlan,
  rejectRectification,
  rejectReturn,
  reopenAtRisk,
  reportProgress,
  reported,
  requestExtension,
  resumeCase,
  reviewSuspension,
  returnAssignment,
  submitPlan,
  submitRectification,
  supervised,
  suspendCase,
  until,
  upholdReturn,
  verifiedSerious,
  withdrawEvidence,
  withdrawRectification,
} from './cases.js';
import { examinationFlags, examinationOccasions, examinationSamples } from './examination.js';
import * as parts from './parts.js';
import {
  approverWu,
  approverZheng,
  dispatcherQian,
  inspectorChen,
  handlerLi,
  registrarGu,
  reviewerWang,
  verifierSun,
  verifierZhao,
} from './province.js';
import { intakeOccasions, intakeSamples, intakeWays } from './intake.js';
import { occasions as splitOccasions, samples as splitSamples, ways as splitWays } from './split.js';
import { afterwardsTurns } from './wrong-turns/afterwards.js';
import { assignmentTurns } from './wrong-turns/assignment.js';
import { examinationTurns } from './wrong-turns/examination.js';
import { intakeTurns } from './wrong-turns/intake.js';
import { oversightTurns } from './wrong-turns/oversight.js';
import { rectificationTurns } from './wrong-turns/rectification.js';
import { timeTurns } from './wrong-turns/time.js';
import { type WrongTurns } from './wrong-turns/wrong-turn.js';

/** One valid command of each class, every field of it filled. */
export const samples: readonly object[] = [
  registerProblem,
  ...intakeSamples,
  ...splitSamples,
  assignCase,
  acceptAssignment,
  returnAssignment,
  upholdReturn,
  rejectReturn,
  ...parts.samples,
  withdrawEvidence,
  submitRectification,
  withdrawRectification,
  submitPlan,
  approvePlan,
  rejectPlan,
  reportProgress,
  correctProgress,
  recordInterimSafety,
  recordMoney,
  adjustAmount,
  requestExtension,
  grantExtension,
  refuseExtension,
  suspendCase,
  resumeCase,
  reviewSuspension,
  passReview,
  rejectRectification,
  confirmVerification,
  approveClosure,
  rejectClosure,
  closeCase,
  reopenAtRisk,
  issueSupervision,
  liftSupervision,
  recordInstruction,
  answerInstruction,
  acceptAnswer,
  rejectAnswer,
  liftExclusion,
  excludePerson,
  extendMany,
  ...clockwork.samples,
  ...examinationSamples,
  ...afterwardsSamples,
];

export function sampleOf({ name }: { name: string }): object {
  const sample = samples.find(({ constructor }) => constructor.name === name);
  if (!sample) throw new Error(`${name} has no sample: add one to the samples of test/support`);
  return sample;
}

/** For each command one occasion. */
export const occasions: Readonly<Record<string, Occasion>> = {
  RegisterProblem: { past: [], who: registrarGu },
  ...intakeOccasions,
  ...splitOccasions,
  AssignCase: { past: until.registered, who: dispatcherQian },
  AcceptAssignment: { past: until.assigned, who: handlerLi },
  ReturnAssignment: { past: until.assigned, who: handlerLi },
  UpholdReturn: { past: raising.returnPending, who: dispatcherQian },
  RejectReturn: { past: raising.returnPending, who: dispatcherQian },
  ...parts.occasions,
  WithdrawEvidence: { past: [...until.rectifying, attachedBefore], who: handlerLi },
  SubmitRectification: { past: until.submitted.slice(0, -1), who: handlerLi },
  WithdrawRectification: { past: until.submitted, who: handlerLi },
  SubmitPlan: { past: until.rectifying, who: handlerLi },
  ApprovePlan: { past: [...until.rectifying, planSubmitted], who: reviewerWang },
  RejectPlan: { past: [...until.rectifying, planSubmitted], who: reviewerWang },
  ReportProgress: { past: until.rectifying, who: handlerLi },
  CorrectProgress: { past: [...until.rectifying, reported], who: handlerLi },
  RecordInterimSafety: { past: raising.atRisk, who: handlerLi },
  RecordMoney: { past: until.rectifying, who: handlerLi },
  AdjustAmount: { past: until.rectifying, who: dispatcherQian },
  RequestExtension: { past: until.rectifying, who: handlerLi },
  GrantExtension: { past: raising.extensionPending, who: dispatcherQian },
  RefuseExtension: { past: raising.extensionPending, who: dispatcherQian },
  SuspendCase: { past: until.rectifying, who: dispatcherQian },
  ReviewSuspension: { past: raising.suspended, who: dispatcherQian },
  ResumeCase: { past: raising.suspended, who: dispatcherQian },
  PassReview: { past: until.submitted, who: reviewerWang },
  RejectRectification: { past: until.submitted, who: reviewerWang },
  RecordVerification: { past: until.rectified, who: verifierZhao, command: recordVerification },
  ConfirmVerification: { past: [...until.rectified, recorded], who: verifierSun },
  FailVerification: { past: until.rectified, who: verifierZhao, command: failVerification },
  ApproveClosure: { past: verifiedSerious, who: approverZheng },
  RejectClosure: { past: until.verified, who: approverWu },
  CloseCase: { past: until.verified, who: approverWu },
  ReopenCase: { past: until.closed, who: approverWu },
  IssueSupervision: { past: until.rectifying, who: dispatcherQian },
  LiftSupervision: { past: [...until.rectifying, supervised], who: dispatcherQian },
  RecordInstruction: { past: until.rectifying, who: dispatcherQian },
  AnswerInstruction: { past: [...until.rectifying, instructed], who: handlerLi },
  AcceptAnswer: { past: [...until.rectifying, instructed, answered], who: dispatcherQian },
  RejectAnswer: { past: [...until.rectifying, instructed, answered], who: dispatcherQian },
  LiftExclusion: { past: [...until.rectifying, excluded], who: inspectorChen },
  ExcludePerson: { past: until.rectifying, who: dispatcherQian },
  ExtendMany: { past: until.rectifying, who: dispatcherQian },
  ...clockwork.occasions,
  ...examinationOccasions,
  ...afterwardsOccasions,
};

export function occasionOf({ name }: { name: string }): Occasion {
  const occasion = occasions[name];
  if (!occasion) throw new Error(`${name} has no occasion: say after what, and by whom, it is given`);
  return occasion;
}

/** For each command what is otherwise than on its occasion, by the code with which it is refused then. */
export const wrongTurns: WrongTurns = {
  ...intakeTurns,
  ...assignmentTurns,
  ...rectificationTurns,
  ...examinationTurns,
  ...afterwardsTurns,
  ...oversightTurns,
  ...timeTurns,
};

/** How a case comes into each status, and no further. */
export const ways: { readonly [S in Status]: readonly PastEvent[] } = {
  ...until,
  ...intakeWays,
  ...afterwardsWays,
  ...splitWays,
};

/** What raises each flag. */
export const flagged: { readonly [F in Flag]: readonly PastEvent[] } = {
  ...raising,
  ...examinationFlags,
  ...parts.flagged,
};
