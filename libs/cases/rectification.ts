import {
  AttachEvidence,
  SubmitRectification,
  WithdrawEvidence,
  WithdrawRectification,
} from '../contracts/rectification.js';
import { invalid, refuse } from '../contracts/refusal.js';
import { type Day } from '../contracts/values.js';
import { responsible } from './duty.js';
import { type CaseState } from './state.js';
import { phase } from './table.js';

export const rectification = phase({
  attach: {
    command: AttachEvidence,
    refuses: ['case/receipt-unknown', 'case/receipt-used', 'case/slot-unknown'],
    roles: ['handler'],
    at: responsible,
    // Frozen at submission.
    in: ['rectifying', 'sustaining'],
    flags: ['extensionPending', 'atRisk'],
    uploads: ({ receipt }) => [receipt],
    decide: ({ slot, receipt, note }, state, { uploads }) => {
      if (!state.checklist.some(({ id }) => id === slot)) refuse('case/slot-unknown');
      const file = uploads.get(receipt);
      if (!file) refuse('case/receipt-unknown');
      if (state.receipts.has(receipt)) refuse('case/receipt-used');
      return [{ type: 'EvidenceAttached', slot, file, note }];
    },
  },
  withdraw: {
    command: WithdrawEvidence,
    refuses: ['case/receipt-unknown'],
    roles: ['handler'],
    at: responsible,
    in: ['rectifying', 'sustaining'],
    flags: ['extensionPending', 'atRisk'],
    decide: ({ receipt, reason }, { evidence }) => {
      const slot = evidence.get(receipt);
      if (slot === undefined) refuse('case/receipt-unknown');
      return [{ type: 'EvidenceWithdrawn', receipt, slot, reason }];
    },
  },
  submit: {
    command: SubmitRectification,
    refuses: ['case/evidence-missing', 'case/plan-unapproved', 'case/stages-open', 'case/sustained-short'],
    roles: ['handler'],
    at: ({ leads }) => leads,
    in: ['rectifying', 'sustaining'],
    flags: ['extensionPending', 'atRisk'],
    may: (state, _, { today }) => {
      const { rectificationType, plan, checklist, evidence } = state;
      if (rectificationType !== 'immediate' && plan !== 'approved') refuse('case/plan-unapproved');
      if (rectificationType === 'sustained') hasHeld(state, today);
      const filled = new Set(evidence.values());
      const slots = checklist.map(({ id }) => id).filter((id) => !filled.has(id));
      if (slots.length > 0) refuse('case/evidence-missing', { slots });
    },
    decide: ({ result, measures, completedOn }, _, { today }) => {
      if (completedOn > today) invalid('completedOn', 'not-ahead', 'completedOn lies ahead');
      return [{ type: 'RectificationSubmitted', result, measures, completedOn }];
    },
  },
  withdrawSubmission: {
    command: WithdrawRectification,
    roles: ['handler'],
    at: ({ leads }) => leads,
    in: ['submitted'],
    flags: ['atRisk'],
    decide: ({ reason }) => [{ type: 'RectificationWithdrawn', reason }],
  },
});

/** What is to last is rectified when it has lasted: all its stages are done, and its whole term is over. */
function hasHeld({ stages, stagesDone, dueOn }: CaseState, today: Day): void {
  if (stagesDone < stages.length) refuse('case/stages-open');
  if (today < dueOn) refuse('case/sustained-short');
}
