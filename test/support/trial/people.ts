import { isAgent, type Role } from '../../../libs/contracts/roles.js';
import { type Actor } from '../../../libs/eventing/event.js';
import { post, provinceWith, theClock } from '../province.js';
import { managerAtNorth } from '../split.js';

/**
 * Ten people who take every post at every unit in turn: what they may not do, only the history of the case forbids.
 * Two of them hold a post at the responsible unit as the register stands, and two one in which facts are checked.
 */
export const PEOPLE = ['an', 'bo', 'cui', 'deng', 'fan', 'gao', 'hou', 'jia', 'kang', 'lu'] as const;
export const OF_LEAD: readonly string[] = PEOPLE.slice(0, 2);
export const CHECKERS: readonly string[] = PEOPLE.slice(2, 4);
/** Whom another case keeps out of this one where it is merged into it. */
export const LIMITS = { rectifiers: ['kang'], barred: ['lu'], excluded: ['jia'] };

export const register = provinceWith({
  persons: PEOPLE.map((id) => ({ id, name: id, appointments: posts(id) })),
});

function posts(id: string) {
  if (OF_LEAD.includes(id)) return [{ unit: 'hill-office', role: 'handler' }];
  return CHECKERS.includes(id) ? [{ unit: 'north-office', role: 'verifier' }] : [];
}

/** Where each role does its work on the cases of these tries. */
const POSTS: Partial<Record<string, readonly string[]>> = {
  // Those of the responsible unit try as well what others decide.
  registrar: ['north-office', 'hill-office'],
  dispatcher: ['north-office', 'hill-office'],
  handler: ['hill-office', 'hill-works'],
  reviewer: ['hill-office', 'north-office'],
  verifier: ['north-office'],
  approver: ['province-office', 'north-office'],
  inspector: ['province-office'],
  leader: ['hill-office', 'north-office'],
  evaluator: ['north-office', 'province-office'],
};

export function pick<T>(list: readonly T[], n: number): T {
  return list[n % list.length] as T;
}

/** Who tries, by numbers. */
export interface Who {
  who: number;
  unit: number;
  behalf: number | null;
  form: number;
}

/** Somebody in one of these roles: people in whichever post, or the part of the system that alone has it. */
export function actorIn(roles: readonly string[], { who, unit, behalf, form }: Who): Actor {
  const role = pick(roles, form);
  if (isAgent(role)) return role === 'clock' ? theClock : managerAtNorth;
  const actor = post(pick(PEOPLE, who), pick(POSTS[role] ?? ['north-office'], unit), role as Role);
  return behalf === null ? actor : { ...actor, onBehalfOf: pick(PEOPLE, behalf) };
}
