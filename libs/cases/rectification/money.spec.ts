import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  accepted,
  adjustAmount,
  amended,
  amountAdjusted,
  assigned,
  by,
  did,
  given,
  moneyRecorded,
  recordMoney,
  registration,
  until,
  attachedAfter,
  attachedBefore,
  submitRectification,
  TWIN,
} from '../../../test/support/cases.js';
import {
  dispatcherQian,
  handlerHe,
  handlerLi,
  registrarGu,
  provinceWith,
  SEED,
} from '../../../test/support/province.js';

const { rectifying } = until;
const { amountFen: _, ...withoutAmount } = registration;
const moneyless = [did(registrarGu, withoutAmount), assigned, accepted];

describe('money that is put right', () => {
  test('is an amount more, and says what is left', () => {
    given(...rectifying)
      .when(recordMoney, by(handlerLi))
      .then(moneyRecorded.event);
    given(...rectifying, moneyRecorded)
      .when(amended(recordMoney, { fen: 1_000_000 }), by(handlerHe))
      .then({
        type: 'MoneyRectified',
        method: 'recovered',
        fen: 1_000_000,
        voucher: '凭证7',
        remainingFen: 0,
      });
  });

  test('is never more than is left', () => {
    given(...rectifying, moneyRecorded)
      .when(amended(recordMoney, { fen: 1_000_001 }), by(handlerLi))
      .refused('case/money-over');
  });

  test('that was entered wrongly is taken back, and nothing beyond what was entered', () => {
    const back = amended(recordMoney, { fen: -250_000 });
    given(...rectifying, moneyRecorded)
      .when(back, by(handlerHe))
      .then({
        type: 'MoneyRectified',
        method: 'recovered',
        fen: -250_000,
        voucher: '凭证7',
        remainingFen: 1_250_000,
      });
    given(...rectifying, moneyRecorded)
      .when(amended(recordMoney, { fen: -250_001 }), by(handlerLi))
      .refused('case/money-under');
    given(...rectifying)
      .when(back, by(handlerLi))
      .refused('case/money-under');
  });

  test('is put right by a method of the policy', () => {
    for (const method of ['borrowed', 'constructor']) {
      given(...rectifying)
        .when(amended(recordMoney, { method }), by(handlerLi))
        .refused('case/money-method');
    }
  });

  test('cannot be put right where none is in question', () => {
    given(...moneyless)
      .when(recordMoney, by(handlerLi))
      .refused('case/money-none');
  });
});

describe('the amount in question', () => {
  test('is adjusted by whoever assigned the case, on a document', () => {
    given(...rectifying)
      .when(adjustAmount, by(dispatcherQian))
      .then(amountAdjusted.event);
    given(...moneyless)
      .when(adjustAmount, by(dispatcherQian))
      .then({ ...amountAdjusted.event, fromFen: 0 } as typeof amountAdjusted.event);
  });

  test('is never less than what has been put right', () => {
    given(...rectifying, moneyRecorded)
      .when(amended(adjustAmount, { amountFen: 249_999 }), by(dispatcherQian))
      .refused('case/money-over');
    expect(
      given(...rectifying, moneyRecorded).when(
        amended(adjustAmount, { amountFen: 250_000 }),
        by(dispatcherQian),
      ).outcome,
    ).toHaveLength(1);
  });

  test('balances, whatever is recorded and adjusted', () => {
    const acts = fc.array(
      fc.record({
        adjust: fc.boolean(),
        fen: fc.integer({ min: -1_000_000, max: 2_000_000 }).filter((fen) => fen !== 0),
      }),
      {
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(acts, (all) => {
        const past = [...rectifying];
        for (const { adjust, fen } of all) {
          const [body, who] = adjust
            ? ([amended(adjustAmount, { amountFen: Math.abs(fen) }), dispatcherQian] as const)
            : ([amended(recordMoney, { fen }), handlerLi] as const);
          const { outcome } = given(...past).when(body, by(who));
          if (Array.isArray(outcome)) past.push(...outcome.map((event) => did(who, event)));
        }
        const { amountFen = 0, rectifiedFen } = given(...past).state;
        const sum = past.reduce(
          (fen, { event }) => fen + (event.type === 'MoneyRectified' ? event.fen : 0),
          0,
        );
        expect(rectifiedFen).toBe(sum);
        expect(sum).toBeGreaterThanOrEqual(0);
        expect(amountFen).toBeGreaterThanOrEqual(sum);
      }),
    );
  });
});

describe('a category whose money is made good', () => {
  const { roof } = SEED.policy.categories;
  const register = provinceWith({
    policy: { ...SEED.policy, categories: { ...SEED.policy.categories, roof: { ...roof, madeGood: true } } },
  });
  const proven = [...rectifying, attachedBefore, attachedAfter];
  const submitting = (...past: typeof proven) =>
    given(...proven, ...past).when(submitRectification, by(handlerLi, { register }));
  const money = (fen: number) =>
    did(handlerLi, { ...moneyRecorded.event, fen } as typeof moneyRecorded.event);

  test('is not submitted while some of it is not put right', () => {
    submitting().refused('case/money-open', { fen: 1_250_000 });
    submitting(moneyRecorded).refused('case/money-open', { fen: 1_000_000 });
    expect(submitting(moneyRecorded, money(1_000_000)).outcome).toMatchObject([
      { type: 'RectificationSubmitted' },
    ]);
  });

  test('is, once what is not to be recovered was adjusted', () => {
    expect(submitting(amountAdjusted, money(1_000_000)).outcome).toMatchObject([
      { type: 'RectificationSubmitted' },
    ]);
  });

  test('and once what is left over was split off', () => {
    const split = did(dispatcherQian, {
      ...{ type: 'ResidualSplit', reason: '分期追缴' },
      child: { case: TWIN, weight: 250, taskText: '剩余款项', amountFen: 1_000_000 },
    });
    expect(submitting(moneyRecorded, split).outcome).toMatchObject([{ type: 'RectificationSubmitted' }]);
  });

  test('asks for nothing where no amount is in question, nor do other categories', () => {
    const past = [...moneyless, attachedBefore, attachedAfter];
    expect(given(...past).when(submitRectification, by(handlerLi, { register })).outcome).toHaveLength(1);
    expect(given(...proven).when(submitRectification, by(handlerLi)).outcome).toHaveLength(1);
  });
});
