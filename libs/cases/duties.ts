import { type Standing, turns } from '../calendar/lights.js';
import { deadline as deadlineOf } from '../calendar/terms.js';
import { addDays, isPublished } from '../calendar/working-days.js';
import { type CaseEvent } from '../contracts/case-events.js';
import {
  type Deadline,
  type Duties,
  type Duty,
  type DutyChanges,
  type DutyName,
} from '../contracts/deadline.js';
import { UNDERWAY } from '../contracts/status.js';
import { type Day, type UnitId } from '../contracts/values.js';
import { type Recorded } from '../eventing/event.js';
import { type Completed } from '../eventing/handle.js';
import { type CaseState } from './case-state.js';
import { calendarOf } from './duty.js';
import { isSingle, type Rule, rulesOf } from './duty-rules.js';
import { dutiesAfter } from './state.js';
import { type CaseFacts } from './table.js';

/** Where a case has ended, it waits for nothing but the answer to a failed look-back. */
const isOver = (name: DutyName, { status }: CaseState): boolean =>
  name !== 'look-back-answer' && !UNDERWAY.some((one) => one === status);

/**
 * The events of a decision, the last of them with the duties that they bring and end, and the state after them.
 * Deadlines are worked out here, by the rules and the calendar of the day, so that whoever reads the events needs
 * neither.
 * @param after the state after the events, made for this decision: it gets the duties too
 */
export function withDuties(
  events: readonly Recorded<CaseEvent>[],
  after: CaseState,
  facts: CaseFacts,
): Completed<CaseState, CaseEvent> {
  const last = events.at(-1);
  const changes = last && dutyChanges(after, facts);
  if (!changes) return { events, after };
  const duties = {
    ...(changes.end && { end: changes.end }),
    begin: { ...changes.begin, ...last.event.duties?.begin },
  };
  // It was made for this decision and nobody has it yet, so its eighty fields need no copy of their own.
  after.duties = dutiesAfter(after.duties, duties);
  return { events: [...events.slice(0, -1), { ...last, event: { ...last.event, duties } }], after };
}

/** What stands in the state against what should. */
function dutyChanges(state: CaseState, facts: CaseFacts): DutyChanges | undefined {
  const begin: Duties = {};
  const end: DutyName[] = [];
  const all = rulesOf(state);
  for (const [name, rule] of all) {
    const standing = state.duties.get(name);
    const due =
      rule.waits(state) && !isOver(name, state) ? dutyOf(name, rule, standing, state, facts) : undefined;
    if (!due && standing) end.push(name);
    if (due && !(standing && same(due, standing))) begin[name] = due;
  }
  // A part, or an instruction, that is open no more is no longer among the rules.
  for (const name of state.duties.keys())
    if (!isSingle(name) && !all.some(([one]) => one === name)) end.push(name);
  if (end.length === 0 && Object.keys(begin).length === 0) return undefined;
  return { ...(end.length > 0 && { end }), begin };
}

function same(one: Pick<Duty, 'due' | 'redFrom' | 'yellowFrom' | 'units'>, other: Duty): boolean {
  return (
    one.due === other.due &&
    one.redFrom === other.redFrom &&
    one.yellowFrom === other.yellowFrom &&
    one.units.join() === other.units.join()
  );
}

function dutyOf(
  name: DutyName,
  rule: Rule,
  standing: Duty | undefined,
  state: CaseState,
  facts: CaseFacts,
): Duty | undefined {
  const units = rule.units(state, facts.register).filter((unit) => unit !== undefined);
  const due = rule.until?.(state);
  if (due !== undefined && due !== '') return fixed(name, due, units, state, facts);
  // What nobody is there to do is no duty.
  if (!rule.term || units.length === 0) return undefined;
  if (standing) return { ...standing, units };
  const term = rule.term(facts.register.policy, state);
  if (!term) return undefined;
  const calendar = calendarOf(state, facts);
  return dutyBy(name, deadlineOf(facts.today, term, calendar, name), units, state, facts);
}

/** The first day on which the next stage of an approved plan is late. */
function stageLate({ plan, stages, stagesDone }: CaseState): Day | undefined {
  const next = plan === 'approved' ? stages[stagesDone] : undefined;
  return next && addDays(next.until, 1);
}

/** What besides its day decides a duty's lights; the case's own completion presses harder for failures and late stages. */
function standingOf(name: DutyName, state: CaseState): Standing {
  const whole = name === 'complete';
  const late = whole ? stageLate(state) : undefined;
  return {
    suspended: whole && state.flags.has('suspended'),
    failures: whole ? state.failures : 0,
    ...(late !== undefined && { stageLate: late }),
  };
}

/** A duty from its deadline. */
export function dutyBy(
  name: DutyName,
  deadline: Deadline,
  units: UnitId[],
  state: CaseState,
  facts: CaseFacts,
): Duty {
  const standing = standingOf(name, state);
  const lights = turns(deadline.due, calendarOf(state, facts), standing);
  const late = standing.stageLate !== undefined;
  const pressing = standing.failures >= 2 ? 'failures' : late ? 'stage-late' : undefined;
  const said = state.noted.get(name);
  // What the clock has said of a day already it does not say again: it goes on from there.
  const next = said?.due === deadline.due ? said.next : addDays(deadline.due, 1);
  const tickOn = lights.redFrom === null ? null : next;
  return { ...deadline, ...lights, units, ...(pressing && { pressing }), tickOn };
}

function fixed(name: DutyName, due: Day, units: UnitId[], state: CaseState, facts: CaseFacts): Duty {
  const calendar = calendarOf(state, facts);
  const known = state.duties.get(name);
  const { redFrom, yellowFrom } = turns(due, calendar, standingOf(name, state));
  if (known && same({ due, redFrom, yellowFrom, units }, known)) return known;
  const own = name === 'complete' ? state.deadline : undefined;
  const counted = own ?? ({ n: 0, unit: 'calendar-days', start: facts.today, basis: name } as const);
  return dutyBy(name, { ...counted, due, provisional: !isPublished(due, calendar) }, units, state, facts);
}
