import { type Register } from '../contracts/register.js';
import { type PersonId, type UnitId } from '../contracts/values.js';
import { type Actor } from '../eventing/event.js';
import { bearers, type CaseState } from './case-state.js';

/** What says of a case who reads its personal data. */
export type Confidential = Pick<CaseState, 'registration' | 'finder' | 'assigner' | 'leads'> & {
  /** Who was named to handle it. */
  handler?: PersonId | undefined;
};

/** Whether somebody is accused: then nothing sealed shows at all but to those who may reveal it. */
export const isAccusation = ({ registration }: Pick<CaseState, 'registration'>): boolean =>
  registration?.accusation === true;

/**
 * Whether somebody who sees the case may have its personal data in clear, with a purpose. Always: the registrars of the
 * unit that registered it, and inspectors. Of a demand (申诉求决) also the dispatchers of the unit that assigned it and
 * the handler who was named or, while none is, those of the lead units. Of an accusation (检举控告) nobody else.
 */
export function mayReveal(state: Confidential, actor: Actor, register: Register): boolean {
  const at = (unit: UnitId | undefined): boolean =>
    unit !== undefined && register.present(unit) === register.present(actor.unit);
  if (actor.role === 'inspector') return true;
  if (actor.role === 'registrar') return at(state.finder);
  if (isAccusation(state)) return false;
  if (actor.role === 'dispatcher') return at(state.assigner);
  if (actor.role !== 'handler' || !state.leads.some(at)) return false;
  return state.handler === undefined || bearers(actor).includes(state.handler);
}
