/** Columns and rows of what a likeness is worked out from: a picture shrunk to grey values, one column more than rows. */
export const LIKENESS_WIDTH = 9;
export const LIKENESS_HEIGHT = 8;

/** Pictures that differ in so many bits of 64 at most are nearly the same. */
export const NEAR = 6;

/** Of a picture that is nearly all one surface every other such picture would be a likeness. */
const LEAST_STRUCTURE = 8;

/**
 * The difference hash of a picture: a bit for each two neighbours in a row, set where the left one is brighter. It stays
 * nearly the same when the picture is made smaller, lighter or compressed again, and tells nothing of what it shows.
 * @param grey 9 × 8 values, row by row
 * @returns 16 hex digits, or undefined where the picture has too little structure to be known again
 */
export function likenessOf(grey: Uint8Array): string | undefined {
  let bits = 0n;
  let set = 0;
  for (let y = 0; y < LIKENESS_HEIGHT; y++) {
    for (let x = 0; x < LIKENESS_WIDTH - 1; x++) {
      const at = y * LIKENESS_WIDTH + x;
      const brighter = (grey[at] ?? 0) > (grey[at + 1] ?? 0);
      bits = (bits << 1n) | (brighter ? 1n : 0n);
      if (brighter) set++;
    }
  }
  if (set < LEAST_STRUCTURE || set > 64 - LEAST_STRUCTURE) return undefined;
  return bits.toString(16).padStart(16, '0');
}

/** How many bits two likenesses differ in. */
export function distance(one: string, other: string): number {
  let differing = BigInt(`0x${one}`) ^ BigInt(`0x${other}`);
  let count = 0;
  for (; differing > 0n; differing &= differing - 1n) count++;
  return count;
}

/**
 * By what a likeness is found without looking at all: it has 8 bytes, and two that differ in at most 6 bits have at least
 * two bytes in common. So each pair of bytes is a key, with its place: 28 numbers. One of 65,536 others has a key by chance.
 */
export function keysOf(likeness: string): number[] {
  const bytes = Buffer.from(likeness, 'hex');
  const keys: number[] = [];
  for (let one = 0; one < bytes.length; one++) {
    for (let other = one + 1; other < bytes.length; other++)
      keys.push(((one * 8 + other) << 16) | ((bytes[one] ?? 0) << 8) | (bytes[other] ?? 0));
  }
  return keys;
}
