import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { TextDecoder } from 'node:util';
import { codeOf } from '../../platform/fault.js';
import { FileRefused, problem } from '../problem.js';
import { Gb18030Trial, Trial, Utf8Trial } from '../../platform/csv/encoding.js';
import { kindOf, type Kind, OleSearch } from './kinds.js';

/** A file as its bytes tell: found by reading all of it, since a first character that decides may stand at its end. */
export interface Scan {
  /** Hex SHA-256 of the bytes. */
  sha256: string;
  bytes: number;
  encoding: 'UTF-8' | 'GB18030' | 'UTF-16LE' | 'UTF-16BE' | 'XLSX';
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

/**
 * Decides what the file is and hashes the bytes, 64 KiB at a time: what its first bytes say, else UTF-8 if every byte is,
 * else GB18030 if that is likely.
 * @throws FileRefused `file-unreadable`, `file-encoding`, `workbook-old`, `workbook-encrypted`
 */
export async function scan(file: string): Promise<Scan> {
  const hash = createHash('sha256');
  const utf8 = new Utf8Trial();
  let bytes = 0;
  let kind: Kind | undefined;
  for await (const chunk of chunksOf(file)) {
    if (bytes === 0) kind = kindOf(chunk);
    hash.update(chunk);
    bytes += chunk.length;
    utf8.feed(chunk);
  }
  const facts = { sha256: hash.digest('hex'), bytes };
  if (kind === 'OLE') throw await oldWorkbook(file);
  if (kind === 'XLSX') return { ...facts, encoding: kind, bom: false };
  if (kind !== undefined) return { ...facts, ...(await tried(file, kind, new Trial(kind))) };
  if (utf8.passed()) return { ...facts, encoding: 'UTF-8', bom: utf8.bom };
  return { ...facts, ...(await tried(file, 'GB18030', new Gb18030Trial())) };
}

async function tried(
  file: string,
  encoding: Exclude<Scan['encoding'], 'XLSX'>,
  trial: Trial,
): Promise<Pick<Scan, 'encoding' | 'bom'>> {
  for await (const chunk of chunksOf(file)) trial.feed(chunk);
  const against = trial.against();
  if (against !== undefined) throw notText(against);
  return { encoding, bom: trial.bom };
}

/** The hash of the bytes as they are now. @throws FileRefused `file-changed` when it is another */
export async function checkUnchanged(file: string, { sha256 }: Scan): Promise<void> {
  const hash = createHash('sha256');
  for await (const chunk of chunksOf(file)) hash.update(chunk);
  if (hash.digest('hex') !== sha256) throw changed();
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

export function notText(what: string): FileRefused {
  const message = `The file ${what}; save it as CSV in UTF-8.`;
  return new FileRefused([problem('file-encoding', message)]);
}

/** What once was a workbook's only form is today the wrapping of an encrypted one. */
async function oldWorkbook(file: string): Promise<FileRefused> {
  const search = new OleSearch();
  for await (const chunk of chunksOf(file)) search.feed(chunk);
  return new FileRefused([
    search.encrypted
      ? problem('workbook-encrypted', 'The workbook is protected by a password; save it without one.')
      : problem('workbook-old', 'The file is an old workbook or document (.xls); save it as .xlsx.'),
  ]);
}
