import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Gb18030Trial, Utf8Trial } from './encoding.js';

/** Fed in pieces of so many bytes. */
function fed<T extends Utf8Trial>(trial: T, bytes: Uint8Array, piece: number): T {
  for (let at = 0; at < bytes.length; at += piece) trial.feed(bytes.subarray(at, at + piece));
  return trial;
}

const GB = Buffer.from('cedd c3e6 c9f8 c2a9 a3ac 9532 8236 4142'.replaceAll(' ', ''), 'hex');

describe('UTF-8', () => {
  test('any text is, however it is cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 9 }), (text, piece) => {
        const trial = fed(new Utf8Trial(), Buffer.from(text), piece);
        expect(trial.passed()).toBe(true);
        expect(trial.bom).toBe(text.startsWith('\ufeff'));
      }),
    );
  });

  test('a text that ends within a character is not', () => {
    expect(fed(new Utf8Trial(), Buffer.from('屋面').subarray(0, 5), 2).passed()).toBe(false);
  });
});

describe('GB18030', () => {
  test.each([1, 2, 3, 100])('Chinese text is, in pieces of %i', (piece) => {
    expect(fed(new Utf8Trial(), GB, piece).passed()).toBe(false);
    expect(fed(new Gb18030Trial(), GB, piece).against()).toBeUndefined();
  });

  test('UTF-8 of which a byte is missing is not, though it decodes', () => {
    const bytes = Buffer.from('屋面渗漏檩条腐朽');
    const damaged = Buffer.concat([bytes.subarray(0, 4), bytes.subarray(5)]);
    expect(fed(new Gb18030Trial(), damaged, 3).against()).toBe('is UTF-8 with damaged bytes');
  });

  test('Western text of one byte a character is not, though it decodes', () => {
    const western = Buffer.from('Müller, Façade', 'latin1');
    expect(() => new TextDecoder('gb18030', { fatal: true }).decode(western)).not.toThrow();
    expect(fed(new Gb18030Trial(), western, 4).against()).toBe('is neither UTF-8 nor GB18030 text');
  });

  test('bytes that stand in no text are not', () => {
    expect(fed(new Gb18030Trial(), Buffer.from([0xce, 0xdd, 0xff]), 2).against()).toBe(
      'is neither UTF-8 nor GB18030 text',
    );
  });
});
