import {
  AcceptAnswer,
  AnswerInstruction,
  ExcludePerson,
  IssueSupervision,
  LiftExclusion,
  LiftSupervision,
  RecordInstruction,
  RejectAnswer,
} from '../../contracts/oversight.js';
import { invalid, refuse } from '../../contracts/refusal.js';
import { type Register } from '../../contracts/register.js';
import { type PersonId, type UnitId } from '../../contracts/values.js';
import { type Actor } from '../../eventing/event.js';
import { type CaseState, FLAGS, type Instruction } from '../case-state.js';
import { carriesOn, isBelow, phase } from '../table.js';

/** Where a case is being handled by somebody. */
const HANDLED = ['assigned', 'rectifying', 'submitted', 'rectified', 'verified', 'sustaining'] as const;

/** Oversight waits for nothing: whatever flag is up, it goes on. */
const flags = FLAGS;

export const oversight = phase({
  supervise: {
    command: IssueSupervision,
    refuses: ['case/supervision-rung', 'case/supervision-standing'],
    roles: ['dispatcher', 'inspector', 'leader'],
    at: 'covering',
    in: HANDLED,
    flags,
    decide: ({ rung, demand, answerBy }, { supervision }, { register, today }, { role }) => {
      const { ladder } = register.policy;
      const step = Object.hasOwn(ladder, rung) ? ladder[rung] : undefined;
      if (!step) refuse('case/supervision-rung');
      if (step.by !== undefined && step.by !== role) refuse('case/role');
      if (supervision.has(rung)) refuse('case/supervision-standing');
      if (answerBy < today) invalid('answerBy', 'not-past', 'answerBy has passed');
      return [{ type: 'SupervisionIssued', rung, demand, answerBy }];
    },
  },
  lift: {
    command: LiftSupervision,
    refuses: ['case/supervision-missing'],
    roles: ['dispatcher', 'inspector', 'leader'],
    at: 'outside',
    in: HANDLED,
    flags,
    decide: ({ rung, reason }, { supervision }, { register }, { role, unit }) => {
      const issued = supervision.get(rung);
      if (!issued) refuse('case/supervision-missing');
      // Whoever is no lower than who issued it, and in the same office: a dispatcher lifts nothing of an inspector's.
      if (issued.role !== role || isBelow(unit, issued.unit, register)) refuse('case/role');
      return [{ type: 'SupervisionLifted', rung, reason }];
    },
  },
  instruct: {
    command: RecordInstruction,
    roles: ['dispatcher', 'leader'],
    at: 'covering',
    in: HANDLED,
    flags,
    decide: ({ from, original, lead, dueOn }, state, { register, today }) => {
      if (!carriesOn(register.present(lead), [...state.leads, ...state.coUnits], register))
        invalid('lead', 'responsible', 'lead does not answer for this case');
      if (dueOn < today) invalid('dueOn', 'not-past', 'dueOn has passed');
      const instruction = state.instructions.size + 1;
      return [{ type: 'InstructionRecorded', instruction, from, original, lead, dueOn }];
    },
  },
  answer: {
    command: AnswerInstruction,
    refuses: ['case/instruction-answered', 'case/instruction-unknown'],
    roles: ['handler'],
    at: ({ instructions }) => [...instructions.values()].map(({ lead }) => lead),
    in: HANDLED,
    flags,
    decide: ({ instruction, answer }, state, { register }, { unit }) => {
      const given = known(state, instruction);
      if (!carriesOn(unit, [given.lead], register)) refuse('case/role');
      if (given.standing !== 'open') refuse('case/instruction-answered');
      return [{ type: 'InstructionAnswered', instruction, answer }];
    },
  },
  accept: {
    command: AcceptAnswer,
    refuses: ['case/instruction-unanswered', 'case/instruction-unknown'],
    roles: ['dispatcher', 'leader'],
    at: givers,
    in: HANDLED,
    flags,
    decide: ({ instruction, opinion }, state, { register }, { unit }) => {
      isAnsweredTo(unit, known(state, instruction), register);
      return [{ type: 'AnswerAccepted', instruction, opinion }];
    },
  },
  reject: {
    command: RejectAnswer,
    refuses: ['case/instruction-unanswered', 'case/instruction-unknown'],
    roles: ['dispatcher', 'leader'],
    at: givers,
    in: HANDLED,
    flags,
    decide: ({ instruction, reason }, state, { register }, { unit }) => {
      isAnsweredTo(unit, known(state, instruction), register);
      return [{ type: 'AnswerRejected', instruction, reason }];
    },
  },
  exclude: {
    command: ExcludePerson,
    refuses: ['case/exclude-above', 'case/exclude-oneself', 'case/excluded-already'],
    roles: ['dispatcher', 'inspector'],
    at: 'outside',
    in: ['registered', 'checking', ...HANDLED],
    flags,
    decide: ({ person, reason }, { excluded }, { register }, actor) => {
      if (!register.person(person)) invalid('person', 'known-person', 'person is nobody of the register');
      // Whoever is left must be able to say so.
      if (person === actor.person) refuse('case/exclude-oneself');
      if (excluded.has(person)) refuse('case/excluded-already');
      if (isOver(person, actor, register)) refuse('case/exclude-above');
      return [{ type: 'PersonExcluded', person, reason }];
    },
  },
  admit: {
    command: LiftExclusion,
    refuses: ['case/not-excluded'],
    roles: ['inspector'],
    at: 'outside',
    in: ['registered', 'checking', ...HANDLED],
    flags,
    decide: ({ person, reason }, { excluded }) => {
      if (!excluded.has(person)) refuse('case/not-excluded');
      return [{ type: 'ExclusionLifted', person, reason }];
    },
  },
});

/** Whether somebody watches over whoever acts: from a unit that lies higher, or an inspector over a dispatcher. */
function isOver(person: PersonId, { unit, role }: Actor, register: Register): boolean {
  return (register.person(person)?.appointments ?? []).some(
    (post) => isBelow(unit, post.unit, register) || (post.role === 'inspector' && role !== 'inspector'),
  );
}

function givers({ instructions }: CaseState): string[] {
  return [...instructions.values()].map(({ by }) => by);
}

function known({ instructions }: CaseState, instruction: number): Instruction {
  return instructions.get(instruction) ?? refuse('case/instruction-unknown');
}

/** An answer is judged by the unit that gave the instruction. */
function isAnsweredTo(unit: UnitId, { by, standing }: Instruction, register: Register): void {
  if (!carriesOn(unit, [by], register)) refuse('case/role');
  if (standing !== 'answered') refuse('case/instruction-unanswered');
}
