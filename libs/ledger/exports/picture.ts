const PNG = Buffer.from('89504e470d0a1a0a', 'hex');
/** In a PNG: its kind of colours and whether it is interlaced. */
const [COLOURS, INTERLACED] = [25, 28];
/** Grey, and red, green and blue. */
const OPAQUE = [0, 2];

/**
 * Whether a picture goes into a paper as it is. pdfkit unpacks a PNG that is transparent, has a palette or is interlaced, and
 * throws where nobody can catch it when such a file is broken.
 */
export function isPlain(bytes: Buffer): boolean {
  if (bytes.readUInt16BE(0) === 0xffd8) return true;
  if (!bytes.subarray(0, PNG.length).equals(PNG)) return false;
  return OPAQUE.includes(bytes[COLOURS] ?? -1) && bytes[INTERLACED] === 0;
}
