import { describe, expect, test } from '@jest/globals';
import canonicalize from 'canonicalize';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { Refusal } from '../contracts/refusal.js';
import {
  assertSize,
  canonical,
  hashOf,
  leafHash,
  MAX_EVENT_BYTES,
  NotStorable,
  storable,
} from './canonical.js';
import { type StoredEvent } from './event.js';

describe('canonical JSON is RFC 8785', () => {
  /** Appendix B: bits of a number of IEEE 754, and its text. */
  const numbers = [
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ] as const;
  test.each(numbers)('the number of the bits %s is %s', (bits, text) => {
    expect(canonical(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text);
  });

  test('of whatever value: as another implementation writes it', () => {
    // Typed as a default export, seen by Node as the module itself.
    const other = canonicalize as unknown as (value: unknown) => string;
    const values = fc.anything({
      ...{ key: fc.string({ unit: 'binary' }), maxDepth: 5, withBigInt: false },
      values: [
        fc.string({ unit: 'binary' }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
      ],
    });
    const json = fc
      .oneof(values, fc.jsonValue())
      .filter((value) => typeof JSON.stringify(value) === 'string');
    fc.assert(
      fc.property(json, (value) => {
        const read = JSON.parse(JSON.stringify(value)) as unknown;
        expect(canonical(read)).toBe(other(read));
      }),
      { numRuns: 2000 },
    );
  });

  test.each([NaN, Infinity, -Infinity])('%s is no JSON', (number) => {
    expect(() => canonical(number)).toThrow();
  });

  test('the example of section 3.2, to the byte', () => {
    const sample = JSON.parse(
      String.raw`{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}`,
    ) as object;
    const bytes = [
      '7b 22 6c 69 74 65 72 61 6c 73 22 3a 5b 6e 75 6c 6c 2c 74 72',
      '75 65 2c 66 61 6c 73 65 5d 2c 22 6e 75 6d 62 65 72 73 22 3a',
      '5b 33 33 33 33 33 33 33 33 33 2e 33 33 33 33 33 33 33 2c 31',
      '65 2b 33 30 2c 34 2e 35 2c 30 2e 30 30 32 2c 31 65 2d 32 37',
      '5d 2c 22 73 74 72 69 6e 67 22 3a 22 e2 82 ac 24 5c 75 30 30',
      '30 66 5c 6e 41 27 42 5c 22 5c 5c 5c 5c 5c 22 2f 22 7d',
    ];
    expect(Buffer.from(canonical(sample)).toString('hex')).toBe(bytes.join('').replaceAll(' ', ''));
  });

  test('names are sorted by UTF-16 units, at every depth', () => {
    const names = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
    const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33'];
    const object = Object.fromEntries(names.map((name) => [name, { b: 1, a: [{ d: 1, c: 2 }] }]));
    expect(canonical(object)).toBe(
      `{${sorted.map((name) => `${JSON.stringify(name)}:{"a":[{"c":2,"d":1}],"b":1}`).join(',')}}`,
    );
  });

  test('what is absent is left out of an object, and null in a list', () => {
    expect(canonical({ b: undefined, a: null })).toBe('{"a":null}');
    expect(canonical([1, undefined, 2])).toBe('[1,null,2]');
  });

  test.each([undefined, () => 1, Symbol('s')])('%p is no JSON', (value) => {
    expect(() => canonical(value)).toThrow(NotStorable);
  });

  test('it does not matter in which order anything was written', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonical(value);
        expect(canonical(JSON.parse(text))).toBe(text);
        expect(canonical(backwards(value))).toBe(text);
      }),
    );
  });

  function backwards(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(backwards);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([name, part]) => [name, backwards(part)] as const);
    return Object.fromEntries(entries.reverse());
  }
});

