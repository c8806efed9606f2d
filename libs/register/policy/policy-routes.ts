import { STEPS } from '../../contracts/case-events.js';
import { SEVERITIES } from '../../contracts/intake.js';
import { asObject, fieldsOf, isObject, type Loose, shown } from './policy-shape.js';

const DESKS = ['lead', 'above', 'beside', 'finder'];

/**
 * Every kind of case must find a review and a verification, whoever leads it.
 * @param levels of the deployment's divisions
 * @throws Error naming the rule by its place in the list, from 0
 */
export function checkRoutes({ routes, sources, categories }: Loose, levels: ReadonlySet<string>): void {
  if (!Array.isArray(routes)) throw new Error('routes needs a list of rules');
  const known: Readonly<Record<string, ReadonlySet<unknown>>> = {
    severities: new Set(SEVERITIES),
    levels,
    sources: new Set(Object.keys(asObject('sources', sources))),
    categories: new Set(Object.keys(asObject('categories', categories))),
  };
  const always = new Set<unknown>();
  for (const [n, rule] of (routes as unknown[]).entries()) {
    const path = `routes.${n}`;
    const { when, steps } = fieldsOf(path, rule, 'steps', 'when?');
    if (!Array.isArray(steps) || steps.length === 0) throw new Error(`${path} needs steps`);
    for (const one of steps as unknown[]) {
      const { step, by } = fieldsOf(`${path}: a step`, one, 'step', 'by');
      if (!(STEPS as readonly unknown[]).includes(step)) {
        throw new Error(`${path} has the step ${shown(step)}, which is none of ${STEPS.join(', ')}`);
      }
      checkDesk(path, by, levels);
      if (when === undefined) always.add(step);
    }
    if (when !== undefined) checkWhen(`${path}.when`, when, known);
  }
  for (const step of ['review', 'verify']) {
    if (!always.has(step)) throw new Error(`routes need the step ${step} in a rule that always applies`);
  }
}

function checkWhen(
  path: string,
  value: unknown,
  known: Readonly<Record<string, ReadonlySet<unknown>>>,
): void {
  const when = fieldsOf(path, value, ...Object.keys(known).map((name) => `${name}?`));
  if (Object.keys(when).length === 0) throw new Error(`${path} names nothing: leave it out`);
  for (const [what, list] of Object.entries(when)) {
    if (!Array.isArray(list) || list.length === 0) throw new Error(`${path}.${what} needs a list`);
    const bad = (list as unknown[]).find((one) => !known[what]?.has(one));
    if (bad !== undefined) throw new Error(`${path}.${what} names ${shown(bad)}, which is not there`);
  }
}

function checkDesk(path: string, by: unknown, levels: ReadonlySet<string>): void {
  if (typeof by === 'string' && DESKS.includes(by)) return;
  const { level } = isObject(by) ? fieldsOf(`${path}: the desk of a step`, by, 'level') : {};
  if (typeof level !== 'string' || !levels.has(level)) {
    throw new Error(`${path} has a step by ${shown(by)}, which is no desk or level`);
  }
}
