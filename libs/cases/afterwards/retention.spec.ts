import { describe, expect, test } from '@jest/globals';
import {
  afterwardsWays,
  closedLongAgo,
  endRetention,
  lookBackFailed,
  manager,
  reopeningRefused,
  retentionEnded,
} from '../../../test/support/afterwards.js';
import {
  answerAccepted,
  answered,
  by,
  did,
  given,
  instructed,
  type PastEvent,
  registered,
  reopened,
  until,
} from '../../../test/support/cases.js';
import { adopted, adoption } from '../../../test/support/intake.js';
import { province, registrarGu } from '../../../test/support/province.js';
import { merged } from '../../../test/support/split.js';
import { type Register } from '../../contracts/register.js';
import { type Day } from '../../contracts/values.js';

/** Closed at an instant, and nothing since. */
const closedAt = (at: string): PastEvent[] => until.closed.map((done) => ({ ...done, at }));
/** A policy under which it is so many years; undefined: of none. */
function keeping(retention: number | undefined): Register {
  const { retention: _, ...rest } = province.policy;
  return { ...province, policy: { ...rest, ...(retention !== undefined && { retention }) } };
}
const on = (day: Day, register?: Register) => by(manager, { on: day, ...(register && { register }) });

describe('the time for which a case keeps its personal data', () => {
  test('is over on the same day so many years later, and not the day before', () => {
    given(...closedLongAgo)
      .when(endRetention, on('2026-08-31'))
      .refused('case/not-due');
    given(...closedLongAgo)
      .when(endRetention, on('2026-09-01'))
      .then(retentionEnded.event);
  });

  test('counts from the day in the province, not in Greenwich', () => {
    // One second to and one at midnight in Hunan.
    const [before, after] = ['2016-08-31T15:59:59.000Z', '2016-08-31T16:00:00.000Z'].map(closedAt);
    expect(given(...(before ?? [])).when(endRetention, on('2026-08-31')).outcome).toMatchObject([
      { endedOn: '2016-08-31' },
    ]);
    given(...(after ?? []))
      .when(endRetention, on('2026-08-31'))
      .refused('case/not-due');
  });

  test('of what was closed on 29 February is over on 1 March where there is none', () => {
    const leap = closedAt('2024-02-29T04:00:00.000Z');
    given(...leap)
      .when(endRetention, on('2025-02-28', keeping(1)))
      .refused('case/not-due');
    for (const [day, years] of [
      ['2025-03-01', 1],
      ['2028-02-29', 4],
    ] as const)
      expect(given(...leap).when(endRetention, on(day, keeping(years))).outcome).toMatchObject([
        { endedOn: '2024-02-29', years },
      ]);
  });

  test('is that of the policy in force when it is decided, and without one never over', () => {
    const { when } = given(...closedAt('2020-09-01T04:00:00.000Z'));
    when(endRetention, on('2026-09-01')).refused('case/not-due');
    expect(when(endRetention, on('2026-09-01', keeping(6))).outcome).toMatchObject([{ years: 6 }]);
    when(endRetention, on('2026-09-01', keeping(7))).refused('case/not-due');
    when(endRetention, on('2999-09-01', keeping(undefined))).refused('case/not-due');
  });

  test('does not run while it is open, and begins anew after a reopening', () => {
    const again = { ...reopened, at: '2026-09-01T04:00:00.000Z' };
    given(...closedLongAgo, again)
      .when(endRetention, on('2099-01-01'))
      .refused('case/status');
    const closedAgain = closedAt('2027-03-01T04:00:00.000Z').slice(2);
    const { when } = given(...closedLongAgo, again, ...closedAgain);
    when(endRetention, on('2037-02-28')).refused('case/not-due');
    expect(when(endRetention, on('2037-03-01')).outcome).toMatchObject([{ endedOn: '2027-03-01' }]);
  });

  test('runs from every other end too, and from the day that an old ledger states', () => {
    const at = '2016-09-01T04:00:00.000Z';
    for (const past of [afterwardsWays.terminated, [registered, merged]])
      expect(
        given(...past.map((done) => ({ ...done, at }))).when(endRetention, on('2026-09-16')).outcome,
      ).toMatchObject([{ endedOn: '2016-09-01' }]);
    const { closedOn } = adoption.stated;
    expect(closedOn).toBeDefined();
    const [years, year] = [10, Number(closedOn?.slice(0, 4))];
    expect(
      given(adopted).when(endRetention, on(`${year + years}${closedOn?.slice(4) ?? ''}`)).outcome,
    ).toMatchObject([{ endedOn: closedOn }]);
    const { closedOn: _, ...stated } = adoption.stated;
    const undated = did(registrarGu, { ...adoption, stated }, at);
    expect(given(undated).when(endRetention, on('2026-09-01')).outcome).toMatchObject([
      { endedOn: '2016-09-01' },
    ]);
  });
});

describe('a case is held', () => {
  test('while a failed look-back waits for its answer', () => {
    given(...closedLongAgo, lookBackFailed)
      .when(endRetention, on('2026-09-01'))
      .refused('case/not-due');
    given(...closedLongAgo, lookBackFailed, reopeningRefused)
      .when(endRetention, on('2026-09-01'))
      .then(retentionEnded.event);
  });

  test('while an instruction of a leader has no accepted answer', () => {
    given(...closedLongAgo, instructed, answered)
      .when(endRetention, on('2026-09-01'))
      .refused('case/not-due');
    given(...closedLongAgo, instructed, answered, answerAccepted)
      .when(endRetention, on('2026-09-01'))
      .then(retentionEnded.event);
  });

  test('while its termination may be held', () => {
    const { when } = given(
      ...afterwardsWays.terminated.map((done) => ({ ...done, at: '2016-09-01T04:00:00.000Z' })),
    );
    when(endRetention, on('2026-09-15')).refused('case/not-due');
    expect(when(endRetention, on('2026-09-16')).outcome).toMatchObject([{ type: 'RetentionEnded' }]);
  });
});

test('nobody has to look again on account of it', () => {
  const past = given(...closedLongAgo).state;
  expect(given(...closedLongAgo, retentionEnded).state).toMatchObject({
    ...{ status: 'closed', basis: past.basis, endedAt: past.endedAt },
  });
});
