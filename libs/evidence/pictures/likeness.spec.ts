import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { distance, keysOf, likenessOf, NEAR } from './likeness.js';

/** Each row brighter to the left in the columns that are named. */
const rows = (row: readonly number[]): Uint8Array =>
  Uint8Array.from(Array.from({ length: 8 }, () => row).flat());

describe('a likeness', () => {
  test('has a bit for each two neighbours, set where the left one is brighter', () => {
    expect(likenessOf(rows([9, 1, 9, 1, 9, 1, 9, 1, 9]))).toBe('aaaaaaaaaaaaaaaa');
    expect(likenessOf(rows([9, 8, 7, 6, 5, 5, 6, 7, 8]))).toBe('f0f0f0f0f0f0f0f0');
  });

  test('is none of a picture that is nearly all one surface', () => {
    expect(likenessOf(rows([5, 5, 5, 5, 5, 5, 5, 5, 5]))).toBeUndefined();
    expect(likenessOf(rows([9, 8, 7, 6, 5, 4, 3, 2, 1]))).toBeUndefined();
  });

  test('counts the bits in which it differs from another', () => {
    expect(distance('0000000000000000', 'ffffffffffffffff')).toBe(64);
    expect(distance('f0f0f0f0f0f0f0f0', 'f0f0f0f0f0f0f0f1')).toBe(1);
  });

  test('has a key in common with every other that is near', () => {
    const bits = fc.uniqueArray(fc.integer({ min: 0, max: 63 }), { maxLength: NEAR });
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), bits, (one, flipped) => {
        const other = flipped.reduce((sum, bit) => sum ^ (1n << BigInt(bit)), one);
        const [a, b] = [one, other].map((bits) => bits.toString(16).padStart(16, '0')) as [string, string];
        expect(distance(a, b)).toBe(flipped.length);
        const keys = new Set(keysOf(b));
        expect(keysOf(a).some((key) => keys.has(key))).toBe(true);
      }),
    );
  });

  test('has 28 keys of its own', () => {
    expect(new Set(keysOf('0123456789abcdef')).size).toBe(28);
    expect(new Set(keysOf('0000000000000000')).size).toBe(28);
  });
});
