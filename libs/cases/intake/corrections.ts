import { addWorkingDays } from '../../calendar/working-days.js';
import { type RouteStep, type Slot, STEPS } from '../../contracts/case-events.js';
import { type Deadline } from '../../contracts/deadline.js';
import {
  ClassifyCase,
  type Correctable,
  CorrectRegistration,
  RegisterProblem,
  SEVERITIES,
  type Severity,
  VoidCase,
} from '../../contracts/intake.js';
import { invalid, Refusal, refuse } from '../../contracts/refusal.js';
import { UNDERWAY } from '../../contracts/status.js';
import { type Day, type PlainValue } from '../../contracts/values.js';
import { validated } from '../../platform/validated.js';
import { calendarOf, checklistFor, closerOf, completionFor, routeFor } from '../duty.js';
import { EXAMINED } from '../examination/guards.js';
import { isNoSecret, knowsCategories, wrongDay } from './intake.js';
import { type CaseState, FLAGS, isInstructed } from '../case-state.js';
import { corrected, correctable } from './fold.js';
import { carriesOn, type CaseFacts, phase } from '../table.js';

/** What was entered wrongly is put right whatever else is going on. */
const flags = FLAGS;

export const corrections = phase({
  correct: {
    command: CorrectRegistration,
    refuses: ['case/nothing-to-correct', 'case/state-secret'],
    roles: ['registrar'],
    at: ({ finder }) => [finder],
    in: UNDERWAY,
    flags,
    decide: ({ field, to, why }, { registration }, facts) => {
      isNoSecret([to, why]);
      isOfKind(field, to);
      if (!registration) refuse('case/unknown');
      const from = correctable(registration, field);
      if (from === to) refuse('case/nothing-to-correct');
      if (field === 'personsAtRisk' && from === true)
        invalid('to', 'not-safe', 'who is at risk is brought to safety, and that is recorded');
      const wrong = wrongDay(corrected(registration, field, to), facts);
      if (wrong) invalid('to', wrong[1], wrong[2]);
      return [{ type: 'RegistrationCorrected', field, from: from ?? null, to: to ?? null, why }];
    },
  },
  classify: {
    command: ClassifyCase,
    refuses: ['case/class-lowered', 'case/no-desk', 'case/nothing-to-classify'],
    roles: ['registrar', 'dispatcher'],
    at: 'above',
    in: UNDERWAY,
    flags,
    decide: ({ type: _, ...classes }, state, facts) => {
      knowsCategories(classes.categories, facts);
      if (isClassified(state, classes)) refuse('case/nothing-to-classify');
      // Whoever has it to put right asks the finder for a lower class, by a dispute.
      if (state.leads.length > 0 && isLower(classes.severity, state.severity)) refuse('case/class-lowered');
      const next = { ...state, ...classes };
      const time = classes.rectificationType === state.rectificationType ? {} : timeOf(next, facts);
      return [{ type: 'CaseClassified', ...classes, ...dutyOf(next, facts), ...time }];
    },
  },
  void: {
    command: VoidCase,
    refuses: ['case/closed-before', 'case/instruction-open'],
    roles: ['registrar', 'dispatcher'],
    at: 'above',
    in: ['registered', 'checking', 'assigned', 'rectifying'],
    flags,
    may: (state, { role, unit }, { register }) => {
      // Who entered it takes it back as long as nobody has it to put right; after that it is who gives cases out.
      const given = state.status === 'assigned' || state.status === 'rectifying';
      const found = role === 'registrar' && carriesOn(unit, [state.finder], register);
      if (given ? role !== 'dispatcher' : !found) refuse('case/role');
      if (state.round > 1) refuse('case/closed-before');
      if (isInstructed(state)) refuse('case/instruction-open');
    },
    decide: ({ reason, document }) => [{ type: 'CaseVoided', reason, document }],
  },
});

/** The value is judged as the registration would judge it. */
function isOfKind(field: Correctable, to: PlainValue | undefined): void {
  const path = field === 'address' ? 'location.address' : field;
  try {
    validated(RegisterProblem, field === 'address' ? { location: { address: to } } : { [field]: to });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const found = error.details.errors?.find((one) => one.field === path);
    if (found) invalid('to', found.rule, found.message);
  }
}

/** Whether one severity is less than another. */
export const isLower = (one: Severity, other: Severity): boolean =>
  SEVERITIES.indexOf(one) < SEVERITIES.indexOf(other);

type Classes = Pick<CaseState, 'categories' | 'severity' | 'rectificationType'>;

const isClassified = (state: Classes, classes: Classes): boolean =>
  state.categories.join() === classes.categories.join() &&
  state.severity === classes.severity &&
  state.rectificationType === classes.rectificationType;

/** What an assigned case comes to: what it had in this round, and what its new classes want besides. */
function dutyOf(
  state: CaseState,
  facts: CaseFacts,
): { route?: RouteStep[]; closer?: string; checklist?: Slot[] } {
  const { leads, coUnits, closer } = state;
  if (leads.length === 0 || closer === undefined) return {};
  const wanted = routeFor(state, leads, coUnits, facts);
  const route = STEPS.flatMap((step) => {
    const found = [...state.route, ...wanted].find((one) => one.step === step);
    return found ? [found] : [];
  });
  const standing = new Set(state.checklist.map(({ id }) => id));
  const added = checklistFor(state, facts, state.circumstances).filter(({ id }) => !standing.has(id));
  return { route, closer: closerOf(route, closer), checklist: [...state.checklist, ...added] };
}

/**
 * The day and the ceiling of another type, as the assignment of the round would have set them, with the days that the
 * clock stood since, and never later than the source's day. One that has passed by then is today's, unless it had before.
 */
function timeOf(state: CaseState, facts: CaseFacts): { dueOn?: Day; deadline?: Deadline; ceilingOn?: Day } {
  const { assignedOn, stood, leads, status = 'registered' } = state;
  if (leads.length === 0 || assignedOn === undefined || EXAMINED.some((one) => one === status)) return {};
  const { deadline, ceilingOn } = completionFor(state, { ...facts, today: assignedOn }, undefined);
  const moved = addWorkingDays(deadline.due, stood, calendarOf(state, facts));
  const due = earlier(moved, deadline.ceiling);
  const passed = earlier(facts.today, state.dueOn);
  const dueOn = due < passed ? passed : due;
  return { dueOn, ceilingOn, ...(dueOn === deadline.due && { deadline }) };
}

const earlier = (one: Day, other = one): Day => (one < other ? one : other);
