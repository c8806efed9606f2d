import { AbsorbCase, MergeCase, UndoMerge } from '../contracts/merge.js';
import { invalid, refuse } from '../contracts/refusal.js';
import { UNDERWAY } from '../contracts/status.js';
import { isLower } from './intake-corrections.js';
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
    at: 'above',
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
      if (!target.decides) refuse('case/role');
      return [{ type: 'CaseMerged', into, reason }];
    },
  },
  absorb: {
    command: AbsorbCase,
    refuses: ['case/merge-at-risk', 'case/merge-lighter'],
    roles: ['manager'],
    at: 'covering',
    in: UNDERWAY,
    // It asks nobody to do anything, so nothing stands in its way.
    flags: FLAGS,
    decide: ({ type: _, severity, categories, amountFen = 0, ...taken }, state) => {
      const { status = '' } = state;
      if (taken.atRisk && !UNSUBMITTED.includes(status)) refuse('case/merge-at-risk');
      // A problem is no way for another to lose its examiners: what was asked of the one is asked of the other.
      const known = new Set(state.categories);
      if (
        isLower(state.severity, severity) ||
        categories.some((category) => !known.has(category)) ||
        amountFen > (state.amountFen ?? 0)
      )
        refuse('case/merge-lighter');
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
