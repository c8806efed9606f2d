import { type StepName } from '../../contracts/case-events.js';
import { type Shortcoming } from '../../contracts/examination.js';
import { refuse } from '../../contracts/refusal.js';
import { type CaseState, deskOf, nextStep } from '../case-state.js';
import { type CaseFacts } from '../table.js';

/** From the submission to the closing. */
export const EXAMINED = ['submitted', 'rectified', 'verified'] as const;

export function isOfRoute(step: StepName, state: CaseState): void {
  if (deskOf(state, step) === undefined) refuse('case/not-of-route');
}

export function isNext(step: StepName, state: CaseState): void {
  if (state.passed.has(step)) refuse('case/step-done');
  isReached(step, state);
}

/** The steps before it are passed. */
export function isReached(step: StepName, state: CaseState): void {
  const next = nextStep(state);
  if (next !== undefined && next !== step && !state.passed.has(step)) refuse(`case/awaits-${next}`);
}

/** The principal answers for what is so grave; it may have become so since the step before. */
export function isAnsweredFor({ severity, countersigned }: CaseState, { register }: CaseFacts): void {
  if (register.policy.countersigned.includes(severity) && !countersigned) refuse('case/countersign-missing');
}

/** Reasons for sending back are tied to the checklist, so that whoever mends it knows where. */
export function ofChecklist(reasons: readonly Shortcoming[], { checklist }: CaseState): Shortcoming[] {
  return reasons.map(({ slot, reason }) => {
    if (!checklist.some(({ id }) => id === slot)) refuse('case/slot-unknown');
    return { slot, reason };
  });
}
