import { addWorkingDays } from '../calendar/working-days.js';
import { type RouteStep, type Slot } from '../contracts/case-events.js';
import { refuse } from '../contracts/refusal.js';
import { type Desk, type Register, type Unit } from '../contracts/register.js';
import { type Day, type UnitId } from '../contracts/values.js';
import { type CaseState } from './state.js';
import { type CaseFacts } from './table.js';

/** Units that answer for the case. */
export const responsible = ({ leads, coUnits }: CaseState): UnitId[] => [...leads, ...coUnits];

/** The last day of completion: the earlier of the policy's, the source's unless already past, and the one asked for. */
export function dueDay(state: CaseState, facts: CaseFacts, asked: Day | undefined): Day {
  const { policy, calendar } = facts.register;
  const days = policy.completion[state.rectificationType][state.severity];
  let latest = addWorkingDays(facts.today, days, calendar);
  const source = state.sourceDueOn;
  if (source !== undefined && source >= facts.today && source < latest) latest = source;
  if (asked === undefined) return latest;
  if (asked < facts.today) refuse('case/due-past');
  if (asked > latest) refuse('case/due-late');
  return asked;
}

/** The route of the policy, with the unit that takes each step. */
export function routeFor(
  state: CaseState,
  leads: readonly UnitId[],
  coUnits: readonly UnitId[],
  { register }: CaseFacts,
): RouteStep[] {
  const responsible = new Set([...leads, ...coUnits]);
  return register.policy.routes[state.severity].map(({ step, by }) => {
    const unit = desk(by, leads, responsible, register);
    if (!unit) refuse('case/no-desk');
    return { step, level: unit.level, unit: unit.id };
  });
}

/** Who closes: the unit that approves or, where the route has no approval, the one that assigned the case. */
export function closerOf(route: readonly RouteStep[], assigner: UnitId): UnitId {
  return route.find(({ step }) => step === 'approve')?.unit ?? assigner;
}

function desk(
  by: Desk,
  leads: readonly UnitId[],
  responsible: Set<UnitId>,
  register: Register,
): Unit | undefined {
  const [first, ...others] = leads.map((lead) => register.unit(lead));
  if (by === 'lead') return first;
  // Joint leads are examined by one unit, above them all.
  const shared = others.map((lead) => new Set(above(lead, register)));
  return above(first, register).find(
    (unit) =>
      !responsible.has(unit.id) &&
      (by === 'above' || unit.level === by.level) &&
      shared.every((units) => units.has(unit)),
  );
}

/** The units above, the nearest first. */
function above(unit: Unit | undefined, register: Register): Unit[] {
  const line: Unit[] = [];
  for (let at = unit?.parent; at !== undefined; at = line.at(-1)?.parent) {
    const next = register.unit(at);
    if (!next || line.includes(next)) break;
    line.push(next);
  }
  return line;
}

/** Slots of all categories of the case, each once. */
export function checklistFor(state: CaseState, { register }: CaseFacts): Slot[] {
  const slots = new Map<string, Slot>();
  for (const category of state.categories) {
    const rules = register.policy.categories[category];
    if (!rules) refuse('case/no-policy');
    for (const slot of rules.checklist) slots.set(slot.id, slot);
  }
  return [...slots.values()];
}
