import { join } from 'node:path';
import { type DivisionId, isId } from '../../contracts/values.js';
import { StartFault } from '../../platform/fault.js';
import { plainTable, type Table, wrong } from './divisions-csv.js';
import { type LoadedDivision, type Orphan, type Places, resolve } from './divisions-resolve.js';
import {
  type CodePart,
  DivisionsFile,
  type FileEntry,
  readYaml,
  Successions,
  textOf,
} from './divisions-shape.js';

export interface LoadedDivisions {
  /** From the widest to the narrowest. */
  levels: readonly { id: string; title: string }[];
  /** Each behind its parent; the first is the root. */
  divisions: readonly LoadedDivision[];
  /** Everyone whose parent is in no file, with the parent that the successions gave them. */
  orphans: readonly Orphan[];
}

/**
 * The divisions of a deployment, from a folder with a `divisions.yaml`: see docs/how-to/load-divisions.md.
 * @throws StartFault naming file and line of what is malformed, or the orphans that nobody resolved
 */
export async function readDivisions(folder: string): Promise<LoadedDivisions> {
  const index = join(folder, 'divisions.yaml');
  const { levels, root, files, successions } = await readYaml(index, DivisionsFile);
  const divisions = new Map<DivisionId, LoadedDivision>([
    [root.id, { id: root.id, name: root.name, level: root.level }],
  ]);
  const places: Places = new Map([[root.id, index]]);
  for (const entry of files) {
    const file = join(folder, entry.file);
    readRows(divisions, places, entry, file, plainTable(file, await textOf(file)));
  }
  const resolutions = join(folder, successions ?? 'divisions.yaml');
  const resolved = successions === undefined ? new Successions() : await readYaml(resolutions, Successions);
  const orphans = resolve(divisions, places, resolved, resolutions);
  checkLevels(
    levels.map(({ id }) => id),
    divisions,
    places,
  );
  return { levels, divisions: parentsFirst(divisions, places), orphans };
}

function readRows(
  divisions: Map<DivisionId, LoadedDivision>,
  places: Places,
  { level, name: nameColumn, id: idParts, parent: parentParts }: FileEntry,
  file: string,
  { columns, rows }: Table,
): void {
  const idOf = composer(file, columns, idParts);
  const parentOf = composer(file, columns, parentParts);
  const nameAt = columnOf(file, columns, nameColumn);
  for (const { line, cells } of rows) {
    const id = idOf(line, cells);
    const name = cells[nameAt] ?? '';
    if (name === '' || name !== name.trim() || name.length > 100) {
      wrong(file, line, 'needs a name of at most 100 characters, without blanks around it');
    }
    const earlier = places.get(id);
    if (earlier !== undefined) wrong(file, line, `has the code ${id}, which stands already in ${earlier}`);
    divisions.set(id, { id, name, level, parent: parentOf(line, cells) });
    places.set(id, `${file}, line ${line}`);
  }
}

type Compose = (line: number, cells: readonly string[]) => DivisionId;

/** How a code is put together from a row. */
function composer(file: string, columns: Table['columns'], parts: CodePart[]): Compose {
  const pieces = parts.map(({ column, first, text }): Compose => {
    if (column === undefined) return () => text ?? '';
    const at = columnOf(file, columns, column);
    return (line, cells) => {
      const cell = cells[at] ?? '';
      if (cell.length < (first ?? 1)) wrong(file, line, `has too short a ${column}: ${JSON.stringify(cell)}`);
      return first === undefined ? cell : cell.slice(0, first);
    };
  });
  return (line, cells) => {
    const code = pieces.map((piece) => piece(line, cells)).join('');
    return isId(code)
      ? code
      : wrong(file, line, `makes the code ${JSON.stringify(code)}, which can be no id`);
  };
}

function columnOf(file: string, columns: Table['columns'], column: string): number {
  return columns.get(column) ?? wrong(file, 1, `has no column ${column}`);
}

function checkLevels(
  levels: readonly string[],
  divisions: ReadonlyMap<DivisionId, LoadedDivision>,
  places: Places,
): void {
  const known = new Set(levels);
  for (const { id, level } of divisions.values()) {
    if (!known.has(level)) {
      throw new StartFault(`${places.get(id) ?? id}: ${id} is of the level ${level}, which is not there.`);
    }
  }
}

/** Climbs from each division only as far as nobody has climbed before, so that all of it takes one pass. */
function parentsFirst(
  divisions: ReadonlyMap<DivisionId, LoadedDivision>,
  places: Places,
): readonly LoadedDivision[] {
  const ordered = new Set<LoadedDivision>();
  for (const { id } of divisions.values()) {
    const line = new Set<LoadedDivision>();
    for (let at = divisions.get(id); at && !ordered.has(at); at = divisions.get(at.parent ?? '')) {
      if (line.has(at)) throw new StartFault(`${places.get(at.id) ?? at.id}: ${at.id} lies in itself.`);
      line.add(at);
    }
    for (const one of [...line].reverse()) ordered.add(one);
  }
  return [...ordered];
}
