import { endOf } from '../calendar/terms.js';
import { type RouteStep, type Slot, type StepName, STEPS } from '../contracts/case-events.js';
import { type Term } from '../contracts/deadline.js';
import { refuse } from '../contracts/refusal.js';
import {
  type BySource,
  type CalendarVersion,
  type Desk,
  type Register,
  type RouteRule,
  type SlotRule,
  type Unit,
} from '../contracts/register.js';
import { type Day, type UnitId } from '../contracts/values.js';
import { type CaseState } from './state.js';
import { type CaseFacts } from './table.js';

/** Units that answer for the case. */
export const responsible = ({ leads, coUnits }: CaseState): UnitId[] => [...leads, ...coUnits];

/** A term of the policy that may depend on the case's source. */
export const bySource = (terms: BySource, source: string): Term =>
  Object.hasOwn(terms, source) ? (terms[source] ?? terms.other) : terms.other;

/** The working days of the division that the case lies in first. */
export const calendarOf = ({ divisions: [first] }: CaseState, { register }: CaseFacts): CalendarVersion =>
  first === undefined ? register.calendar : register.calendarOf(first);

/** The last day of completion: the earlier of the policy's, the source's unless already past, and the one asked for. */
export function dueDay(state: CaseState, facts: CaseFacts, asked: Day | undefined): Day {
  const { done } = facts.register.policy.completion[state.rectificationType][state.severity];
  let latest = endOf(facts.today, done, calendarOf(state, facts));
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
  // Who carries on a responsible unit is responsible.
  const present = leads.map((lead) => register.present(lead));
  const taken = new Set([...present, ...coUnits.map((unit) => register.present(unit))]);
  const first = register.unit(present[0] ?? '');
  const by = new Map<StepName, Desk>();
  for (const { when, steps } of register.policy.routes) {
    if (!applies(when, state, first?.level)) continue;
    for (const { step, by: desk } of steps) by.set(step, desk);
  }
  return STEPS.flatMap((step) => {
    const desk = by.get(step);
    if (!desk) return [];
    const unit = deskOf(desk, present, taken, state, register);
    if (!unit) return refuse('case/no-desk');
    return [{ step, level: unit.level, unit: unit.id }];
  });
}

function applies(when: RouteRule['when'], state: CaseState, level = ''): boolean {
  const among = <T>(list: readonly T[] | undefined, ...values: T[]): boolean =>
    !list || values.some((value) => list.includes(value));
  return (
    among(when?.severities, state.severity) &&
    among(when?.categories, ...state.categories) &&
    among(when?.sources, state.source) &&
    among(when?.levels, level)
  );
}

/** Who closes: the unit that approves or, where the route has no approval, the one that assigned the case. */
export function closerOf(route: readonly RouteStep[], assigner: UnitId): UnitId {
  return route.find(({ step }) => step === 'approve')?.unit ?? assigner;
}

function deskOf(
  by: Desk,
  leads: readonly UnitId[],
  taken: ReadonlySet<UnitId>,
  { finder }: CaseState,
  register: Register,
): Unit | undefined {
  const [first, ...others] = leads.map((lead) => register.unit(lead));
  if (by === 'lead') return first;
  if (by === 'finder') return finder === undefined ? undefined : register.unit(register.present(finder));
  if (by === 'beside') return register.unitsIn(first?.division ?? '').find(({ id }) => !taken.has(id));
  // Joint leads are examined by one unit, above them all.
  const shared = others.map((lead) => new Set(above(lead, register)));
  return above(first, register).find(
    (unit) =>
      !taken.has(unit.id) &&
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

/** What every case shows, and what those of its categories do, each slot once, as far as it applies. */
export function checklistFor(
  state: CaseState,
  { register }: CaseFacts,
  circumstances: readonly string[] = [],
): Slot[] {
  const { policy } = register;
  const holds = new Set([...circumstances, `source:${state.source}`]);
  if (state.personsAtRisk) holds.add('at-risk');
  const slots = new Map<string, Slot>();
  const take = (rules: readonly SlotRule[]): void => {
    for (const { id, title, each, when } of rules) {
      if (when === undefined || holds.has(when)) slots.set(id, { id, title, ...(each && { each }) });
    }
  };
  take(policy.checklist);
  for (const category of state.categories) {
    const rules = policy.categories[category];
    if (!rules) refuse('case/no-policy');
    take(rules.checklist);
  }
  return [...slots.values()];
}
