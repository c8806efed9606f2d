import { endOf } from '../../calendar/terms.js';
import { HoldTermination, TerminateCase, TransferOut } from '../../contracts/afterwards.js';
import { refuse } from '../../contracts/refusal.js';
import { calendarOf } from '../duty.js';
import { bearers, FLAGS, isInstructed } from '../case-state.js';
import { phase } from '../table.js';

/** Ways out that are no closing. */
export const ends = phase({
  terminate: {
    command: TerminateCase,
    refuses: ['case/instruction-open', 'case/termination-ground', 'case/terminator-rectified'],
    roles: ['approver'],
    at: ({ closer }) => [closer],
    in: ['assigned', 'rectifying', 'submitted', 'rectified', 'verified', 'sustaining'],
    // Neither a clock that stands nor a wish for more time keeps a case that cannot be rectified; people at risk do.
    flags: ['extensionPending', 'suspended'],
    may: (state, actor) => {
      if (bearers(actor).some((person) => state.rectifiers.has(person))) refuse('case/terminator-rectified');
      // It is no way around a leader's word.
      if (isInstructed(state)) refuse('case/instruction-open');
    },
    decide: ({ ground, reason, minutes, document }, state, facts) => {
      const { terminationGrounds, desks } = facts.register.policy;
      if (!Object.hasOwn(terminationGrounds, ground)) refuse('case/termination-ground');
      const holdUntil = endOf(facts.today, desks.terminationHold, calendarOf(state, facts));
      return [{ type: 'CaseTerminated', ground, reason, minutes, document, holdUntil }];
    },
  },
  hold: {
    command: HoldTermination,
    refuses: ['case/hold-late'],
    roles: ['inspector'],
    at: 'covering',
    in: ['terminated'],
    flags: FLAGS,
    may: ({ termination }, _, { today }) => {
      if (!termination || today > termination.holdUntil) refuse('case/hold-late');
    },
    decide: ({ reason }, { termination }) => [
      { type: 'TerminationHeld', to: termination?.from ?? refuse('case/hold-late'), reason },
    ],
  },
  transferOut: {
    command: TransferOut,
    refuses: ['case/instruction-open'],
    roles: ['dispatcher'],
    at: 'above',
    in: ['registered', 'assigned', 'rectifying'],
    // A return is ruled on first. Whoever is at risk is helped sooner by whom it concerns.
    flags: ['extensionPending', 'suspended', 'atRisk'],
    may: (state) => {
      if (isInstructed(state)) refuse('case/instruction-open');
    },
    decide: ({ to, document, reason }) => [{ type: 'CaseTransferredOut', to, document, reason }],
  },
});
