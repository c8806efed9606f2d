import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { TextDecoder } from 'node:util';
import { codeOf } from '../../platform/fault.js';
import { FileRefused, problem } from '../problem.js';
import { Gb18030Trial, Utf8Trial } from './encoding.js';

/** A file as its bytes tell: found by reading all of it, since a first character that decides may stand at its end. */
export interface Scan {
  /** Hex SHA-256 of the bytes. */
  sha256: string;
  bytes: number;
  encoding: 'UTF-8' | 'GB18030';
  /** Whether it begins with a byte order mark. */
  bom: boolean;
}

const CHUNK_BYTES = 64 * 1024;
/** A path that is wrong, as opposed to a machine that is. */
const UNREADABLE: ReadonlySet<string> = new Set([
  'ENOENT',
  'EACCES',
  'EPERM',
  'EISDIR',
  'ENOTDIR',
  'ENAMETOOLONG',
]);
const BOM = '\ufeff';

/** Files that are often sent for CSV, by how they begin. */
const OTHER_KINDS = [
  { bytes: Buffer.from([0xff, 0xfe]), what: 'is UTF-16 text' },
  { bytes: Buffer.from([0xfe, 0xff]), what: 'is UTF-16 text' },
  { bytes: Buffer.from('PK\x03\x04'), what: 'is a workbook or an archive' },
];

/**
 * Decides the encoding and hashes the bytes, 64 KiB at a time: UTF-8 if every byte is, else GB18030 if that is likely.
 * @throws FileRefused `file-unreadable`, `file-encoding`
 */
export async function scan(file: string): Promise<Scan> {
  const hash = createHash('sha256');
  const utf8 = new Utf8Trial();
  let bytes = 0;
  for await (const chunk of chunksOf(file)) {
    const other =
      bytes === 0 && OTHER_KINDS.find((kind) => chunk.subarray(0, kind.bytes.length).equals(kind.bytes));
    if (other) throw notText(other.what);
    hash.update(chunk);
    bytes += chunk.length;
    utf8.feed(chunk);
  }
  const sha256 = hash.digest('hex');
  if (utf8.passed()) return { sha256, bytes, encoding: 'UTF-8', bom: utf8.bom };

  const gb18030 = new Gb18030Trial();
  for await (const chunk of chunksOf(file)) gb18030.feed(chunk);
  const against = gb18030.against();
  if (against !== undefined) throw notText(against);
  return { sha256, bytes, encoding: 'GB18030', bom: gb18030.bom };
}

/**
 * The text without its byte order mark, piece by piece.
 * @throws FileRefused `file-changed`, at the end at the latest, when these are other bytes than those that were scanned
 */
export async function* textOf(file: string, scanned: Scan): AsyncGenerator<string> {
  const hash = createHash('sha256');
  const decoder = new TextDecoder(scanned.encoding, { fatal: true, ignoreBOM: true });
  let marked = scanned.bom;
  for await (const chunk of chunksOf(file)) {
    hash.update(chunk);
    const text = decoded(decoder, chunk);
    yield marked ? text.replace(BOM, '') : text;
    // A piece shorter than the mark decodes to nothing yet.
    marked &&= text === '';
  }
  if (hash.digest('hex') !== scanned.sha256) throw changed();
}

async function* chunksOf(file: string): AsyncGenerator<Buffer> {
  const stream = createReadStream(file, { highWaterMark: CHUNK_BYTES });
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (error) {
    const code = codeOf(error);
    if (!UNREADABLE.has(code)) throw error;
    throw new FileRefused([problem('file-unreadable', `The file cannot be read: ${code}.`)]);
  }
}

function decoded(decoder: TextDecoder, chunk: Buffer): string {
  try {
    return decoder.decode(chunk, { stream: true });
  } catch {
    throw changed();
  }
}

function changed(): FileRefused {
  return new FileRefused([problem('file-changed', 'The file was changed while it was read.')]);
}

function notText(what: string): FileRefused {
  const message = `The file ${what}; save it as CSV in UTF-8.`;
  return new FileRefused([problem('file-encoding', message)]);
}
