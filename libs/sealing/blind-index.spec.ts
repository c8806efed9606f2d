import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BlindIndex } from './blind-index.js';
import { type IndexKind, type PersonalKind } from '../contracts/sealing.js';
import { MasterKey } from './master-key.js';

const KEY = Buffer.from(Array.from({ length: 32 }, (_, n) => n)).toString('base64');
const index = new BlindIndex(MasterKey.fromText(KEY));
const KINDS: IndexKind[] = ['name', 'phone', 'identity-number'];

test.each<[IndexKind, string, string]>([
  ['name', '演示张三', ' 演示张三\u3000'],
  ['name', 'Ann Example', 'ＡＮＮ example'],
  ['name', 'STRASSE', 'Straße'],
  ['name', 'e\u0301xample', '\u00c9XAMPLE'],
  ['phone', '13800005678', '138 0000-5678'],
  ['phone', '13800005678', '１３８００００５６７８'],
  ['identity-number', '11010119000101001X', '110101 19000101 001x'],
  ['identity-number', '11010119000101001X', '１１０１０１１９０００１０１００１Ｘ'],
])('a %s is found however it is written: %s, %s', (kind, one, other) => {
  expect(index.of(kind, one)).toBe(index.of(kind, other));
});

test.each<[IndexKind, string, string]>([
  ['name', '演示张三', '演示张三三'],
  ['name', 'Ann Example', 'Ann'],
  ['phone', '13800005678', '13800005679'],
  ['identity-number', '军字第0000001号', '海字第0000001号'],
])('another %s has another index: %s, %s', (kind, one, other) => {
  expect(index.of(kind, one)).not.toBe(index.of(kind, other));
});

test('the same digits have another index as a name, a phone and an identity number', () => {
  expect(new Set(KINDS.map((kind) => index.of(kind, '13800005678'))).size).toBe(3);
});

test('another master key has other indexes', () => {
  const other = new BlindIndex(MasterKey.fromText(KEY.replace('A', 'B')));
  for (const kind of KINDS) expect(other.of(kind, '1')).not.toBe(index.of(kind, '1'));
});

test.each<[IndexKind, string]>([
  ['name', ' \u3000'],
  ['phone', '无'],
  ['identity-number', '—'],
])('a %s of which nothing is left has none', (kind, text) => {
  expect(index.of(kind, text)).toBeUndefined();
});

test('any text has an index of 32 bytes, or none', () => {
  fc.assert(
    fc.property(fc.constantFrom(...KINDS), fc.string({ unit: 'binary' }), (kind, text) => {
      expect(index.of(kind, text) ?? 'A'.repeat(43)).toMatch(/^[\w-]{43}$/);
    }),
  );
});

// Indexes are kept: were these to change, nothing that was sealed before would be found. The first was checked
// with `openssl kdf … HKDF` and `openssl mac -digest sha256`.
test('an index is for good', () => {
  expect(KINDS.map((kind) => index.of(kind, '13800005678'))).toEqual([
    'VeG9lHAQISUw3kTtCZlXpDec1WDBdQqT3cmAtorGbtw',
    'fEwXVgH2ccoga7kINvPRcedIHi395F-t5Ux0Fg4Bq-k',
    'UCgvJNt-49twUdnoF6wCE6HDZQYP-lG6aeWTCxixow0',
  ]);
});

test('every text has a stand-in: its index, or that of the very text', () => {
  expect(index.standIn('name', ' 演示张三')).toBe(index.of('name', '演示张三'));
  const texts: [PersonalKind, string][] = [
    ['text', '无'],
    ['text', ' 无'],
    ['address', '无'],
    ['phone', '无'],
    ['identity-number', '—'],
  ];
  const standIns = texts.map(([kind, text]) => index.standIn(kind, text));
  expect(new Set(standIns).size).toBe(texts.length);
  for (const one of standIns) expect(one).toMatch(/^[\w-]{43}$/);
  expect(texts.map(([kind, text]) => index.standIn(kind, text))).toEqual(standIns);
});
