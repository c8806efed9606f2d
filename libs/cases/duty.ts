import { deadline, endOf } from '../calendar/terms.js';
import { type RouteStep, type Slot, type StepName, STEPS, type Upload } from '../contracts/case-events.js';
import { type Deadline, type Term } from '../contracts/deadline.js';
import { invalid, refuse } from '../contracts/refusal.js';
import {
  type BySource,
  type CalendarVersion,
  type Desk,
  type Register,
  type RouteRule,
  type SlotRule,
  type Unit,
} from '../contracts/register.js';
import { type Day, type UnitId, type Uuid } from '../contracts/values.js';
import { type Actor } from '../eventing/event.js';
import { type CaseState } from './case-state.js';
import { isAmong, responsible } from './posts.js';
import { type CaseFacts } from './table.js';

/** Responsible units lie in the assigning unit's division and are not that unit itself; none is both lead and co-unit. */
export function checkUnits(
  leads: readonly UnitId[],
  coUnits: readonly UnitId[],
  actor: Actor,
  register: Register,
): void {
  const home = register.unit(actor.unit)?.division ?? '';
  const check = (field: string, units: readonly UnitId[]): void => {
    units.forEach((id, n) => {
      const unit = register.unit(id);
      if (!unit) return invalid(`${field}.${n}`, 'known-unit', `${field}.${n} is no unit of the register`);
      if (unit.successor !== undefined)
        invalid(`${field}.${n}`, 'standing-unit', `${field}.${n} was abolished; its successor carries it on`);
      if (unit.id === actor.unit || !register.covers(home, unit.division)) refuse('case/lead-outside');
    });
  };
  check('leads', leads);
  check('coUnits', coUnits);
  areNoLeads(coUnits, leads);
}

export function areNoLeads(coUnits: readonly UnitId[], leads: readonly UnitId[]): void {
  const both = coUnits.findIndex((unit) => leads.includes(unit));
  if (both >= 0) invalid(`coUnits.${both}`, 'not-lead', 'a lead unit is no co-unit');
}

/** Uploads that a command names, none of them used before. */
export function filesOf(named: readonly Uuid[], { receipts }: CaseState, { uploads }: CaseFacts): Upload[] {
  return named.map((receipt) => {
    if (receipts.has(receipt)) refuse('case/receipt-used');
    return uploads.get(receipt) ?? refuse('case/receipt-unknown');
  });
}

/** A term of the policy that may depend on the case's source. */
export const bySource = (terms: BySource, source: string): Term =>
  Object.hasOwn(terms, source) ? (terms[source] ?? terms.other) : terms.other;

/** Why a ground that people name is none. */
export const refusedFor = (
  grounds: Readonly<Record<string, string>> = {},
  ground: string,
): string | undefined => (Object.hasOwn(grounds, ground) ? grounds[ground] : undefined);

/** The working days of the division that the case lies in first. */
export const calendarOf = ({ divisions: [first] }: CaseState, { register }: CaseFacts): CalendarVersion =>
  first === undefined ? register.calendar : register.calendarOf(first);

/**
 * Until when it is to be completed: the earliest of the policy's days (of its kind, its source and its categories), the
 * source's own unless already past, and the one asked for; and the last day that extensions may reach.
 */
export function completionFor(
  state: CaseState,
  facts: CaseFacts,
  asked: Day | undefined,
): { dueOn: Day; deadline: Deadline; ceilingOn?: Day } {
  const { rectificationType: type, severity, sourceDueOn: source } = state;
  const { today, register } = facts;
  const { completion, sources, categories } = register.policy;
  const { done, ceiling } = completion[type][severity];
  const terms = [
    { term: done, basis: `completion.${type}.${severity}.done` },
    ...state.sources.map(({ code }) => ({ term: sources[code]?.done, basis: `sources.${code}.done` })),
    ...state.categories.map((id) => ({ term: categories[id]?.done, basis: `categories.${id}.done` })),
  ];
  const calendar = calendarOf(state, facts);
  const by = (last?: Day): Deadline =>
    terms
      .flatMap(({ term, basis }) => (term ? [deadline(today, term, calendar, basis, last)] : []))
      .reduce((earliest, one) => (one.due < earliest.due ? one : earliest));
  const latest = by(source !== undefined && source >= today ? source : undefined);
  if (asked !== undefined && asked < today) refuse('case/due-past');
  if (asked !== undefined && asked > latest.due) refuse('case/due-late');
  const fixed = asked === undefined ? latest : by(asked);
  return {
    dueOn: fixed.due,
    deadline: fixed,
    ...(ceiling && { ceilingOn: endOf(today, ceiling, calendar) }),
  };
}

