import { describe, expect, test } from '@jest/globals';
import {
  accepted,
  after,
  amended,
  another,
  assigned,
  attachedAfter,
  attachedBefore,
  by,
  did,
  failed,
  given,
  registered,
  reopened,
  reviewed,
  submitRectification,
  submitted,
  until,
  closeCase,
  recorded,
  confirmed,
  visit,
  TWIN,
} from '../../../test/support/cases.js';
import {
  assignedForEach,
  attachForItem,
  exceptItem,
  itemExcepted,
  itemRectified,
  itemsListed,
  listItems,
  rectifyItem,
} from '../../../test/support/intake.js';
import {
  dispatcherQian,
  handlerHe,
  handlerLi,
  registrarGu,
  reviewerWang,
  verifierZhao,
  approverWu,
} from '../../../test/support/province.js';
import { type CaseEvent } from '../../contracts/case-events.js';
import { MOST_LISTED } from '../../contracts/items.js';
import { storable } from '../../eventing/canonical.js';
import {
  absent,
  absentForItem,
  acceptAbsence,
  acceptedForItem,
  acceptForItem,
  declareAbsent,
  declareForItem,
} from '../../../test/support/examination.js';

const listed = [...until.rectifying, itemsListed];
const forEach = [registered, assignedForEach, accepted, itemsListed];

function eventsOf(outcome: unknown): CaseEvent[] {
  if (!Array.isArray(outcome)) throw outcome;
  return outcome as CaseEvent[];
}

describe('listing items', () => {
  const house = (n: number) => ({ id: `house-${n}`, kind: 'household' as const });
  const some = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => house(from + n));

  test('the households, projects or payments of a problem, by its registrar, dispatcher or handlers', () => {
    given(registered).when(listItems, by(registrarGu)).then(itemsListed.event);
    given(...until.assigned)
      .when(listItems, by(dispatcherQian))
      .then(itemsListed.event);
    given(...until.rectifying)
      .when(listItems, by(handlerHe))
      .then(itemsListed.event);
  });

  test('not by a handler of who gave the case out, nor by a registrar of who has it to put right', () => {
    given(...until.rectifying)
      .when(listItems, by({ ...handlerLi, unit: 'north-office' }))
      .refused('case/role');
    given(...until.rectifying)
      .when(listItems, by({ ...registrarGu, unit: 'hill-office' }))
      .refused('case/role');
  });

  test('each once, and no more than the case may have', () => {
    given(registered, itemsListed).when(listItems, by(registrarGu)).invalid('items.0.id');
    const twice = amended(listItems, { items: [house(1), house(1)] });
    given(registered).when(twice, by(registrarGu)).invalid('items.1.id');
    const many = did(registrarGu, { type: 'ItemsListed', items: some(0, 4999) });
    given(registered, many)
      .when(amended(listItems, { items: some(4999, 5000) }), by(registrarGu))
      .then({
        type: 'ItemsListed',
        items: some(4999, 5000),
      });
    given(registered, many)
      .when(amended(listItems, { items: some(4999, 5001) }), by(registrarGu))
      .refused('case/items-many');
  });

  test.each([
    ['a division that is not of the case', { division: 'lake' }, 'division'],
    ['a day to come', { paidOn: '2026-09-02' }, 'paidOn'],
    ['an end before the start', { startedOn: '2026-02-01', finishedOn: '2026-01-31' }, 'finishedOn'],
  ])('not with %s', (_, wrong, field) => {
    const items = [{ ...house(1), ...wrong }];
    given(registered).when(amended(listItems, { items }), by(registrarGu)).invalid(`items.0.${field}`);
  });

  test('the longest list there can be fits into events', () => {
    // As a text of so many characters of four bytes is at its longest when it is sealed.
    const sealed = (characters: number) => ({
      ...{ holder: 'f'.repeat(36), alg: 'SM4-CTR-HMAC-SM3', key: 1_000_000, iv: 'f'.repeat(22) },
      ...{
        text: 'f'.repeat(Math.ceil((characters * 4 * 4) / 3) + 2),
        tag: 'f'.repeat(43),
        index: 'f'.repeat(43),
      },
    });
    const [first] = JSON.parse(JSON.stringify(listItems.items)) as object[];
    const items = Array.from({ length: MOST_LISTED }, (_, n) => ({
      ...first,
      ...{ id: String(n).padStart(64, 'h'), household: 'h'.repeat(64), label: '𠮷'.repeat(100) },
      holder: { name: sealed(50), identityNumber: sealed(20), phone: sealed(20) },
      amountFen: 100_000_000_000_000,
    }));
    const whole = Object.assign(amended(listItems, {}), { items });
    const events = eventsOf(given(registered).when(whole, by(registrarGu)).outcome);
    expect(events.flatMap((event) => (event.type === 'ItemsListed' ? event.items : []))).toEqual(items);
    const longest = Math.max(...events.map((event) => Buffer.byteLength(storable(event))));
    expect(longest).toBeLessThan(62 * 1024);
  });
});

