import { parseTerm } from '../calendar/terms.js';
import { STEPS } from '../contracts/case-events.js';
import { type Term } from '../contracts/deadline.js';
import { RECTIFICATION_TYPES, SEVERITIES } from '../contracts/intake.js';
import { type BySource, type Completion, type DeskTerms, type Policy } from '../contracts/register.js';
import { isId, isSource } from '../contracts/values.js';

type Loose = Record<string, unknown>;

const BY = ['lead', 'above', 'beside', 'finder'];
const ISSUERS = ['dispatcher', 'inspector', 'leader'];

/**
 * A policy as a file has it (terms as texts, such as `30wd`), made sure to be whole: rules for every severity and type,
 * routes that have a review and a verification, checklists with different slots.
 * @param levels levels of the deployment's divisions
 * @throws Error saying which rule is wrong
 */
export function policyOf(file: object, levels: ReadonlySet<string>): Policy {
  const rules = file as Loose;
  const { sources, categories, circumstances, countersigned, sampling, suspension, routes } = rules;
  const titles = ['circumstances', 'returnGrounds', 'moneyMethods', 'terminationGrounds', 'ranks'] as const;
  for (const name of titles) checkTitles(name, rules[name]);
  for (const [code, rule] of entries('sources', sources)) {
    if (!isSource(code)) throw new Error(`${JSON.stringify(code)} is no code of a source`);
    titleOf(`the source ${code}`, rule);
  }
  const conditions = new Set([
    'at-risk',
    ...Object.keys(circumstances as Loose),
    ...Object.keys(sources as Loose).map((code) => `source:${code}`),
  ]);
  checkChecklist('the common checklist', rules.checklist, conditions, 0);
  for (const [id, category] of entries('categories', categories)) {
    isIdOf('category', id);
    titleOf(`the category ${id}`, category);
    checkChecklist(`the category ${id}`, (category as Loose).checklist, conditions, 1);
  }
  checkRoutes(routes, levels, rules);
  for (const [id, rung] of entries('ladder', rules.ladder)) checkRung(id, rung);
  for (const [id, form] of entries('accountability', rules.accountability)) {
    isIdOf('form of accountability', id);
    titleOf(`the accountability ${id}`, form);
    if (!isId((form as Loose).form)) throw new Error(`the accountability ${id} needs a form`);
  }
  checkSuspension(suspension);
  if (!areSeverities(countersigned)) throw new Error('countersigned needs a list of severities');
  checkSampling(sampling);
  return {
    ...(file as Policy),
    completion: Object.fromEntries(
      RECTIFICATION_TYPES.map((type) => [
        type,
        Object.fromEntries(
          SEVERITIES.map((severity) => [
            severity,
            completionOf(`completion.${type}.${severity}`, objectAt(rules.completion, type)[severity]),
          ]),
        ),
      ]),
    ) as Policy['completion'],
    desks: desksOf(rules.desks),
  };
}

function completionOf(path: string, value: unknown): Completion {
  const terms = asObject(path, value);
  const term = (name: string): Term => termAt(`${path}.${name}`, terms[name]);
  const optional = (name: 'plan' | 'ceiling' | 'review') =>
    terms[name] === undefined ? {} : { [name]: term(name) };
  return {
    firstAction: term('firstAction'),
    done: term('done'),
    ...optional('plan'),
    ...optional('ceiling'),
    ...optional('review'),
  };
}

const PLAIN_DESKS = [
  ...[
    'returnRuling',
    'interimSafety',
    'dispute',
    'disputeRuling',
    'review',
    'approval',
    'publicNotice',
    'objection',
  ],
  ...['extensionRuling', 'disciplinePosition', 'recognitionReminder', 'instruction', 'suspensionReview'],
  ...['lookBackAnswer', 'terminationHold'],
];

function desksOf(value: unknown): DeskTerms {
  const desks = asObject('desks', value);
  const bySource = (name: string): BySource => {
    const terms = asObject(`desks.${name}`, desks[name]);
    if (terms.other === undefined) throw new Error(`desks.${name} needs a term for other sources`);
    return mapped(terms, (term, source) => termAt(`desks.${name}.${source}`, term)) as BySource;
  };
  const verification = asObject('desks.verification', desks.verification);
  return {
    ...mapped(Object.fromEntries(PLAIN_DESKS.map((name) => [name, desks[name]])), (term, name) =>
      termAt(`desks.${name}`, term),
    ),
    accept: bySource('accept'),
    return: bySource('return'),
    verification: Object.fromEntries(
      SEVERITIES.map((one) => [one, termAt(`desks.verification.${one}`, verification[one])]),
    ),
  } as unknown as DeskTerms;
}

