import { ChangeCoUnits, NameHandler, ReassignCase } from '../../contracts/assignment.js';
import { type StepName } from '../../contracts/case-events.js';
import { invalid, refuse } from '../../contracts/refusal.js';
import { type Register } from '../../contracts/register.js';
import { type Day, type PersonId, type UnitId } from '../../contracts/values.js';
import { areNoLeads, checkUnits, closerOf, completionFor, objections, routeFor, united } from '../duty.js';
import { noCheckerIsOf } from '../intake/facts.js';
import { isAmong } from '../posts.js';
import { type CaseState, type Part, partUnits } from '../case-state.js';
import { type CaseFacts, phase } from '../table.js';

/** Other units, or other people of them, within the round. */
export const change = phase({
  reassign: {
    command: ReassignCase,
    refuses: [
      ...([
        'case/due-late',
        'case/due-past',
        'case/lead-outside',
        'case/leads-same',
        'case/no-desk',
      ] as const),
      'case/checker-of-lead',
    ],
    roles: ['dispatcher'],
    at: ({ assigner }) => [assigner],
    in: ['assigned', 'rectifying'],
    // What was asked for, and a clock that stands, is settled with the leads before.
    flags: ['findingDisputed', 'atRisk'],
    number: { series: 'letter', owner: (_, __, commandId) => commandId },
    decide: ({ leads, coUnits, reason, dueOn }, state, facts, actor) => {
      checkUnits(leads, coUnits, actor, facts.register);
      if (sameUnits(leads, state.leads, facts.register)) refuse('case/leads-same');
      noCheckerIsOf([...leads, ...coUnits], state, facts);
      const taken = [...leads, ...coUnits];
      const kept = state.route.filter(({ unit }) => !isAmong(unit, taken, facts.register));
      const route = united(routeFor(state, leads, coUnits, facts), kept);
      // A step of the round stays in it, and needs a desk.
      if (state.route.some(({ step }) => !route.some((one) => one.step === step))) refuse('case/no-desk');
      return [
        {
          type: 'CaseReassigned',
          letter: facts.number,
          ...{ leads, coUnits, reason, route },
          dueOn: dueAnew(dueOn, state, facts),
          ...objections(state, facts),
          closer: closerOf(route, state.assigner ?? actor.unit),
        },
      ];
    },
  },
  changeCoUnits: {
    command: ChangeCoUnits,
    refuses: [
      'case/checker-of-lead',
      'case/co-unit-desk',
      'case/co-unit-part',
      'case/co-units-same',
      'case/lead-outside',
      'case/no-desk',
    ],
    roles: ['dispatcher'],
    at: ({ assigner }) => [assigner],
    in: ['assigned', 'rectifying'],
    flags: ['findingDisputed', 'extensionPending', 'suspended', 'atRisk'],
    decide: ({ coUnits, reason }, state, facts, actor) => {
      const { leads, assigner = actor.unit } = state;
      // The leads stay, even where one has been abolished: then its successor is the lead.
      checkUnits([], coUnits, actor, facts.register);
      areNoLeads(coUnits, leads.map(facts.register.present));
      if (sameUnits(coUnits, state.coUnits, facts.register)) refuse('case/co-units-same');
      noCheckerIsOf(coUnits, state, facts);
      const dropped = state.coUnits.filter((unit) => !isAmong(unit, coUnits, facts.register));
      if (openParts(state).some(({ unit }) => isAmong(unit, dropped, facts.register)))
        refuse('case/co-unit-part');
      // Whoever has examined in this round stays at it; the other desks are found anew.
      const acted = state.route.filter(({ step }) => hasActed(step, state));
      const helpers = [...coUnits, ...partUnits(state)];
      const route = united(acted, routeFor(state, leads, helpers, facts), state.route);
      if (route.some(({ unit }) => isAmong(unit, coUnits, facts.register))) refuse('case/co-unit-desk');
      return [{ type: 'CoUnitsChanged', coUnits, reason, route, closer: closerOf(route, assigner) }];
    },
  },
  nameHandler: {
    command: NameHandler,
    roles: ['handler', 'leader'],
    at: ({ leads }) => leads,
    in: ['assigned', 'rectifying'],
    flags: ['findingDisputed', 'extensionPending', 'suspended', 'atRisk'],
    decide: ({ person, reason }, { leads, excluded }, { register }) => {
      const at = leads.map(register.present);
      const posts = register.person(person)?.appointments ?? [];
      if (!posts.some(({ unit, role }) => role === 'handler' && at.includes(register.present(unit))))
        invalid('person', 'handler-of-lead', 'person is no handler of a lead unit');
      if (excluded.has(person)) invalid('person', 'not-excluded', 'person is excluded from the case');
      return [{ type: 'HandlerNamed', person, ...(reason !== undefined && { reason }) }];
    },
  },
});

function sameUnits(some: readonly UnitId[], others: readonly UnitId[], register: Register): boolean {
  return (
    some.every((unit) => isAmong(unit, others, register)) &&
    others.every((unit) => isAmong(unit, some, register))
  );
}

/**
 * The day stays: other leads are no extension, which somebody else would have to grant. It may be moved no further than
 * to where the assignment of the round could have set it.
 */
function dueAnew(asked: Day | undefined, state: CaseState, facts: CaseFacts): Day {
  const { dueOn, assignedOn } = state;
  if (asked === undefined) return dueOn;
  if (asked <= dueOn) invalid('dueOn', 'later', 'dueOn is no later than the due day');
  if (asked < facts.today) refuse('case/due-past');
  // Without the day of the assignment nothing is known of what it could have been.
  if (assignedOn === undefined) refuse('case/due-late');
  completionFor(state, { ...facts, today: assignedOn }, asked);
  return asked;
}

const openParts = ({ parts }: CaseState): Part[] =>
  [...parts.values()].filter(({ standing }) => standing !== 'returned' && standing !== 'passed');

/** Whether the desk of a step has passed or rejected something in this round. */
function hasActed(step: StepName, { reviewers, verifiers, approvers }: CaseState): boolean {
  const persons: Partial<Record<StepName, ReadonlySet<PersonId>>> = {
    review: reviewers,
    verify: verifiers,
    approve: approvers,
  };
  return (persons[step]?.size ?? 0) > 0;
}
