import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonical } from './canonical.js';
import { decoder, stampOf, UnknownEvent } from './decode.js';
import { type Meta, type StoredEvent } from './event.js';

type LampEvent = { type: 'LampHung'; place: string; watts: number } | { type: 'LampLit' };

const decode = decoder<LampEvent>(
  { LampHung: true, LampLit: true },
  {
    LampPutUp: ({ where }) => ({ type: 'LampHung', place: String(where), watts: 60 }),
    LampSwitchedOn: () => ({ type: 'LampLit' }),
  },
);
const stored = (type: string, data = '{}'): StoredEvent => ({
  ...{ id: 'e-1', stream: 'lamp-1', revision: 3, type, data },
  meta: '{"commandId":"c-1","recordedAt":"2026-09-01T04:00:00.000Z"}',
});

test('an event reads as its name, its data and its place', () => {
  expect(decode(stored('LampHung', '{"place":"hall","watts":40}'))).toEqual({
    ...{ id: 'e-1', stream: 'lamp-1', revision: 3 },
    event: { type: 'LampHung', place: 'hall', watts: 40 },
    meta: { commandId: 'c-1', recordedAt: '2026-09-01T04:00:00.000Z' },
  });
});

test('the name counts, whatever the data say of themselves', () => {
  expect(decode(stored('LampLit', '{"type":"LampHung"}')).event).toEqual({ type: 'LampLit' });
});

test('an old name reads as what it is called today', () => {
  expect(decode(stored('LampPutUp', '{"where":"hall"}')).event).toEqual({
    type: 'LampHung',
    place: 'hall',
    watts: 60,
  });
  expect(decode(stored('LampSwitchedOn')).event).toEqual({ type: 'LampLit' });
});

describe('nothing is guessed:', () => {
  test.each([
    ...['LampBroken', 'lamphung', 'LampHung ', ''],
    ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'],
  ])('%j is no name of this language', (name) => {
    expect(() => decode(stored(name))).toThrow(UnknownEvent);
    expect(() => decode(stored(name))).toThrow(`lamp-1@3 has the unknown name ${JSON.stringify(name)}`);
  });

  test('without upcasts no old name is known', () => {
    const strict = decoder<LampEvent>({ LampHung: true, LampLit: true });
    for (const name of ['LampPutUp', 'toString', '__proto__']) {
      expect(() => strict(stored(name))).toThrow(UnknownEvent);
    }
  });

  test('what is no JSON is damage', () => {
    expect(() => decode(stored('LampLit', '{'))).toThrow(SyntaxError);
  });
});

test('data that name a prototype change none', () => {
  const { event } = decode(stored('LampHung', '{"__proto__":{"lit":true},"place":"hall","watts":40}'));
  expect(Object.getPrototypeOf(event)).toBe(Object.prototype);
  expect('lit' in event).toBe(false);
});

describe('who and when, cut out of a meta,', () => {
  const stampIn = (meta: string): object => {
    const { actor, recordedAt } = JSON.parse(meta) as Meta;
    return { actor, recordedAt };
  };
  const actor = { person: 'p-1', unit: 'hill-office', role: 'handler', via: 'http' };
  const recordedAt = '2026-09-01T04:00:00.000Z';

  test('are what reading all of it finds, whatever its texts say', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '"}',
        '\\"}',
        '","recordedAt":"',
        '"recordedAt":"2026-01-01T00:00:00.000Z"',
        '{"actor":{}',
      ),
    );
    const meta = fc.record({
      actor: fc.dictionary(text, text),
      basisDocument: text,
      calendar: text,
      recordedAt: fc
        .date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })
        .map((one) => one.toISOString()),
      requestHash: text,
    });
    fc.assert(
      fc.property(meta, (one) => {
        expect(stampOf(canonical(one))).toMatchObject(stampIn(canonical(one)));
      }),
      { numRuns: 2000 },
    );
  });

  test('and nothing else is read', () => {
    expect(stampOf(canonical({ actor, recordedAt, commandId: 'c-1', simulated: true }))).toEqual({
      actor,
      recordedAt,
    });
  });

  test.each([
    ['keys in another order', { recordedAt, actor }],
    ['a key before all others', { aaa: 1, actor, recordedAt }],
    ['an actor with a part that is no text', { actor: { ...actor, via: null }, recordedAt }],
    ['an actor with parts', { actor: { for: { person: 'p-2' }, ...actor }, recordedAt }],
    ['a time with more of a second', { actor, recordedAt: '2026-09-01T04:00:00.000000Z' }],
    ['a time with less of a second', { actor, recordedAt: '2026-09-01T04:00:00.0Z', requestHash: 'ab' }],
    ['a time of another zone', { actor, recordedAt: '2026-09-01T04:00+00:00', requestHash: 'ab' }],
    ['no actor', { recordedAt }],
    ['no time', { actor }],
  ])('are read as they stand in %s', (_, meta) => {
    expect(stampOf(JSON.stringify(meta))).toMatchObject(meta);
    expect(stampOf(JSON.stringify(meta, null, 1))).toMatchObject(meta);
  });

  test('what cannot be read at all is damage', () => {
    expect(() => stampOf('{')).toThrow(SyntaxError);
  });
});