function termAt(path: string, value: unknown): Term {
  if (typeof value !== 'string') throw new Error(`${path} needs a term: such as 30wd, 60cd or 6m`);
  try {
    return parseTerm(value);
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** Every kind of case must find a review and a verification, whoever leads it. */
function checkRoutes(value: unknown, levels: ReadonlySet<string>, { sources, categories }: Loose): void {
  if (!Array.isArray(value)) throw new Error('routes needs a list of rules');
  const known: Readonly<Record<string, ReadonlySet<string>>> = {
    severities: new Set(SEVERITIES),
    levels,
    sources: new Set(Object.keys(sources as Loose)),
    categories: new Set(Object.keys(categories as Loose)),
  };
  const always = new Set<unknown>();
  for (const [n, one] of (value as unknown[]).entries()) {
    const path = `routes.${n}`;
    const { when, steps } = asObject(path, one);
    if (!Array.isArray(steps) || steps.length === 0) throw new Error(`${path} needs steps`);
    for (const { step, by } of (steps as unknown[]).map((each) => asObject(path, each))) {
      if (!(STEPS as readonly unknown[]).includes(step))
        throw new Error(`${path} has the step ${JSON.stringify(step)}, which is none`);
      checkDesk(path, by, levels);
      if (when === undefined) always.add(step);
    }
    for (const [what, list] of Object.entries(when === undefined ? {} : asObject(`${path}.when`, when))) {
      const all = Object.hasOwn(known, what) ? known[what] : undefined;
      const bad = Array.isArray(list) ? (list as unknown[]).find((each) => !all?.has(each as string)) : what;
      if (!all || bad !== undefined)
        throw new Error(`${path}.when.${what} names ${JSON.stringify(bad)}, which is not there`);
    }
  }
  for (const step of ['review', 'verify']) {
    if (!always.has(step)) throw new Error(`routes need the step ${step} in a rule that always applies`);
  }
}

function checkDesk(path: string, by: unknown, levels: ReadonlySet<string>): void {
  if (typeof by === 'string' && BY.includes(by)) return;
  const level = isObject(by) ? by.level : undefined;
  if (typeof level !== 'string' || !levels.has(level))
    throw new Error(`${path} has a step by ${JSON.stringify(by)}, which is no desk or level`);
}

function checkRung(id: string, rung: unknown): void {
  isIdOf('rung', id);
  titleOf(`the rung ${id} of the ladder`, rung);
  const { by = 'dispatcher', overdue = 0 } = rung as Loose;
  if (!ISSUERS.includes(by as string) || !isCount(overdue, 0)) {
    throw new Error(
      `the rung ${id} of the ladder is by a dispatcher, inspector or leader, after working days overdue`,
    );
  }
}

function checkSuspension(value: unknown): void {
  const { most, grounds } = asObject('suspension', value);
  if (!isCount(most, 1)) throw new Error('suspension needs `most` working days');
  for (const [id, ground] of entries('suspension.grounds', grounds)) {
    isIdOf('ground', id);
    titleOf(`the ground ${id} of a suspension`, ground);
    if (!isCount((ground as Loose).most, 1))
      throw new Error(`the ground ${id} of a suspension needs \`most\` working days`);
  }
}

function checkSampling(value: unknown): void {
  const { least, percent, allOf } = asObject('sampling', value);
  const sound =
    isCount(least, 1) && isCount(percent, 0) && (percent as number) <= 100 && areSeverities(allOf);
  if (!sound) throw new Error('sampling needs `least`, `percent` up to 100, and `allOf` severities');
}

const areSeverities = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => (SEVERITIES as readonly unknown[]).includes(one));

function checkChecklist(path: string, value: unknown, conditions: ReadonlySet<string>, fewest: number): void {
  const slots = (Array.isArray(value) ? (value as unknown[]) : []).map((one) => (isObject(one) ? one : {}));
  const sound =
    Array.isArray(value) &&
    slots.length >= fewest &&
    slots.every(({ id, title }) => isId(id) && typeof title === 'string') &&
    new Set(slots.map(({ id }) => id)).size === slots.length;
  if (!sound) throw new Error(`${path} needs a checklist of different slots`);
  for (const { id, when } of slots) {
    if (when !== undefined && !(typeof when === 'string' && conditions.has(when)))
      throw new Error(
        `${path}: the slot ${String(id)} depends on ${JSON.stringify(when)}, which is not there`,
      );
  }
}

function checkTitles(name: string, value: unknown): void {
  for (const [id, title] of entries(name, value)) {
    isIdOf(name, id);
    if (typeof title !== 'string') throw new Error(`${name}.${id} has no title`);
  }
}

function titleOf(what: string, value: unknown): void {
  if (!isObject(value) || typeof value.title !== 'string') throw new Error(`${what} needs a title`);
}

function isIdOf(what: string, id: string): void {
  if (!isId(id)) throw new Error(`${what}: ${JSON.stringify(id)} is no id that a command could name`);
}

const entries = (name: string, value: unknown): [string, unknown][] => Object.entries(asObject(name, value));

const objectAt = (value: unknown, name: string): Loose =>
  asObject(`completion.${name}`, isObject(value) ? value[name] : undefined);

function asObject(path: string, value: unknown): Loose {
  if (!isObject(value)) throw new Error(`${path} is missing`);
  return value;
}

const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCount = (value: unknown, least: number): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= 1000;

const mapped = <T>(from: Loose, of: (value: unknown, name: string) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(from).map(([name, value]) => [name, of(value, name)]));
