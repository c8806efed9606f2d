import { expect, test } from '@jest/globals';
import { SEED } from '../../../test/support/province.js';
import { faultsOf, policyOf } from './policy.js';
import { differences, touchedBy } from './policy-effect.js';

const LEVELS = new Set(['province', 'city', 'county']);
const { policy } = SEED;
const read = policyOf(policy, LEVELS);

test('a policy that is right has no faults, and differs in nothing from itself', () => {
  expect(faultsOf(policy, LEVELS)).toEqual([]);
  expect(differences(read, policyOf({ ...policy }, LEVELS))).toEqual([]);
});

test('every part that is wrong is named once', () => {
  const wrong = { ...policy, desks: {}, sampling: 3, ranks: undefined, countersigned: ['grave'] };
  const parts = faultsOf(wrong, LEVELS).map(({ part }) => part);
  expect(parts.sort()).toEqual(['countersigned', 'desks', 'ranks', 'sampling']);
  expect(faultsOf({}, LEVELS).length).toBeGreaterThan(5);
});

test('what differs is told rule by rule, each with what was and what will be', () => {
  const changed = {
    ...read,
    extensions: read.extensions + 1,
    sources: { ...read.sources, NEW: { title: '新' } },
    desks: { ...read.desks, review: { n: 99, unit: 'working-days' } },
  };
  expect(differences(read, changed)).toEqual([
    { path: ['sources', 'NEW'], draft: { title: '新' } },
    { path: ['desks', 'review'], inForce: read.desks.review, draft: { n: 99, unit: 'working-days' } },
    { path: ['extensions'], inForce: read.extensions, draft: read.extensions + 1 },
  ]);
  expect(differences({ a: { n: 1, unit: 'months' } }, {})).toEqual([
    { path: ['a'], inForce: { n: 1, unit: 'months' } },
  ]);
});

test.each([
  ['sources.PT.done', { source: 'PT' }],
  ['categories.roof.checklist', { category: 'roof' }],
  ['completion.immediate.general.done', { rectificationType: 'immediate', severity: 'general' }],
  ['completion.immediate', { rectificationType: 'immediate' }],
  ['desks.verification.major', { severity: 'major' }],
  ['desks.accept.PT', { source: 'PT' }],
  ['desks.accept.other', {}],
  ['desks.review', {}],
  ['routes', {}],
])('%s is about %j', (path, about) => {
  expect(touchedBy(path.split('.'))).toEqual(about);
});
