import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { ZipFile } from 'yazl';

/** Files as uploaders send them, and as attackers do: made here, but for two pictures that nothing here can encode. */

export const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export interface Exif {
  description?: string;
  time?: string;
  offset?: string;
  /** North and east, in degrees, minutes and seconds. */
  place?: [string, string];
  datum?: string;
}

/** A photo with structure of its own, and with what a camera writes. */
export async function photo(
  seed: number,
  { description, time, offset, place, datum }: Exif = {},
): Promise<Buffer> {
  return scene(seed)
    .jpeg({ quality: 90 })
    .withExif({
      IFD0: { ...(description !== undefined && { ImageDescription: description, Artist: description }) },
      IFD2: {
        ...(time !== undefined && { DateTimeOriginal: time }),
        ...(offset !== undefined && { OffsetTimeOriginal: offset }),
      },
      IFD3: {
        ...(place && {
          GPSLatitudeRef: 'N',
          GPSLatitude: place[0],
          GPSLongitudeRef: 'E',
          GPSLongitude: place[1],
        }),
        ...(datum !== undefined && { GPSMapDatum: datum }),
      },
    })
    .toBuffer();
}

/** Blocks of grey in an order that the seed decides. */
export function scene(seed: number, width = 640): Sharp {
  const [columns, rows] = [9, 8];
  let state = seed * 2_654_435_761 + 1;
  const grey = Uint8Array.from({ length: columns * rows }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
  return sharp(grey, { raw: { width: columns, height: rows, channels: 1 } })
    .resize(width, Math.round((width * 3) / 4), { fit: 'fill', kernel: 'cubic' })
    .toColourspace('srgb');
}

export const pdf = (text = randomBytes(8).toString('hex')): Buffer =>
  Buffer.from(`%PDF-1.4\n% ${text}\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n`);

/** A document of Office with these parts besides the list of them. */
export function office(
  kind: 'docx' | 'xlsx',
  parts: Record<string, Buffer> = {},
  mainType?: string,
): Promise<Buffer> {
  const main = kind === 'docx' ? DOCX : XLSX;
  const types = `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
    <Override PartName="/main.xml" ContentType="${mainType ?? `${main}.main+xml`}"/></Types>`;
  return zip({ '[Content_Types].xml': Buffer.from(types), 'main.xml': randomBytes(20), ...parts });
}

export async function zip(parts: Record<string, Buffer>): Promise<Buffer> {
  const file = new ZipFile();
  for (const [name, content] of Object.entries(parts)) file.addBuffer(content, name);
  file.end();
  const chunks: Buffer[] = [];
  for await (const chunk of file.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function box(type: string, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}

const brands = (...names: string[]): Buffer =>
  box('ftyp', Buffer.from([names[0], '\0\0\0\0', ...names].join(''), 'latin1'));

/**
 * `scene(60)` as a phone writes it that was held upright: encoded lying on its side and turned back by a property (irot),
 * with 2026-01-20T10:11:12+08:00, 28°13′30″ N 112°56′12.34″ E in WGS-84, and a script as description and artist. Made by
 * pillow-heif 1.8.1 (x265, quality 40) with EXIF by piexif 1.1.3.
 */
export const heic = (): Promise<Buffer> => readFile('test/support/photo.heic');
/** Grey all over, 4,096 × 4,096. Made by pillow-heif 1.8.1 (x265, quality 20). */
export const plainHeic = (): Promise<Buffer> => readFile('test/support/plain.heic');

/** One that says it is so large. */
export async function heicOf(width: number, height: number, photo = heic()): Promise<Buffer> {
  const changed = Buffer.from(await photo);
  const at = changed.indexOf('ispe');
  changed.writeUInt32BE(width, at + 8);
  changed.writeUInt32BE(height, at + 12);
  return changed;
}

/** One of a few kilobytes that lays so many pictures of 16 million pixels side by side and shows a corner of the first. */
export async function heicOfTiles(rows: number, columns: number): Promise<Buffer> {
  const plain = await plainHeic();
  const boxIn = (type: string): Buffer => {
    const at = plain.indexOf(type) - 4;
    return plain.subarray(at, at + plain.readUInt32BE(at));
  };
  const whole = rows * columns + 1;
  const tiles = Array.from({ length: rows * columns }, (_, n) => n + 1);
  const coded = boxIn('mdat').subarray(8);
  const grid = Buffer.concat([Buffer.from([0, 0, rows - 1, columns - 1]), words(64, 64)]);
  const meta = full(
    'meta',
    full('hdlr', Buffer.from('\0\0\0\0pict'), Buffer.alloc(13)),
    full('pitm', words(whole)),
    full(
      'iloc\x01',
      Buffer.from([0x44, 0]),
      words(whole, whole, 1, 0, 1, 0, 0, 0, grid.length),
      ...tiles.map((id) => words(id, 1, 0, 1, 0, grid.length, 0, coded.length)),
    ),
    full(
      'iinf',
      words(whole),
      full('infe\x02', words(whole, 0), Buffer.from('grid\0')),
      ...tiles.map((id) => full('infe\x02', words(id, 0), Buffer.from('hvc1\0'))),
    ),
    full('iref', box('dimg', words(whole, tiles.length, ...tiles))),
    box(
      'iprp',
      box('ipco', boxIn('hvcC'), boxIn('ispe'), full('ispe', words(0, 64, 0, 64))),
      full(
        'ipma',
        words(0, whole),
        ...tiles.map((id) => Buffer.concat([words(id), Buffer.from([2, 0x81, 2])])),
        Buffer.concat([words(whole), Buffer.from([1, 3])]),
      ),
    ),
    box('idat', grid, coded),
  );
  return Buffer.concat([brands('heic', 'mif1', 'heic'), meta]);
}

/** A box with its version: what stands behind the type, or 0. */
const full = (type: string, ...content: Buffer[]): Buffer =>
  box(type.slice(0, 4), Buffer.from([type.charCodeAt(4) || 0, 0, 0, 0]), ...content);

function words(...all: number[]): Buffer {
  const bytes = Buffer.alloc(all.length * 2);
  all.forEach((word, n) => bytes.writeUInt16BE(word, n * 2));
  return bytes;
}

/** Cut off in the middle of its picture, which its boxes do not show. */
export async function heicCut(): Promise<Buffer> {
  const photo = Buffer.from(await heic());
  const at = photo.indexOf('mdat') - 4;
  photo.writeUInt32BE(1000, at);
  return photo.subarray(0, at + 1000);
}

/** The brand of a photo over a film. */
export const mp4AsHeic = (): Buffer =>
  Buffer.concat([
    brands('heic', 'mif1'),
    box('meta', Buffer.alloc(20)),
    box('moov', Buffer.alloc(20)),
    box('mdat', randomBytes(500)),
  ]);

export const mp4 = (): Buffer =>
  Buffer.concat([brands('isom', 'mp42'), box('moov', Buffer.alloc(20)), box('mdat', randomBytes(500))]);

/** A PNG that says it is so large, and has next to nothing in it. */
export function pngOf(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const framed = Buffer.alloc(body.length + 8);
    framed.writeUInt32BE(data.length, 0);
    body.copy(framed, 4);
    framed.writeUInt32BE(crc32(body), body.length + 4);
    return framed;
  };
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', Buffer.from('789c030000000001', 'hex')),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
