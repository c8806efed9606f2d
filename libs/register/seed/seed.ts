import { type Register } from '../../contracts/register.js';
import { registerAt } from '../at.js';
import { rowOf } from '../commands.js';
import { type Docs, fold, noDocs } from '../docs.js';
import { wrongFile } from '../divisions/divisions-shape.js';
import { readSeedFile, type SeedFile } from './seed-file.js';
import { SEED, type SeedEntry, seedEntries, SINCE } from './seed-entries.js';
import { entries } from '../table.js';

/**
 * Divisions, units, persons, the policy and the calendar of a deployment, from its seed file.
 * @throws StartFault where the file is missing, malformed or contradicts itself
 */
export async function readSeed(file: string): Promise<Seeded> {
  const seed = await readSeedFile(file);
  try {
    return { ...registerOf(seed), file: seed, numbers: seed.numbers, demo: seed.demo === true };
  } catch (error) {
    throw wrongFile(`The seed file ${file}`, error);
  }
}

/** By which Nest finds what was read. */
export const SEEDED = Symbol('SEEDED');

/** The register as the file has it, how the labels of each series of numbers are written, and whether all is made up. */
export type Seeded = Register & { file: SeedFile; numbers: SeedFile['numbers']; demo: boolean };

/**
 * The register as the file has it, as if all of it had always been so.
 * @throws Error where an id is unknown or stands twice
 * @throws Refusal where the register would refuse it
 */
export function registerOf(seed: SeedFile): Register {
  return registerAt(docsOf(seed), SINCE, seed.zone);
}

/** By the same decisions and folds as in the log. @throws as `registerOf` */
export function docsOf(seed: SeedFile): Docs<string> {
  check(seed);
  const docs = noDocs() as Docs<string>;
  for (const entry of seedEntries(seed).flat()) {
    (docs[entry.kind] as Map<string, unknown>).set(entry.id, docOf(entry, docs));
  }
  return docs;
}

function docOf({ kind, id, orders }: SeedEntry, docs: Docs<string>): unknown {
  let { initial: state } = entries;
  for (const body of orders({ from: SINCE, today: SINCE })) {
    const facts = { now: '', id, docs, today: SINCE };
    for (const event of rowOf(body).decide(body as never, state, facts, SEED)) {
      state = { ...state, doc: fold(kind, state.doc as never, event, '') };
    }
  }
  return state.doc;
}

/** What names what, in the file's own words. */
function check(seed: SeedFile): void {
  const divisions = indexed('division', seed.divisions);
  for (const { id, parent } of seed.divisions) {
    known('division', parent, divisions, id);
    lineage('division', id, divisions);
  }
  const units = indexed('unit', seed.units);
  for (const { id, division, parent } of seed.units) {
    known('division', division, divisions, id);
    known('unit', parent, units, id);
    lineage('unit', id, units);
  }
  indexed('person', seed.persons);
  for (const { id, appointments } of seed.persons) {
    for (const { unit } of appointments) known('unit', unit, units, id);
  }
}

function indexed<T extends { id: string }>(kind: string, list: readonly T[]): Map<string, T> {
  const map = new Map<string, T>();
  for (const one of list) {
    if (map.has(one.id)) throw new Error(`the ${kind} ${one.id} stands twice`);
    map.set(one.id, one);
  }
  return map;
}

function known(kind: string, id: string | undefined, map: ReadonlyMap<string, unknown>, by: string): void {
  if (id !== undefined && !map.has(id)) throw new Error(`${by} names the ${kind} ${id}, which is not there`);
}

function lineage(kind: string, id: string, all: ReadonlyMap<string, { parent?: string }>): void {
  const line = new Set<string>();
  for (let at: string | undefined = id; at !== undefined; at = all.get(at)?.parent) {
    if (line.has(at)) throw new Error(`the ${kind} ${at} lies in itself`);
    line.add(at);
  }
}
