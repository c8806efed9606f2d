const WRITTEN =
  /^(?<sign>-?)(?<whole>\d{0,400})(?:\.(?<fraction>\d{0,400}))?(?:[eE](?<power>[+-]?\d{1,3}))?$/;
/** A workbook keeps numbers as doubles and shows so many digits of them; those behind are noise. */
const DIGITS = 15;

/**
 * The number that a workbook shows, written out: `8.1999999999999993` is 8.2, `1.5E-3` is 0.0015. Digits are moved and
 * rounded as text, never calculated with.
 * @returns nothing for what is no number
 */
export function decimalOf(written: string): string | undefined {
  const { sign, whole = '', fraction = '', power = '0' } = WRITTEN.exec(written)?.groups ?? {};
  const digits = whole + fraction;
  if (sign === undefined || digits === '') return undefined;
  const zeros = /^0*/.exec(digits)?.[0].length ?? 0;
  const rounded = round(digits.slice(zeros));
  const point = whole.length - zeros + Number(power) + rounded.carried;
  const text = place(rounded.digits, point);
  return sign === '-' && text !== '0' ? `-${text}` : text;
}

/** Whether a whole number has more digits than a workbook can keep: the last ones are lost. */
export function lostDigits(decimal: string): boolean {
  const [whole = ''] = decimal.replace('-', '').split('.');
  return whole.length > DIGITS;
}

function round(digits: string): { digits: string; carried: number } {
  if (digits.length <= DIGITS) return { digits, carried: 0 };
  const kept = digits.slice(0, DIGITS);
  if (digits.charAt(DIGITS) < '5') return { digits: kept, carried: 0 };
  const up = String(BigInt(kept) + 1n);
  return { digits: up, carried: up.length - kept.length };
}

/** Digits with the point behind so many of them. */
function place(digits: string, point: number): string {
  const whole = point <= 0 ? '0' : digits.slice(0, point).padEnd(point, '0');
  const behind = point <= 0 ? '0'.repeat(-point) + digits : digits.slice(point);
  let end = behind.length;
  while (behind[end - 1] === '0') end--;
  const fraction = behind.slice(0, end);
  const plain = whole === '' ? '0' : whole;
  return fraction === '' ? plain : `${plain}.${fraction}`;
}
