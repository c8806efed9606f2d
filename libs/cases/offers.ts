import { type ActionOffer, type Caller } from '../contracts/envelope.js';
import { Refusal } from '../contracts/refusal.js';
import { permit } from '../eventing/handle.js';
import { caseCommands, pathOf } from './commands.js';
import { type CaseState } from './state.js';
import { type AnyCaseRow, beginsCase, type CaseFacts, isInternal } from './table.js';

/**
 * What somebody who sees a case may do with it now; of everything else why not, in which roles and at which units it is
 * done. Persons are named to nobody, and what only the system does is offered to nobody.
 */
export function offersTo(caller: Caller, state: CaseState, facts: CaseFacts): ActionOffer[] {
  return caseCommands
    .filter((row) => !beginsCase(row) && !isInternal(row))
    .map((row) => offer(row, state, caller, facts));
}

function offer(row: AnyCaseRow, state: CaseState, caller: Caller, facts: CaseFacts): ActionOffer {
  const command = pathOf(row);
  try {
    permit(row, state, caller, facts);
    return { command, allowed: true };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const units = desks(row, state, facts);
    const unitNames = units.map((unit) => facts.register.unit(unit)?.name ?? '');
    return {
      ...{ command, allowed: false, code: error.code, roles: row.roles },
      ...(units.length > 0 && { units, unitNames }),
    };
  }
}

/** The units of today at which a command is given, each once; none where any that covers the case will do. */
function desks({ at }: AnyCaseRow, state: CaseState, { register }: CaseFacts): string[] {
  if (typeof at === 'string') return [];
  const units = at(state).flatMap((unit) => (unit === undefined ? [] : [register.present(unit)]));
  return [...new Set(units)];
}
