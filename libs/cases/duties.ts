import { deadline as deadlineOf } from '../calendar/terms.js';
import { addDays, isPublished } from '../calendar/working-days.js';
import { turns } from '../calendar/lights.js';
import { type CaseEvent } from '../contracts/case-events.js';
import {
  DUTIES,
  type Deadline,
  type Duty,
  type DutyChanges,
  type DutyName,
  type Term,
} from '../contracts/deadline.js';
import { type Policy, type Register } from '../contracts/register.js';
import { UNDERWAY } from '../contracts/status.js';
import { type Day, type UnitId } from '../contracts/values.js';
import { type Actor, type Recorded } from '../eventing/event.js';
import { bySource, calendarOf } from './duty.js';
import { finderOrAbove } from './posts.js';
import { type CaseState, deskOf, nextStep } from './case-state.js';
import { fold } from './state.js';
import { type CaseFacts } from './table.js';

/** One thing that a case may wait for. */
interface Rule {
  waits: (state: CaseState) => boolean;
  /** Who must do it. */
  units: (state: CaseState, register: Register) => readonly (UnitId | undefined)[];
  /** How long it may take from the day it begins, where no day is fixed; without either it is no duty. */
  term?: (policy: Policy, state: CaseState) => Term | undefined;
  /** The day, where it is fixed. */
  until?: (state: CaseState) => Day | undefined;
}

const awaits = (state: CaseState, status: CaseState['status'], step: string | undefined): boolean =>
  state.status === status && nextStep(state) === step;
const assigner = (state: CaseState) => [state.assigner];
const leads = (state: CaseState) => state.leads;
const raised =
  (flag: string) =>
  ({ flags }: CaseState): boolean =>
    (flags as ReadonlySet<string>).has(flag);

/** The first of several days, and whoever has something to do by then. */
const first = (
  some: readonly { dueOn: Day; unit: UnitId }[],
): { dueOn: Day | undefined; units: UnitId[] } => {
  const dueOn = some.map((one) => one.dueOn).sort()[0];
  return { dueOn, units: [...new Set(some.filter((one) => one.dueOn === dueOn).map(({ unit }) => unit))] };
};
const openParts = ({ parts }: CaseState) =>
  first([...parts.values()].filter(({ standing }) => standing === 'assigned' || standing === 'accepted'));
const openInstructions = ({ instructions }: CaseState) =>
  first(
    [...instructions.values()]
      .filter(({ standing }) => standing === 'open')
      .map(({ dueOn, lead }) => ({ dueOn, unit: lead })),
  );

const rules: { [D in DutyName]: Rule } = {
  accept: {
    waits: ({ status, flags }) => status === 'assigned' && !flags.has('returnPending'),
    units: leads,
    term: ({ desks }, { source }) => bySource(desks.accept, source),
  },
  'return-ruling': {
    waits: raised('returnPending'),
    units: assigner,
    term: ({ desks }) => desks.returnRuling,
  },
  'dispute-ruling': {
    waits: raised('findingDisputed'),
    units: (state, register) => [finderOrAbove(state, register)],
    term: ({ desks }) => desks.disputeRuling,
  },
  'interim-safety': {
    waits: (state) => raised('atRisk')(state) && state.leads.length > 0,
    units: leads,
    term: ({ desks }) => desks.interimSafety,
  },
  plan: {
    waits: ({ status, rectificationType, plan }) =>
      status === 'rectifying' && rectificationType !== 'immediate' && plan === 'none',
    units: leads,
    term: ({ completion }, { rectificationType, severity }) => completion[rectificationType][severity].plan,
  },
  complete: {
    waits: ({ status }) => status === 'assigned' || status === 'rectifying',
    units: leads,
    until: ({ dueOn }) => dueOn,
  },
  'extension-ruling': {
    waits: raised('extensionPending'),
    units: assigner,
    term: ({ desks }) => desks.extensionRuling,
  },
  'suspension-review': {
    waits: raised('suspended'),
    units: assigner,
    until: ({ suspensionReviewBy }) => suspensionReviewBy,
    term: ({ desks }) => desks.suspensionReview,
  },
  'suspension-end': {
    waits: raised('suspended'),
    units: assigner,
    until: ({ suspendedUntil }) => suspendedUntil,
  },
  review: {
    waits: ({ status }) => status === 'submitted',
    units: (state) => [deskOf(state, 'review')],
    term: ({ desks }) => desks.review,
  },
  verify: {
    waits: ({ status }) => status === 'rectified',
    units: (state) => [deskOf(state, 'verify')],
    term: ({ desks }, { severity }) => desks.verification[severity],
  },
  approve: {
    waits: (state) => awaits(state, 'verified', 'approve'),
    units: (state) => [deskOf(state, 'approve')],
    term: ({ desks }) => desks.approval,
  },
  'public-notice': {
    waits: (state) => awaits(state, 'verified', 'public-notice') && !raised('noticeRunning')(state),
    units: (state) => [deskOf(state, 'public-notice')],
    term: ({ desks }) => desks.approval,
  },
  'notice-end': {
    waits: raised('noticeRunning'),
    units: (state) => [deskOf(state, 'public-notice')],
    until: ({ noticeUntil }) => noticeUntil,
  },
  'objection-ruling': {
    waits: raised('objectionOpen'),
    units: ({ closer }) => [closer],
    term: ({ desks }) => desks.objection,
  },
  'discipline-position': {
    waits: (state) => awaits(state, 'verified', 'discipline-position'),
    units: (state) => [deskOf(state, 'discipline-position')],
    term: ({ desks }) => desks.disciplinePosition,
  },
  recognition: {
    waits: raised('awaitingRecognition'),
    units: (state) => [deskOf(state, 'recognition')],
    term: ({ desks }) => desks.recognitionReminder,
  },
  'stage-review': {
    waits: ({ status }) => status === 'sustaining',
    units: (state) => [deskOf(state, 'review')],
    until: ({ reviewBy }) => reviewBy,
  },
  'look-back-answer': {
    waits: ({ status, lookBackAnswerBy }) => status === 'closed' && lookBackAnswerBy !== undefined,
    units: ({ closer }) => [closer],
    until: ({ lookBackAnswerBy }) => lookBackAnswerBy,
  },
  close: {
    waits: (state) => awaits(state, 'verified', undefined),
    units: ({ closer }) => [closer],
    term: ({ desks }) => desks.approval,
  },
  'first-action': {
    waits: ({ status, begun, flags }) => status === 'rectifying' && !begun && !flags.has('suspended'),
    units: leads,
    term: ({ completion }, { rectificationType, severity }) =>
      completion[rectificationType][severity].firstAction,
  },
  part: {
    waits: ({ status }) => status === 'rectifying',
    units: (state) => openParts(state).units,
    until: (state) => openParts(state).dueOn,
  },
  instruction: {
    waits: () => true,
    units: (state) => openInstructions(state).units,
    until: (state) => openInstructions(state).dueOn,
  },
  // Silence passes nothing, and it does not stay with who is silent.
  'discipline-reminder': {
    waits: (state) =>
      awaits(state, 'verified', 'discipline-position') && isNoted('discipline-position', state),
    units: (state, register) => [
      register.unit(register.present(deskOf(state, 'discipline-position') ?? ''))?.parent,
    ],
    term: ({ desks }) => desks.disciplinePosition,
  },
};

