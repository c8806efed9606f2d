import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  amended,
  by,
  did,
  given,
  recordVerification,
  submitRectification,
  until,
} from '../../../test/support/cases.js';
import { failMany } from '../../../test/support/examination.js';
import { itemExcepted, itemRectified, itemsListed } from '../../../test/support/intake.js';
import { handlerLi, verifierZhao } from '../../../test/support/province.js';
import { Refusal } from '../../contracts/refusal.js';
import { decide } from '../../eventing/handle.js';
import { rowOf } from '../commands.js';
import { drawn, sampleSize } from './sample.js';
import { type CaseState } from '../case-state.js';

const sampling = { least: 3, percent: 20, allOf: ['major'] as const };
const ids = (count: number) => Array.from({ length: count }, (_, n) => `house-${n}`);

describe('how many items a verification looks at', () => {
  test.each([
    ['all, where there are no more than the least', 2, 'general', 2],
    ['the least', 10, 'general', 3],
    ['or the share in percent, where that is more, rounded up', 16, 'general', 4],
    ['of the severe ones all', 31, 'major', 31],
    ['of none, none', 0, 'major', 0],
  ] as const)('%s', (_, count, severity, size) => {
    expect(sampleSize(count, severity, sampling)).toBe(size);
  });
});

describe('the draw', () => {
  test('is the same for everybody who knows the seed, in whatever order the items stand', () => {
    const lots = drawn(ids(31), 'seed', 7);
    expect(drawn(ids(31).reverse(), 'seed', 7)).toEqual(lots);
    expect(drawn(ids(31), 'another', 7)).not.toEqual(lots);
  });

  test('is known: nobody may ever draw otherwise from the same seed', () => {
    expect(drawn(ids(10), 'seed', 3)).toEqual(['house-0', 'house-4', 'house-5']);
  });

  test('has different items, so many of those there are', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), fc.string(), fc.nat(20), (all, seed, size) => {
        const lots = drawn(all, seed, size);
        expect(lots).toHaveLength(Math.min(size, all.length));
        expect(new Set(lots).size).toBe(lots.length);
        expect(lots.every((id) => all.includes(id))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

describe('verifying a case of many items', () => {
  const { state } = given(...until.rectified);
  const many: CaseState = { ...state, items: new Map(ids(16).map((id) => [id, { kind: 'household' }])) };
  const lots = drawn(ids(16), state.drawSeed, 4);

  function verifying(of: CaseState, checked: string[] | undefined, command = recordVerification): unknown {
    const body = amended(command, { checked });
    const { actor, facts } = by(verifierZhao);
    try {
      return decide({ row: rowOf(body), body, actor, seen: undefined }, of, facts);
    } catch (error) {
      if (error instanceof Refusal) return { code: error.code, ...error.details };
      throw error;
    }
  }

  test('the seed is fixed when the review passes: by then nobody can submit again until it suits them', () => {
    expect(given(...until.submitted).state.drawSeed).toBe('');
    expect(state.drawSeed).toBe('event-6@2026-08-31T04:00:00.000Z');
  });

  test('those that were drawn are looked at, and as many others as anybody likes', () => {
    const other = ids(16).find((id) => !lots.includes(id)) ?? '';
    const sample = { seed: state.drawSeed, drawn: lots };
    expect(verifying(many, lots)).toMatchObject([{ sample: { ...sample, checked: 4 } }]);
    expect(verifying(many, [...lots, other])).toMatchObject([{ sample: { ...sample, checked: 5 } }]);
  });

  test('who did not look at all of them is told which they are', () => {
    for (const checked of [undefined, lots.slice(1)]) {
      expect(verifying(many, checked)).toEqual({ code: 'case/sample-missing', items: lots });
    }
  });

  test('after one failure in the round every item is looked at', () => {
    const all = ids(16).sort();
    expect(verifying({ ...many, checkAll: true }, lots)).toEqual({ code: 'case/sample-missing', items: all });
    expect(verifying({ ...many, checkAll: true }, all)).toMatchObject([{ sample: { checked: 16 } }]);
  });

  test('an item that was found not to be put right is to be settled again, the others stay settled', () => {
    const settled = [itemsListed, itemRectified, itemExcepted];
    const past = [...until.rectifying, ...settled, ...until.rectified.slice(3)];
    const failed = did(verifierZhao, {
      ...{ type: 'VerificationFailed', reasons: failMany.reasons, failed: ['house-1'] },
    });
    given(...past, failed)
      .when(submitRectification, by(handlerLi))
      .refused('case/items-open', { items: ['house-1'] });
  });

  test('nobody looked at what is no item of the case, or found it wanting', () => {
    const [first] = lots;
    const wrong = (field: string) => ({
      code: 'input/invalid',
      errors: [expect.objectContaining({ field })],
    });
    expect(verifying(many, [first ?? '', 'castle'])).toEqual(wrong('checked.1'));
    expect(verifying(state, ['house-1'])).toEqual(wrong('checked.0'));
    given(...until.rectified)
      .when(failMany, by(verifierZhao))
      .invalid('failed.0');
  });
});
