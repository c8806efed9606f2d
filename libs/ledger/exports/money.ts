import { type SheetCell } from '../../platform/xlsx/sheet.js';

/** Fen as 元 with two decimals: digits are moved, never divided. */
export function yuan(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, '0');
  return `${fen < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** As a number that a spreadsheet sums up. */
export const money = (fen: number | null): SheetCell => (fen === null ? undefined : { decimal: yuan(fen) });