/** Whether the day by which it had to be done passed without it. */
function isNoted(name: DutyName, { duties, noted }: CaseState): boolean {
  const standing = duties.get(name);
  return standing !== undefined && noted.get(name)?.due === standing.due;
}

/** Where a case has ended, it waits for nothing but the answer to a failed look-back. */
const isOver = (name: DutyName, { status }: CaseState): boolean =>
  name !== 'look-back-answer' && !UNDERWAY.some((one) => one === status);

/**
 * The events of a decision, the last of them with the duties that they bring and end. Deadlines are worked out here,
 * by the rules and the calendar of the day, so that whoever reads the events needs neither.
 */
export function withDuties(
  events: readonly CaseEvent[],
  before: CaseState,
  facts: CaseFacts,
  actor: Actor,
): CaseEvent[] {
  const last = events.at(-1);
  if (!last) return [];
  const after = fold(
    before,
    events.map((event) => decided(event, facts, actor)),
  );
  const changes = dutyChanges(after, facts);
  if (!changes) return [...events];
  const duties = {
    ...(changes.end && { end: changes.end }),
    begin: { ...changes.begin, ...last.duties?.begin },
  };
  return [...events.slice(0, -1), { ...last, duties }];
}

function decided(event: CaseEvent, { now }: CaseFacts, actor: Actor): Recorded<CaseEvent> {
  const meta = { recordedAt: now, commandId: '', requestHash: '', correlationId: '', causationId: '' };
  return { id: '', stream: '', revision: 0, event, meta: { ...meta, actor, entryMode: 'live' } };
}

/** What stands in the state against what should. */
function dutyChanges(state: CaseState, facts: CaseFacts): DutyChanges | undefined {
  const begin: Partial<Record<DutyName, Duty>> = {};
  const end: DutyName[] = [];
  for (const name of DUTIES) {
    const rule = rules[name];
    const standing = state.duties.get(name);
    const due =
      rule.waits(state) && !isOver(name, state) ? dutyOf(name, rule, standing, state, facts) : undefined;
    if (!due && standing) end.push(name);
    if (due && !(standing && same(due, standing))) begin[name] = due;
  }
  if (end.length === 0 && Object.keys(begin).length === 0) return undefined;
  return { ...(end.length > 0 && { end }), begin };
}

function same(one: Duty, other: Duty): boolean {
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

/** A duty from its deadline; the case's own completion presses harder for failures and late stages. */
export function dutyBy(
  name: DutyName,
  deadline: Deadline,
  units: UnitId[],
  state: CaseState,
  facts: CaseFacts,
): Duty {
  const whole = name === 'complete';
  const late = whole ? stageLate(state) : undefined;
  const standing = {
    suspended: whole && state.flags.has('suspended'),
    failures: whole ? state.failures : 0,
    ...(late !== undefined && { stageLate: late }),
  };
  const lights = turns(deadline.due, calendarOf(state, facts), standing);
  const pressing = standing.failures >= 2 ? 'failures' : late === undefined ? undefined : 'stage-late';
  const said = state.noted.get(name);
  // What the clock has said of a day already it does not say again: it goes on from there.
  const next = said?.due === deadline.due ? said.next : addDays(deadline.due, 1);
  const tickOn = lights.redFrom === null ? null : next;
  return { ...deadline, ...lights, units, ...(pressing && { pressing }), tickOn };
}

function fixed(name: DutyName, due: Day, units: UnitId[], state: CaseState, facts: CaseFacts): Duty {
  const own = name === 'complete' ? state.deadline : undefined;
  const counted = own ?? ({ n: 0, unit: 'calendar-days', start: facts.today, basis: name } as const);
  const provisional = !isPublished(due, calendarOf(state, facts));
  const fresh = dutyBy(name, { ...counted, due, provisional }, units, state, facts);
  const standing = state.duties.get(name);
  return standing && same(fresh, standing) ? standing : fresh;
}
