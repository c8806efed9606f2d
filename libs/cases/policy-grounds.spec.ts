import { describe, expect, test } from '@jest/globals';
import {
  amended,
  assignCase,
  assigned,
  by,
  did,
  given,
  registered,
  returnAssignment,
  suspendCase,
  suspended,
  until,
} from '../../test/support/cases.js';
import { dispatcherQian, handlerLi, provinceWith, SEED } from '../../test/support/province.js';

const { policy } = SEED;
const { suspension, categories } = policy;
const register = provinceWith({
  policy: {
    ...policy,
    refusedReturnGrounds: { 'no-money': '缺资金（走延期）' },
    suspension: {
      ...suspension,
      grounds: { ...suspension.grounds, litigation: { title: '诉讼复议仲裁' } },
      refused: { 'own-funds': '本级资金不足' },
    },
    categories: {
      ...categories,
      roof: {
        title: '改造效果不佳',
        checklist: [
          { id: 'before', title: '整改前照片' },
          { id: 'recognition', title: '认定意见', when: ['source:AU', 'source:PC'] },
          { id: 'reply', title: '答复', when: ['source:AU', 'at-risk'] },
        ],
      },
    },
  },
});

const { rectifying } = until;
const litigation = amended(suspendCase, { ground: 'litigation', until: '2027-08-31' });
const stood = (days: number): ReturnType<typeof did> =>
  did(dispatcherQian, { type: 'CaseResumed', days, dueOn: '2026-12-10', reason: '可以继续' });

describe('a ground that people name and that is none', () => {
  test('is refused with the reason why, for a return', () => {
    given(registered, assigned)
      .when(amended(returnAssignment, { ground: 'no-money' }), by(handlerLi, { register }))
      .refused('case/return-ground-refused', { why: '缺资金（走延期）' });
    given(registered, assigned)
      .when(amended(returnAssignment, { ground: 'too-far' }), by(handlerLi, { register }))
      .refused('case/return-ground');
  });

  test('is refused with the reason why, for a suspension', () => {
    given(...rectifying)
      .when(amended(suspendCase, { ground: 'own-funds' }), by(dispatcherQian, { register }))
      .refused('case/suspension-ground-refused', { why: '本级资金不足' });
  });
});

describe('a suspension that lasts as long as others take', () => {
  const { type, from, document, reason } = suspended.event as Extract<
    typeof suspended.event,
    { type: 'CaseSuspended' }
  >;
  const apart = {
    type,
    ground: 'litigation',
    from,
    until: '2027-08-31',
    document,
    reason,
    apart: true,
  } as const;

  test('has no longest time, even where all other time is used up', () => {
    given(...rectifying)
      .when(litigation, by(dispatcherQian, { register }))
      .then(apart);
    given(...rectifying, suspended, stood(40))
      .when(litigation, by(dispatcherQian, { register }))
      .then(apart);
  });

  test('takes nothing from the others', () => {
    given(...rectifying, did(dispatcherQian, apart), stood(200))
      .when(suspendCase, by(dispatcherQian, { register }))
      .then(suspended.event);
    given(...rectifying, did(dispatcherQian, apart), stood(200), suspended, stood(40))
      .when(suspendCase, by(dispatcherQian, { register }))
      .refused('case/suspension-long');
  });
});

describe('a suspension counts the working days of the case’s division', () => {
  const festive = provinceWith({
    calendar: { ...SEED.calendar, divisions: { north: { holidays: ['2026-09-02', '2026-09-03'] } } },
  });

  test('when it begins', () => {
    given(...rectifying)
      .when(amended(suspendCase, { until: '2026-10-21' }), by(dispatcherQian, { register: festive }))
      .then({ ...suspended.event, until: '2026-10-21' } as typeof suspended.event);
    given(...rectifying)
      .when(amended(suspendCase, { until: '2026-10-22' }), by(dispatcherQian, { register: festive }))
      .refused('case/suspension-long');
  });
});

describe('a term of a source or a category', () => {
  const { sources } = policy;
  const ending = (rules: object, dueOn: string): void => {
    const { outcome } = given(registered).when(
      amended(assignCase, { dueOn: undefined }),
      by(dispatcherQian, { register: provinceWith({ policy: { ...policy, ...rules } }) }),
    );
    expect(outcome).toMatchObject([{ dueOn, deadline: { due: dueOn } }]);
  };

  test('ends the completion earlier, and never later', () => {
    ending({}, '2026-10-19');
    ending({ sources: { ...sources, PC: { title: '省检', done: '5wd' } } }, '2026-09-08');
    ending({ sources: { ...sources, PC: { title: '省检', done: '60cd' } } }, '2026-10-19');
    ending({ categories: { ...categories, roof: { ...categories.roof, done: '10wd' } } }, '2026-09-15');
  });
});

test('a slot is wanted where any of what it depends on holds', () => {
  const event = assigned.event as Extract<typeof assigned.event, { type: 'CaseAssigned' }>;
  given(registered)
    .when(assignCase, by(dispatcherQian, { register }))
    .then({
      ...event,
      checklist: [
        { id: 'before', title: '整改前照片' },
        { id: 'recognition', title: '认定意见' },
      ],
    });
});
