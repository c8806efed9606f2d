import { itemRectified, itemsListed } from '../../../test/support/intake.js';
import { describe, expect, test } from '@jest/globals';
import {
  amended,
  amountAdjusted,
  answerAccepted,
  answered,
  by,
  did,
  given,
  instructed,
  moneyRecorded,
  registered,
  registeredAtRisk,
  registration,
  until,
} from '../../../test/support/cases.js';
import {
  firstDealt,
  leftDealt,
  registerPartOfItems,
  secondDealt,
  splitItems,
  splitOpenItem,
  limits,
  managerAtNorth,
  mergeCase,
  partRegistered,
  registerPart,
  residual,
  second,
  split,
  splitCase,
  splitResidual,
  splitting,
} from '../../../test/support/split.js';
import { dispatcherQian, post, registrarGu } from '../../../test/support/province.js';
import { type SplitPart } from '../../contracts/split.js';
import { partId } from '../../eventing/ids.js';

const both = did(registrarGu, { ...registration, divisions: ['hill', 'lake'] });
const poor = did(registrarGu, { ...registration, amountFen: undefined });
const parts = (...some: Partial<SplitPart>[]) => amended(splitCase, { parts: some as never });

describe('items', () => {
  const dealt = (...items: (string[] | undefined)[]) =>
    parts(...splitCase.parts.map(({ ...part }, n) => ({ ...part, items: items[n] })));
  const then = given(registered, itemsListed);

  test('are dealt out among the parts, each to one', () => {
    then.when(splitItems, by(registrarGu)).then(firstDealt.event, secondDealt.event, splitting);
    const { outcome } = then.when(dealt(undefined, ['house-2', 'house-1']), by(registrarGu));
    expect(outcome).toMatchObject([{ case: second, items: ['house-2', 'house-1'] }, { type: 'CaseSplit' }]);
    then.when(dealt(['house-1'], ['house-2', 'house-1']), by(registrarGu)).invalid('parts.1.items.1');
  });

  test('are all dealt out, and none that is not there', () => {
    then.when(splitCase, by(registrarGu)).refused('case/items-undealt', { items: ['house-1', 'house-2'] });
    then
      .when(dealt(['house-1'], undefined), by(registrarGu))
      .refused('case/items-undealt', { items: ['house-2'] });
    then.when(dealt(['house-1', 'house-2'], ['house-3']), by(registrarGu)).refused('case/item-unknown');
  });

  test('go to a part that lies where they do', () => {
    const [one = {}, other = {}] = splitItems.parts;
    const apart = parts({ ...one, divisions: ['lake'] }, { ...other, divisions: ['hill'] });
    given(both, itemsListed).when(apart, by(registrarGu)).invalid('parts.0.items.0');
  });

  test('are listed in the part with its registration, and nothing is settled there yet', () => {
    const { items = [] } = registerPartOfItems;
    given()
      .when(registerPartOfItems, by(managerAtNorth))
      .then(partRegistered.event, { type: 'ItemsListed', items });
  });

  test('that are left over go with what is left over, open as they are', () => {
    const open = given(...until.rectifying, itemsListed, itemRectified);
    open.when(splitOpenItem, by(dispatcherQian)).then(leftDealt.event, residual.event);
    open.when(amended(splitOpenItem, { items: ['house-1'] }), by(dispatcherQian)).invalid('items.0');
    open
      .when(amended(splitOpenItem, { items: ['house-3'] }), by(dispatcherQian))
      .refused('case/item-unknown');
    given(...until.rectifying, itemsListed)
      .when(amended(splitOpenItem, { items: ['house-1', 'house-2'] }), by(dispatcherQian))
      .refused('case/residual-whole');
    expect(open.when(splitResidual, by(dispatcherQian)).outcome).toMatchObject([{ type: 'ResidualSplit' }]);
    const { items } = given(...until.rectifying, itemsListed, itemRectified, leftDealt, residual).state;
    expect([...items.keys()]).toEqual(['house-1']);
  });
});

