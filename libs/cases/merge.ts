import { AbsorbCase, MergeCase, UndoMerge } from '../contracts/merge.js';
import { invalid, refuse } from '../contracts/refusal.js';
import { UNDERWAY } from '../contracts/status.js';
import { FLAGS, isInstructed } from './state.js';
import { phase } from './table.js';

/** Whose people at risk are still going to be brought to safety in the ordinary way. */
const UNSUBMITTED: readonly string[] = ['registered', 'checking', 'assigned', 'rectifying'];

/**
 * Several problems become one. The case that is merged ends at once; whether the other can take it up is found out in
 * that one's own stream, by the process manager, which undoes the merge where it cannot.
 */
export const merging = phase({
  merge: {
    command: MergeCase,
    refuses: ['case/target-unknown', 'case/instruction-open'],
    roles: ['registrar'],
    at: 'covering',
    in: ['registered', 'checking', 'assigned', 'rectifying'],
    flags: ['atRisk'],
    targets: ({ into }) => [into],
    may: (state) => {
      if (isInstructed(state)) refuse('case/instruction-open');
    },
    decide: ({ into, reason }, { id }, { visible }) => {
      if (into === id) invalid('into', 'another-case', 'into is this very case');
      const target = visible.get(into);
      if (!target) refuse('case/target-unknown');
      if (!target.covered) refuse('case/role');
      return [{ type: 'CaseMerged', into, reason }];
    },
  },
  absorb: {
    command: AbsorbCase,
    refuses: ['case/merge-at-risk'],
    roles: ['manager'],
    at: 'covering',
    in: UNDERWAY,
    // It asks nobody to do anything, so nothing stands in its way.
    flags: FLAGS,
    decide: ({ type: _, ...taken }, { status = '' }) => {
      if (taken.atRisk && !UNSUBMITTED.includes(status)) refuse('case/merge-at-risk');
      return [{ type: 'CaseAbsorbed', ...taken }];
    },
  },
  undo: {
    command: UndoMerge,
    roles: ['manager'],
    at: 'covering',
    in: ['merged'],
    flags: FLAGS,
    decide: ({ into, code }, { mergedFrom = 'registered' }) => [
      { type: 'MergeUndone', into, code, status: mergedFrom },
    ],
  },
});
