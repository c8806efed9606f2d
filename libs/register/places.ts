import { invalid, refuse } from '../contracts/refusal.js';
import {
  AbolishUnit,
  CloseDivision,
  MergeDivision,
  MoveDivision,
  MoveUnit,
  OpenDivision,
  OpenUnit,
  RenameDivision,
  RenameUnit,
} from '../contracts/register-commands.js';
import { type Agent, type Role } from '../contracts/roles.js';
import { type Day, type DivisionId, type UnitId } from '../contracts/values.js';
import { walk } from './at.js';
import { asOf, type DivisionDoc, type Docs, type UnitDoc } from './docs.js';
import { checkOpened, commandsOn } from './table.js';

const roles: readonly (Role | Agent)[] = ['system-admin', 'seed'];

/** After everything that has been decided so far has taken effect. */
const END: Day = '9999-12-31';

const divisionEnds = ({ merged, closed }: DivisionDoc): Day => merged?.from ?? closed ?? END;
const unitEnds = ({ abolished }: UnitDoc): Day => abolished?.from ?? END;

function checkDivision(field: string, id: DivisionId, from: Day, { division }: Docs): void {
  const doc = division.get(id);
  if (!doc || doc.opened > from || divisionEnds(doc) <= from)
    invalid(field, 'known-division', `${field} is no division on this day`);
}

export function checkUnit(field: string, id: UnitId, from: Day, { unit }: Docs): void {
  const doc = unit.get(id);
  if (!doc || doc.opened > from || unitEnds(doc) <= from)
    invalid(field, 'known-unit', `${field} is no unit on this day`);
}

/** On the day itself, and when all that was decided has taken effect. */
function checkCircle<T>(id: T, from: T, day: Day, next: (at: T, on: Day) => T | undefined): void {
  for (const on of [day, END]) if (walk(from, (at) => next(at, on)).includes(id)) refuse('register/circle');
}

/** What a division lies in. */
const outer =
  ({ division }: Docs) =>
  (id: DivisionId, on: Day): DivisionId | undefined => {
    const doc = division.get(id);
    if (!doc) return undefined;
    return doc.merged && doc.merged.from <= on ? doc.merged.is : (asOf(doc.parents, on) ?? undefined);
  };

const above =
  ({ unit }: Docs) =>
  (id: UnitId, on: Day): UnitId | undefined =>
    asOf(unit.get(id)?.places ?? [], on)?.parent;

export const divisions = commandsOn('division', {
  open: {
    command: OpenDivision,
    roles,
    in: ['new'],
    decide: ({ type: _, ...division }, __, { docs }) => {
      const { parent, from } = division;
      if (parent !== undefined) checkDivision('parent', parent, from, docs);
      return [{ type: 'DivisionOpened', ...division }];
    },
  },
  rename: {
    command: RenameDivision,
    roles,
    in: ['open'],
    decide: ({ type: _, ...renamed }, { opened }) => {
      checkOpened(renamed.from, opened);
      return [{ type: 'DivisionRenamed', ...renamed }];
    },
  },
  move: {
    command: MoveDivision,
    roles,
    in: ['open'],
    refuses: ['register/circle'],
    decide: ({ type: _, ...moved }, { opened }, { id, docs }) => {
      const { parent, from } = moved;
      checkOpened(from, opened);
      if (parent !== undefined) {
        checkDivision('parent', parent, from, docs);
        checkCircle(id, parent, from, outer(docs));
      }
      return [{ type: 'DivisionMoved', ...moved }];
    },
  },
  merge: {
    command: MergeDivision,
    roles,
    in: ['open'],
    refuses: ['register/circle'],
    decide: ({ into, from }, { opened }, { id, docs }) => {
      checkOpened(from, opened);
      checkDivision('into', into, from, docs);
      checkCircle(id, into, from, outer(docs));
      return [{ type: 'DivisionMerged', into, from }];
    },
  },
  close: {
    command: CloseDivision,
    roles,
    in: ['open'],
    refuses: ['register/not-empty'],
    decide: ({ from }, { opened }, { id, docs }) => {
      checkOpened(from, opened);
      const holds =
        [...docs.division].some(([one, doc]) => divisionEnds(doc) > from && outer(docs)(one, from) === id) ||
        [...docs.unit.values()].some(
          (doc) => unitEnds(doc) > from && asOf(doc.places, from)?.division === id,
        );
      if (holds) refuse('register/not-empty');
      return [{ type: 'DivisionClosed', from }];
    },
  },
});

export const units = commandsOn('unit', {
  open: {
    command: OpenUnit,
    roles,
    in: ['new'],
    decide: ({ type: _, ...unit }, __, { docs }) => {
      const { division, parent, from } = unit;
      checkDivision('division', division, from, docs);
      if (parent !== undefined) checkUnit('parent', parent, from, docs);
      return [{ type: 'UnitOpened', ...unit }];
    },
  },
  rename: {
    command: RenameUnit,
    roles,
    in: ['open'],
    decide: ({ name, from }, { opened }) => {
      checkOpened(from, opened);
      return [{ type: 'UnitRenamed', name, from }];
    },
  },
  move: {
    command: MoveUnit,
    roles,
    in: ['open'],
    refuses: ['register/circle'],
    decide: ({ type: _, ...moved }, { opened }, { id, docs }) => {
      const { division, parent, from } = moved;
      checkOpened(from, opened);
      checkDivision('division', division, from, docs);
      if (parent !== undefined) {
        checkUnit('parent', parent, from, docs);
        checkCircle(id, parent, from, above(docs));
      }
      return [{ type: 'UnitMoved', ...moved }];
    },
  },
  abolish: {
    command: AbolishUnit,
    roles,
    in: ['open'],
    refuses: ['register/circle'],
    decide: ({ successor, from }, { opened }, { id, docs }) => {
      checkOpened(from, opened);
      checkUnit('successor', successor, from, docs);
      checkCircle(id, successor, END, (at) => docs.unit.get(at)?.abolished?.is);
      return [{ type: 'UnitAbolished', successor, from }];
    },
  },
});
