import { AdjustAmount, RecordMoney } from '../contracts/rectification.js';
import { refuse } from '../contracts/refusal.js';
import { phase } from './table.js';
import { responsible } from './posts.js';

export const money = phase({
  record: {
    command: RecordMoney,
    refuses: ['case/money-method', 'case/money-none', 'case/money-over'],
    roles: ['handler'],
    at: responsible,
    in: ['rectifying', 'sustaining'],
    flags: ['findingDisputed', 'extensionPending', 'atRisk'],
    decide: ({ method, fen, voucher }, { amountFen, rectifiedFen }, { register }) => {
      if (amountFen === undefined) refuse('case/money-none');
      if (!Object.hasOwn(register.policy.moneyMethods, method)) refuse('case/money-method');
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
