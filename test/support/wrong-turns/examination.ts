import {
  accepted,
  amended,
  approved,
  attachedBefore,
  assigning,
  confirmed,
  did,
  failVerification,
  instructed,
  recorded,
  recordVerification,
  registered,
  rejectClosure,
  rejectRectification,
  until,
  verifiedSerious,
  visit,
  voucher,
} from '../cases.js';
import * as examined from '../examination.js';
import { assignedForEach, itemsListed } from '../intake.js';
import { approverWu, approverZheng, dispatcherQian, handlerLi, post, verifierZhao } from '../province.js';
import { notUploaded, nowhere, orphaned, raised, type WrongTurn, type WrongTurns } from './wrong-turn.js';

const { countersigned, held, recognised, wholly, withoutBefore } = examined;
const { waitingForOpinion: waiting } = examined;

const elsewhere = (command: { reasons?: unknown }): WrongTurn => ({
  command: amended(command, { reasons: nowhere }),
});
const absent = withoutBefore(...until.verified.slice(6));
/** At the desks of a case whose route has every step. */
const whole = (past: WrongTurn['past'] = []): WrongTurn => ({ past, who: approverZheng });
const rectifier = (unit: string, role: 'approver' | 'inspector' | 'registrar'): WrongTurn => ({
  who: post('li', unit, role),
});
const opinionForEach = did(dispatcherQian, {
  ...assigning,
  route: [...assigning.route, examined.toRecognition],
  checklist: [{ id: 'opinion', title: '来源单位意见', due: 'closing', each: true }],
});
const used = (file: typeof voucher) => did(handlerLi, { type: 'EvidenceAttached', slot: 'after', file });

export const examinationTurns: WrongTurns = {
  DeclareAbsent: {
    'case/item-unknown': {
      past: [registered, assignedForEach, accepted, itemsListed],
      command: amended(examined.declareAbsent, { slot: 'after', item: 'house-7' }),
    },
    'case/slot-filled': { past: [...until.rectifying, attachedBefore] },
    'case/slot-unknown': { command: amended(examined.declareAbsent, { slot: 'nowhere' }) },
  },
  SupplyEvidence: {
    'case/evidence-frozen': { command: amended(examined.supplyOpinion, { slot: 'before' }) },
    'case/item-unknown': {
      past: waiting.with(1, opinionForEach),
      command: examined.supplyEvidence,
    },
    'case/receipt-unknown': notUploaded,
    'case/receipt-used': { past: waiting.toSpliced(3, 0, used(voucher)) },
    'case/slot-unknown': { command: amended(examined.supplyOpinion, { slot: 'nowhere' }) },
  },
  AcceptAbsence: {
    'case/absence-missing': { command: amended(examined.acceptAbsence, { slot: 'after' }) },
  },
  CountersignSubmission: {
    'case/countersigned-already': { past: [...until.submitted, countersigned] },
  },
  EscalateReview: {
    'case/escalation-nobody': { facts: { register: orphaned('hill-office') } },
  },
  PassReview: {
    'case/countersign-missing': { past: [...until.submitted, raised] },
  },
  RejectRectification: {
    'case/slot-unknown': elsewhere(rejectRectification),
  },
  RecordVerification: {
    'case/countersign-missing': { past: [...until.rectified, raised] },
    'case/receipt-unknown': notUploaded,
    'case/receipt-used': { past: until.rectified.toSpliced(4, 0, used(visit)) },
    'case/sample-missing': { past: until.rectified.toSpliced(1, 0, itemsListed) },
    'case/verification-late': { command: amended(recordVerification, { visitedOn: '2026-09-02' }) },
    'case/verification-recorded': { past: [...until.rectified, recorded] },
  },
  ConfirmVerification: {
    'case/countersign-missing': { past: [...until.rectified, recorded, raised] },
    'case/second-verifier-same': { who: verifierZhao },
    'case/verification-missing': { past: until.rectified },
  },
  FailVerification: {
    'case/slot-unknown': elsewhere(failVerification),
  },
  ApproveClosure: {
    'case/absence-open': { past: [...verifiedSerious.slice(0, 2), ...absent.slice(2)] },
    'case/countersign-missing': { past: [...verifiedSerious, raised] },
    'case/not-of-route': { past: until.verified, who: approverWu },
    'case/step-done': { past: [...verifiedSerious, approved] },
  },
  RejectClosure: {
    'case/slot-unknown': elsewhere(rejectClosure),
  },
  CloseCase: {
    'case/absence-open': { past: absent },
    'case/awaits-approve': whole(wholly.toBeApproved),
    'case/awaits-discipline-position': whole(wholly.toBePositioned),
    'case/awaits-public-notice': whole(wholly.toBeNoticed),
    'case/countersign-missing': { past: [...until.verified, raised] },
    'case/discipline-hold': whole([...wholly.toBePositioned, held]),
    'case/evidence-missing': { past: [...waiting, recognised] },
    'case/instruction-open': { past: [...until.verified, instructed] },
  },
  StartPublicNotice: {
    'case/awaits-approve': { past: wholly.toBeApproved },
    'case/countersign-missing': {
      past: [...wholly.submitted, ...until.rectified.slice(6), recorded, confirmed, approved],
    },
    'case/not-of-route': { past: verifiedSerious },
    'case/step-done': { past: wholly.toBePositioned },
    'case/step-rectified': rectifier('province-office', 'approver'),
  },
  EndPublicNotice: {
    'case/notice-missing': { past: wholly.toBeNoticed },
    'case/notice-running': { facts: { on: '2026-08-28' } },
  },
  RaiseObjection: {
    'case/notice-missing': { past: until.submitted },
  },
  DismissObjection: {
    'case/objection-missing': { past: wholly.noticed },
  },
  UpholdObjection: {
    'case/objection-missing': { past: wholly.noticed },
    'case/slot-unknown': elsewhere(examined.upholdObjection),
  },
  StateDisciplinePosition: {
    'case/awaits-approve': { past: wholly.toBeApproved },
    'case/awaits-public-notice': { past: wholly.toBeNoticed },
    'case/step-rectified': rectifier('province-office', 'inspector'),
  },
  RecordRecognition: {
    'case/awaits-approve': { past: wholly.toBeApproved },
    'case/awaits-discipline-position': { past: wholly.toBePositioned },
    'case/awaits-public-notice': { past: wholly.toBeNoticed },
    'case/slot-unknown': elsewhere(examined.recordRecognition),
    'case/step-done': { past: wholly.toBeSupplied },
    'case/step-rectified': rectifier('north-office', 'registrar'),
  },
};
