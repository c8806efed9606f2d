import { type ActionOffer, type Caller } from '../contracts/envelope.js';
import { Refusal } from '../contracts/refusal.js';
import { type Register } from '../contracts/register.js';
import { type DivisionId, type UnitId } from '../contracts/values.js';
import { type Actor } from '../eventing/event.js';
import { permit } from '../eventing/handle.js';
import { caseCommands, pathOf } from './commands.js';
import { type CaseState } from './case-state.js';
import { type AnyCaseRow, beginsCase, type CaseFacts, isAtDesk, isInternal } from './table.js';

/**
 * What somebody who sees a case may do with it now; of everything else why not, in which roles and at which units it is
 * done. Persons are named to nobody, and what only the system does is offered to nobody.
 */
export function offersTo(caller: Caller, state: CaseState, facts: CaseFacts): ActionOffer[] {
  // A hundred refusals are caught where they are thrown: nobody asks where that was, and finding out takes longest of all.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return OFFERED.map((row) => offer(row, state, caller, facts));
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

const OFFERED = caseCommands
  .filter((row) => !beginsCase(row) && !isInternal(row))
  .map((row) => ({ row, command: pathOf(row) }));

function offer(
  { row, command }: (typeof OFFERED)[number],
  state: CaseState,
  caller: Caller,
  facts: CaseFacts,
): ActionOffer {
  const refused = refusalOf(row, state, caller, facts);
  if (!refused) return { command, allowed: true };
  const { code, details } = refused;
  const { why, slots } = details;
  const units = desks(row, state, facts);
  const unitNames = units.map((unit) => facts.register.unit(unit)?.name ?? '');
  return {
    ...{ command, allowed: false, code, roles: row.roles },
    // Nobody gets as far as these who is not in a role and at a desk that could give it.
    ...(why !== undefined && { why }),
    ...(slots && { slots }),
    ...(units.length > 0 && { units, unitNames }),
  };
}

const OTHER_ROLE: Pick<Refusal, 'code' | 'details'> = { code: 'case/role', details: {} };

function refusalOf(
  row: AnyCaseRow,
  state: CaseState,
  caller: Caller,
  facts: CaseFacts,
): Pick<Refusal, 'code' | 'details'> | undefined {
  // Whoever asks sees the case, so the role is the first that is looked at; most of all commands are those of others.
  if (!(row.roles as readonly string[]).includes(caller.role)) return OTHER_ROLE;
  try {
    permit(row, state, caller, facts);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/**
 * The units of today at which a command is given, each once. Where any will do that covers the case, one that can: who
 * assigned it, who found it, or the nearest from its first division upwards.
 */
function desks({ at }: AnyCaseRow, state: CaseState, { register }: CaseFacts): UnitId[] {
  if (typeof at !== 'string') return present(at(state), register);
  const can = (unit: UnitId): boolean => isAtDesk(at, state, { ...ANYBODY, unit }, register);
  const own = present([state.assigner, state.finder], register).find(can);
  const one = own ?? upwards(state.divisions[0], register).find(can);
  return one === undefined ? [] : [one];
}

/** Who is asked about is a unit: whoever holds the post there is known when they come. */
const ANYBODY: Omit<Actor, 'unit'> = { person: '', role: '', via: 'http' };

const present = (units: readonly (UnitId | undefined)[], register: Register): UnitId[] => [
  ...new Set(units.flatMap((unit) => (unit === undefined ? [] : [register.present(unit)]))),
];

/** The open units of a division, then of what it lies in, and so on. */
function upwards(from: DivisionId | undefined, register: Register): UnitId[] {
  const line: DivisionId[] = [];
  for (let at = from; at !== undefined && !line.includes(at);) {
    line.push(at);
    const { successor, parent } = register.division(at) ?? {};
    at = successor ?? parent;
  }
  return line.flatMap((division) => register.unitsIn(division).map(({ id }) => id));
}
