import { endOf } from '../calendar/terms.js';
import {
  AcceptAssignment,
  AssignCase,
  RejectReturn,
  ReturnAssignment,
  UpholdReturn,
} from '../contracts/assignment.js';
import { invalid, refuse } from '../contracts/refusal.js';
import { type Register } from '../contracts/register.js';
import { type UnitId } from '../contracts/values.js';
import { type Actor } from '../eventing/event.js';
import { bySource, calendarOf, checklistFor, closerOf, dueDay, routeFor } from './duty.js';
import { type CaseState } from './state.js';
import { phase } from './table.js';

/** The second return of a round cannot be rejected: the case is assigned anew, as final. */
const MOST_RETURNS = 2;

export const assignment = phase({
  assign: {
    command: AssignCase,
    refuses: [
      'case/assignment-not-final',
      'case/due-late',
      'case/due-past',
      'case/lead-outside',
      'case/no-desk',
      'case/no-policy',
      'case/final-too-soon',
    ],
    roles: ['dispatcher'],
    at: 'covering',
    in: ['registered'],
    flags: ['atRisk'],
    number: { series: 'letter', owner: (_, __, commandId) => commandId },
    decide: ({ leads, coUnits, requirement, dueOn, final = false }, state, facts, actor) => {
      const { register, today, number } = facts;
      checkUnits('leads', leads, actor, register);
      checkUnits('coUnits', coUnits, actor, register);
      const both = coUnits.findIndex((unit) => leads.includes(unit));
      if (both >= 0) invalid(`coUnits.${both}`, 'not-lead', 'a lead unit is no co-unit');
      if (state.returns >= MOST_RETURNS && !final) refuse('case/assignment-not-final');
      if (state.returns < MOST_RETURNS && final) refuse('case/final-too-soon');
      const route = routeFor(state, leads, coUnits, facts);
      return [
        {
          type: 'CaseAssigned',
          letter: number,
          ...{ leads, coUnits, requirement, final, route },
          dueOn: dueDay(state, facts, dueOn),
          returnBy: endOf(
            today,
            bySource(register.policy.desks.return, state.source),
            calendarOf(state, facts),
          ),
          closer: closerOf(route, actor.unit),
          checklist: checklistFor(state, facts),
        },
      ];
    },
  },
  accept: {
    command: AcceptAssignment,
    roles: ['handler'],
    at: ({ leads }) => leads,
    in: ['assigned'],
    flags: ['atRisk'],
    decide: () => [{ type: 'AssignmentAccepted' }],
  },
  return: {
    command: ReturnAssignment,
    refuses: ['case/return-final', 'case/return-ground', 'case/return-late'],
    roles: ['handler'],
    at: ({ leads }) => leads,
    in: ['assigned'],
    flags: ['atRisk'],
    may: (state, _, { today }) => {
      if (state.final) refuse('case/return-final');
      if (today > state.returnBy) refuse('case/return-late');
    },
    decide: ({ ground, reason }, _, { register }) => {
      if (!Object.hasOwn(register.policy.returnGrounds, ground)) refuse('case/return-ground');
      return [{ type: 'AssignmentReturned', ground, reason }];
    },
  },
  uphold: {
    command: UpholdReturn,
    refuses: ['case/return-missing'],
    roles: ['dispatcher'],
    at: ({ assigner }) => [assigner],
    in: ['assigned'],
    flags: ['returnPending', 'atRisk'],
    may: returnIsPending,
    decide: ({ reason }) => [{ type: 'ReturnUpheld', reason }],
  },
  reject: {
    command: RejectReturn,
    refuses: ['case/return-missing', 'case/return-second'],
    roles: ['dispatcher'],
    at: ({ assigner }) => [assigner],
    in: ['assigned'],
    flags: ['returnPending', 'atRisk'],
    may: (state) => {
      returnIsPending(state);
      if (state.returns >= MOST_RETURNS) refuse('case/return-second');
    },
    decide: ({ reason }) => [{ type: 'ReturnRejected', reason }],
  },
});

function returnIsPending({ flags }: CaseState): void {
  if (!flags.has('returnPending')) refuse('case/return-missing');
}

/** Responsible units lie in the assigning unit's division and are not that unit itself. */
function checkUnits(field: string, units: readonly UnitId[], actor: Actor, register: Register): void {
  const home = register.unit(actor.unit)?.division ?? '';
  units.forEach((id, n) => {
    const unit = register.unit(id);
    if (!unit || register.present(id) !== id)
      invalid(`${field}.${n}`, 'known-unit', `${field}.${n} is no unit of the register`);
    if (unit.id === actor.unit || !register.covers(home, unit.division)) refuse('case/lead-outside');
  });
}
