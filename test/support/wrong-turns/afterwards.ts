import {
  afterwardsWays,
  lookBackFailed,
  lookedBack,
  recordLookBack,
  terminateCase,
  transferred,
} from '../afterwards.js';
import { amended, instructed, registered, reopenCase, until } from '../cases.js';
import { approverWu, post } from '../province.js';
import { checkedBy } from './assignment.js';
import { notUploaded, nowhere, orphaned, withoutRoof, type WrongTurns } from './wrong-turn.js';

const itsRectifier = { who: post('li', 'province-office', 'evaluator') };
const unled = { cause: 'new-evidence', leads: undefined, coUnits: undefined } as const;

export const afterwardsTurns: WrongTurns = {
  ReopenCase: {
    'case/checker-of-lead': { past: [...checkedBy('yang'), ...until.closed.slice(1)] },
    'case/due-late': { command: amended(reopenCase, { dueOn: '2026-10-20' }) },
    'case/due-past': { command: amended(reopenCase, { dueOn: '2026-08-31' }) },
    'case/lead-outside': { command: amended(reopenCase, { leads: ['shore-office'] }) },
    'case/leads-missing': { past: [registered, transferred], command: amended(reopenCase, unled) },
    'case/no-desk': { facts: { register: orphaned('hill-office') } },
    'case/no-policy': { facts: { register: withoutRoof } },
    'case/reopen-cause': { past: afterwardsWays.terminated },
  },
  TerminateCase: {
    'case/instruction-open': { past: [...until.assigned, instructed] },
    'case/termination-ground': { command: amended(terminateCase, { ground: 'tired' }) },
    'case/terminator-rectified': { past: until.rectifying, who: post('li', 'north-office', 'approver') },
  },
  HoldTermination: {
    'case/hold-late': { facts: { on: '2026-09-16' } },
  },
  TransferOut: {
    'case/instruction-open': { past: [...until.rectifying, instructed] },
  },
  RecordCallback: {
    'case/callback-own': itsRectifier,
  },
  RecordLookBack: {
    'case/draw-unknown': { facts: { drawnBy: null } },
    'case/look-back-open': { past: [...until.closed, lookBackFailed] },
    'case/look-back-own': itsRectifier,
    'case/receipt-unknown': notUploaded,
    'case/receipt-used': { past: [...until.closed, lookedBack] },
    'case/slot-unknown': { command: amended(recordLookBack, { reasons: nowhere }) },
  },
  EndRetention: {
    'case/not-due': { past: until.closed },
  },
  RefuseReopening: {
    'case/look-back-missing': { past: until.closed },
    'case/refuser-own': { who: approverWu },
  },
};
