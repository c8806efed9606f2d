import 'reflect-metadata';
import { type CommandBus, type QueryBus } from '@nestjs/cqrs';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Caller } from '../../libs/contracts/envelope.js';
import { zhCN } from '../../libs/contracts/messages/zh-CN.js';
import { rowWriter } from '../../libs/intake/exported.js';
import { readMapping } from '../../libs/intake/mapping/mapping-file.js';
import { csvOf } from '../../libs/ledger/exports/csv.js';
import { type Format, LedgerExport } from '../../libs/ledger/exports/ledger-export.js';
import { type ProblemRow } from '../../libs/ledger/exports/problem-row.js';
import { ExportRows } from '../../libs/ledger/exports/rows.js';
import { ledgerTable } from '../../libs/ledger/exports/table.js';
import { Words } from '../../libs/ledger/exports/words.js';
import { connectReading } from '../../libs/ledger/asking/reading.js';
import { Scope } from '../../libs/ledger/asking/scope.js';
import { Served } from '../../libs/ledger/versions/served.js';
import { type SheetCell } from '../../libs/platform/xlsx/sheet.js';
import { writeWorkbook } from '../../libs/platform/xlsx/writer.js';
import { readSeed } from '../../libs/register/seed/seed.js';
import { answering } from './job.js';
import { type Place } from './server.js';
import { HUNAN, today } from './standalone.js';

/**
 * A file of so many rows: `ours`; or `bare`: the same rows read, and for each of them cells that are there already, written
 * by the same writer; or no file, and the rows `read` only.
 */
export interface Exporting {
  who: 'ours' | 'bare' | 'read';
  format: Format;
  place: Place;
  file: string;
}

export interface Exported {
  seconds: number;
  /** The most that was resident while it was written, in bytes. */
  memory: number;
}

/** The bare writer has the cells of so many rows, and writes them again and again. */
const READY = 1000;
const EVERY_MS = 10;
const CALLER: Caller = { person: 'bench', unit: 'province-430000', role: 'inspector', via: 'http' };

answering(async ({ who, format, place, file }: Exporting) => {
  const register = { ...(await readSeed(HUNAN)), today: today() };
  const sql = connectReading(place, 2);
  const queries = { execute: () => Promise.resolve(register) } as unknown as QueryBus;
  const noting = { execute: () => Promise.resolve() } as unknown as CommandBus;
  const reading = new ExportRows(sql, new Scope(sql, queries, new Served(sql)));
  const mapping = await readMapping('config/mappings/xiaohao-export.yaml');
  const problem: ProblemRow = {
    headings: mapping.columns,
    cells: rowWriter(mapping),
  };
  const table = ledgerTable(new Words(zhCN, register), problem);
  const ours = new LedgerExport(reading, noting, problem);
  const all = { caller: CALLER, filter: {}, order: '-seq' as const };
  const bare = async (): Promise<() => Promise<void>> => {
    const some = { ...all, filter: { seq: `..${await lastOf(sql, READY)}` } };
    const cells: SheetCell[][] = [];
    await reading.read(some, async ({ rows: found }) => {
      for await (const row of found) cells.push(table.cells(row));
    });
    return () =>
      reading.read(all, ({ rows: found }) => written(format, table.header, instead(found, cells), file));
  };
  const acts = {
    ours: () => ours.write(all, format, zhCN, () => createWriteStream(file)),
    bare: who === 'bare' ? await bare() : () => Promise.resolve(),
    read: () =>
      reading.read(all, async ({ rows: found }) => {
        for await (const _ of found);
      }),
  };
  let memory = 0;
  const sample = (): void => {
    memory = Math.max(memory, process.memoryUsage.rss());
  };
  const sampling = setInterval(sample, EVERY_MS);
  const begin = performance.now();
  await acts[who]();
  const seconds = (performance.now() - begin) / 1000;
  sample();
  clearInterval(sampling);
  await sql.end({ timeout: 5 });
  return { seconds, memory } satisfies Exported;
});

/** The number of the row behind so many others. */
async function lastOf(sql: ReturnType<typeof connectReading>, behind: number): Promise<number> {
  const [found] = await sql<{ seq: number }[]>`
    select seq from ${sql(new Served(sql).schema)}.cases order by seq limit 1 offset ${behind - 1}`;
  if (!found) throw new Error('there are fewer rows than that');
  return found.seq;
}

async function* instead(
  rows: AsyncIterable<unknown>,
  cells: readonly SheetCell[][],
): AsyncGenerator<readonly SheetCell[]> {
  let n = 0;
  for await (const _ of rows) yield cells[n++ % cells.length] ?? [];
}

async function written(
  format: Format,
  header: readonly string[],
  rows: AsyncIterable<readonly SheetCell[]>,
  file: string,
): Promise<void> {
  const out = createWriteStream(file);
  if (format === 'csv') await pipeline(Readable.from(csvOf([header], rows), { objectMode: false }), out);
  else await writeWorkbook(out, [{ name: 'rows', header, rows }]);
}
