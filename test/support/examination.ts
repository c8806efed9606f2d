import { type CaseEvent } from '../../libs/contracts/case-events.js';
import {
  DismissObjection,
  EndPublicNotice,
  RaiseObjection,
  StartPublicNotice,
  UpholdObjection,
} from '../../libs/contracts/examination-notice.js';
import { RecordRecognition, StateDisciplinePosition } from '../../libs/contracts/examination-positions.js';
import {
  AcceptAbsence,
  CountersignSubmission,
  DeclareAbsent,
  EscalateReview,
  SupplyEvidence,
} from '../../libs/contracts/examination.js';
import { type Sealed } from '../../libs/contracts/sealing.js';
import { type Flag } from '../../libs/cases/case-state.js';
import { validated } from '../../libs/platform/validated.js';
import {
  accepted,
  amended,
  approved,
  assigning,
  attachedAfter,
  attachedBefore,
  did,
  failVerification,
  type PastEvent,
  recordVerification,
  registration,
  roofChecklist,
  shortcoming,
  submitted,
  toApprove,
  toReview,
  toVerify,
  until,
  voucher,
} from './cases.js';
import {
  approverFeng,
  approverWu,
  approverZheng,
  dispatcherQian,
  handlerLi,
  inspectorChen,
  leaderLin,
  registrarGu,
  reviewerWang,
  theClock,
} from './province.js';

/** A personal text as a body brings it: it is sealed before anything is decided. */
const personal = (text: string): Sealed => text as unknown as Sealed;

export const declareForItem = validated(DeclareAbsent, {
  ...{ slot: 'before', item: 'house-1', reason: '整改前未留存照片' },
});
export const declareAbsent = amended(declareForItem, { item: undefined });
export const acceptForItem = validated(AcceptAbsence, {
  ...{ slot: 'before', item: 'house-1', opinion: '情况属实' },
});
export const acceptAbsence = amended(acceptForItem, { item: undefined });
export const supplyEvidence = validated(SupplyEvidence, {
  ...{ slot: 'opinion', receipt: voucher.receipt, item: 'house-1', note: '来函原件' },
});
export const supplyOpinion = amended(supplyEvidence, { item: undefined });
export const countersign = validated(CountersignSubmission, { opinion: '本人负责' });
export const escalateReview = validated(EscalateReview, { reason: '本县仅一名工作人员' });
export const startNotice = validated(StartPublicNotice, {
  place: '村务公开栏',
  url: 'https://example.org/notice/7',
  text: '石桥村屋面渗漏问题已整改完成。',
});
export const endNotice = validated(EndPublicNotice, {});
export const raiseObjection = validated(RaiseObjection, {
  by: 'public',
  text: personal('仍在漏雨'),
  objector: { name: personal('张三'), phone: personal('13800000000') },
});
export const objectInPerson = amended(raiseObjection, { by: 'inspector', objector: undefined });
export const dismissObjection = validated(DismissObjection, { objection: 1, reason: '复查未见渗漏' });
export const upholdObjection = validated(UpholdObjection, { objection: 1, reasons: [shortcoming] });
export const statePosition = validated(StateDisciplinePosition, {
  position: 'no-objection',
  reason: '未发现违纪线索',
});
export const recordRecognition = validated(RecordRecognition, {
  result: 'not-recognised',
  document: '审计〔2026〕9号',
  on: '2026-08-31',
  reasons: [shortcoming],
});
export const recognise = amended(recordRecognition, { result: 'recognised', reasons: undefined });
export const verifyMany = amended(recordVerification, { checked: ['one', 'two'] });
export const failMany = amended(failVerification, { failed: ['two'] });

/** The evidence of the two photos, by its hash. */
export const EVIDENCE = '434a4ed7df4f621397c67a0016407c29f1440598e3e21d0609ef4ad80fd58bfa';
export const submittedWhole = did(handlerLi, { ...submitted.event, evidence: EVIDENCE } as CaseEvent);

export const absent = did(handlerLi, {
  type: 'EvidenceDeclaredAbsent',
  slot: 'before',
  reason: '整改前未留存照片',
});
export const absenceAccepted = did(approverWu, {
  type: 'AbsenceAccepted',
  slot: 'before',
  opinion: '情况属实',
});
export const absentForItem = did(handlerLi, { ...absent.event, item: 'house-1' } as CaseEvent);
export const acceptedForItem = did(approverWu, { ...absenceAccepted.event, item: 'house-1' } as CaseEvent);
export const supplying: Extract<CaseEvent, { type: 'EvidenceSupplied' }> = {
  type: 'EvidenceSupplied',
  ...{ slot: 'opinion', file: voucher, note: '来函原件' },
  evidence: 'ce68617cbf2e29cc9a6e515987c1e8aac238a38cdb272ec50176d5dd05316b10',
};
export const supplied = did(registrarGu, supplying);
export const countersigned = did(leaderLin, { type: 'SubmissionCountersigned', opinion: '本人负责' });
export const escalated = did(handlerLi, {
  type: 'ReviewEscalated',
  unit: 'north-office',
  level: 'city',
  reason: '本县仅一名工作人员',
});
/** Five working days, the last of them a Friday. */
export const noticeStarted = did(approverZheng, {
  type: 'PublicNoticeStarted',
  place: '村务公开栏',
  url: 'https://example.org/notice/7',
  text: '石桥村屋面渗漏问题已整改完成。',
  from: '2026-08-21',
  until: '2026-08-28',
});
export const noticeEnded = did(theClock, { type: 'PublicNoticeEnded' });
const { text, objector } = raiseObjection;
export const objected = did(registrarGu, {
  type: 'ObjectionRaised',
  objection: 1,
  ...{ by: 'public', text, ...(objector && { objector }) },
});
export const objectedAgain = did(inspectorChen, {
  type: 'ObjectionRaised',
  objection: 2,
  ...{ by: 'inspector', text },
});
export const dismissed = did(approverFeng, {
  type: 'ObjectionDismissed',
  objection: 1,
  reason: '复查未见渗漏',
});
export const upheld = did(approverFeng, { type: 'ObjectionUpheld', objection: 1, reasons: [shortcoming] });
export const nothingHeld = did(inspectorChen, {
  type: 'DisciplinePositionStated',
  position: 'no-objection',
  reason: '未发现违纪线索',
});
export const held = did(inspectorChen, {
  type: 'DisciplinePositionStated',
  position: 'hold',
  reason: '线索正在核查',
});
export const recognised = did(registrarGu, {
  type: 'RecognitionRecorded',
  ...{ result: 'recognised', document: '审计〔2026〕9号', on: '2026-08-31' },
});
export const notRecognised = did(registrarGu, {
  type: 'RecognitionRecorded',
  ...{ result: 'not-recognised', document: '审计〔2026〕9号', on: '2026-08-31', reasons: [shortcoming] },
});

