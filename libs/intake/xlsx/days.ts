import { type Day } from '../../contracts/values.js';
import { type Archive } from './archive.js';
import { readAll } from './xml.js';

/** Numbers of formats that every workbook knows and that show a day: 27–36 and 50–58 are those of East Asia. */
const BUILT_IN: readonly (readonly [number, number])[] = [
  [14, 17],
  [22, 22],
  [27, 31],
  [36, 36],
  [50, 54],
  [57, 58],
];
const DAY_MS = 86_400_000;
/** 9999-12-31. */
const LAST = 2_958_465;

/** Whether a format shows a year or a day of the month: 5.2 as `yyyy/m/d` is meant as a day. */
export function showsDay(code: string): boolean {
  const bare = code.replace(/"[^"]*"|\\.|_.|\*.|\[[^[\]]*\]/g, '');
  return /[yd]/i.test(bare.replace(/general/gi, ''));
}

/**
 * The day of a number of days, as workbooks count them. In the reckoning from 1900 the year 1900 has a 29th of February,
 * number 60, which never was.
 * @returns nothing where there is no such day
 */
export function dayOf(days: number, from1904: boolean): Day | undefined {
  const whole = Math.floor(days);
  if (!(whole >= (from1904 ? 0 : 1) && whole <= LAST) || (whole === 60 && !from1904)) return undefined;
  const first = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, whole < 60 ? 31 : 30);
  const day = new Date(first + whole * DAY_MS).toISOString();
  return day.startsWith('+') ? undefined : day.slice(0, 10);
}

/** Which styles of cells show a day, by their number. */
export async function dayStyles(archive: Archive, path: string | undefined): Promise<ReadonlySet<number>> {
  const formats = new Set(
    BUILT_IN.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, n) => from + n)),
  );
  const styles = new Set<number>();
  let inCells = false;
  let count = 0;
  if (path === undefined) return styles;
  await readAll(archive, path, {
    open: (name, { numFmtId, formatCode }) => {
      if (name === 'cellXfs') inCells = true;
      if (name === 'numFmt' && showsDay(formatCode ?? '')) formats.add(Number(numFmtId));
      if (name !== 'xf' || !inCells) return;
      if (formats.has(Number(numFmtId))) styles.add(count);
      count++;
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false;
    },
  });
  return styles;
}
