import { expect, test } from '@jest/globals';
import { type CaseState } from './case-state.js';
import { unexamined } from './folding.js';
import { fold, noCase } from './state.js';

test('a case of which nothing more happens stays as it is, in all of its fields', () => {
  const names = Object.keys(noCase);
  const marked = Object.fromEntries(names.map((name) => [name, { of: name }])) as unknown as CaseState;
  expect(fold(marked, [])).toEqual(marked);
  expect(names.length).toBeGreaterThan(80);
});

test('a case that begins is as unexamined as one that was sent back', () => {
  expect(noCase).toMatchObject(unexamined);
});
