import { type StepName } from '../contracts/case-events.js';
import { type Shortcoming } from '../contracts/examination.js';
import { refuse } from '../contracts/refusal.js';
import { type CaseState, deskOf, nextStep } from './state.js';

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

/** Every absence of evidence was accepted by name. */
export function noAbsenceOpen({ absent, absenceAccepted }: CaseState): void {
  const slots = [...absent].filter((slot) => !absenceAccepted.has(slot));
  if (slots.length > 0) refuse('case/absence-open', { slots });
}

/** Reasons for sending back are tied to the checklist, so that whoever mends it knows where. */
export function ofChecklist(reasons: readonly Shortcoming[], { checklist }: CaseState): Shortcoming[] {
  return reasons.map(({ slot, reason }) => {
    if (!checklist.some(({ id }) => id === slot)) refuse('case/slot-unknown');
    return { slot, reason };
  });
}
