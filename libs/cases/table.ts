import { type CaseEvent, type Upload } from '../contracts/case-events.js';
import { type Source } from '../contracts/intake.js';
import { refuse, type RefusalCode } from '../contracts/refusal.js';
import { type Register, type Series } from '../contracts/register.js';
import { type Agent, isAgent, isWatcher, type Role } from '../contracts/roles.js';
import { type Day, type DivisionId, type PersonId, type UnitId, type Uuid } from '../contracts/values.js';
import { type Actor } from '../eventing/event.js';
import { type AnyRow, type Facts, type Row } from '../eventing/handle.js';
import { type Status } from '../contracts/status.js';
import { isOfResponsible } from './posts.js';
import { bearers, type CaseState, type Flag, FLAGS, partUnits } from './case-state.js';

/** What decisions on a case know besides the case. */
export interface CaseFacts extends Facts {
  register: Register;
  /** Day of `now` in the deployment's zone. */
  today: Day;
  /** The uploads that the command names, as far as they are this person's for this case. */
  uploads: ReadonlyMap<Uuid, Upload>;
  /** Who drew this case in the draw that the command names; absent where it was not drawn. */
  drawnBy?: readonly PersonId[];
  /** The label that the row's `number` asks for. */
  number: string;
  /** Of the row's `targets` those that the caller sees, and whether the caller may decide on them from above. */
  visible: ReadonlyMap<Uuid, { decides: boolean }>;
}

/**
 * Where somebody must hold the role: at one of the units; or at any whose division covers all of the case (covering);
 * of those, at one that does not answer for it (outside); of those, at one that is not below the unit that found it
 * (above). Nobody is let off by their own people, nor by those over whose heads they were found.
 */
export type Desk = 'covering' | 'outside' | 'above' | ((state: CaseState) => readonly (UnitId | undefined)[]);

/** One command on a case. */
export interface CaseRow<C extends object> extends Omit<
  Row<CaseState, C, CaseEvent, CaseFacts>,
  'reach' | 'sees'
> {
  roles: readonly (Role | Agent)[];
  at: Desk;
  in: readonly (Status | 'new')[];
  flags?: readonly Flag[];
  /** With what it may refuse besides what every command does (`codesOf`). */
  refuses?: readonly RefusalCode[];
  /** Whoever gives it vouches for the case: many at once only of general ones, each of them looked at before. */
  approves?: true;
  /** Uploads that the command names. */
  uploads?: (command: C) => readonly Uuid[];
  /** The draw that the command names. */
  draw?: (command: C) => Uuid | undefined;
  /**
   * Other cases that the command names. The caller must be allowed to name them, which is learnt before it is decided;
   * how they stand is not: what happens to them is decided in their own streams.
   */
  targets?: (command: C) => readonly Uuid[];
  /** The series a number is taken from, and who owns the number. */
  number?: { series: Series; owner: (caseId: Uuid, state: CaseState, commandId: Uuid) => string };
  /** Of what begins a case: where the problem was written down, by which the case is known. */
  origin?: (command: C) => Source;
}

/** A row as the table keeps it: the class of its command is known by name only. */
export interface AnyCaseRow extends AnyRow<CaseState, CaseEvent, CaseFacts> {
  roles: readonly (Role | Agent)[];
  at: Desk;
  in: readonly (Status | 'new')[];
  flags?: readonly Flag[];
  refuses?: readonly RefusalCode[];
  approves?: true;
  uploads?: (command: never) => readonly Uuid[];
  draw?: (command: never) => Uuid | undefined;
  targets?: (command: never) => readonly Uuid[];
  number?: CaseRow<never>['number'];
  origin?: (command: never) => Source;
}

/** Rows of one phase of a case's life. */
export function phase<T extends Record<string, object>>(rows: {
  [K in keyof T]: CaseRow<T[K]>;
}): AnyCaseRow[] {
  // The command's type has served its purpose: the bodies that reach a row were validated as its class.
  return (Object.values(rows) as AnyCaseRow[]).map((row) =>
    row.in.includes('new') ? { ...row, reach: atWork } : { ...row, sees: seen, reach: reachOf(row.at) },
  );
}

/** Whether nobody but the system itself gives it: it has no address and is offered to nobody. */
export const isInternal = ({ roles }: AnyCaseRow): boolean => roles.every(isAgent);

