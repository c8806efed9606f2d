import { endOf } from '../../calendar/terms.js';
import { CompleteStage, ReviewStage } from '../../contracts/rectification-stages.js';
import { refuse } from '../../contracts/refusal.js';
import { type Day } from '../../contracts/values.js';
import { calendarOf, filesOf } from '../duty.js';
import { SEPARATED, separate } from '../separation.js';
import { type CaseState, deskOf } from '../case-state.js';
import { type CaseFacts, phase } from '../table.js';

/** The stages of a plan and, of a sustained rectification, the time in which it must hold. */
export const stages = phase({
  complete: {
    command: CompleteStage,
    refuses: [
      'case/flag-atRisk',
      'case/plan-unapproved',
      'case/receipt-unknown',
      'case/receipt-used',
      'case/stage-done',
      'case/stage-order',
      'case/stage-unknown',
      'case/stages-none',
    ],
    roles: ['handler'],
    at: ({ leads }) => leads,
    in: ['rectifying'],
    flags: ['extensionPending', 'atRisk'],
    uploads: ({ receipts = [] }) => receipts,
    may: ({ rectificationType, plan }) => {
      if (rectificationType === 'immediate') refuse('case/stages-none');
      if (plan !== 'approved') refuse('case/plan-unapproved');
    },
    decide: ({ stage, result, receipts = [] }, state, facts) => {
      const { stages: planned, stagesDone } = state;
      if (stage > planned.length) refuse('case/stage-unknown');
      if (stage <= stagesDone) refuse('case/stage-done');
      if (stage > stagesDone + 1) refuse('case/stage-order');
      const files = filesOf(receipts, state, facts);
      const last = state.rectificationType === 'sustained' && stage === planned.length;
      // Nobody waits in danger for a year.
      if (last && state.flags.has('atRisk')) refuse('case/flag-atRisk');
      const reviewBy = last ? nextReview(state, facts) : undefined;
      return [{ type: 'StageCompleted', stage, result, files, reviewBy }];
    },
  },
  review: {
    command: ReviewStage,
    refuses: SEPARATED.reviewer,
    roles: ['reviewer'],
    at: (state) => [deskOf(state, 'review')],
    in: ['sustaining'],
    may: (state, actor, facts) => {
      separate('reviewer', state, actor, facts);
    },
    decide: ({ outcome, findings }, state, facts) => {
      const reviewBy = outcome === 'holding' ? nextReview(state, facts) : undefined;
      return [{ type: 'StageReviewed', outcome, findings, reviewBy }];
    },
  },
});

/** Where the policy says no term of review, it is reviewed once, at the end. */
function nextReview(state: CaseState, facts: CaseFacts): Day {
  const { review } = facts.register.policy.completion.sustained[state.severity];
  return review ? endOf(facts.today, review, calendarOf(state, facts)) : state.dueOn;
}
