import 'reflect-metadata';
import {
  HoldTermination,
  RecordCallback,
  RecordLookBack,
  RefuseReopening,
  TerminateCase,
  TransferOut,
} from '../../libs/contracts/afterwards.js';
import { type CaseEvent } from '../../libs/contracts/case-events.js';
import { ChangeVisibility, RecordAccountability } from '../../libs/contracts/oversight.js';
import { EndRetention } from '../../libs/contracts/retention.js';
import { CompleteStage, ReviewStage } from '../../libs/contracts/rectification-stages.js';
import { validated } from '../../libs/platform/validated.js';
import {
  accepted,
  another,
  assigned,
  assigning,
  attachedAfter,
  attachedBefore,
  confirmed,
  did,
  planApproved,
  planSubmitted,
  recorded,
  registered,
  registration,
  reviewed,
  shortcoming,
  submitted,
  until,
} from './cases.js';
import {
  approverHan,
  approverWu,
  dispatcherQian,
  handlerLi,
  inspectorChen,
  post,
  registrarGu,
  reviewerWang,
} from './province.js';

/** Somebody of a body that had no part in anything. */
export const evaluatorRen = post('ren', 'province-office', 'evaluator');

export const completeStage = validated(CompleteStage, {
  stage: 1,
  result: '旧瓦已拆除',
  receipts: [another.receipt],
});
export const reviewStage = validated(ReviewStage, { outcome: 'holding', findings: '未见反弹' });
export const terminateCase = validated(TerminateCase, {
  ground: 'house-gone',
  reason: '房屋已倒塌，住户已安置',
  minutes: '局务会〔2026〕9号纪要',
  document: '安置证明12号',
});
export const holdTermination = validated(HoldTermination, { reason: '安置情况待查' });
export const transferOut = validated(TransferOut, {
  to: '省自然资源厅',
  document: '移函〔2026〕2号',
  reason: '属地质灾害治理',
});
export const recordCallback = validated(RecordCallback, {
  ...{ resolved: 'partly', satisfied: 'neutral', lawful: true, channel: 'phone' },
  on: '2026-09-01',
  note: '厨房仍有潮气',
});
export const recordLookBack = validated(RecordLookBack, {
  draw: '00000000-0000-4000-8000-0000000000aa',
  place: '石桥村',
  visitedOn: '2026-09-01',
  findings: '屋面未翻修',
  photos: [another.receipt],
  outcome: 'failed',
  reasons: [shortcoming],
});
export const refuseReopening = validated(RefuseReopening, { reason: '渗漏系新近冰雹所致，另行登记' });
export const recordAccountability = validated(RecordAccountability, {
  persons: [
    {
      actions: ['talk'],
      rank: 'section',
      name: '某甲',
      unit: '石桥镇政府',
      on: '2026-08-31',
      document: '问责〔2026〕1号',
    },
  ],
});
export const changeVisibility = validated(ChangeVisibility, {
  to: 'restricted',
  reason: '涉及正在核查的线索',
});
export const endRetention = validated(EndRetention, {
  request: '00000000-0000-4000-8000-0000000000e1',
  ...{ askedBy: 'security-admin', approvedBy: 'audit-admin' },
});

export const afterwardsSamples: readonly object[] = [
  completeStage,
  reviewStage,
  terminateCase,
  holdTermination,
  transferOut,
  recordCallback,
  recordLookBack,
  refuseReopening,
  endRetention,
  recordAccountability,
  changeVisibility,
];

type EventOf<T extends CaseEvent['type']> = Extract<CaseEvent, { type: T }>;

const phased = did(registrarGu, { ...registration, rectificationType: 'phased' });
export const registeredSustained = did(registrarGu, { ...registration, rectificationType: 'sustained' });
/** The 90th working day, or nearly. */
export const LAST_DAY = '2027-01-15';
export const assignedSustained = did(dispatcherQian, { ...assigning, dueOn: LAST_DAY });
export const firstStage = did(handlerLi, {
  type: 'StageCompleted',
  stage: 1,
  result: '旧瓦已拆除',
  files: [another],
});
export const lastStage = did(handlerLi, {
  type: 'StageCompleted',
  stage: 2,
  result: '新瓦已铺设',
  files: [],
  // Six months after TODAY.
  reviewBy: '2027-03-01',
});
export const planned = [accepted, planSubmitted, planApproved];
export const sustaining = [registeredSustained, assignedSustained, ...planned, firstStage, lastStage];
export const holding = did(reviewerWang, {
  type: 'StageReviewed',
  outcome: 'holding',
  findings: '未见反弹',
  reviewBy: '2027-03-01',
});
export const slipping = did(reviewerWang, {
  type: 'StageReviewed',
  outcome: 'slipping',
  findings: '又见渗漏',
});

