import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Seen } from './seen.js';

test('the second of two is told the row of the first', () => {
  const seen = new Seen();
  expect(seen.earlier('00000001-0000-0000-0000-000000000002', 2)).toBeUndefined();
  expect(seen.earlier('00000001-0000-0000-0000-000000000003', 3)).toBeUndefined();
  expect(seen.earlier('00000001-0000-0000-0000-000000000002', 4)).toBe(2);
});

test('it remembers as a map does, however full it gets', () => {
  // Few digits, so that ids come again and slots collide.
  const id = fc.tuple(fc.nat(20), fc.nat(20)).map(([high, low]) => `${hex(high)}-${hex(low)}`);
  fc.assert(
    fc.property(fc.array(id, { maxLength: 300 }), (ids) => {
      const seen = new Seen(2);
      const first = new Map<string, number>();
      for (const [index, each] of ids.entries()) {
        expect(seen.earlier(each, index + 1)).toBe(first.get(each));
        if (!first.has(each)) first.set(each, index + 1);
      }
    }),
  );
});

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
