import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dateFormat, readDay } from './dates.js';
import { readMoney, readWhole } from './numbers.js';

function day(text: string, written: string): string | undefined {
  const format = dateFormat(written);
  if (!format) throw new Error(`${written} is no format`);
  return readDay(text, format);
}

describe('days', () => {
  test.each([
    ['10/09/2013', 'MM/DD/YYYY', '2013-10-09'],
    ['1/5/2013', 'M/D/YYYY', '2013-01-05'],
    ['2019年7月1日', 'YYYY年M月D日', '2019-07-01'],
    ['2020.02.29', 'YYYY.MM.DD', '2020-02-29'],
  ])('%s as %s', (text, written, expected) => {
    expect(day(text, written)).toBe(expected);
  });

  test.each([
    ['02/29/2019', 'MM/DD/YYYY'],
    ['13/01/2019', 'MM/DD/YYYY'],
    ['1/05/2019', 'MM/DD/YYYY'],
    ['01/05/19', 'MM/DD/YYYY'],
    ['01/05/2019 ', 'MM/DD/YYYY'],
    ['01/05/0019', 'MM/DD/YYYY'],
    ['2020x02x29', 'YYYY.MM.DD'],
    ['０1/05/2019', 'MM/DD/YYYY'],
  ])('%s is no %s', (text, written) => {
    expect(day(text, written)).toBeUndefined();
  });

  test.each(['.', '*', '+?', '(', ')', '[a-z]', '{1,9}', '|', '^', '$', '\\d', '(?<year>', '(a+)+', '/'])(
    'signs between its parts mean themselves: %j',
    (sign) => {
      const written = `YYYY${sign}MM${sign}DD`;
      expect(day(`2020${sign}02${sign}29`, written)).toBe('2020-02-29');
      expect(day('20200229', written)).toBeUndefined();
      expect(day('2020x02x29', written)).toBeUndefined();
      expect(day(`2020${'a'.repeat(50_000)}02${sign}29`, written)).toBeUndefined();
    },
  );

  test.each(['MM/DD', 'YYYY-YYYY-DD', '', 'YYYY-MM-DD-D'])('%j is no format', (written) => {
    expect(dateFormat(written)).toBeUndefined();
  });
});

describe('whole numbers', () => {
  test.each([
    ['-73.924317', 7, -739_243_170],
    ['40.65', 7, 406_500_000],
    ['1.1', 7, 11_000_000],
    ['8.41', 2, 841],
    ['-0.0', 7, 0],
    ['+5', 0, 5],
    ['40.6504830000000', 7, 406_504_830],
  ])('%s moved by %i places', (text, scale, expected) => {
    expect(readWhole(text, scale)).toBe(expected);
  });

  test.each([
    ['40.65048312', 7],
    ['1.5', 0],
    ['1e3', 0],
    ['0x10', 0],
    ['', 0],
    ['.5', 2],
    ['1,000', 0],
    ['NaN', 0],
    ['9007199254740992', 0],
    ['١', 0],
  ])('%s is none (%i places)', (text, scale) => {
    expect(readWhole(text, scale)).toBeUndefined();
  });

  test('no digit is lost or made up', () => {
    const places = fc.integer({ min: 0, max: 9 });
    fc.assert(
      fc.property(fc.maxSafeInteger(), places, (value, scale) => {
        const digits = String(Math.abs(value)).padStart(scale + 1, '0');
        const point = digits.length - scale;
        const text = `${value < 0 ? '-' : ''}${digits.slice(0, point)}${scale > 0 ? '.' : ''}${digits.slice(point)}`;
        expect(readWhole(text, scale)).toBe(value);
      }),
    );
  });
});

describe('money', () => {
  test.each([
    ['12.345678', 6, 12_345_678],
    ['0.1', 6, 100_000],
    ['1,234.56', 2, 123_456],
    ['3.5万元', 2, 3_500_000],
    ['300 元', 6, 30_000],
    ['7分', 6, 7],
  ])('%s moved by %i places is so many fen', (text, scale, fen) => {
    expect(readMoney(text, scale)).toBe(fen);
  });

  test.each([
    ['0.1234567', 6],
    ['1,23', 2],
    ['约3万元', 6],
    ['元', 2],
    ['', 2],
  ])('%j is none', (text, scale) => {
    expect(readMoney(text, scale)).toBeUndefined();
  });
});
