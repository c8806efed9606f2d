import { type CommandBus } from '@nestjs/cqrs';
import { rm } from 'node:fs/promises';
import { type Caller, type CommandReceipt, OnCase } from '../../contracts/envelope.js';
import { refuse, isRefusalCode } from '../../contracts/refusal.js';
import {
  CloseBatch,
  OnRegister,
  OpenBatch,
  type RegisterReceipt,
} from '../../contracts/register-commands.js';
import { validated } from '../../platform/validated.js';
import { openImport, type ImportOptions } from '../import.js';
import { type ImportRow } from '../import-row.js';
import { keepRows, type KeptRow, keptRows } from '../kept-rows.js';
import { closeBatch, type Manifest, manifestOf, noteRefused, openBatch, type OnBatch } from '../manifest.js';
import { type Intake, type Mapping } from '../mapping/mapping.js';
import { run } from '../run.js';
import { openSourceInThread } from '../source-thread.js';
import { type ImportStore, type StoredImport } from './store.js';

/** A file that is being entered. */
export interface Job {
  stored: StoredImport;
  caller: Caller;
  file: string;
  mapping: Mapping<Intake>;
  options: ImportOptions;
  onlyGood: boolean;
  /** Asked before each part: refuses where the person may not go on. */
  mayGoOn: () => Promise<void>;
}

/**
 * Enters the rows of a file as their registrar would, from where it stopped.
 * @throws Refusal import/wrong-rows; what `mayGoOn` throws; FileRefused
 */
export async function carryOut(job: Job, store: ImportStore, commands: CommandBus): Promise<void> {
  const { stored, file, mapping, options } = job;
  await job.mayGoOn();
  const source = await openImport(file, mapping, { ...options, open: openSourceInThread });
  const kept = file + KEPT;
  try {
    await keepRows(looked(source.rows(), job), kept);
    await enter(job, keptRows(kept, mapping), manifestOf(source.source), source.counts.rows, store, commands);
  } finally {
    await source.close();
    await rm(kept, { force: true });
  }
  await store.ended(stored.id);
}

/** Beside the file while its rows are entered. What was left over is deleted at the next start. */
const KEPT = '.rows';

/** Rows on their way at once: few enough that whoever gives a single command is not behind many of them. */
const ABREAST = 128;

async function enter(
  { stored, caller, mayGoOn }: Job,
  kept: AsyncIterable<KeptRow<Intake>>,
  manifest: Manifest,
  rows: number,
  store: ImportStore,
  commands: CommandBus,
): Promise<void> {
  await store.counted(stored.id, rows);
  const give = onBatch(commands, caller, stored);
  if (rows > 0) await openBatch(give, stored.sha256, rows);
  await run(from(stored, kept, manifest), manifest, {
    abreast: ABREAST,
    register: ({ command }, key) =>
      commands.execute<OnCase, CommandReceipt>(
        new OnCase(undefined, command, caller, { idempotencyKey: key, correlationId: stored.id }),
      ),
    reached: async (row) => {
      await store.reached(stored.id, { row, ...told(manifest) });
      await mayGoOn();
    },
  });
  if (rows > 0) await closeBatch(give, manifest);
}

/** The rows, none of them wrong where wrong ones may not be left out. */
async function* looked(
  rows: AsyncIterable<ImportRow<Intake>>,
  { onlyGood }: Job,
): AsyncGenerator<ImportRow<Intake>> {
  for await (const row of rows) {
    if (!onlyGood && 'refused' in row) refuse('import/wrong-rows');
    yield row;
  }
}

/** The rows that are left. What could not be read of those before is read again; the rest is known. */
async function* from(
  { row: reached, registered, known, ruled }: StoredImport,
  rows: AsyncIterable<KeptRow<Intake>>,
  manifest: Manifest,
): AsyncGenerator<KeptRow<Intake>> {
  Object.assign(manifest, { registered, known });
  for (const { row, code } of ruled) noteRefused(manifest, row, [{ reason: code, message: '' }]);
  for await (const row of rows) {
    if (row.row > reached) {
      yield row;
      continue;
    }
    manifest.rows++;
    if ('refused' in row) noteRefused(manifest, row.row, row.refused);
  }
}

function told({ registered, known, refusedRows, refused }: Manifest) {
  const ruled = refused
    .filter(({ reason }) => isRefusalCode(reason))
    .map(({ row, reason }) => ({ row, code: reason }));
  return { registered, known, refused: refusedRows, ruled };
}

const onBatch =
  (commands: CommandBus, caller: Caller, { id, sha256 }: StoredImport): OnBatch =>
  (command, body, key) => {
    const given = validated<object>(command === 'open-batch' ? OpenBatch : CloseBatch, body);
    const about = { idempotencyKey: key, correlationId: id };
    return commands.execute<OnRegister, RegisterReceipt>(
      new OnRegister('batch', sha256, given, caller, about),
    );
  };
