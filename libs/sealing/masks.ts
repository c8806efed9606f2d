/** What may be shown of a personal text to somebody who has no purpose for the whole. */
export type MaskKind = 'name' | 'phone' | 'identity-number' | 'address';

const HIDDEN = '**';

const MASKS: Record<MaskKind, (text: string) => string> = {
  name: maskName,
  phone: maskPhone,
  'identity-number': maskIdentityNumber,
  address: maskAddress,
};

/** Any text is masked. One that does not look like its kind is hidden altogether. */
export function mask(kind: MaskKind, text: string): string {
  return MASKS[kind](text.normalize('NFKC').replace(/\s/g, ''));
}

/** The first letter: 张**. How many follow is not told; a name of one letter would be told as a whole. */
function maskName(text: string): string {
  const [first = '', second] = text;
  return second !== undefined && /^\p{L}$/u.test(first) ? `${first}${HIDDEN}` : HIDDEN;
}

/** A mobile number keeps three and four digits: 138****5678. Of others the last two, as they are short. */
function maskPhone(text: string): string {
  const digits = text.replace(/\D/g, '');
  const [, head, tail] = /^(?:(?:00)?86)?(1\d\d)\d{4}(\d{4})$/.exec(digits) ?? [];
  if (head !== undefined && tail !== undefined) return `${head}****${tail}`;
  return digits.length >= 7 ? `****${digits.slice(-2)}` : '****';
}

/**
 * Of 18 places the county of the first registration and the last two: the birthday and the sequence between them are
 * hidden. Of the old 15 places the last two would be most of the sequence, so only the county.
 */
function maskIdentityNumber(text: string): string {
  if (/^\d{17}[\dXx]$/.test(text)) return `${text.slice(0, 6)}**********${text.slice(-2).toUpperCase()}`;
  if (/^\d{15}$/.test(text)) return `${text.slice(0, 6)}*********`;
  return '********';
}

// A name of a place has no word in it that belongs below the village, and is not long: else a street or a person's name
// before it would be taken for part of it.
const PLACE = String.raw`(?:(?![路街巷弄组号栋])\p{Script=Han}){1,8}?`;
const LEVELS = [
  `(?:${PLACE}(?:省|自治区))?`,
  `(?:${PLACE}(?:市|自治州|盟))?`,
  `(?:${PLACE}(?:县|(?<!小)区|市|旗))?`,
  `(?:${PLACE}(?:街道|镇|乡))?`,
];
const ABOVE = new RegExp(`^${LEVELS.join('')}`, 'u');
const VILLAGE = new RegExp(`^${PLACE}(?:村|社区)`, 'u');

/** To the village; of one that names none, to where it is still a division. A village that lies nowhere is not shown. */
function maskAddress(text: string): string {
  const above = ABOVE.exec(text)?.[0] ?? '';
  const village = above === '' ? '' : (VILLAGE.exec(text.slice(above.length))?.[0] ?? '');
  return above + village + HIDDEN;
}