export const terminating: EventOf<'CaseTerminated'> = {
  type: 'CaseTerminated',
  ground: 'house-gone',
  reason: '房屋已倒塌，住户已安置',
  minutes: '局务会〔2026〕9号纪要',
  document: '安置证明12号',
  // The tenth working day after TODAY.
  holdUntil: '2026-09-15',
};
export const terminated = did(approverWu, terminating);
export const held = did(inspectorChen, { type: 'TerminationHeld', to: 'rectifying', reason: '安置情况待查' });
export const transferred = did(dispatcherQian, {
  type: 'CaseTransferredOut',
  to: '省自然资源厅',
  document: '移函〔2026〕2号',
  reason: '属地质灾害治理',
});
export const calledBack = did(evaluatorRen, {
  type: 'CallbackRecorded',
  ...{ resolved: 'partly', satisfied: 'neutral', lawful: true, channel: 'phone', on: '2026-09-01' },
  // As the specs decide it: on its way in a text is sealed before.
  note: '厨房仍有潮气' as never,
});
const visit = {
  draw: '00000000-0000-4000-8000-0000000000aa',
  place: '石桥村',
  visitedOn: '2026-09-01',
  findings: '屋面未翻修',
  photos: [another],
};
export const lookedBack = did(evaluatorRen, { type: 'LookBackPassed', ...visit });
export const lookBackFailed = did(evaluatorRen, {
  type: 'LookBackFailed',
  ...visit,
  reasons: [shortcoming],
  // The fifth working day after TODAY.
  answerBy: '2026-09-08',
});
export const reopeningRefused = did(approverHan, {
  type: 'ReopeningRefused',
  reason: '渗漏系新近冰雹所致，另行登记',
});
/** The system, where two administrators have decided. */
export const manager = post('manager', '', 'manager');
/** Closed ten years before TODAY, which is how long the province keeps personal data. */
export const closedLongAgo = until.closed.map((done) => ({ ...done, at: '2016-09-01T04:00:00.000Z' }));
export const retentionEnded = did(manager, {
  type: 'RetentionEnded',
  request: '00000000-0000-4000-8000-0000000000e1',
  ...{ askedBy: 'security-admin', approvedBy: 'audit-admin', endedOn: '2016-09-01', years: 10 },
});
export const heldToAccount = did(inspectorChen, {
  type: 'AccountabilityRecorded',
  persons: recordAccountability.persons,
});
export const restricted = did(inspectorChen, {
  type: 'VisibilityChanged',
  to: 'restricted',
  reason: '涉及正在核查的线索',
});

/** How a case comes into each status off the road to the closing. */
export const afterwardsWays = {
  sustaining,
  terminated: [...until.rectifying, terminated],
  'transferred-out': [...until.rectifying, transferred],
} as const;

/** A sustained case, proven and closed after its whole term. */
export const closedSustained = [
  ...sustaining,
  attachedBefore,
  attachedAfter,
  submitted,
  reviewed,
  recorded,
  confirmed,
];

/** For each command one occasion. */
export const afterwardsOccasions = {
  CompleteStage: { past: [phased, assigned, ...planned], who: handlerLi },
  ReviewStage: { past: sustaining, who: reviewerWang },
  TerminateCase: { past: until.assigned, who: approverWu },
  HoldTermination: { past: afterwardsWays.terminated, who: inspectorChen },
  TransferOut: { past: [registered], who: dispatcherQian },
  RecordCallback: { past: until.closed, who: evaluatorRen },
  RecordLookBack: { past: until.closed, who: evaluatorRen },
  RefuseReopening: { past: [...until.closed, lookBackFailed], who: approverHan },
  EndRetention: { past: closedLongAgo, who: manager },
  RecordAccountability: { past: until.closed, who: inspectorChen },
  ChangeVisibility: { past: until.rectifying, who: dispatcherQian },
};
