import { deadline as deadlineOf } from '../../calendar/terms.js';
import { addWorkingDays, isPublished, workingDaysBetween } from '../../calendar/working-days.js';
import {
  DeemAccepted,
  EndSuspension,
  NoteDeadline,
  RefuseUnanswered,
  SettleDeadline,
} from '../../contracts/clock.js';
import { type Duty, type DutyName } from '../../contracts/deadline.js';
import { EndPublicNotice } from '../../contracts/examination-notice.js';
import { refuse } from '../../contracts/refusal.js';
import { UNDERWAY } from '../../contracts/status.js';
import { type Day } from '../../contracts/values.js';
import { dutyBy } from '../duties.js';
import { calendarOf } from '../duty.js';
import { type CaseState, FLAGS } from '../case-state.js';
import { type CaseFacts, phase } from '../table.js';
import { resumption } from '../rectification/time.js';

/** Where a case waits for somebody; closed, it may wait for the answer to a failed look-back. */
const WAITING = [...UNDERWAY, 'closed'] as const;

/** What time alone brings about. Each asks again whether it is time: what was due may have been done meanwhile. */
export const ticks = phase({
  deemAccepted: {
    command: DeemAccepted,
    refuses: ['case/tick-early'],
    roles: ['clock'],
    at: () => [],
    in: ['assigned'],
    // Never while a return is pending; whatever else waits, the case is theirs.
    flags: FLAGS.filter((flag) => flag !== 'returnPending'),
    decide: (_, state, facts) => {
      passed('accept', state, facts);
      return [{ type: 'AssignmentDeemedAccepted' }];
    },
  },
  refuseUnanswered: {
    command: RefuseUnanswered,
    refuses: ['case/tick-early'],
    roles: ['clock'],
    at: () => [],
    in: ['rectifying'],
    flags: FLAGS,
    decide: (_, state, facts) => {
      const { units } = passed('extension-ruling', state, facts);
      const [chargedTo] = units;
      return [{ type: 'ExtensionRefused', reason: 'unanswered', ...(chargedTo && { chargedTo }) }];
    },
  },
  endSuspension: {
    command: EndSuspension,
    refuses: ['case/tick-early'],
    roles: ['clock'],
    at: () => [],
    in: ['rectifying'],
    flags: FLAGS,
    decide: (_, state, facts) => {
      passed('suspension-end', state, facts);
      return [resumption(state, facts, 'ended')];
    },
  },
  note: {
    command: NoteDeadline,
    refuses: ['case/tick-early'],
    roles: ['clock'],
    at: () => [],
    in: WAITING,
    flags: FLAGS,
    decide: ({ duty: name }, state, facts) => {
      const duty = passed(name, state, facts);
      const { rung, next } =
        name === 'complete' ? rungOf(duty, state, facts) : { rung: undefined, next: null };
      return [
        {
          ...{ type: 'DeadlinePassed', duty: name, due: duty.due },
          ...(rung !== undefined && { rung }),
          duties: { begin: { [name]: { ...duty, tickOn: next } } },
        },
      ];
    },
  },
  settle: {
    command: SettleDeadline,
    refuses: ['case/tick-early'],
    roles: ['clock'],
    at: () => [],
    in: WAITING,
    flags: FLAGS,
    decide: ({ duty: name }, state, facts) => {
      const duty = state.duties.get(name);
      const calendar = calendarOf(state, facts);
      if (!duty?.provisional || !isPublished(duty.due, calendar)) return refuse('case/tick-early');
      const { n, unit, start, basis, ceiling, due } = duty;
      // A day that somebody set stays; one that was counted is counted again.
      const settled =
        n === 0
          ? { ...{ n, unit, start, basis, due }, provisional: false }
          : deadlineOf(start, { n, unit }, calendar, basis, ceiling);
      return [
        {
          ...{ type: 'DeadlineMoved', duty: name, from: duty.due, to: settled.due },
          duties: { begin: { [name]: dutyBy(name, settled, duty.units, state, facts) } },
        },
      ];
    },
  },
});

/** The duty, whose day for the clock has come. */
function passed(name: DutyName, { duties }: CaseState, { today }: CaseFacts): Duty {
  const duty = duties.get(name);
  if (!duty?.tickOn || today < duty.tickOn) return refuse('case/tick-early');
  return duty;
}

/** After a long silence only the highest rung that is due; then the day of the one above. */
function rungOf(
  { due }: Duty,
  state: CaseState,
  facts: CaseFacts,
): { rung: string | undefined; next: Day | null } {
  const calendar = calendarOf(state, facts);
  const over = workingDaysBetween(due, facts.today, calendar);
  const rungs = Object.entries(facts.register.policy.ladder)
    .flatMap(([id, { overdue }]) => (overdue === undefined ? [] : [{ id, overdue }]))
    .sort((one, other) => one.overdue - other.overdue);
  const above = rungs.find(({ overdue }) => overdue > over);
  return {
    rung: rungs.findLast(({ overdue }) => overdue <= over)?.id,
    next: above ? addWorkingDays(due, above.overdue, calendar) : null,
  };
}

/** The command that a tick of a duty asks for. */
export function commandFor(name: DutyName, settled: boolean): object {
  if (settled) return Object.assign(new SettleDeadline(), { duty: name });
  if (name === 'accept') return new DeemAccepted();
  if (name === 'extension-ruling') return new RefuseUnanswered();
  if (name === 'suspension-end') return new EndSuspension();
  if (name === 'notice-end') return new EndPublicNotice();
  return Object.assign(new NoteDeadline(), { duty: name });
}
