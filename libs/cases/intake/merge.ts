import { AbsorbCase, MergeCase, UndoMerge } from '../../contracts/merge.js';
import { invalid, refuse } from '../../contracts/refusal.js';
import { UNDERWAY } from '../../contracts/status.js';
import { isNoLess, takenUp } from './merge-duty.js';
import { FLAGS, isInstructed } from '../case-state.js';
import { phase } from '../table.js';

/**
 * Several problems become one. The case that is merged ends at once; whether the other can take it up is found out in
 * that one's own stream, by the process manager, which undoes the merge where it cannot.
 */
export const merging = phase({
  merge: {
    command: MergeCase,
    refuses: ['case/target-unknown', 'case/instruction-open', 'case/facts-unestablished'],
    roles: ['registrar'],
    at: 'above',
    in: ['registered', 'checking', 'assigned', 'rectifying'],
    flags: ['atRisk'],
    targets: ({ into }) => [into],
    may: (state) => {
      if (isInstructed(state)) refuse('case/instruction-open');
      // A check that was begun comes to its end: the other case knows nothing of it.
      if (state.status === 'checking' && state.substantiation === undefined)
        refuse('case/facts-unestablished');
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
    refuses: [
      ...(['case/merge-at-risk', 'case/merge-lighter', 'case/merge-visibility'] as const),
      ...(['case/merge-divisions', 'case/merge-items', 'case/merge-due', 'case/merge-late'] as const),
      ...(['case/facts-unestablished', 'case/no-desk', 'case/no-policy'] as const),
    ],
    roles: ['manager'],
    at: 'covering',
    in: UNDERWAY,
    // It asks nobody to do anything, so nothing stands in its way.
    flags: FLAGS,
    decide: (other, state, facts) => {
      isNoLess(other, state, facts);
      const { from, caseNumber, weight, sources, atRisk, limits, sourceDueOn } = other;
      return [
        {
          type: 'CaseAbsorbed',
          ...{ from, caseNumber, weight, sources, atRisk, limits },
          ...(sourceDueOn !== undefined && { sourceDueOn }),
          ...takenUp(other, state, facts),
        },
      ];
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
