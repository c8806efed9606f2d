const DECIMAL = /^(?<sign>[+-]?)(?<whole>\d{1,16})(?:\.(?<fraction>\d{1,30}))?$/;

/**
 * A decimal number as a whole one, its point moved to the right: `-73.924317` by 7 places is −739243170. Digits are moved,
 * not multiplied, so that nothing is rounded.
 * @returns nothing for what is no decimal number, would lose digits or is no safe integer
 */
export function readWhole(text: string, scale: number): number | undefined {
  const { sign, whole, fraction = '' } = DECIMAL.exec(text)?.groups ?? {};
  if (sign === undefined || whole === undefined) return undefined;
  if (/[1-9]/.test(fraction.slice(scale))) return undefined;
  const digits = Number(whole + fraction.slice(0, scale).padEnd(scale, '0'));
  // Not −0, which no event may hold.
  const value = sign === '-' && digits !== 0 ? -digits : digits;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Units of money, as places to fen. */
export const MONEY: ReadonlyMap<string, number> = new Map([
  ['分', 0],
  ['元', 2],
  ['万元', 6],
]);

const UNIT = /(?:万元|元|分)$/;
const GROUPED = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;

/** An amount in fen. A unit that stands in the cell counts before that of the column; thousands may be parted by commas. */
export function readMoney(text: string, scale: number): number | undefined {
  const [unit = ''] = UNIT.exec(text) ?? [];
  const amount = text.slice(0, text.length - unit.length).trimEnd();
  const digits = GROUPED.test(amount) ? amount.replaceAll(',', '') : amount;
  return readWhole(digits, MONEY.get(unit) ?? scale);
}
