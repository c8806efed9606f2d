import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ImportOptions, openImport } from '../../libs/intake/import.js';
import { type MappedRow } from '../../libs/intake/import-row.js';
import { type Intake, type Mapping } from '../../libs/intake/mapping/mapping.js';
import { readAnyMapping } from '../../libs/intake/mapping/mapping-file.js';
import { namesOf } from '../../libs/intake/mapping/names.js';

/** Names as a deployment would know them; two counties have a school of the same name. */
export const names = namesOf({
  divisions: [{ id: '430102', title: '长沙市芙蓉区', names: ['芙蓉区', '长沙市芙蓉区'] }],
  units: [
    { id: '430102', title: '芙蓉区住房和城乡建设局', names: ['芙蓉区住房和城乡建设局', '芙蓉区住建局'] },
    { id: '430103', title: '天心区住房和城乡建设局', names: ['天心区住房和城乡建设局'] },
    { id: '430104', title: '岳麓区实验学校', names: ['实验学校'] },
    { id: '430105', title: '开福区实验学校', names: ['实验学校'] },
  ],
  categories: [
    { id: '1', title: '鉴定未全覆盖', names: ['鉴定未全覆盖'] },
    { id: '4', title: '改造效果不佳', names: ['改造效果不佳'] },
    { id: '99', title: '其他', names: ['其他'] },
  ],
});

export const shipped = (name: string): Promise<Mapping<Intake>> =>
  readAnyMapping(`config/mappings/${name}.yaml`);

/** A folder for the files of a suite. */
export class Files {
  private folder = '';

  async make(): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'forms-'));
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }

  async write(name: string, content: Buffer | string): Promise<string> {
    const file = join(this.folder, name);
    await writeFile(file, content);
    return file;
  }
}

export interface Outcome {
  /** Commands as JSON carries them, by row. */
  commands: [row: number, command: unknown][];
  mapped: MappedRow<Intake>[];
  /** [row, column, value, reason] */
  refused: (string | number | undefined)[][];
  messages: string[];
  blank: number;
  missing: readonly string[];
  unread: readonly string[];
}

export async function importOf(
  file: string,
  mapping: Mapping<Intake>,
  options: ImportOptions,
): Promise<Outcome> {
  const opened = await openImport(file, mapping, { names, ...options });
  const { missing, unread } = opened.header;
  const outcome: Outcome = { commands: [], mapped: [], refused: [], messages: [], blank: 0, missing, unread };
  for await (const row of opened.rows()) {
    if ('command' in row) {
      outcome.mapped.push(row);
      outcome.commands.push([row.row, JSON.parse(JSON.stringify(row.command))]);
      continue;
    }
    for (const { column, value, reason, message } of 'refused' in row ? row.refused : []) {
      outcome.refused.push([row.row, column, value, reason]);
      outcome.messages.push(message);
    }
  }
  return { ...outcome, blank: opened.counts.blank };
}
