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
} from '../../test/support/cases.js';
import { dispatcherQian, handlerHe, handlerLi, registrarGu } from '../../test/support/province.js';

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
    const acts = fc.array(fc.record({ adjust: fc.boolean(), fen: fc.integer({ min: 1, max: 2_000_000 }) }), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(acts, (all) => {
        const past = [...rectifying];
        for (const { adjust, fen } of all) {
          const [body, who] = adjust
            ? ([amended(adjustAmount, { amountFen: fen }), dispatcherQian] as const)
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
        expect(amountFen).toBeGreaterThanOrEqual(sum);
      }),
    );
  });
});