describe('splitting a problem', () => {
  test('makes cases of its parts, each under an id that is known beforehand', () => {
    for (const status of ['registered', 'assigned', 'rectifying'] as const) {
      given(...until[status])
        .when(splitCase, by(registrarGu))
        .then(splitting);
    }
  });

  test('weights and money come to exactly those of the whole', () => {
    const [one = {}, other = {}]: Partial<SplitPart>[] = splitCase.parts;
    given(registered)
      .when(parts(one, { ...other, weight: 599 }), by(registrarGu))
      .refused('case/weights-unequal', { sum: 999 });
    given(registered)
      .when(parts(one, { ...other, amountFen: 1_000_001 }), by(registrarGu))
      .refused('case/amounts-unequal', { sum: 1_250_001 });
    given(registered)
      .when(parts(one, { weight: 600 }), by(registrarGu))
      .refused('case/amounts-unequal', { sum: 250_000 });
  });

  test('of money only what is left is shared out, as it was adjusted', () => {
    const left = parts({ weight: 400, amountFen: 250_000 }, { weight: 600, amountFen: 750_000 });
    given(...until.rectifying, moneyRecorded)
      .when(splitCase, by(registrarGu))
      .refused('case/amounts-unequal');
    const { outcome } = given(...until.rectifying, moneyRecorded).when(left, by(registrarGu));
    expect(outcome).toMatchObject([{ type: 'CaseSplit' }]);
    const half = parts({ weight: 400 }, { weight: 600, amountFen: 750_000 });
    const adjusted = given(...until.rectifying, moneyRecorded, amountAdjusted).when(half, by(registrarGu));
    expect(adjusted.outcome).toMatchObject([{ type: 'CaseSplit' }]);
  });

  test('where no money is in question no part has any', () => {
    given(poor).when(splitCase, by(registrarGu)).refused('case/amounts-unequal');
    const { outcome } = given(poor).when(parts({ weight: 1 }, { weight: 999 }), by(registrarGu));
    expect(outcome).toMatchObject([{ type: 'CaseSplit' }]);
  });

  test('one part is none', () => {
    given(...until.rectifying, residual)
      .when(parts({ weight: 750, amountFen: 750_000 }), by(registrarGu))
      .invalid('parts');
  });

  test('a part lies in the case, and no division gets rid of the problem', () => {
    const weights = [{ weight: 500, amountFen: 1_250_000 }, { weight: 500 }];
    const in_ = (...divisions: string[]) =>
      parts(...weights.map((part, n) => ({ ...part, divisions: [divisions[n] ?? ''] })));
    given(both).when(in_('hill', 'shore'), by(registrarGu)).invalid('parts.1.divisions.0');
    given(both).when(in_('hill', 'north'), by(registrarGu)).invalid('parts.1.divisions.0');
    given(both).when(in_('hill', 'hill'), by(registrarGu)).invalid('parts');
    expect(given(both).when(in_('hill', 'lake'), by(registrarGu)).outcome).toMatchObject([
      { type: 'CaseSplit' },
    ]);
  });

  test('its categories are of the policy', () => {
    const [one = {}, other = {}]: Partial<SplitPart>[] = splitCase.parts;
    given(registered)
      .when(parts(one, { ...other, categories: ['money', 'unheard-of'] }), by(registrarGu))
      .invalid('parts.1.categories.1');
  });

  test('people at risk do not stand in its way, an instruction without an answer does', () => {
    given(registeredAtRisk).when(splitCase, by(registrarGu)).then(splitting);
    given(...until.rectifying, instructed, answered)
      .when(splitCase, by(registrarGu))
      .refused('case/instruction-open');
    given(...until.rectifying, instructed, answered, answerAccepted)
      .when(splitCase, by(registrarGu))
      .then(splitting);
  });

  test('ends it: nothing more is done with it, and it keeps what was put right only', () => {
    const { state, when } = given(...until.rectifying, moneyRecorded, split);
    expect(state).toMatchObject({ status: 'split', registration: { weight: 0 }, amountFen: 250_000 });
    when(mergeCase, by(registrarGu)).refused('case/status');
    when(splitCase, by(registrarGu)).refused('case/status');
  });
});

describe('what is left over', () => {
  test('moves to a case of its own, and the case goes on with the rest', () => {
    given(...until.rectifying)
      .when(splitResidual, by(dispatcherQian))
      .then(residual.event);
    const { state } = given(...until.rectifying, residual);
    expect(state).toMatchObject({ status: 'rectifying', registration: { weight: 750 }, amountFen: 750_000 });
  });

  test('and what is left of the rest to another; ids are used once', () => {
    const { outcome } = given(...until.rectifying, residual).when(splitResidual, by(dispatcherQian));
    expect(outcome).toMatchObject([{ child: { case: second } }]);
    const all = parts({ weight: 750, amountFen: 750_000 - 1 }, { weight: 1, amountFen: 1 });
    given(...until.rectifying, residual)
      .when(all, by(registrarGu))
      .refused('case/weights-unequal', { sum: 751 });
    const rest = parts({ weight: 700, amountFen: 750_000 - 1 }, { weight: 50, amountFen: 1 });
    expect(given(...until.rectifying, residual).when(rest, by(registrarGu)).outcome).toMatchObject([
      { children: [{ case: second }, { case: partId('1', 2) }] },
    ]);
  });

  test('is less than the whole, in weight and in money', () => {
    const of = (changes: object) => amended(splitResidual, changes);
    const then = given(...until.rectifying);
    then.when(of({ amountFen: 1_250_000 }), by(dispatcherQian)).refused('case/residual-whole');
    then.when(of({ amountFen: 1_250_001 }), by(dispatcherQian)).refused('case/money-over');
    given(...until.rectifying, moneyRecorded)
      .when(of({ amountFen: 1_000_001 }), by(dispatcherQian))
      .refused('case/money-over');
    given(...until.rectifying, residual)
      .when(of({ weight: 750 }), by(dispatcherQian))
      .refused('case/residual-whole');
    given(poor, ...until.rectifying.slice(1))
      .when(splitResidual, by(dispatcherQian))
      .refused('case/money-none');
  });

  test('may be all the money that has not been put right yet', () => {
    const { outcome } = given(...until.rectifying, moneyRecorded).when(
      amended(splitResidual, { amountFen: 1_000_000 }),
      by(dispatcherQian),
    );
    expect(outcome).toMatchObject([{ child: { amountFen: 1_000_000 } }]);
  });

  test('makes who examines look again', () => {
    const { state } = given(...until.rectifying, residual);
    expect(state.basis).toBe(3);
  });
});

describe('a part', () => {
  test('is registered under a number of its own, by nobody but the system', () => {
    given().when(registerPart, by(managerAtNorth)).then(partRegistered.event);
    given().when(registerPart, by(registrarGu)).refused('case/role');
    given(partRegistered).when(registerPart, by(managerAtNorth)).refused('case/already-registered');
  });

  test('was found by who found the whole, and keeps out whom the whole keeps out', () => {
    const { state } = given({ ...partRegistered, actor: { ...managerAtNorth, unit: 'lake-office' } });
    expect(state).toMatchObject({ status: 'registered', finder: 'north-office' });
    expect([state.rectifiers, state.barred, state.excluded]).toEqual(
      [limits.rectifiers, limits.barred, limits.excluded].map((persons) => new Set(persons)),
    );
    given(partRegistered)
      .when(splitCase, by(post('zhou', 'north-office', 'registrar')))
      .refused('case/unknown');
  });
});
