import { type Register } from '../contracts/register.js';
import { type PersonId, type UnitId } from '../contracts/values.js';
import { type Actor } from '../eventing/event.js';
import { bearers, type CaseState, partUnits } from './case-state.js';

/** Units that answer for the case: leads, co-units and whoever has a part of it. */
export const responsible = (state: CaseState): UnitId[] => [
  ...state.leads,
  ...state.coUnits,
  ...partUnits(state),
];

/** Whether a unit is one of these, or carries one of them on, or is carried on by one. */
export function isAmong(unit: UnitId | undefined, units: readonly UnitId[], register: Register): boolean {
  return unit !== undefined && units.some((one) => register.present(one) === register.present(unit));
}

/** Who rules on a disputed finding: whoever found it or, where that unit answers for it itself, who assigned it. */
export function finderOrAbove(state: CaseState, { present }: Register): UnitId | undefined {
  const { finder, assigner } = state;
  const involved = responsible(state).some((unit) => present(unit) === present(finder ?? ''));
  return involved ? assigner : finder;
}

/** Whether somebody holds a post, of their own or in another's place, at one of the units or at what carries it on. */
export function isAt(units: readonly UnitId[], person: PersonId, register: Register): boolean {
  const present = new Set(units.map((unit) => register.present(unit)));
  const { appointments = [], delegations = [] } = register.person(person) ?? {};
  return [...appointments, ...delegations].some(({ unit }) => present.has(register.present(unit)));
}

/** Whether somebody is, or holds any post at, a unit that answers for the case. */
export function isOfResponsible(state: CaseState, actor: Actor, register: Register): boolean {
  const units = responsible(state);
  if (units.length === 0) return false;
  return (
    isAmong(actor.unit, units, register) || bearers(actor).some((person) => isAt(units, person, register))
  );
}
