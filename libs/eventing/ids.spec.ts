import { describe, expect, test } from '@jest/globals';
import { caseId, commandId, eventId, partId } from './ids.js';

// The expected ids were computed by another program: uuid5(0b9f6a3e-5d0c-4a57-9a5e-6c1f0d8b2e71, JSON of the array).
const LI_1 = 'c5347c6e-d511-5685-80c3-481db41fb8e3';
const STREAM = 'case-5d1d8ad5-2ab4-5f0e-8e8a-2a8ec0b4d6e5';

describe('a command', () => {
  test('is the same for the same person with the same key', () => {
    expect(commandId('li', 'key-1')).toBe(LI_1);
    expect(commandId('李', '键"\\/')).toBe('efe81023-635a-5d72-85bf-23f9acebde0f');
  });

  test('is another for another person, another key, or another division of the two', () => {
    const ids = [
      commandId('li', 'key-1'),
      commandId('xu', 'key-1'),
      commandId('li', 'key-2'),
      commandId('lik', 'ey-1'),
    ];
    expect(new Set(ids).size).toBe(4);
  });
});

test('the events of a command are numbered in their stream', () => {
  expect(eventId(STREAM, LI_1, 0)).toBe('be13180e-a88d-5ecb-8d25-4997d6150412');
  expect(eventId(STREAM, LI_1, 1)).toBe('3ca4856b-d96b-5504-ac7e-ea69a7050770');
});

describe('a case', () => {
  const idOf = (
    origin: { source?: string; document?: string; line?: string; part?: string },
    deployment = 'hunan',
  ) => caseId(deployment, { source: 'PC', ...origin }, LI_1);
  const seven = { document: '省检〔2026〕7号', line: '12', part: 'A' };

  test('is its source, document, line and part', () => {
    expect(idOf(seven)).toBe('7cd1c804-139f-556e-ab0f-7b8c3ef6b84f');
    expect(idOf({ document: seven.document })).toBe('08e0d9aa-c7c1-59b0-b41c-c434f947a78e');
    expect(caseId('hunan', { source: 'PC', ...seven }, 'another command')).toBe(idOf(seven));
  });

  test('without a document is the command that registered it', () => {
    expect(idOf({})).toBe('38a10356-811d-507d-9dc4-dde01b5dd001');
    expect(idOf({ line: '12', part: 'A' })).toBe(idOf({}));
    expect(caseId('hunan', { source: 'PC' }, 'another command')).not.toBe(idOf({}));
  });

  test.each([
    ['blanks around', { ...seven, line: ' 12\t', part: '\u3000A\u00a0' }],
    ['capital letters', { ...seven, part: 'a', source: 'pc' }],
    [
      'full-width forms',
      { ...seven, document: '省检〔２０２６〕７号', line: '１２', part: 'Ａ', source: 'ＰＣ' },
    ],
  ])('is the same with %s', (_, origin) => {
    expect(idOf(origin)).toBe(idOf(seven));
  });

  test.each([
    ['Straße 7', 'STRASSE 7'],
    ['ΟΔΟΣ', 'οδος'],
    ['οδοσ', 'οδος'],
    ['e\u0301', '\u00c9'],
    ['ﬁ', 'FI'],
    ['㈠', '(一)'],
    ['①', '1'],
  ])('of the document %s is the case of %s', (one, other) => {
    expect(idOf({ document: one })).toBe(idOf({ document: other }));
  });

  test('of the document Straße 7 is known to other programs', () => {
    expect(idOf({ source: 'AU', document: 'Straße 7', line: '12' })).toBe(
      'be9557e4-04ec-5c7f-8b3a-96cf99809580',
    );
  });

  test('is another with another part, in another place, or of another deployment', () => {
    const ids = [
      idOf(seven),
      idOf({ ...seven, source: 'NC' }),
      idOf({ ...seven, document: '省检〔2026〕8号' }),
      idOf({ ...seven, line: '13' }),
      idOf({ ...seven, part: 'B' }),
      idOf({ ...seven, part: undefined }),
      idOf({ ...seven, line: undefined, part: '12' }),
      idOf({ ...seven, line: '1 2' }),
      idOf({ ...seven, line: '12A', part: undefined }),
      idOf(seven, 'hubei'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('a part of a case', () => {
  const whole = '7cd1c804-139f-556e-ab0f-7b8c3ef6b84f';

  test('is the whole and its number', () => {
    expect(partId(whole, 0)).toBe('d4d3ac83-8e3d-52fc-ae3f-b9c75bf76633');
    expect(partId(whole, 20)).toBe('4e47d63a-1f60-574b-992f-2627a0410e8c');
  });

  test('is another with another number, or of another whole, and no case of before', () => {
    const ids = [partId(whole, 0), partId(whole, 1), partId(partId(whole, 0), 0), partId(LI_1, 0), whole];
    expect(new Set([...ids, caseId('hunan', { source: 'PC' }, whole)]).size).toBe(6);
  });
});
