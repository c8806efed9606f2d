/** Texts up to so many UTF-16 units are written here first; each takes three bytes at most. */
const LONGEST = 2 ** 18;
const draft = Buffer.allocUnsafeSlow(3 * LONGEST);

/**
 * A text as UTF-8. It is gone through once, unless it is very long: `Buffer.from` goes through it to learn how long it will
 * be, and again.
 */
export function bytesOf(text: string): Buffer {
  if (text.length > LONGEST) return Buffer.from(text);
  return Buffer.from(draft.subarray(0, draft.write(text)));
}
