import { expect, test } from '@jest/globals';
import { taken } from './taken.js';

class Result extends Array<string> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

test('rows that are taken are all there, in a list of their own, and the result is empty', () => {
  const found = new Result('one', 'two', 'three');
  const rows = taken(found);
  expect(found).toHaveLength(0);
  expect(rows).toEqual(['one', 'two', 'three']);
  expect(rows).not.toBeInstanceOf(Result);
});