/** Until when units that are given the case today may return it, and dispute the finding. */
export function objections(state: CaseState, facts: CaseFacts): { returnBy: Day; disputeBy: Day } {
  const { desks } = facts.register.policy;
  const calendar = calendarOf(state, facts);
  return {
    returnBy: endOf(facts.today, bySource(desks.return, state.source), calendar),
    disputeBy: endOf(facts.today, desks.dispute, calendar),
  };
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
  // Each source has a way of its own, and none makes that of another lighter.
  const ways = state.sources.map((source) =>
    desksOf({ ...state, sources: [source] }, first?.level, register),
  );
  return STEPS.flatMap((step) => {
    const named = ways.flatMap((by) => by.get(step) ?? []);
    // Nobody beside the lead is looked for where somebody else is to take the step.
    const others = named.filter((desk) => desk !== 'beside');
    const desks = others.length > 0 ? others : named;
    const units = desks.map(
      (desk) =>
        (step === 'recognition' && desk === 'finder' ? recogniserOf(state, taken, register) : undefined) ??
        deskOf(desk, present, taken, state, register) ??
        refuse('case/no-desk'),
    );
    const unit = units.find((one) => units.every((other) => !isOver(other, one, register)));
    return unit ? [{ step, level: unit.level, unit: unit.id }] : [];
  });
}

function desksOf(state: CaseState, level: string | undefined, { policy }: Register): Map<StepName, Desk> {
  const rules = policy.routes.filter(({ when }) => applies(when, state, level));
  return new Map(rules.flatMap(({ steps }) => steps.map(({ step, by }) => [step, by] as const)));
}

const isOver = (one: Unit, other: Unit, { covers }: Register): boolean =>
  one.division !== other.division && covers(one.division, other.division);

/** The first unit above the one that reviews now that is not responsible. */
export function reviewerAbove(state: CaseState, { register }: CaseFacts): Unit | undefined {
  const desk = state.route.find(({ step }) => step === 'review')?.unit ?? '';
  const units = above(register.unit(register.present(desk)), register);
  return units.find(({ id }) => !isAmong(id, responsible(state), register));
}

/** Of each step what the first route says that has it: within a round a step is added or moved, never removed. */
export function united(...routes: readonly (readonly RouteStep[])[]): RouteStep[] {
  return STEPS.flatMap((step) => routes.flat().find((one) => one.step === step) ?? []);
}

/** Of each step the desk that lies higher; of two alike the one that has it already. */
export function raised(
  route: readonly RouteStep[],
  wanted: readonly RouteStep[],
  register: Register,
): RouteStep[] {
  return united(route, wanted).map((standing) => {
    const other = wanted.find(({ step }) => step === standing.step) ?? standing;
    const [unit, above] = [register.unit(standing.unit), register.unit(other.unit)];
    return unit && above && isOver(above, unit, register) ? other : standing;
  });
}

function applies(when: RouteRule['when'], state: CaseState, level = ''): boolean {
  const among = <T>(list: readonly T[] | undefined, ...values: T[]): boolean =>
    !list || values.some((value) => list.includes(value));
  return (
    among(when?.severities, state.severity) &&
    among(when?.categories, ...state.categories) &&
    among(when?.sources, ...state.sources.map(({ code }) => code)) &&
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

/** Whom the document of the case names. Who answers for the case does not recognise what it did itself. */
function recogniserOf(
  { sources }: CaseState,
  taken: ReadonlySet<UnitId>,
  register: Register,
): Unit | undefined {
  const units = sources.flatMap(({ code, document }) => {
    const named = document === undefined ? undefined : register.source(code, document)?.recogniserUnit;
    return (named !== undefined && register.unit(register.present(named))) || [];
  });
  return units.find(({ id }) => !taken.has(id));
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
  const holds = new Set([...circumstances, ...state.sources.map(({ code }) => `source:${code}`)]);
  if (state.personsAtRisk) holds.add('at-risk');
  const slots = new Map<string, Slot>();
  const take = (rules: readonly SlotRule[]): void => {
    for (const { id, title, each, due, when } of rules) {
      if (when === undefined || [when].flat().some((one) => holds.has(one)))
        slots.set(id, { id, title, ...(each && { each }), ...(due && { due }) });
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
