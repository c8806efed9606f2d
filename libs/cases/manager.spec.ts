import { describe, expect, test } from '@jest/globals';
import {
  by,
  did,
  given,
  moneyRecorded,
  type PastEvent,
  registered,
  registeredAtRisk,
  registration,
  TWIN,
  until,
} from '../../test/support/cases.js';
import { itemsListed, listItems } from '../../test/support/intake.js';
import {
  absorbed,
  first,
  firstDealt,
  leftDealt,
  secondDealt,
  limits,
  managerAtNorth,
  merged,
  otherSource,
  residual,
  second,
  split,
} from '../../test/support/split.js';
import { restricted } from '../../test/support/afterwards.js';
import { handlerLi, registrarGu } from '../../test/support/province.js';
import { ANSWERED, reactions } from './manager.js';

/** What the last event of a past leads to, as it would be given. */
function reactionsTo(...past: readonly PastEvent[]) {
  const last = past.at(-1);
  if (!last) throw new Error('nothing happened');
  const events = past.map(({ event }) => event);
  return reactions(last.event, given(...past).state, events).map((reaction) => ({
    ...reaction,
    body: JSON.parse(JSON.stringify(reaction.body)) as { problem: object },
  }));
}

const { type: _, ...problem } = registration;
const whole = { ...problem, caseNumber: undefined, amountFen: undefined, householdCount: undefined };

describe('a split', () => {
  test('leads to the registration of each part: the whole with what differs', () => {
    const [one, other, ...more] = reactionsTo(registered, split);
    expect(more).toEqual([]);
    expect([one?.case, other?.case]).toEqual([first, second]);
    expect(one?.body.problem).toEqual({
      ...JSON.parse(JSON.stringify(whole)),
      ...{ weight: 400, taskText: '东屋屋面', amountFen: 250_000, householdCount: 1 },
      ...{ parent: '1', finder: 'north-office' },
    });
    // Households are not counted twice.
    expect(other?.body.problem).toEqual({
      ...JSON.parse(JSON.stringify(whole)),
      ...{ weight: 600, amountFen: 1_000_000, parent: '1', finder: 'north-office' },
    });
  });

  test('takes to the parts who rectified, and the sources of what had been merged into the whole', () => {
    const [one] = reactionsTo(...until.rectifying, moneyRecorded, absorbed, split);
    expect(one?.body.problem).toMatchObject({
      ...{ furtherSources: [otherSource], personsAtRisk: true },
      limits: { ...limits, rectifiers: [handlerLi.person] },
    });
  });

  test('takes to each part the items that it was dealt, as they were listed', () => {
    const [one, other] = reactionsTo(registered, itemsListed, firstDealt, secondDealt, split);
    const [house, another] = JSON.parse(JSON.stringify(listItems.items)) as object[];
    expect([one?.body, other?.body]).toMatchObject([{ items: [house] }, { items: [another] }]);
    const [left] = reactionsTo(...until.rectifying, itemsListed, leftDealt, residual);
    expect(left?.body).toMatchObject({ items: [another] });
  });

  test('leaves what is sealed with the whole, where alone it opens', () => {
    const sealed = { holder: TWIN, alg: 'AES-256-GCM', key: 1, iv: '', text: '', tag: '' };
    const past = did(registrarGu, { ...registration, foundBy: sealed } as never);
    const [one] = reactionsTo(past, split);
    expect(one?.body.problem).not.toHaveProperty('foundBy');
    expect(one?.body.problem).toHaveProperty('basis');
  });

  test('is seen by no more people in its parts than in the whole', () => {
    for (const parting of [split, residual]) {
      const [one] = reactionsTo(...until.rectifying, restricted, parting);
      expect(one?.body.problem).toMatchObject({ visibility: 'restricted' });
    }
  });

  test('of a part that was split again is known by the part', () => {
    const part = did(managerAtNorth, { ...registration, parent: TWIN, finder: 'province-office' });
    const [one] = reactionsTo(part, split);
    expect(one?.body.problem).toMatchObject({ parent: '1', finder: 'province-office' });
  });

  test('every registration that comes of it is taken', () => {
    for (const reaction of reactions(split.event, given(registeredAtRisk, split).state, [])) {
      expect(given().when(reaction.body, by(managerAtNorth)).outcome).toMatchObject([
        { type: 'ProblemRegistered', caseNumber: 'N-7', parent: '1', personsAtRisk: true },
      ]);
    }
  });
});

test('what is left over is registered as one part', () => {
  expect(reactionsTo(...until.rectifying, residual)).toMatchObject([
    { case: first, body: { problem: { weight: 250, amountFen: 500_000, taskText: '剩余一户' } } },
  ]);
});

test('a merge leads to the other taking it up or, where that is refused, to its being undone', () => {
  const [one, ...more] = reactionsTo(registeredAtRisk, merged);
  expect(more).toEqual([]);
  expect(one).toMatchObject({
    case: TWIN,
    body: {
      ...{ from: '1', caseNumber: 'N-7', weight: 1000, sources: [registration.source], atRisk: true },
      ...{ visibility: 'normal', divisions: ['hill'], items: [], sourceDueOn: '2026-12-31' },
    },
    otherwise: { case: '1' },
  });
  expect(one?.otherwise?.body('case/status')).toMatchObject({ into: TWIN, code: 'case/status' });
});

test('nothing else leads to anything', () => {
  expect([...ANSWERED]).toEqual(['CaseSplit', 'ResidualSplit', 'CaseMerged']);
  for (const past of [until.closed, [registered, merged, absorbed]]) expect(reactionsTo(...past)).toEqual([]);
});
