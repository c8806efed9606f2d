import {
  AcceptAssignment,
  AssignCase,
  RejectReturn,
  ReturnAssignment,
  UpholdReturn,
} from '../../contracts/assignment.js';
import { invalid, refuse } from '../../contracts/refusal.js';
import {
  checklistFor,
  checkUnits,
  closerOf,
  completionFor,
  objections,
  refusedFor,
  routeFor,
} from '../duty.js';
import { factsAreEstablished, noCheckerIsOf } from '../intake/facts.js';
import { type CaseState } from '../case-state.js';
import { phase } from '../table.js';

/** The second return of a round cannot be rejected: the case is assigned anew, as final. */
const MOST_RETURNS = 2;

export const assignment = phase({
  assign: {
    command: AssignCase,
    refuses: [
      'case/assignment-not-final',
      'case/checker-of-lead',
      'case/due-late',
      'case/due-past',
      'case/facts-unestablished',
      'case/lead-outside',
      'case/no-desk',
      'case/no-policy',
      'case/final-too-soon',
    ],
    roles: ['dispatcher'],
    at: 'above',
    in: ['registered', 'checking'],
    flags: ['atRisk'],
    may: (state, _, facts) => {
      factsAreEstablished(state, facts);
    },
    number: { series: 'letter', owner: (_, __, commandId) => commandId },
    decide: (command, state, facts, actor) => {
      const { leads, coUnits, requirement, dueOn, circumstances, final = false } = command;
      areKnown(circumstances ?? [], facts.register.policy.circumstances);
      checkUnits(leads, coUnits, actor, facts.register);
      noCheckerIsOf([...leads, ...coUnits], state, facts);
      if (state.returns >= MOST_RETURNS && !final) refuse('case/assignment-not-final');
      if (state.returns < MOST_RETURNS && final) refuse('case/final-too-soon');
      const route = routeFor(state, leads, coUnits, facts);
      return [
        {
          type: 'CaseAssigned',
          letter: facts.number,
          ...{ leads, coUnits, requirement, final, route, circumstances },
          ...completionFor(state, facts, dueOn),
          assignedOn: facts.today,
          ...objections(state, facts),
          closer: closerOf(route, actor.unit),
          checklist: checklistFor(state, facts, circumstances),
        },
      ];
    },
  },
  accept: {
    command: AcceptAssignment,
    roles: ['handler'],
    at: ({ leads }) => leads,
    in: ['assigned'],
    flags: ['findingDisputed', 'atRisk'],
    decide: () => [{ type: 'AssignmentAccepted' }],
  },
  return: {
    command: ReturnAssignment,
    refuses: ['case/return-final', 'case/return-ground', 'case/return-ground-refused', 'case/return-late'],
    roles: ['handler'],
    at: ({ leads }) => leads,
    in: ['assigned'],
    flags: ['findingDisputed', 'atRisk'],
    may: (state, _, { today }) => {
      if (state.final) refuse('case/return-final');
      if (today > state.returnBy) refuse('case/return-late');
    },
    decide: ({ ground, reason }, _, { register }) => {
      const { returnGrounds, refusedReturnGrounds } = register.policy;
      const why = refusedFor(refusedReturnGrounds, ground);
      if (why !== undefined) refuse('case/return-ground-refused', { why });
      if (!Object.hasOwn(returnGrounds, ground)) refuse('case/return-ground');
      return [{ type: 'AssignmentReturned', ground, reason }];
    },
  },
  uphold: {
    command: UpholdReturn,
    refuses: ['case/return-missing'],
    roles: ['dispatcher'],
    at: ({ assigner }) => [assigner],
    in: ['assigned'],
    flags: ['findingDisputed', 'returnPending', 'atRisk'],
    may: returnIsPending,
    decide: ({ reason }) => [{ type: 'ReturnUpheld', reason }],
  },
  reject: {
    command: RejectReturn,
    refuses: ['case/return-missing', 'case/return-second'],
    roles: ['dispatcher'],
    at: ({ assigner }) => [assigner],
    in: ['assigned'],
    flags: ['findingDisputed', 'returnPending', 'atRisk'],
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

function areKnown(circumstances: readonly string[], known: Readonly<Record<string, string>>): void {
  circumstances.forEach((id, n) => {
    if (!Object.hasOwn(known, id))
      invalid(`circumstances.${n}`, 'known-circumstance', `the policy knows no circumstance ${id}`);
  });
}
