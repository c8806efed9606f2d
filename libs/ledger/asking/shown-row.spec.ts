import { expect, test } from '@jest/globals';
import { SHOWN_NAMES } from '../rows/columns.js';
import { rowOf } from './shown-row.js';

test('a row has every value under the name of its column, in the order in which they are asked for', () => {
  const named = Object.fromEntries(SHOWN_NAMES.map((name) => [name, name]));
  const row = rowOf(SHOWN_NAMES);
  expect(row).toEqual({ ...named, light: null, lightOf: null, heldDays: null });
  expect(Object.keys(row).slice(0, SHOWN_NAMES.length)).toEqual(SHOWN_NAMES);
});
