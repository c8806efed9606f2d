import { describe, expect, test } from '@jest/globals';
import {
  afterwardsWays,
  changeVisibility,
  heldToAccount,
  recordAccountability,
  restricted,
} from '../../../test/support/afterwards.js';
import { amended, by, given, raising, until } from '../../../test/support/cases.js';
import { dispatcherQian, inspectorChen } from '../../../test/support/province.js';
import { HeldToAccount } from '../../contracts/oversight.js';

const [person] = recordAccountability.persons as [(typeof recordAccountability.persons)[0]];

describe('accountability', () => {
  test('is recorded whatever became of the case, and whatever it waits for', () => {
    const pasts = [
      ...Object.values(until).slice(1),
      ...Object.values(afterwardsWays),
      ...Object.values(raising),
    ];
    for (const past of pasts) {
      given(...past)
        .when(recordAccountability, by(inspectorChen))
        .then(heldToAccount.event);
    }
  });

  test('goes by the policy, and was imposed on a day that has come', () => {
    const account = (changes: Partial<typeof person>) =>
      given(...until.closed).when(
        amended(recordAccountability, {
          persons: [person, Object.assign(new HeldToAccount(), person, changes)],
        }),
        by(inspectorChen),
      );
    account({ actions: ['talk', 'exile'] }).invalid('persons.1.actions.1');
    account({ rank: 'emperor' }).invalid('persons.1.rank');
    account({ on: '2026-09-02' }).invalid('persons.1.on');
  });

  test('makes nobody look again', () => {
    const { state } = given(...until.closed, heldToAccount);
    expect(state.basis).toBe(8);
  });
});

describe('visibility', () => {
  test('is narrowed by a dispatcher; everything else is an inspector’s', () => {
    given(...until.rectifying)
      .when(changeVisibility, by(dispatcherQian))
      .then(restricted.event);
    for (const to of ['normal', 'discipline'] as const) {
      given(...until.rectifying, restricted)
        .when(amended(changeVisibility, { to }), by(dispatcherQian))
        .refused('case/role');
      expect(
        given(...until.rectifying, restricted).when(amended(changeVisibility, { to }), by(inspectorChen))
          .outcome,
      ).toMatchObject([{ to }]);
    }
    given(...until.rectifying)
      .when(amended(changeVisibility, { to: 'discipline' }), by(dispatcherQian))
      .refused('case/role');
  });

  test('is another than before', () => {
    given(...until.rectifying, restricted)
      .when(changeVisibility, by(inspectorChen))
      .refused('case/visibility-same');
  });
});
