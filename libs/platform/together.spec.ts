import { describe, expect, test } from '@jest/globals';
import { Together } from './together.js';

/** Answers each number with its double, and notes what was asked at once. */
function doubling(): { asked: number[][]; together: Together<number, number> } {
  const asked: number[][] = [];
  const together = new Together<number, number>(async (numbers) => {
    asked.push(numbers);
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (numbers.includes(13)) throw new Error('thirteen');
    return numbers.map((n) => 2 * n);
  });
  return { asked, together };
}

describe('questions that are asked at the same time', () => {
  test('make one round trip, and everybody gets their own answer', async () => {
    const { asked, together } = doubling();
    expect(await Promise.all([1, 2, 3].map((n) => together.answer(n)))).toEqual([2, 4, 6]);
    expect(asked).toEqual([[1, 2, 3]]);
  });

  test('while others are on their way, are the next round trip', async () => {
    const { asked, together } = doubling();
    const first = together.answer(1);
    await new Promise((resolve) => setTimeout(resolve, 2));
    const others = Promise.all([together.answer(2), together.answer(3)]);
    expect([await first, ...(await others)]).toEqual([2, 4, 6]);
    expect(asked).toEqual([[1], [2, 3]]);
  });

  test('fail together, and the next are asked all the same', async () => {
    const { together } = doubling();
    const bad = [13, 1].map((n) => together.answer(n).catch((error: unknown) => (error as Error).message));
    expect(await Promise.all(bad)).toEqual(['thirteen', 'thirteen']);
    expect(await together.answer(4)).toBe(8);
  });

  test('are no more than five hundred at once', async () => {
    const { asked, together } = doubling();
    const numbers = Array.from({ length: 1200 }, (_, n) => n + 100);
    expect(await Promise.all(numbers.map((n) => together.answer(n)))).toEqual(numbers.map((n) => 2 * n));
    expect(asked.map(({ length }) => length)).toEqual([500, 500, 200]);
  });

  test('that get too few answers get none', async () => {
    const together = new Together<number, number>(() => Promise.resolve([1]));
    await expect(Promise.all([together.answer(1), together.answer(2)])).rejects.toThrow('as many answers');
  });
});
