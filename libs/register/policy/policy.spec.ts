import { describe, expect, test } from '@jest/globals';
import { SEED } from '../../../test/support/province.js';
import { policyOf } from './policy.js';

const { policy } = SEED;
const LEVELS = new Set(['province', 'city', 'county']);
const [before, after] = policy.categories.roof.checklist;
const { routes, completion, desks, suspension, sampling } = policy;
const [usual] = routes;

/** With routes that depend on no source or category, so that these may be others. */
const plain = {
  ...policy,
  checklist: [],
  routes: policy.routes.filter(({ when }) => !when || 'severities' in when),
};
const reading = (changes: object): unknown => policyOf({ ...plain, ...changes }, LEVELS);
const roof = (...checklist: unknown[]): object => ({ categories: { roof: { title: '屋面', checklist } } });
const immediate = (general: object): object => ({
  completion: { ...completion, immediate: { ...completion.immediate, general } },
});

describe('a policy', () => {
  test('has its terms as numbers and units', () => {
    const read = policyOf(policy, LEVELS);
    expect(read.desks.verification.major).toEqual({ n: 10, unit: 'working-days' });
    expect(read.desks.accept).toEqual({
      PT: { n: 1, unit: 'working-days' },
      other: { n: 3, unit: 'working-days' },
    });
    expect(read.completion.phased.general.ceiling).toEqual({ n: 12, unit: 'months' });
    expect(read.completion.immediate.general.plan).toBeUndefined();
  });

  test('may have terms of a source or a category', () => {
    const done = { n: 5, unit: 'working-days' };
    const sources = { ...policy.sources, TC: { title: '拨测', done: '5wd' } };
    expect(reading({ sources })).toMatchObject({ sources: { TC: { done } } });
    const categories = { roof: { ...policy.categories.roof, done: '5wd' } };
    expect(reading({ categories })).toMatchObject({ categories: { roof: { done } } });
  });

  test('may say how often and by how much the cases of a source are extended, and whose money is made good', () => {
    const sources = { ...policy.sources, TC: { title: '拨测', extensions: 0, extendedBy: '30cd' } };
    expect(reading({ sources })).toMatchObject({
      sources: { TC: { extensions: 0, extendedBy: { n: 30, unit: 'calendar-days' } } },
    });
    expect(reading({ categories: { roof: { ...policy.categories.roof, madeGood: true } } })).toBeDefined();
  });

  test('may have slots that depend on any of several things', () => {
    const when = ['at-risk', 'source:AU', 'disputed'];
    expect(reading(roof({ ...before, when }, { ...after, each: true, when: 'disputed' }))).toBeDefined();
  });

  test('may have categories that share a slot', () => {
    const categories = {
      roof: { title: '屋面', checklist: [before, after] },
      wall: { title: '墙体', checklist: [{ ...after, when: 'disputed' }] },
    };
    expect(reading({ categories })).toBeDefined();
  });

  test('may say why a ground is none', () => {
    expect(reading({ refusedReturnGrounds: { 'no-money': '走延期' } })).toBeDefined();
    expect(
      reading({ suspension: { ...suspension, refused: { 'other-work': '中心工作冲突' } } }),
    ).toBeDefined();
  });
});

/** Every part that is a table of its own, and every place in it where something could stand. */
const TABLES = [
  ...['sources', 'categories', 'circumstances', 'completion', 'desks', 'returnGrounds', 'moneyMethods'],
  ...['suspension', 'terminationGrounds', 'sampling', 'ladder', 'accountability', 'ranks'],
];

