import { type OversightEvent } from '../../contracts/case-events.js';
import { type CaseState, type Instruction } from '../case-state.js';
import { type Fold, less, plus } from '../folding.js';

function standing(
  { instructions }: CaseState,
  n: number,
  now: Instruction['standing'],
): Pick<CaseState, 'instructions'> {
  const found = instructions.get(n);
  return {
    instructions: found ? new Map([...instructions, [n, { ...found, standing: now }]]) : instructions,
  };
}

export const oversightFold: Fold<OversightEvent> = {
  SupervisionIssued: ({ supervision }, { rung }, { unit, role }) => ({
    supervision: new Map([...supervision, [rung, { unit, role }]]),
  }),
  SupervisionLifted: ({ supervision }, { rung }) => ({
    supervision: new Map([...supervision].filter(([standing]) => standing !== rung)),
  }),
  InstructionRecorded: ({ instructions }, { instruction, lead, dueOn }, { unit }) => ({
    instructions: new Map([...instructions, [instruction, { dueOn, lead, by: unit, standing: 'open' }]]),
  }),
  InstructionAnswered: (state, { instruction }) => standing(state, instruction, 'answered'),
  AnswerAccepted: (state, { instruction }) => standing(state, instruction, 'accepted'),
  AnswerRejected: (state, { instruction }) => standing(state, instruction, 'open'),
  PersonExcluded: ({ excluded, handler }, { person }) => ({
    excluded: plus(excluded, person),
    handler: handler === person ? undefined : handler,
  }),
  ExclusionLifted: ({ excluded }, { person }) => ({ excluded: less(excluded, person) }),
  AccountabilityRecorded: () => ({}),
  VisibilityChanged: (_, { to }) => ({ visibility: to }),
};
