import { AttachEvidence, SubmitRectification } from '../contracts/rectification.js';
import { invalid, refuse } from '../contracts/refusal.js';
import { phase } from './table.js';

export const rectification = phase({
  attach: {
    command: AttachEvidence,
    roles: ['handler'],
    at: ({ leads, coUnits }) => [...leads, ...coUnits],
    // Frozen at submission.
    in: ['rectifying'],
    uploads: ({ receipt }) => [receipt],
    decide: ({ slot, receipt, note }, state, { uploads }) => {
      if (!state.checklist.some(({ id }) => id === slot)) refuse('case/slot-unknown');
      const file = uploads.get(receipt);
      if (!file) refuse('case/receipt-unknown');
      if (state.receipts.has(receipt)) refuse('case/receipt-used');
      return [{ type: 'EvidenceAttached', slot, file, note }];
    },
  },
  submit: {
    command: SubmitRectification,
    roles: ['handler'],
    at: ({ leads }) => leads,
    in: ['rectifying'],
    may: (state) => {
      const slots = state.checklist.map(({ id }) => id).filter((id) => !state.filled.has(id));
      if (slots.length > 0) refuse('case/evidence-missing', { slots });
    },
    decide: ({ result, measures, completedOn }, _, { today }) => {
      if (completedOn > today) invalid('completedOn', 'not-ahead', 'completedOn lies ahead');
      return [{ type: 'RectificationSubmitted', result, measures, completedOn }];
    },
  },
});
