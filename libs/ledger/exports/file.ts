import { type Logger } from '@nestjs/common';
import { type ServerResponse } from 'node:http';
import { type Writable } from 'node:stream';
import { codeOf } from '../../platform/fault.js';
import { type Reply } from '../asking/reach.js';

export interface FileReply extends Reply {
  hijack: () => unknown;
  getHeaders: () => Record<string, string | string[] | number | undefined>;
  raw: ServerResponse;
}

const TYPES: Readonly<Record<string, string>> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
  pdf: 'application/pdf',
};

/**
 * Sends a file as it is written. Until `open` is called, whatever goes wrong is answered as any other error; behind that the
 * line is cut, so that nobody takes a part for the whole.
 */
export async function sent(
  reply: FileReply,
  name: string,
  log: Logger,
  write: (open: () => Writable) => Promise<void>,
): Promise<void> {
  const { raw } = reply;
  try {
    await write(() => {
      const headers = reply.getHeaders();
      reply.hijack();
      return raw.writeHead(200, {
        ...headers,
        'Content-Type': TYPES[name.split('.').pop() ?? ''],
        'Content-Disposition': `attachment; filename="${name}"`,
        'Cache-Control': 'no-store',
      });
    });
  } catch (error) {
    if (!raw.headersSent) throw error;
    raw.destroy();
    // Whoever hangs up is no fault of ours.
    if (codeOf(error) !== 'ERR_STREAM_PREMATURE_CLOSE')
      log.error(`${error instanceof Error ? error.name : 'unknown'} ${codeOf(error)}`);
  }
}
