import { refuse, type RefusalCode } from '../contracts/refusal.js';
import { type Register } from '../contracts/register.js';
import { type Actor } from '../eventing/event.js';
import { bearers, type CaseState, deskOf } from './case-state.js';
import { isAmong, isOfResponsible } from './posts.js';
import { type CaseFacts } from './table.js';

/** With what each office is refused to whoever may not hold it. */
export const SEPARATED = {
  reviewer: [
    'case/reviewer-rectified',
    'case/reviewer-verified',
    'case/reviewer-approved',
    'case/reviewer-barred',
    'case/reviewer-of-lead',
  ],
  verifier: [
    'case/verifier-rectified',
    'case/verifier-reviewed',
    'case/verifier-approved',
    'case/verifier-barred',
    'case/verifier-of-lead',
  ],
  approver: [
    'case/approver-rectified',
    'case/approver-reviewed',
    'case/approver-verified',
    'case/approver-barred',
    'case/approver-of-lead',
  ],
  closer: [
    'case/closer-rectified',
    'case/closer-reviewed',
    'case/closer-verified',
    'case/closer-barred',
    'case/closer-of-lead',
  ],
  arbiter: [
    'case/arbiter-rectified',
    'case/arbiter-reviewed',
    'case/arbiter-verified',
    'case/arbiter-approved',
    'case/arbiter-barred',
    'case/arbiter-of-lead',
  ],
} as const satisfies Record<string, readonly RefusalCode[]>;

/** An arbiter rules on an objection. */
type Office = 'reviewer' | 'verifier' | 'approver' | 'closer' | 'arbiter';

/**
 * Separation of duties (domain, section 3): a rectifier neither reviews, verifies, approves nor closes; within a round
 * reviewer, verifiers and approver are different persons; who holds a post at a responsible unit does not examine it
 * from above; who passed a false rectification does not examine the case again; who had a part in the examination does
 * not rule on an objection to it.
 */
export function separate(office: Office, state: CaseState, actor: Actor, { register }: CaseFacts): void {
  const persons = bearers(actor);
  const any = (set: ReadonlySet<string>): boolean => persons.some((person) => set.has(person));

  if (any(state.rectifiers)) refuse(`case/${office}-rectified`);
  if (office !== 'reviewer' && any(state.reviewers)) refuse(`case/${office}-reviewed`);
  if (office !== 'verifier' && any(state.verifiers)) refuse(`case/${office}-verified`);
  if (office !== 'approver' && office !== 'closer' && any(state.approvers)) refuse(`case/${office}-approved`);
  if (any(state.barred)) refuse(`case/${office}-barred`);

  // A review of its own is the responsible unit's.
  if (office === 'reviewer' && isAmong(deskOf(state, 'review'), state.leads, register)) return;
  if (isOfResponsible(state, actor, register)) refuse(`case/${office}-of-lead`);
}

/** Whether somebody rectified, in any round, or is of a responsible unit. */
export function hasRectified(state: CaseState, actor: Actor, register: Register): boolean {
  const rectified = bearers(actor).some((person) => state.rectifiers.has(person));
  return rectified || isOfResponsible(state, actor, register);
}

/** Whether somebody rectified or examined, in any round. */
export function hadPart(state: CaseState, actor: Actor, register: Register): boolean {
  const examined = bearers(actor).some((person) => state.examiners.has(person));
  return examined || hasRectified(state, actor, register);
}

/** Who takes a step of the route that is no examination has at least not rectified. */
export function notRectified({ rectifiers }: CaseState, actor: Actor): void {
  if (bearers(actor).some((person) => rectifiers.has(person))) refuse('case/step-rectified');
}
