import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { columnsAt, likeliestHeader } from './header.js';
import { firstRows } from './import.js';
import { type Format, type Intake, type Mapping } from './mapping/mapping.js';
import { readAnyMapping } from './mapping/mapping-file.js';
import { FileRefused, problem } from './problem.js';
import { openSource } from './source.js';

/** How well a mapping fits a file. */
export interface Guess {
  mapping: Mapping<Intake>;
  /** Columns that must be there, and those of them that are. */
  required: number;
  found: number;
  missing: readonly string[];
  /** The share that is found of all columns that it reads, and how many these are. */
  ofAll: number;
  read: number;
}

/** The mappings of a folder, by their names. @throws MappingRefused */
export async function shippedMappings(folder = 'config/mappings'): Promise<Mapping<Intake>[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  return Promise.all(files.map((name) => readAnyMapping(join(folder, name))));
}

/**
 * Which mappings could read a file with these headings, the best first: by the share that is found of the columns that must
 * be there, then of all, then by how much of the file it reads. Headings are found by their synonyms too; of a header of several rows each is a list of its parts.
 */
export function guessMapping(
  headings: readonly (string | readonly string[])[],
  mappings: readonly Mapping<Intake>[],
): Guess[] {
  const parts = headings.map((heading) => (typeof heading === 'string' ? [heading] : heading));
  return ranked(mappings.map((mapping) => ({ mapping, at: columnsAt(parts, mapping) })));
}

/**
 * The one mapping that a file is to be read by.
 * @throws FileRefused `mapping-none` where columns are missing for each, `mapping-several` where two fit equally
 */
export function theOne([best, next]: readonly Guess[]): Guess {
  if (!best || best.missing.length > 0) {
    const nearest = best && `; for ${best.mapping.name} ${best.missing.join(', ')} is missing`;
    throw new FileRefused([problem('mapping-none', `No mapping fits the headings${nearest ?? ''}.`)]);
  }
  if (next?.missing.length === 0 && next.ofAll === best.ofAll && next.read === best.read) {
    const names = `${best.mapping.name}, ${next.mapping.name}`;
    throw new FileRefused([problem('mapping-several', `Several mappings fit equally: ${names}.`)]);
  }
  return best;
}

const ANY: Format = {
  type: 'xlsx',
  delimiter: ',',
  linesPerRow: 20,
  headerRows: 1,
  joinedBy: '-',
  footer: [],
};

/**
 * The same of a file, whose header may stand below a title.
 * @throws FileRefused as `openImport`
 */
export async function guessMappingOf(
  file: string,
  mappings: readonly Mapping<Intake>[],
  sheet?: string,
): Promise<Guess[]> {
  const source = await openSource(file, { ...ANY, ...(sheet !== undefined && { sheet }) });
  const { rows } = await firstRows(source);
  const merges = await source.merges((rows.at(-1)?.row ?? 0) + 1);
  return ranked(
    mappings.map((mapping) => ({
      mapping,
      at: likeliestHeader(rows, mapping, merges)?.at ?? new Map<string, number>(),
    })),
  );
}

function ranked(found: readonly { mapping: Mapping<Intake>; at: ReadonlyMap<string, number> }[]): Guess[] {
  const guesses = found.map(({ mapping, at }) => {
    const missing = mapping.required.filter((column) => !at.has(column));
    const required = mapping.required.length;
    const ofAll = at.size / Math.max(mapping.columns.length, 1);
    return { mapping, required, found: required - missing.length, missing, ofAll, read: at.size };
  });
  const share = ({ found: there, required }: Guess): number => there / Math.max(required, 1);
  return guesses.sort((a, b) => share(b) - share(a) || b.ofAll - a.ofAll || b.read - a.read);
}
