import {
  AttachEvidence,
  SubmitRectification,
  WithdrawEvidence,
  WithdrawRectification,
} from '../contracts/rectification.js';
import { invalid, refuse } from '../contracts/refusal.js';
import { responsible } from './duty.js';
import { phase } from './table.js';

export const rectification = phase({
  attach: {
    command: AttachEvidence,
    refuses: ['case/receipt-unknown', 'case/receipt-used', 'case/slot-unknown'],
    roles: ['handler'],
    at: responsible,
    // Frozen at submission.
    in: ['rectifying'],
    flags: ['findingDisputed', 'extensionPending', 'atRisk'],
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
    in: ['rectifying'],
    flags: ['findingDisputed', 'extensionPending', 'atRisk'],
    decide: ({ receipt, reason }, { evidence }) => {
      const slot = evidence.get(receipt);
      if (slot === undefined) refuse('case/receipt-unknown');
      return [{ type: 'EvidenceWithdrawn', receipt, slot, reason }];
    },
  },
  submit: {
    command: SubmitRectification,
    refuses: ['case/evidence-missing', 'case/parts-open', 'case/plan-unapproved'],
    roles: ['handler'],
    at: ({ leads }) => leads,
    in: ['rectifying'],
    // Not while the finding is disputed: the ruling says what there is to put right.
    flags: ['extensionPending', 'atRisk'],
    may: ({ rectificationType, plan, checklist, evidence, parts }) => {
      if (rectificationType !== 'immediate' && plan !== 'approved') refuse('case/plan-unapproved');
      if ([...parts.values()].some(({ standing }) => standing !== 'passed')) refuse('case/parts-open');
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
