import { Logger } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { refuse } from '../../contracts/refusal.js';
import { type Opened } from '../files.js';
import { KINDS } from '../arriving/kinds.js';
import { type Row } from '../rows.js';

/** Nothing that was uploaded is ever run or shown as a page of ours, whatever a browser takes it for. */
const GUARDED = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "sandbox; default-src 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'private, no-store',
} as const;

const log = new Logger('Evidence');

export interface Served {
  status: number;
  headers: Record<string, string | number>;
  content: Readable;
}

/** The name that a file is saved under: of ours only, as that of its uploader might be anything. */
export function headersOf(receipt: string, mediaType: string): Record<string, string> {
  const extension = KINDS[mediaType]?.extension ?? 'bin';
  return {
    ...GUARDED,
    'Content-Type': mediaType,
    'Content-Disposition': `attachment; filename="evidence-${receipt.slice(0, 8)}.${extension}"`,
  };
}

/**
 * The whole of a kept file, or one part of it.
 * @throws Refusal evidence/range
 */
export function served(row: Row, opened: Opened, range: string | undefined): Served {
  const { receipt, sha256, mediaType } = row;
  const { bytes } = opened;
  const part = partOf(range, bytes);
  if (part === null) {
    opened.content.destroy();
    return refuse('evidence/range');
  }
  const { from, to } = part ?? { from: 0, to: bytes - 1 };
  const content = opened.content as AsyncIterable<Buffer>;
  return {
    status: part ? 206 : 200,
    headers: {
      ...headersOf(receipt, mediaType),
      'Content-Length': to - from + 1,
      'Accept-Ranges': 'bytes',
      ...(part && { 'Content-Range': `bytes ${from}-${to}/${bytes}` }),
    },
    content: Readable.from(checked(content, { receipt, sha256, from, to }), { objectMode: false }),
  };
}

/**
 * One range as RFC 9110 has it.
 * @returns undefined where none is asked for, or more than one, which may be answered by the whole; null where it has no
 * byte of the file
 */
export function partOf(
  range: string | undefined,
  bytes: number,
): { from: number; to: number } | null | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(range ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const from = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const to = first === '' || last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  return from > to ? null : { from, to };
}

interface Part {
  receipt: string;
  sha256: string;
  /** First and last byte. */
  from: number;
  to: number;
}

/**
 * A part of the content, with its end held back until all of the content has come to its hash: of what was changed nobody
 * gets the whole, but sees that it broke off.
 */
async function* checked(
  content: AsyncIterable<Buffer>,
  { receipt, sha256, from, to }: Part,
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let at = 0;
  let held: Buffer | undefined;
  for await (const chunk of content) {
    hash.update(chunk);
    const wanted = chunk.subarray(Math.max(0, from - at), Math.max(0, to + 1 - at));
    at += chunk.length;
    if (wanted.length === 0) continue;
    if (held) yield held;
    held = wanted;
  }
  if (hash.digest('hex') !== sha256) {
    log.error(`${receipt}: what is kept is not what was uploaded`);
    throw new Error('a kept file was changed');
  }
  if (held) yield held;
}
