import { describe, expect, test } from '@jest/globals';
import { decoder, UnknownEvent } from './decode.js';
import { type StoredEvent } from './event.js';

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
