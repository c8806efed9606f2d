import { Buffer } from 'node:buffer';
import { closeSync, openSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { type Sql } from '../../libs/platform/sql.js';

/** A statement as a client gives it to the database. */
export interface Statement {
  text: string;
  values: (string | number | null)[];
}

/** In a file: a transaction's statements with the lengths of their texts in bytes, and behind them the texts. */
interface Noted {
  text: string;
  values: (number | null | { bytes: number })[];
}

/** What a pool of postgres.js tells of every statement, before it is sent. */
type Debug = (connection: number, text: string, values: Statement['values']) => void;

const SIZE = 4;

/** Notes in a file what is written on a pool, a transaction after the other. @returns ends it */
export function recordWrites(sql: Sql, file: string): () => void {
  const out = openSync(file, 'w');
  const begun = new Map<number, Statement[]>();
  const debug: Debug = (connection, text, values) => {
    const statements = begun.get(connection);
    if (/^begin/.test(text)) begun.set(connection, []);
    else if (statements && /^commit/.test(text)) {
      begun.delete(connection);
      for (const part of written(statements)) writeSync(out, part);
    } else statements?.push({ text, values: [...values] });
  };
  (sql.options as unknown as { debug: Debug }).debug = debug;
  return () => {
    closeSync(out);
  };
}

function written(statements: readonly Statement[]): Buffer[] {
  const texts: Buffer[] = [];
  const noted = statements.map(({ text, values }): Noted => ({
    text,
    values: values.map((value) => {
      if (typeof value !== 'string') return value;
      const bytes = Buffer.from(value);
      texts.push(bytes);
      return { bytes: bytes.length };
    }),
  }));
  const head = Buffer.from(JSON.stringify(noted));
  const sizes = Buffer.alloc(2 * SIZE);
  sizes.writeUInt32LE(head.length, 0);
  sizes.writeUInt32LE(
    texts.reduce((sum, { length }) => sum + length, 0),
    SIZE,
  );
  return [sizes, head, ...texts];
}

/** The transactions that were noted, in order. */
export async function* readWrites(file: string): AsyncGenerator<Statement[]> {
  const handle = await open(file);
  const read = async (length: number): Promise<Buffer> => {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length);
    return buffer.subarray(0, bytesRead);
  };
  try {
    for (;;) {
      const sizes = await read(2 * SIZE);
      if (sizes.length === 0) return;
      const head = JSON.parse((await read(sizes.readUInt32LE(0))).toString('utf8')) as Noted[];
      const texts = await read(sizes.readUInt32LE(SIZE));
      let at = 0;
      yield head.map(({ text, values }) => ({
        text,
        values: values.map((value) =>
          value === null || typeof value === 'number'
            ? value
            : texts.toString('utf8', at, (at += value.bytes)),
        ),
      }));
    }
  } finally {
    await handle.close();
  }
}
