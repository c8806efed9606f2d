import { expect, test } from '@jest/globals';
import { calendarNotice } from './notice.js';

const national = { id: 'national@2026', holidays: new Set<string>(), moved: new Set<string>() };
const published = { ...national, until: '2026-12-31' };
const upTo = 'Working days are published up to 2026-12-31 (national@2026).';

test.each([
  ['long before the last published day', '2026-10-31', [upTo]],
  ['60 days before it', '2026-11-01', [upTo, expect.stringMatching(/^Warning: that is soon/)]],
  ['on it', '2026-12-31', [upTo, expect.stringMatching(/^Warning: that is soon/)]],
  ['the day after', '2027-01-01', [upTo, expect.stringMatching(/^Warning: that day has passed/)]],
])('%s', (_, today, said) => {
  expect(calendarNotice(published, today)).toEqual(said);
});

test('a calendar whose days are all settled has nothing to say', () => {
  expect(calendarNotice(national, '2199-12-31')).toEqual([]);
});