describe('is refused in a sentence that names the part:', () => {
  const complaint = (changes: object): string => {
    try {
      reading(changes);
    } catch (error) {
      const { message } = error as Error;
      expect(message).not.toMatch(/undefined|\[object|Cannot |is not a function/);
      return message;
    }
    throw new Error('nothing was said');
  };

  test.each(TABLES)('%s that is nothing, null, a list, a text', (name) => {
    for (const value of [undefined, null, [], ['x'], 'x', 7]) {
      expect(complaint({ [name]: value })).toContain(name);
    }
  });

  test.each(TABLES.filter((name) => !['completion', 'desks', 'suspension', 'sampling'].includes(name)))(
    '%s with null, a list or a number in an entry, or an id that none can be',
    (name) => {
      const id = name === 'sources' ? 'XX' : 'some';
      const [, sample] = Object.entries(policy[name as 'ranks'])[0] ?? [];
      for (const value of [null, [], 7, {}, '']) {
        expect(complaint({ [name]: { [id]: value } })).toContain(id);
      }
      for (const odd of ['Some Thing', 'constructor', '__proto__', 'toString']) {
        const changed = JSON.parse(`{"${odd}": ${JSON.stringify(sample)}}`) as object;
        expect(complaint({ [name]: changed })).toContain(odd);
      }
    },
  );

  test.each(['checklist', 'routes'])('%s that is no list', (name) => {
    for (const value of [undefined, null, {}, 'x', [null], [[]], [7]]) {
      expect(complaint({ [name]: value })).toContain(name);
    }
  });

  test.each<[string, object, string]>([
    ['sources: none', { sources: {} }, 'sources'],
    ['categories: none', { categories: {} }, 'categories'],
    [
      'a source: typo',
      { sources: { PT: { title: '信访', factcheck: true } } },
      'the source PT has "factcheck"',
    ],
    ['a source: flag', { sources: { PT: { title: '信访', factCheck: 'yes' } } }, 'the source PT.factCheck'],
    ['a source: term', { sources: { PT: { title: '信访', done: '0cd' } } }, 'the source PT.done: "0cd"'],
    [
      'a category: term',
      { categories: { roof: { ...policy.categories.roof, done: 5 } } },
      'the category roof.done',
    ],
    ['a source: title', { sources: { PT: { title: ' ' } } }, 'the source PT needs a title'],
    ['a category: typo', { categories: { roof: { title: '屋面', checklst: [before] } } }, '"checklst"'],
    ['a category: no checklist', { categories: { roof: { title: '屋面' } } }, 'roof needs checklist'],
    ['a category: empty checklist', roof(), 'the category roof needs a checklist'],
    ['a checklist: table', { categories: { roof: { title: '屋面', checklist: { before } } } }, 'roof'],
    ['a slot: null', roof(null), 'the category roof: a slot'],
    ['a slot: typo', roof({ ...before, eech: true }), 'the category roof: a slot has "eech"'],
    ['a slot: each', roof({ ...before, each: 1 }), 'the slot before.each'],
    ['a slot: due', roof({ ...before, due: 'later' }), 'the slot before is due at the submission'],
    ['a slot: no title', roof({ id: 'before' }), 'the category roof: a slot needs title'],
    ['a slot: odd id', roof({ id: 'constructor', title: '屋面' }), '"constructor"'],
    ['a slot: twice', roof(before, before), 'the category roof: the slot before stands twice'],
    ['a slot: common and of a category', { checklist: [before] }, 'the slot before stands in the common'],
    ['a slot: when', roof({ ...before, when: 'sometimes' }), 'depends on "sometimes"'],
    ['a slot: when source', roof({ ...before, when: 'source:XX' }), 'depends on "source:XX"'],
    ['a slot: when one of several', roof({ ...before, when: ['at-risk', 'later'] }), 'depends on "later"'],
    ['a slot: when nothing', roof({ ...before, when: [] }), 'empty list'],
    ['a slot: when null', roof({ ...before, when: null }), 'depends on null'],
    ['a slot: when natural', roof({ ...before, when: 'constructor' }), 'depends on "constructor"'],
    [
      'a slot: another one in two categories',
      {
        categories: {
          roof: { title: '屋面', checklist: [before] },
          wall: { title: '墙体', checklist: [{ id: 'before', title: '墙体照片' }] },
        },
      },
      'the category wall: the slot before is another one in the category roof',
    ],
    [
      'a slot: due otherwise in two categories',
      {
        categories: {
          roof: { title: '屋面', checklist: [before] },
          wall: { title: '墙体', checklist: [{ ...before, due: 'closing' }] },
        },
      },
      'the category wall: the slot before is another one in the category roof',
    ],
    ['a circumstance: at-risk', { circumstances: { 'at-risk': '危险' } }, 'circumstances: at-risk'],
    ['completion: typo', { completion: { ...completion, gradual: {} } }, 'completion has "gradual"'],
    ['completion: type', { completion: { ...completion, phased: null } }, 'completion.phased'],
    ['completion: severity', { completion: { ...completion, phased: [] } }, 'completion.phased'],
    ['completion: no done', immediate({ firstAction: '1wd' }), 'completion.immediate.general needs done'],
    ['completion: 0', immediate({ firstAction: '1wd', done: '0wd' }), 'completion.immediate.general.done'],
    ['completion: number', immediate({ firstAction: 1, done: '1wd' }), 'immediate.general.firstAction'],
    ['completion: null', immediate({ firstAction: '1wd', done: '1wd', plan: null }), 'general.plan'],
    ['completion: odd', immediate({ firstAction: '1wd', done: '1wd', roof: '1wd' }), 'general has "roof"'],
    ['desks: typo', { desks: { ...desks, acept: '1wd' } }, 'desks has "acept"'],
    ['desks: 0', { desks: { ...desks, approval: '0wd' } }, 'desks.approval: "0wd" is no term'],
    ['desks: hours', { desks: { ...desks, approval: '24h' } }, 'desks.approval: "24h" is no term'],
    ['desks: source', { desks: { ...desks, accept: { other: '1wd', XX: '1wd' } } }, 'desks.accept has "XX"'],
    ['desks: others', { desks: { ...desks, return: { PT: '1wd' } } }, 'desks.return needs other'],
    ['desks: by source', { desks: { ...desks, return: '1wd' } }, 'desks.return'],
    [
      'desks: severity',
      { desks: { ...desks, verification: { general: '1wd' } } },
      'desks.verification needs',
    ],
    ['routes: typo', { routes: [usual, { ...usual, wenn: {} }] }, 'routes.1 has "wenn"'],
    [
      'routes: step typo',
      { routes: [usual, { steps: [{ step: 'verify', bei: 'above' }] }] },
      'routes.1: a step',
    ],
    ['routes: step null', { routes: [usual, { steps: [null] }] }, 'routes.1: a step'],
    ['routes: when nothing', { routes: [usual, { ...usual, when: {} }] }, 'routes.1.when names nothing'],
    ['routes: when null', { routes: [usual, { ...usual, when: null }] }, 'routes.1.when'],
    ['routes: when one', { routes: [usual, { ...usual, when: { sources: 'PT' } }] }, 'routes.1.when.sources'],
    ['routes: when none', { routes: [usual, { ...usual, when: { sources: [] } }] }, 'routes.1.when.sources'],
    ['routes: natural', { routes: [usual, { ...usual, when: { categories: ['toString'] } }] }, '"toString"'],
    [
      'routes: desk',
      { routes: [usual, { steps: [{ step: 'approve', by: { level: 'city', unit: 'x' } }] }] },
      'routes.1: the desk of a step has "unit"',
    ],
    ['a ground: both', { refusedReturnGrounds: { unclear: '不行' } }, 'refusedReturnGrounds.unclear'],
    ['a refused ground: no reason', { refusedReturnGrounds: { 'no-money': null } }, 'no-money'],
    ['suspension: typo', { suspension: { ...suspension, max: 1 } }, 'suspension has "max"'],
    ['suspension: most', { suspension: { ...suspension, most: 0 } }, 'suspension.most'],
    [
      'suspension: most of a ground',
      { suspension: { ...suspension, grounds: { weather: { title: '天气', most: 0 } } } },
      'the ground weather of a suspension: most',
    ],
    [
      'suspension: typo in a ground',
      { suspension: { ...suspension, grounds: { weather: { title: '天气', max: 30 } } } },
      'the ground weather of a suspension has "max"',
    ],
    [
      'suspension: valid and refused',
      { suspension: { ...suspension, refused: { weather: '不行' } } },
      'suspension.refused.weather',
    ],
    [
      'a source: extensions',
      { sources: { TC: { title: '拨测', extensions: 1.5 } } },
      'the source TC.extensions',
    ],
    [
      'a source: extendedBy',
      { sources: { TC: { title: '拨测', extendedBy: 30 } } },
      'the source TC.extendedBy',
    ],
    [
      'a category: madeGood',
      { categories: { roof: { ...policy.categories.roof, madeGood: 'yes' } } },
      'the category roof.madeGood',
    ],
    ['sampling: percent', { sampling: { ...sampling, percent: 101 } }, 'sampling'],
    ['sampling: severity', { sampling: { ...sampling, allOf: ['grave'] } }, 'sampling'],
    ['sampling: typo', { sampling: { ...sampling, all: [] } }, 'sampling has "all"'],
    ['retention: none', { retention: 0 }, 'retention needs whole years'],
    ['retention: too long', { retention: 101 }, 'retention needs whole years'],
    ['retention: half a year', { retention: 0.5 }, 'retention needs whole years'],
    ['retention: a term', { retention: '10y' }, 'retention needs whole years'],
    ['a rung: by', { ladder: { red: { title: '红', by: 'handler' } } }, 'the rung red of the ladder'],
    ['a rung: overdue', { ladder: { red: { title: '红', overdue: -1 } } }, 'the rung red of the ladder'],
    ['a rung: typo', { ladder: { red: { title: '红', when: 'overdue' } } }, 'the rung red of the ladder has'],
    [
      'accountability: form',
      { accountability: { talk: { title: '谈话', form: 'Form 1' } } },
      'talk needs a form',
    ],
    ['a title: long', { ranks: { top: 'x'.repeat(201) } }, 'ranks.top needs a title'],
  ])('%s', (_, changes, said) => {
    expect(complaint(changes)).toContain(said);
  });
});
