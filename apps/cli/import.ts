import { type CommandReceipt } from '../../libs/contracts/envelope.js';
import { type ImportOptions, type MappedRow, openImport } from '../../libs/intake/import.js';
import {
  closeBatch,
  type Manifest,
  manifestOf,
  openBatch,
  type OnBatch,
} from '../../libs/intake/manifest.js';
import { type Intake, type Mapping } from '../../libs/intake/mapping/mapping.js';
import { run } from '../../libs/intake/run.js';
import { type Api } from './api.js';

/** A row that is a case now, or was one already. */
export interface Imported<C extends Intake = Intake> {
  row: MappedRow<C>;
  receipt: CommandReceipt;
}

export interface Importing<C extends Intake> extends ImportOptions {
  /** Told of every row that is a case now. */
  each?: (imported: Imported<C>) => void;
  /** Told how many rows of how many are dealt with. */
  progress?: (done: number, of: number) => void;
}

/** Enters every good row of a file over HTTP, as a batch of the register; what was begun before is gone on with. */
export async function importFile<C extends Intake>(
  file: string,
  mapping: Mapping<C>,
  api: Api,
  { each, progress, ...options }: Importing<C> = {},
): Promise<Manifest> {
  const source = await openImport(file, mapping, options);
  const manifest = manifestOf(source.source);
  const { sha256 } = manifest;
  const give: OnBatch = (command, body, key) => api.onRegister(`batches/${sha256}/${command}`, body, key);
  const rows = await source.count();
  if (rows > 0) await openBatch(give, sha256, rows);
  await run<MappedRow<C>>(source.rows(), manifest, {
    register: async (row, key) => {
      const receipt = await enter(api, row.command, key);
      each?.({ row, receipt });
      return receipt;
    },
    reached: () => progress?.(manifest.rows, rows),
  });
  return { ...manifest, kept: rows > 0 && (await closeBatch(give, manifest)) };
}

const enter = (api: Api, command: Intake, key: string): Promise<CommandReceipt> =>
  command.type === 'AdoptCase' ? api.adopt(command, key) : api.register(command, key);
