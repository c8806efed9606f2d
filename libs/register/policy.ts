import { RECTIFICATION_TYPES, SEVERITIES } from '../contracts/intake.js';
import { isId } from '../contracts/values.js';

type Loose = Record<string, unknown>;

/** The order in which steps stand in a route; the first two are in every route. */
const STEPS = ['review', 'verify', 'approve'];

/**
 * Makes sure that a policy is whole: rules for every severity and type, routes in order, checklists with different slots.
 * @param levels levels of the deployment's divisions
 * @throws Error saying which rule is wrong
 */
export function checkPolicy(policy: object, levels: ReadonlySet<string>): void {
  const { categories, completion, returnGrounds, moneyMethods, suspension, ladder, routes } =
    policy as Record<string, Loose>;
  const grounds = isObject(suspension?.grounds) ? suspension.grounds : undefined;
  for (const id of [categories, returnGrounds, moneyMethods, grounds, ladder].flatMap((one) =>
    Object.keys(one ?? {}),
  )) {
    if (!isId(id)) throw new Error(`${JSON.stringify(id)} is no id that a command could name`);
  }
  for (const [id, rules] of Object.entries(categories ?? {})) checkChecklist(id, rules);
  for (const type of RECTIFICATION_TYPES) checkDays(type, completion?.[type]);
  for (const severity of SEVERITIES) checkRoute(severity, routes?.[severity], levels);
  for (const [id, title] of Object.entries({ ...returnGrounds, ...moneyMethods })) {
    if (typeof title !== 'string') throw new Error(`the ground or method ${id} has no title`);
  }
  if (!grounds || !isDays(suspension?.most))
    throw new Error('suspension needs `most` working days and grounds');
  for (const [id, ground] of Object.entries(grounds)) checkSuspension(id, ground);
  for (const [id, rung] of Object.entries(ladder ?? {})) checkRung(id, rung);
}

function checkRung(id: string, rung: unknown): void {
  const by = isObject(rung) && typeof rung.title === 'string' ? (rung.by ?? 'dispatcher') : undefined;
  const sound = by === 'dispatcher' || by === 'inspector' || by === 'leader';
  if (!sound)
    throw new Error(`the rung ${id} of the ladder needs a title; it is by a dispatcher, inspector or leader`);
}

function checkSuspension(id: string, ground: unknown): void {
  const sound = isObject(ground) && typeof ground.title === 'string' && isDays(ground.most);
  if (!sound) throw new Error(`the ground ${id} of a suspension needs a title and \`most\` working days`);
}

const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function checkChecklist(id: string, rules: unknown): void {
  const slots = isObject(rules) && typeof rules.title === 'string' ? rules.checklist : undefined;
  const sound =
    Array.isArray(slots) &&
    slots.length > 0 &&
    slots.every((slot) => isObject(slot) && isId(slot.id) && typeof slot.title === 'string') &&
    new Set(slots.map((slot: Loose) => slot.id)).size === slots.length;
  if (!sound) throw new Error(`the category ${id} needs a title and a checklist of different slots`);
}

function checkDays(type: string, days: unknown): void {
  const sound = isObject(days) && SEVERITIES.every((severity) => isDays(days[severity]));
  if (!sound) throw new Error(`the completion of ${type} needs working days for each severity`);
}

function isDays(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 1000;
}

function checkRoute(severity: string, route: unknown, levels: ReadonlySet<string>): void {
  const steps = Array.isArray(route) ? (route as unknown[]).map((one) => (isObject(one) ? one : {})) : [];
  const names = steps.map(({ step }) => step);
  if (names.length < 2 || names.join() !== STEPS.slice(0, names.length).join()) {
    throw new Error(
      `the route of ${severity} needs ${STEPS.join(', ')} in this order, the last where it is asked for`,
    );
  }
  for (const { by } of steps) {
    if (by === 'lead' || by === 'above') continue;
    const level = isObject(by) ? by.level : undefined;
    if (typeof level !== 'string' || !levels.has(level)) {
      throw new Error(`a step of the route of ${severity} is by ${JSON.stringify(by)}, which is no level`);
    }
  }
}
