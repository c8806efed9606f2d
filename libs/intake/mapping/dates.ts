import { type Day, isDay } from '../../contracts/values.js';

/** A date as people write it, such as `MM/DD/YYYY` or `YYYY年M月D日`. */
export interface DateFormat {
  written: string;
  pattern: RegExp;
}

const TOKENS: ReadonlyMap<string, string> = new Map([
  ['YYYY', String.raw`(?<year>\d{4})`],
  ['MM', String.raw`(?<month>\d{2})`],
  ['M', String.raw`(?<month>\d{1,2})`],
  ['DD', String.raw`(?<day>\d{2})`],
  ['D', String.raw`(?<day>\d{1,2})`],
]);

/** @returns nothing if year, month and day do not stand in it exactly once each */
export function dateFormat(written: string): DateFormat | undefined {
  const parts = written.split(/(YYYY|MM|M|DD|D)/);
  const tokens = parts.filter((part) => TOKENS.has(part)).map((token) => token[0]);
  if (tokens.length !== 3 || new Set(tokens).size !== 3) return undefined;
  const pattern = parts
    .map((part) => TOKENS.get(part) ?? part.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`))
    .join('');
  return { written, pattern: new RegExp(`^${pattern}$`, 'u') };
}

/** @returns nothing for what is not written so, or is no day that exists */
export function readDay(text: string, { pattern }: DateFormat): Day | undefined {
  const { year, month, day } = pattern.exec(text)?.groups ?? {};
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const written = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDay(written) ? written : undefined;
}
