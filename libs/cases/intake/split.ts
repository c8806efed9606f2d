import { RegisterPart, SplitCase, type SplitPart, SplitResidual } from '../../contracts/split.js';
import { invalid, refuse } from '../../contracts/refusal.js';
import { type Register } from '../../contracts/register.js';
import { partId } from '../../eventing/ids.js';
import { listings } from '../rectification/items.js';
import { dealtOut, leftOver } from './split-items.js';
import { type CaseState, isInstructed, weightOf } from '../case-state.js';
import { phase } from '../table.js';

/** One problem becomes several. Weight and money are moved, never made: what the parts get, the whole loses. */
export const splitting = phase({
  split: {
    command: SplitCase,
    refuses: [
      ...(['case/weights-unequal', 'case/amounts-unequal', 'case/instruction-open'] as const),
      ...(['case/item-unknown', 'case/items-undealt'] as const),
    ],
    roles: ['registrar'],
    at: 'above',
    in: ['registered', 'checking', 'assigned', 'rectifying'],
    flags: ['atRisk'],
    may: (state) => {
      // It would end without an answer.
      if (isInstructed(state)) refuse('case/instruction-open');
    },
    decide: ({ parts, reason }, state, { register }) => {
      if (parts.length < 2) invalid('parts', 'several', 'a problem is split into two parts at least');
      parts.forEach((part, n) => {
        isOfWhole(`parts.${n}`, part, state, register);
      });
      keepsDivisions(parts, state, register);
      const weight = sumOf(parts, 'weight');
      if (weight !== weightOf(state)) refuse('case/weights-unequal', { sum: weight });
      const amount = sumOf(parts, 'amountFen');
      if (amount !== leftOf(state)) refuse('case/amounts-unequal', { sum: amount });
      const dealt = parts.map(({ ...part }, n) => ({ case: partId(state.id, state.children + n), ...part }));
      const children = dealt.map(({ items: _, ...child }) => child);
      return [...dealtOut(dealt, state, register), { type: 'CaseSplit', children, reason }];
    },
  },
  residual: {
    command: SplitResidual,
    refuses: ['case/residual-whole', 'case/money-none', 'case/money-over', 'case/item-unknown'],
    roles: ['dispatcher'],
    at: ({ assigner }) => [assigner],
    in: ['rectifying'],
    flags: ['atRisk'],
    decide: ({ type: _, reason, items, ...part }, state) => {
      const { weight, amountFen } = part;
      if (weight >= weightOf(state)) refuse('case/residual-whole');
      if (amountFen !== undefined) {
        if (state.amountFen === undefined) refuse('case/money-none');
        if (amountFen > leftOf(state)) refuse('case/money-over');
        if (amountFen === state.amountFen) refuse('case/residual-whole');
      }
      const child = { case: partId(state.id, state.children), ...part };
      return [...leftOver(child.case, items, state), { type: 'ResidualSplit', child, reason }];
    },
  },
  register: {
    command: RegisterPart,
    roles: ['manager'],
    at: 'covering',
    in: ['new'],
    number: { series: 'case', owner: (caseId) => caseId },
    // All was judged when the whole was split.
    decide: ({ problem, items = [] }, _, { number }) => [
      { type: 'ProblemRegistered', ...problem, caseNumber: number },
      ...listings(items),
    ],
  },
});

/** What is still to be put right of the amount in question. */
const leftOf = ({ amountFen = 0, rectifiedFen }: CaseState): number => Math.max(amountFen - rectifiedFen, 0);

const sumOf = (parts: readonly SplitPart[], of: 'weight' | 'amountFen'): number =>
  parts.reduce((sum, part) => sum + (part[of] ?? 0), 0);

function isOfWhole(
  field: string,
  { categories = [], divisions = [] }: SplitPart,
  whole: CaseState,
  register: Register,
): void {
  categories.forEach((category, n) => {
    const at = `${field}.categories.${n}`;
    if (!Object.hasOwn(register.policy.categories, category))
      invalid(at, 'known-category', `${at} is no category of the policy`);
  });
  divisions.forEach((division, n) => {
    const at = `${field}.divisions.${n}`;
    if (!whole.divisions.some((outer) => register.covers(outer, division)))
      invalid(at, 'of-case', `${at} does not lie in the divisions of the case`);
  });
}

/** No division gets rid of the problem by its being split. */
function keepsDivisions(parts: readonly SplitPart[], whole: CaseState, register: Register): void {
  const kept = parts.flatMap(({ divisions = whole.divisions }) => divisions);
  for (const outer of whole.divisions) {
    if (!kept.some((inner) => register.covers(outer, inner)))
      invalid('parts', 'every-division', `no part lies in ${outer}`);
  }
}
