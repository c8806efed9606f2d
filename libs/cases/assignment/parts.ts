import {
  AcceptPart,
  AssignPart,
  PassPart,
  RejectPart,
  ReturnPart,
  SubmitPart,
} from '../../contracts/parts.js';
import { invalid, refuse } from '../../contracts/refusal.js';
import { type Register } from '../../contracts/register.js';
import { type UnitId } from '../../contracts/values.js';
import { type Actor } from '../../eventing/event.js';
import { filesOf } from '../duty.js';
import { bearers, type CaseState, type Part, partUnits } from '../case-state.js';
import { type CaseFacts, phase } from '../table.js';
import { isAmong } from '../posts.js';

/** Parts of one case at a time. */
const MOST_PARTS = 50;

/** As for the work on the case itself. */
const flags = ['findingDisputed', 'extensionPending', 'atRisk'] as const;

export const parts = phase({
  assign: {
    command: AssignPart,
    refuses: [
      'case/due-past',
      'case/part-late',
      'case/part-submitted',
      'case/part-unit',
      'case/part-unknown',
      'case/parts-many',
    ],
    roles: ['handler', 'dispatcher'],
    at: ({ leads }) => leads,
    in: ['rectifying'],
    flags,
    decide: ({ part, unit, duty, dueOn }, state, { register, today }, actor) => {
      mayHavePart(unit, state, actor, register);
      if (dueOn < today) refuse('case/due-past');
      // In a case that is overdue a part can still be given, for today.
      if (dueOn > (state.dueOn > today ? state.dueOn : today)) refuse('case/part-late');
      return [{ type: 'PartAssigned', part: numberOf(part, state), unit, duty, dueOn }];
    },
  },
  accept: {
    command: AcceptPart,
    refuses: ['case/part-taken', 'case/part-unknown'],
    roles: ['handler'],
    at: partUnits,
    in: ['rectifying'],
    flags,
    decide: ({ part }, state, facts, actor) => {
      if (own(part, state, actor, facts).standing !== 'assigned') refuse('case/part-taken');
      return [{ type: 'PartAccepted', part }];
    },
  },
  return: {
    command: ReturnPart,
    refuses: ['case/part-taken', 'case/part-unknown'],
    roles: ['handler'],
    at: partUnits,
    in: ['rectifying'],
    flags,
    decide: ({ part, reason }, state, facts, actor) => {
      if (own(part, state, actor, facts).standing !== 'assigned') refuse('case/part-taken');
      return [{ type: 'PartReturned', part, reason }];
    },
  },
  submit: {
    command: SubmitPart,
    refuses: ['case/part-unaccepted', 'case/part-unknown', 'case/receipt-unknown', 'case/receipt-used'],
    roles: ['handler'],
    at: partUnits,
    in: ['rectifying'],
    flags,
    uploads: ({ receipts = [] }) => receipts,
    decide: ({ part, result, receipts = [] }, state, facts, actor) => {
      if (own(part, state, actor, facts).standing !== 'accepted') refuse('case/part-unaccepted');
      return [{ type: 'PartSubmitted', part, result, files: filesOf(receipts, state, facts) }];
    },
  },
  pass: {
    command: PassPart,
    refuses: ['case/part-own', 'case/part-unknown', 'case/part-unsubmitted'],
    roles: ['handler', 'reviewer'],
    at: ({ leads }) => leads,
    in: ['rectifying'],
    flags,
    decide: ({ part, opinion }, state, _, actor) => {
      const { standing, submitters } = known(part, state);
      if (standing !== 'submitted') refuse('case/part-unsubmitted');
      if (bearers(actor).some((person) => submitters.has(person))) refuse('case/part-own');
      return [{ type: 'PartPassed', part, opinion }];
    },
  },
  reject: {
    command: RejectPart,
    refuses: ['case/part-unknown', 'case/part-unsubmitted'],
    roles: ['handler', 'reviewer'],
    at: ({ leads }) => leads,
    in: ['rectifying'],
    flags,
    decide: ({ part, reason }, state) => {
      if (known(part, state).standing !== 'submitted') refuse('case/part-unsubmitted');
      return [{ type: 'PartRejected', part, reason }];
    },
  },
});

function known(part: number, { parts }: CaseState): Part {
  return parts.get(part) ?? refuse('case/part-unknown');
}

/** A part of the caller's unit. */
function own(part: number, state: CaseState, { unit }: Actor, { register }: CaseFacts): Part {
  const found = known(part, state);
  if (register.present(found.unit) !== register.present(unit)) refuse('case/role');
  return found;
}

/** The next number, or that of a part which is given anew. */
function numberOf(part: number | undefined, state: CaseState): number {
  if (part === undefined) {
    if (state.parts.size >= MOST_PARTS) refuse('case/parts-many');
    return state.lastPart + 1;
  }
  const { standing } = known(part, state);
  if (standing === 'submitted' || standing === 'passed') refuse('case/part-submitted');
  return part;
}

/** Who has a part answers for the case, so nobody has one who examines, closes or assigned it. */
function mayHavePart(id: UnitId, state: CaseState, actor: Actor, register: Register): void {
  const unit = register.unit(id);
  if (!unit) invalid('unit', 'known-unit', 'unit is no unit of the register');
  if (isAmong(id, [...state.leads, ...state.coUnits], register)) return;
  const home = register.unit(actor.unit)?.division ?? '';
  const others = [...state.route.map((step) => step.unit), state.assigner, state.closer];
  const busy = others.some((other) => other !== undefined && register.present(other) === id);
  if (busy || !register.covers(home, unit.division)) refuse('case/part-unit');
}