/** Whether it begins a case: it has an address of its own. */
export const beginsCase = ({ in: statuses }: Pick<AnyCaseRow, 'in'>): boolean => statuses.includes('new');

/** With what a command may be refused by the rules: all that its row can say. */
export function codesOf(row: AnyCaseRow): RefusalCode[] {
  const { flags = [], refuses = [] } = row;
  const begins = beginsCase(row);
  return [
    ...(begins
      ? (['case/already-registered'] as const)
      : (['case/unknown', 'case/seen-missing', 'case/stale', 'case/status'] as const)),
    'case/role',
    'case/on-leave',
    ...(begins
      ? []
      : FLAGS.filter((flag) => !flags.includes(flag)).map((flag) => `case/flag-${flag}` as const)),
    ...refuses,
  ];
}

/** A case out of scope is none, whatever the role; what begins a case is not asked whether it sees it. */
const seen: NonNullable<AnyCaseRow['sees']> = (state, actor, { register }) => {
  if (!isAgent(actor.role) && !sees(state, actor, register)) refuse('case/unknown');
};

/** Who is on leave reads and commands nothing, on a case or beside one; somebody may act in their place. */
export function atWork(_: unknown, { person, role }: Actor, { register }: Pick<CaseFacts, 'register'>): void {
  if (!isAgent(role) && register.person(person)?.onLeave === true) refuse('case/on-leave');
}

function reachOf(at: Desk): NonNullable<AnyCaseRow['reach']> {
  return (state, actor, facts) => {
    if (state.status === undefined || isAgent(actor.role)) return;
    atWork(state, actor, facts);
    if (!isAtDesk(at, state, actor, facts.register)) refuse('case/role');
  };
}

export function isAtDesk(at: Desk, state: CaseState, actor: Actor, register: Register): boolean {
  if (typeof at === 'function') return carriesOn(actor.unit, at(state), register);
  if (!covers(state.divisions, actor, register)) return false;
  if (at === 'covering') return true;
  return (
    !isOfResponsible(state, actor, register) &&
    (at === 'outside' || !isBelow(actor.unit, state.finder, register))
  );
}

/** Whether what a unit covers does not reach up to where another one is. */
export function isBelow(unit: UnitId, other: UnitId | undefined, register: Register): boolean {
  const [home, above] = [unit, other].map((one) => one && homeOf(register.present(one), register));
  return above !== undefined && (home === undefined || !register.covers(home, above));
}

/** Whether a unit is, or carries on, one of these; one that was abolished is nobody. */
export function carriesOn(unit: UnitId, units: readonly (UnitId | undefined)[], register: Register): boolean {
  return units.some((one) => one !== undefined && register.present(one) === unit);
}

/** The division of a unit that stands. */
function homeOf(unit: UnitId, register: Register): DivisionId | undefined {
  return register.present(unit) === unit ? register.unit(unit)?.division : undefined;
}

/** Whether all of a case lies in the division of somebody's unit. */
export function covers(divisions: readonly DivisionId[], { unit }: Actor, register: Register): boolean {
  const home = homeOf(unit, register);
  return home !== undefined && divisions.every((division) => register.covers(home, division));
}

/**
 * Whether a case is within somebody's scope: part of it lies in their division, or their unit has a part in it, as far
 * as its visibility lets them. The ledger asks the same of its rows.
 */
export function sees(state: CaseState, actor: Actor, register: Register): boolean {
  const home = homeOf(actor.unit, register);
  if (home === undefined) return false;
  if (bearers(actor).some((person) => state.excluded.has(person))) return false;
  const parties = [
    ...state.leads,
    ...state.coUnits,
    ...state.checkerUnits,
    ...partUnits(state),
    ...state.route.map(({ unit }) => unit),
    state.assigner,
    state.closer,
  ];
  const party = carriesOn(actor.unit, parties, register);
  const near = state.divisions.some((division) => register.covers(home, division));
  const found = state.finder !== undefined && register.present(state.finder) === actor.unit;
  switch (state.visibility) {
    case 'normal':
      return near || party;
    case 'restricted':
      return party || found || (near && isWatcher(actor.role));
    case 'discipline':
      if (actor.role === 'inspector') return near;
      if (actor.role === 'registrar') return found;
      return actor.role === 'handler' && party && bearers(actor).some((one) => one === state.handler);
  }
}