export const toNotice = { step: 'public-notice', level: 'province', unit: 'province-office' } as const;
export const toPosition = {
  step: 'discipline-position',
  level: 'province',
  unit: 'province-office',
} as const;
export const toRecognition = { step: 'recognition', level: 'city', unit: 'north-office' } as const;

export const withOpinion = [
  ...roofChecklist,
  { id: 'opinion', title: '来源单位意见', due: 'closing' as const },
];

/** A general problem that an audit found: verified, and wanting the opinion of its source. */
export const waitingForOpinion = [
  did(registrarGu, { ...registration, source: amended(registration.source, { code: 'AU' }) }),
  did(dispatcherQian, {
    ...assigning,
    ...{ route: [toReview, toVerify, toRecognition], checklist: withOpinion },
  }),
  ...until.rectifying.slice(2),
  ...[attachedBefore, attachedAfter, submittedWhole],
  ...until.verified.slice(6),
];

/** A major problem of misused money that an audit found: its route has every step. */
const registeredOfAudit = did(registrarGu, {
  ...registration,
  source: amended(registration.source, { code: 'AU' }),
  severity: 'major',
});
const assignedWholly = did(dispatcherQian, {
  ...assigning,
  checklist: withOpinion,
  route: [toReview, toVerify, toApprove, toNotice, toPosition, toRecognition],
  closer: 'province-office',
});
const opened = [registeredOfAudit, assignedWholly];
const submittedOfAudit = [...opened, accepted, attachedBefore, attachedAfter, submitted];
const toBeApproved = [...submittedOfAudit, countersigned, ...until.verified.slice(6)];
const toBeNoticed = [...toBeApproved, approved];
const noticed = [...toBeNoticed, noticeStarted];
const toBePositioned = [...noticed, noticeEnded];
const toBeRecognised = [...toBePositioned, nothingHeld];

/** How far such a case has come. */
export const wholly = {
  submitted: submittedOfAudit,
  toBeApproved,
  toBeNoticed,
  noticed,
  toBePositioned,
  toBeRecognised,
  toBeSupplied: [...toBeRecognised, recognised],
  toBeClosed: [...toBeRecognised, recognised, supplied],
};

/** A case without a photo from before the work, submitted with the reason. */
export const withoutBefore = (...rest: readonly PastEvent[]): PastEvent[] => [
  ...until.rectifying,
  attachedAfter,
  absent,
  submitted,
  ...rest,
];

export const examinationSamples: readonly object[] = [
  declareForItem,
  supplyEvidence,
  acceptForItem,
  countersign,
  escalateReview,
  verifyMany,
  failMany,
  startNotice,
  endNotice,
  raiseObjection,
  dismissObjection,
  upholdObjection,
  statePosition,
  recordRecognition,
];

export const examinationOccasions = {
  DeclareAbsent: { past: until.rectifying, who: handlerLi, command: declareAbsent },
  SupplyEvidence: { past: waitingForOpinion, who: registrarGu, command: supplyOpinion },
  AcceptAbsence: {
    past: withoutBefore(...until.verified.slice(6)),
    ...{ who: approverWu, command: acceptAbsence },
  },
  CountersignSubmission: { past: until.submitted, who: leaderLin },
  EscalateReview: { past: until.submitted, who: reviewerWang },
  StartPublicNotice: { past: wholly.toBeNoticed, who: approverZheng },
  EndPublicNotice: { past: wholly.noticed, who: theClock },
  RaiseObjection: { past: wholly.noticed, who: registrarGu },
  DismissObjection: { past: [...wholly.noticed, objected], who: approverFeng },
  UpholdObjection: { past: [...wholly.noticed, objected], who: approverFeng },
  StateDisciplinePosition: { past: wholly.toBePositioned, who: inspectorChen },
  RecordRecognition: { past: wholly.toBeRecognised, who: registrarGu },
};

export const examinationFlags = {
  noticeRunning: wholly.noticed,
  objectionOpen: [...wholly.noticed, objected],
  awaitingRecognition: wholly.toBeRecognised,
} as const satisfies { readonly [F in Flag]?: readonly PastEvent[] };
