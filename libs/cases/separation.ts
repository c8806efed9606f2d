import { refuse, type RefusalCode } from '../contracts/refusal.js';
import { type Register } from '../contracts/register.js';
import { type PersonId, type UnitId } from '../contracts/values.js';
import { type Actor } from '../eventing/event.js';
import { bearers, type CaseState } from './state.js';
import { type CaseFacts } from './table.js';

/** With what each office is refused to whoever may not hold it. */
export const SEPARATED = {
  reviewer: [
    'case/reviewer-rectified',
    'case/reviewer-verified',
    'case/reviewer-approved',
    'case/reviewer-barred',
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
} as const satisfies Record<string, readonly RefusalCode[]>;

type Office = 'reviewer' | 'verifier' | 'approver' | 'closer';

/**
 * Separation of duties (domain, section 3): a rectifier neither reviews, verifies, approves nor closes; within a round
 * reviewer, verifiers and approver are different persons; who holds a post at a responsible unit does not examine it
 * from above; who passed a false rectification does not examine the case again.
 */
export function separate(office: Office, state: CaseState, actor: Actor, { register }: CaseFacts): void {
  const persons = bearers(actor);
  const any = (set: ReadonlySet<string>): boolean => persons.some((person) => set.has(person));

  if (any(state.rectifiers)) refuse(`case/${office}-rectified`);
  if (office !== 'reviewer' && any(state.reviewers)) refuse(`case/${office}-reviewed`);
  if (office !== 'verifier' && any(state.verifiers)) refuse(`case/${office}-verified`);
  if ((office === 'reviewer' || office === 'verifier') && any(state.approvers))
    refuse(`case/${office}-approved`);
  if (any(state.barred)) refuse(`case/${office}-barred`);

  if (office === 'reviewer') return;
  const units = [...state.leads, ...state.coUnits];
  if (persons.some((person) => isAt(units, person, register))) refuse(`case/${office}-of-lead`);
}

/** Whether somebody holds a post, of their own or in another's place, at one of the units or at what carries it on. */
export function isAt(units: readonly UnitId[], person: PersonId, register: Register): boolean {
  const present = new Set(units.map((unit) => register.present(unit)));
  const { appointments = [], delegations = [] } = register.person(person) ?? {};
  return [...appointments, ...delegations].some(({ unit }) => present.has(register.present(unit)));
}