describe('settling items', () => {
  test('each is rectified or excepted by itself, and the event says how many are', () => {
    given(...listed)
      .when(rectifyItem, by(handlerLi))
      .then(itemRectified.event);
    given(...listed, itemRectified)
      .when(exceptItem, by(handlerHe))
      .then(itemExcepted.event);
    given(...listed, itemRectified, itemExcepted)
      .when(rectifyItem, by(handlerLi, {}))
      .refused('case/receipt-used');
    const again = amended(rectifyItem, { receipts: undefined });
    expect(
      eventsOf(given(...listed, itemRectified, itemExcepted).when(again, by(handlerLi)).outcome),
    ).toEqual([expect.objectContaining({ settled: 2 })]);
  });

  test('whoever does it is a rectifier', () => {
    const { state } = given(
      ...listed,
      did(handlerHe, itemRectified.event),
      did(reviewerWang, itemExcepted.event),
    );
    expect([...state.rectifiers]).toEqual(['li', 'he', 'wang']);
  });

  test('what is not listed is not settled, and nothing on a day to come', () => {
    given(...listed)
      .when(amended(rectifyItem, { item: 'house-9' }), by(handlerLi))
      .refused('case/item-unknown');
    given(...listed)
      .when(amended(exceptItem, { item: 'house-9' }), by(handlerLi))
      .refused('case/item-unknown');
    given(...listed)
      .when(amended(rectifyItem, { completedOn: '2026-09-02' }), by(handlerLi))
      .invalid('completedOn');
  });

  test('nothing is submitted while an item is open', () => {
    const past = [...listed, attachedBefore, attachedAfter];
    const open = given(...past).when(submitRectification, by(handlerLi));
    open.refused('case/items-open', { items: ['house-1', 'house-2'] });
    given(...past, itemRectified)
      .when(submitRectification, by(handlerLi))
      .refused('case/items-open', { items: ['house-2'] });
    expect(
      given(...past, itemRectified, itemExcepted).when(submitRectification, by(handlerLi)).outcome,
    ).toMatchObject([{ type: 'RectificationSubmitted' }]);
  });

  test('sent back, they stay settled; reopened, they are open again', () => {
    const done = [...listed, itemRectified, itemExcepted, ...until.rectified.slice(3)];
    const how = (...past: typeof done) =>
      [...given(...past).state.items.values()].map(({ settled }) => settled);
    expect(how(...done, failed)).toEqual(['rectified', 'excepted']);
    expect(how(...done, ...until.closed.slice(-3), reopened)).toEqual([undefined, undefined]);
  });
});

describe('evidence for each item', () => {
  const shown = did(handlerLi, { ...attachedBefore.event, item: 'house-1' } as CaseEvent);
  const anotherItem = { ...attachedAfter.event, item: 'house-2' };
  const shownAfter = did(handlerLi, { ...attachedAfter.event, item: 'house-1' } as CaseEvent);

  test('a slot that is wanted for each is filled for an item that is listed', () => {
    given(...forEach)
      .when(attachForItem, by(handlerLi))
      .then(shown.event);
    given(...forEach)
      .when(amended(attachForItem, { item: 'house-9' }), by(handlerLi))
      .refused('case/item-unknown');
    given(...forEach)
      .when(amended(attachForItem, { item: undefined }), by(handlerLi))
      .invalid('item');
    given(...listed)
      .when(attachForItem, by(handlerLi))
      .invalid('item');
  });

  test('every rectified item wants its file, one that is excepted none', () => {
    const settled = [...forEach, itemRectified, itemExcepted];
    given(...settled, shown)
      .when(submitRectification, by(handlerLi))
      .refused('case/evidence-missing', { slots: ['after'], items: ['house-1'] });
    expect(
      given(...settled, shown, shownAfter).when(submitRectification, by(handlerLi)).outcome,
    ).toMatchObject([{ type: 'RectificationSubmitted' }]);
    const withdrawn = did(handlerLi, {
      ...{ type: 'EvidenceWithdrawn', receipt: after.receipt, slot: 'after', reason: '照片有误' },
    });
    given(...settled, shown, shownAfter, withdrawn)
      .when(submitRectification, by(handlerLi))
      .refused('case/evidence-missing', { slots: ['after'], items: ['house-1'] });
  });

  describe('of an item that is not put right', () => {
    const done = [...forEach, itemRectified, itemExcepted, shown, shownAfter, submitted, reviewed];
    const failing = (slot: string) =>
      did(verifierZhao, {
        ...{ type: 'VerificationFailed', reasons: [{ slot, reason: '仍漏' }], failed: ['house-1'] },
      });
    const mended = [...done, failing('after'), itemRectified];

    test('fills no slot in the next submission', () => {
      given(...mended)
        .when(submitRectification, by(handlerLi))
        .refused('case/evidence-missing', { slots: ['before', 'after'], items: ['house-1'] });
    });

    test('is not shown again where something was found wrong with it, elsewhere it may be', () => {
      const again = given(...mended);
      again.when(attachForItem, by(handlerLi)).then(shown.event);
      again
        .when(amended(attachForItem, { slot: 'after', receipt: after.receipt }), by(handlerLi))
        .refused('case/receipt-used');
      const anew = did(handlerLi, { ...shownAfter.event, file: another } as CaseEvent);
      const { outcome } = given(...mended, shown, anew).when(submitRectification, by(handlerLi));
      expect(outcome).toMatchObject([{ type: 'RectificationSubmitted' }]);
    });

    test('does not touch what the other items show', () => {
      const other = did(handlerLi, { ...anotherItem, file: another } as CaseEvent);
      const { state } = given(...done.slice(0, -2), other, submitted, reviewed, failing('after'));
      expect([...state.evidence.keys()]).toEqual([another.receipt]);
    });
  });

  test('where no item is listed one file is enough', () => {
    const past = [registered, assignedForEach, accepted, attachedBefore, attachedAfter];
    expect(given(...past).when(submitRectification, by(handlerLi)).outcome).toMatchObject([
      { type: 'RectificationSubmitted' },
    ]);
    given(registered, assigned, accepted, attachedBefore)
      .when(submitRectification, by(handlerLi))
      .refused('case/evidence-missing', { slots: ['after'], items: undefined });
  });
});

