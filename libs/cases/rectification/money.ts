import { AdjustAmount, RecordMoney } from '../../contracts/rectification.js';
import { refuse } from '../../contracts/refusal.js';
import { type CaseState } from '../case-state.js';
import { type CaseFacts, phase } from '../table.js';
import { responsible } from '../posts.js';

export const money = phase({
  record: {
    command: RecordMoney,
    refuses: ['case/money-method', 'case/money-none', 'case/money-over', 'case/money-under'],
    roles: ['handler'],
    at: responsible,
    in: ['rectifying', 'sustaining'],
    flags: ['findingDisputed', 'extensionPending', 'atRisk'],
    decide: ({ method, fen, voucher }, { amountFen, rectifiedFen }, { register }) => {
      if (amountFen === undefined) refuse('case/money-none');
      if (!Object.hasOwn(register.policy.moneyMethods, method)) refuse('case/money-method');
      // A wrong entry is taken back, and nothing beyond what was entered.
      if (rectifiedFen + fen < 0) refuse('case/money-under');
      // What is left is always computed, and never below nothing.
      const remainingFen = amountFen - rectifiedFen - fen;
      if (remainingFen < 0) refuse('case/money-over');
      return [{ type: 'MoneyRectified', method, fen, voucher, remainingFen }];
    },
  },
  adjust: {
    command: AdjustAmount,
    refuses: ['case/money-over'],
    roles: ['dispatcher'],
    at: ({ assigner }) => [assigner],
    in: ['assigned', 'rectifying', 'sustaining'],
    flags: ['findingDisputed', 'returnPending', 'extensionPending', 'suspended', 'atRisk'],
    decide: ({ amountFen, reason, document }, state) => {
      if (amountFen < state.rectifiedFen) refuse('case/money-over');
      return [{ type: 'AmountAdjusted', fromFen: state.amountFen ?? 0, amountFen, reason, document }];
    },
  },
});

/** Of categories whose money is made good nothing of it is left; what is not recovered is adjusted or split off first. */
export function moneyIsMadeGood(
  { categories, amountFen = 0, rectifiedFen }: CaseState,
  { register }: CaseFacts,
): void {
  const owed = categories.some((id) => register.policy.categories[id]?.madeGood === true);
  if (owed && amountFen > rectifiedFen) refuse('case/money-open', { fen: amountFen - rectifiedFen });
}
