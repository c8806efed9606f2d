import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { columnsAt, likeliestHeader } from './header.js';
import { firstRows } from './import.js';
import { type Format, type Intake, type Mapping } from './mapping/mapping.js';
import { readAnyMapping } from './mapping/mapping-file.js';
import { openSource } from './source.js';

/** How well a mapping fits a file. */
export interface Guess {
  mapping: Mapping<Intake>;
  /** Columns that must be there, and those of them that are. */
  required: number;
  found: number;
  missing: readonly string[];
}

/** The mappings of a folder, by their names. @throws MappingRefused */
export async function shippedMappings(folder = 'config/mappings'): Promise<Mapping<Intake>[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  return Promise.all(files.map((name) => readAnyMapping(join(folder, name))));
}

/**
 * Which mappings could read a file with these headings, the best first: by the share that is found of the columns that must
 * be there, then of all. Headings are found by their synonyms too; of a header of several rows each is a list of its parts.
 */
export function guessMapping(
  headings: readonly (string | readonly string[])[],
  mappings: readonly Mapping<Intake>[],
): Guess[] {
  const parts = headings.map((heading) => (typeof heading === 'string' ? [heading] : heading));
  return ranked(mappings.map((mapping) => ({ mapping, at: columnsAt(parts, mapping) })));
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
export async function guessMappingOf(file: string, mappings: readonly Mapping<Intake>[]): Promise<Guess[]> {
  const source = await openSource(file, ANY);
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
    const guess = { mapping, required, found: required - missing.length, missing };
    return {
      guess,
      share: guess.found / Math.max(required, 1),
      ofAll: at.size / Math.max(mapping.columns.length, 1),
    };
  });
  return guesses.sort((a, b) => b.share - a.share || b.ofAll - a.ofAll).map(({ guess }) => guess);
}