describe('an item of which there is no evidence', () => {
  const settled = [
    ...forEach,
    itemRectified,
    did(handlerLi, { ...itemRectified.event, item: 'house-2', files: [] } as CaseEvent),
  ];
  const of = (event: CaseEvent, item: string, file = another) =>
    did(handlerLi, { ...event, item, file } as CaseEvent);
  const others = [
    of(attachedBefore.event, 'house-2'),
    of(attachedAfter.event, 'house-1', after),
    of(attachedAfter.event, 'house-2', visit),
  ];

  test('is declared by itself, though the other items have theirs', () => {
    given(...settled, ...others)
      .when(submitRectification, by(handlerLi))
      .refused('case/evidence-missing', { slots: ['before'], items: ['house-1'] });
    given(...settled, ...others)
      .when(declareForItem, by(handlerLi))
      .then(absentForItem.event);
    expect(
      given(...settled, ...others, absentForItem).when(submitRectification, by(handlerLi)).outcome,
    ).toMatchObject([{ type: 'RectificationSubmitted' }]);
  });

  test('is listed, of a slot that is wanted for each, and neither shown nor declared already', () => {
    const past = [...settled, ...others];
    given(...past)
      .when(amended(declareForItem, { item: 'house-9' }), by(handlerLi))
      .refused('case/item-unknown');
    given(...listed)
      .when(declareForItem, by(handlerLi))
      .invalid('item');
    for (const [before, item] of [
      [past, 'house-2'],
      [[...past, absentForItem], 'house-1'],
      [[...settled, absent], 'house-1'],
    ] as const) {
      given(...before)
        .when(amended(declareForItem, { item }), by(handlerLi))
        .refused('case/slot-filled');
    }
    given(...past)
      .when(declareAbsent, by(handlerLi))
      .refused('case/slot-filled');
  });

  test('has some once a file comes for it; what was declared of the others stays', () => {
    const both = [
      ...settled,
      absentForItem,
      did(handlerLi, { ...absentForItem.event, item: 'house-2' } as CaseEvent),
    ];
    expect([...given(...both, of(attachedBefore.event, 'house-1')).state.absent]).toEqual(['before house-2']);
  });

  test('is accepted by itself before the closing', () => {
    const verified = [...settled, ...others, absentForItem, submitted, reviewed, recorded, confirmed];
    given(...verified)
      .when(closeCase, by(approverWu))
      .refused('case/absence-open', { slots: ['before'], items: ['house-1'] });
    given(...verified)
      .when(acceptAbsence, by(approverWu))
      .refused('case/absence-missing');
    given(...verified)
      .when(acceptForItem, by(approverWu))
      .then(acceptedForItem.event);
    given(...verified, acceptedForItem)
      .when(acceptForItem, by(approverWu))
      .refused('case/absence-missing');
    expect(given(...verified, acceptedForItem).state.absenceAccepted).toEqual(new Set(['before house-1']));
  });

  test('takes what was declared of it along into another part', () => {
    const dealt = did(dispatcherQian, { type: 'ItemsDealt', case: TWIN, items: ['house-1'], settled: 1 });
    expect(given(...settled, absentForItem, dealt).state.absent.size).toBe(0);
  });
});
