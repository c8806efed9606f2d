import { type Day, type DivisionId } from '../../contracts/values.js';
import { StartFault } from '../../platform/fault.js';
import {
  type AttachedEntry,
  type ClosedEntry,
  type OpenedEntry,
  type Successions,
} from './divisions-shape.js';

export interface LoadedDivision {
  id: DivisionId;
  name: string;
  level: string;
  /** Absent for the root only. */
  parent?: DivisionId;
  opened?: Day;
  /** The first day without it. */
  closed?: Day;
  /** Who took its place; known even where the day is not. */
  successors?: DivisionId[];
}

/** A division whose parent is in no file. */
export interface Orphan {
  id: DivisionId;
  name: string;
  /** The parent its row names. */
  missing: DivisionId;
  /** The parent it has now. */
  parent: DivisionId;
}

/** Where a division was read, for complaints: `file, line 7` or `file, opened 430371`. */
export type Places = Map<DivisionId, string>;

/**
 * Gives every orphan a parent, and notes what was closed. Adds to `divisions` what is opened and changes them in place.
 * @param file of the successions, for complaints
 * @throws StartFault listing the orphans that are left, or naming the entry that is wrong
 */
export function resolve(
  divisions: Map<DivisionId, LoadedDivision>,
  places: Places,
  { opened, attached, closed }: Successions,
  file: string,
): Orphan[] {
  const orphans: Orphan[] = [];
  for (const { id, name, parent } of divisions.values()) {
    if (parent !== undefined && !divisions.has(parent)) orphans.push({ id, name, missing: parent, parent });
  }
  const missing = new Set(orphans.map((one) => one.missing));
  const settled = new Map<DivisionId, DivisionId>();
  const settle = (kind: string, code: DivisionId, parent: DivisionId): void => {
    if (settled.has(code)) wrong(file, kind, code, 'is resolved twice');
    if (!missing.has(code)) wrong(file, kind, code, 'is resolved, yet no orphan names it as its parent');
    settled.set(code, parent);
  };
  for (const { id } of opened) settle('opened', id, id);
  for (const { missing: code, to } of attached) settle('attached', code, to);
  refuseUnsettled(orphans, settled, file);
  open(divisions, places, opened, file);
  attach(divisions, attached, file);
  for (const orphan of orphans) {
    orphan.parent = settled.get(orphan.missing) ?? orphan.missing;
    const division = divisions.get(orphan.id);
    if (division) division.parent = orphan.parent;
  }
  close(divisions, closed, file);
  return orphans;
}

/** How many orphans a complaint names; the rest are counted. */
const NAMED = 20;

function refuseUnsettled(orphans: Orphan[], settled: ReadonlyMap<string, string>, file: string): void {
  const left = orphans.filter(({ missing }) => !settled.has(missing));
  if (left.length === 0) return;
  const names = left.slice(0, NAMED).map(({ id, name, missing }) => `${id} ${name} (parent ${missing})`);
  const more = left.length > NAMED ? `, and ${left.length - NAMED} more` : '';
  throw new StartFault(
    `${left.length} divisions have a parent that no file has; ${file} must open or attach it: ${names.join(', ')}${more}.`,
  );
}

function open(
  divisions: Map<DivisionId, LoadedDivision>,
  places: Places,
  opened: OpenedEntry[],
  file: string,
): void {
  for (const { id, name, level, parent, opened: day } of opened) {
    divisions.set(id, { id, name, level, parent, ...(day !== undefined && { opened: day }) });
    places.set(id, `${file}, opened ${id}`);
  }
  for (const { id, parent } of opened) {
    if (!divisions.has(parent)) wrong(file, 'opened', id, `has the parent ${parent}, which is not there`);
  }
}

function attach(
  divisions: ReadonlyMap<DivisionId, LoadedDivision>,
  attached: AttachedEntry[],
  file: string,
): void {
  for (const { missing, to } of attached) {
    if (!divisions.has(to)) wrong(file, 'attached', missing, `goes to ${to}, which is not there`);
  }
}

function close(
  divisions: ReadonlyMap<DivisionId, LoadedDivision>,
  entries: ClosedEntry[],
  file: string,
): void {
  for (const { id, closed, successors } of entries) {
    const division = divisions.get(id);
    if (division === undefined) return wrong(file, 'closed', id, 'is not there');
    if (division.successors) wrong(file, 'closed', id, 'is closed twice');
    for (const successor of successors) {
      if (successor === id || !divisions.has(successor)) {
        wrong(file, 'closed', id, `has the successor ${successor}, which is not there or is itself`);
      }
    }
    division.successors = successors;
    if (closed !== undefined) division.closed = closed;
  }
}

function wrong(file: string, kind: string, code: string, complaint: string): never {
  throw new StartFault(`${file}, ${kind} ${code}: ${complaint}.`);
}
