import {
  AttachEvidence,
  SubmitRectification,
  WithdrawEvidence,
  WithdrawRectification,
} from '../../contracts/rectification.js';
import { invalid, refuse } from '../../contracts/refusal.js';
import { type Day } from '../../contracts/values.js';
import { evidenceHash } from '../receipts.js';
import { isOfItem, itemsAreSettled, slotsAreFull } from './items.js';
import { moneyIsMadeGood } from './money.js';
import { type CaseState } from '../case-state.js';
import { phase } from '../table.js';
import { responsible } from '../posts.js';

export const rectification = phase({
  attach: {
    command: AttachEvidence,
    refuses: ['case/item-unknown', 'case/receipt-unknown', 'case/receipt-used', 'case/slot-unknown'],
    roles: ['handler'],
    at: responsible,
    // Frozen at submission.
    in: ['rectifying', 'sustaining'],
    flags: ['findingDisputed', 'extensionPending', 'atRisk'],
    uploads: ({ receipt }) => [receipt],
    decide: ({ slot, receipt, item, note }, state, { uploads }) => {
      const wanted = state.checklist.find(({ id }) => id === slot);
      if (!wanted) refuse('case/slot-unknown');
      isOfItem(wanted, item, state);
      const file = uploads.get(receipt);
      if (!file) refuse('case/receipt-unknown');
      if (state.receipts.has(receipt)) refuse('case/receipt-used');
      return [{ type: 'EvidenceAttached', slot, file, item, note }];
    },
  },
  withdraw: {
    command: WithdrawEvidence,
    refuses: ['case/receipt-unknown'],
    roles: ['handler'],
    at: responsible,
    in: ['rectifying', 'sustaining'],
    flags: ['findingDisputed', 'extensionPending', 'atRisk'],
    decide: ({ receipt, reason }, { evidence }) => {
      const proof = evidence.get(receipt);
      if (!proof) refuse('case/receipt-unknown');
      return [{ type: 'EvidenceWithdrawn', receipt, slot: proof.slot, reason }];
    },
  },
  submit: {
    command: SubmitRectification,
    refuses: [
      ...(['case/evidence-missing', 'case/items-open', 'case/parts-open', 'case/plan-unapproved'] as const),
      ...(['case/money-open', 'case/stages-open', 'case/sustained-short'] as const),
    ],
    roles: ['handler'],
    at: ({ leads }) => leads,
    in: ['rectifying', 'sustaining'],
    // Not while the finding is disputed: the ruling says what there is to put right.
    flags: ['extensionPending', 'atRisk'],
    may: (state, _, facts) => {
      if (state.rectificationType !== 'immediate' && state.plan !== 'approved')
        refuse('case/plan-unapproved');
      if (state.rectificationType === 'sustained') hasHeld(state, facts.today);
      if ([...state.parts.values()].some(({ standing }) => standing !== 'passed')) refuse('case/parts-open');
      itemsAreSettled(state);
      moneyIsMadeGood(state, facts);
      slotsAreFull(state);
    },
    decide: ({ result, measures, completedOn }, state, { today }) => {
      if (completedOn > today) invalid('completedOn', 'not-ahead', 'completedOn lies ahead');
      return [
        {
          type: 'RectificationSubmitted',
          result,
          measures,
          completedOn,
          evidence: evidenceHash(state.evidence),
        },
      ];
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