describe('an event holds', () => {
  test.each([
    ['nothing', {}, '{}'],
    ['texts of any script', { 述: '屋面渗漏 😀' }, '{"述":"屋面渗漏 😀"}'],
    ['line breaks and control characters', { a: '\n\u0001' }, String.raw`{"a":"\n\u0001"}`],
    [
      'a text that only looks like an escape',
      { a: String.raw`\u0000 \ud800` },
      String.raw`{"a":"\\u0000 \\ud800"}`,
    ],
    [
      'the largest safe integers',
      { a: [2 ** 53 - 1, 1 - 2 ** 53, 0] },
      '{"a":[9007199254740991,-9007199254740991,0]}',
    ],
  ])('%s', (_, value, text) => {
    expect(storable(value)).toBe(text);
  });

  test.each([
    ['a NUL', { a: 'x\0' }],
    ['a NUL in a name', { 'x\0': 1 }],
    ['a NUL behind a backslash', { a: '\\\0' }],
    ['half a character', { a: 'x\ud83d' }],
    ['the other half', { a: '\ude00x' }],
    ['halves in the wrong order', { a: '\ude00\ud83d' }],
    ['half a character in a name', { '\ud800': 1 }],
    ['half a character behind two backslashes', { a: '\\\\\ud800' }],
    ['a fraction', { a: 0.5 }],
    ['a fraction deep inside', { a: [{ b: [1, 2, 0.1 + 0.2] }] }],
    ['minus zero', { a: -0 }],
    ['2^53', { a: 2 ** 53 }],
    ['-2^53', { a: -(2 ** 53) }],
    ['what is no number', { a: NaN }],
    ['infinity', { a: Infinity }],
  ])('never %s', (_, value) => {
    expect(() => storable(value)).toThrow(NotStorable);
  });

  test('and what it may not hold is a refusal of the input', () => {
    expect(() => storable({ a: 0.5 })).toThrow(Refusal);
    try {
      storable({ a: 0.5 });
    } catch (error) {
      expect(error).toMatchObject({ code: 'input/invalid', details: { errors: [{ rule: 'storable' }] } });
    }
  });

  test('exactly the texts that UTF-8 and PostgreSQL know', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('\\', 'u', '0', 'd', '8', '\0', '\ud800', '\udc00', '"') }),
        (text) => {
          const known = Buffer.from(text).toString() === text && !text.includes('\0');
          let kept = true;
          try {
            storable({ text });
          } catch {
            kept = false;
          }
          expect(kept).toBe(known);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('at most 64 KiB of UTF-8, data and meta together', () => {
    const meta = '{}';
    const data = (bytes: number) => `{"a":"${'a'.repeat(bytes - 8 - meta.length)}"}`;
    const sized = (text: string) => () => {
      assertSize({ id: '1', type: 'Noted', data: text, meta });
    };
    expect(Buffer.byteLength(data(MAX_EVENT_BYTES) + meta)).toBe(65_536);
    expect(sized(data(MAX_EVENT_BYTES))).not.toThrow();
    expect(sized(data(MAX_EVENT_BYTES + 1))).toThrow(NotStorable);
    expect(sized(`{"a":"${'屋'.repeat(22_000)}"}`)).toThrow(NotStorable);
  });
});

test('the hash of a request is the SHA-256 of its canonical JSON', () => {
  const hash = '60caf72ae8a4931f9ed236bcba23e3a1da6ee0eaa314d75b8962265d94c3c0ff';
  expect(hashOf({ type: 'AcceptAssignment', caseId: 'x', body: {} })).toBe(hash);
  expect(hashOf({ body: { note: undefined }, caseId: 'x', type: 'AcceptAssignment' })).toBe(hash);
  expect(hashOf({ type: 'AcceptAssignment', caseId: 'y', body: {} })).not.toBe(hash);
});

describe('the leaf of an event', () => {
  const data = {
    ...{ description: '屋面渗漏 "漏" \\ \n', amountFen: 1_250_000, weight: 1000, personsAtRisk: false },
    ...{ é: 'e', A: [1, -2, null] },
  };
  const meta = {
    recordedAt: '2026-09-01T04:00:00.000Z',
    commandId: 'c',
    entryMode: 'live',
    actor: { via: 'http', person: 'li', unit: 'hill-office', role: 'handler' },
  };
  const event: StoredEvent = {
    ...{ id: '7f1c3e9a-0000-5000-8000-000000000001', type: 'Noted', stream: 'case-1', revision: 12 },
    ...{ data: storable(data), meta: storable(meta) },
  };

  test('is SHA-256(0x00 ‖ canonical JSON of the whole)', () => {
    // Computed by another program in another language.
    expect(leafHash(event)).toBe('e29ee222401ab87962f7050978bb5f35a47c036218359ab9783ee16d13d86158');
  });

  test('is the same however the whole is put together', () => {
    const part = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('"', '\\', '\n', '\u2028', '屋'));
    fc.assert(
      fc.property(
        part,
        part,
        part,
        fc.nat(),
        fc.dictionary(part, part),
        (id, type, stream, revision, any) => {
          const stored = { id, type, stream, revision, data: canonical(any), meta: canonical({ any }) };
          const whole = canonical({ id, type, stream, revision, data: any, meta: { any } });
          expect(leafHash(stored)).toEqual(createHash('sha256').update(`\0${whole}`).digest('hex'));
        },
      ),
    );
  });

  test.each(['id', 'type', 'stream', 'revision', 'data', 'meta'] as const)('changes with its %s', (part) => {
    const other = part === 'revision' ? 13 : part === 'data' || part === 'meta' ? '{}' : 'another';
    expect(leafHash({ ...event, [part]: other })).not.toEqual(leafHash(event));
  });
});
