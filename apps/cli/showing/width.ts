/** Characters that take two columns of a terminal: Chinese, and what is as wide. */
export const WIDE_RANGES =
  '\\u1100-\\u115f\\u2e80-\\ua4cf\\uac00-\\ud7a3\\uf900-\\ufaff\\ufe30-\\ufe6f\\uff00-\\uff60\\uffe0-\\uffe6';
const WIDE = new RegExp(`[${WIDE_RANGES}]`, 'u');

export const isWide = (character: string): boolean => WIDE.test(character);

/** In columns of a terminal. */
export const widthOf = (text: string): number =>
  Array.from(text).reduce((columns, character) => columns + (isWide(character) ? 2 : 1), 0);

/** Cut to so many columns; what is cut off is told by a sign. */
export function clipped(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = '';
  for (const character of text) {
    if (widthOf(kept + character) >= columns) break;
    kept += character;
  }
  return `${kept}…`;
}
