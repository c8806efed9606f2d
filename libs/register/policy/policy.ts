import { parseTerm } from '../../calendar/terms.js';
import { type Term } from '../../contracts/deadline.js';
import { RECTIFICATION_TYPES, SEVERITIES } from '../../contracts/intake.js';
import { type BySource, type Completion, type DeskTerms, type Policy } from '../../contracts/register.js';
import { isId, isSource } from '../../contracts/values.js';
import { checkChecklists } from './policy-checklists.js';
import { checkRoutes } from './policy-routes.js';
import {
  asObject,
  byId,
  checkFlags,
  checkTitle,
  fieldsOf,
  isCount,
  type Loose,
  mapped,
  shown,
} from './policy-shape.js';

const ISSUERS = ['dispatcher', 'inspector', 'leader'];

/**
 * A policy as a file has it (terms as texts, such as `30wd`), made sure to be whole: rules for every severity and type,
 * routes that have a review and a verification, checklists with different slots, and nothing that no rule reads.
 * @param levels levels of the deployment's divisions
 * @throws Error saying which rule is wrong
 */
export function policyOf(file: object, levels: ReadonlySet<string>): Policy {
  const rules = file as Loose;
  for (const [, check] of CHECKS) check(rules, levels);
  return {
    ...(file as Policy),
    sources: withTerms('the source', rules.sources) as Policy['sources'],
    categories: withTerms('the category', rules.categories) as Policy['categories'],
    completion: completionsOf(rules.completion),
    desks: desksOf(rules),
  };
}

/** What is wrong with a policy, the first fault of each of its parts. */
export function faultsOf(file: object, levels: ReadonlySet<string>): { part: string; message: string }[] {
  const found = new Map<string, string>();
  for (const [part, check] of [...CHECKS, ...TERMS]) {
    try {
      check(file as Loose, levels);
    } catch (error) {
      // What the rules ask of rules is said in words; all else only shows that it is none.
      const said =
        error instanceof Error && error.constructor === Error ? error.message : `${part} is no rule`;
      if (!found.has(part)) found.set(part, said);
    }
  }
  return [...found].map(([part, message]) => ({ part, message }));
}

type Check = readonly [part: string, check: (rules: Loose, levels: ReadonlySet<string>) => void];

const titlesOf = (part: string): Check => [
  part,
  (rules) => {
    checkTitles(part, rules[part]);
  },
];

/** In the order in which they are said, each with the part of the policy that it is about. */
const CHECKS: readonly Check[] = [
  ...['returnGrounds', 'moneyMethods', 'terminationGrounds', 'ranks'].map(titlesOf),
  [
    'sources',
    ({ sources }) => {
      checkSources(sources);
    },
  ],
  ['categories', checkChecklists],
  ['routes', checkRoutes],
  [
    'refusedReturnGrounds',
    ({ refusedReturnGrounds, returnGrounds }) => {
      checkRefused('refusedReturnGrounds', refusedReturnGrounds, returnGrounds);
    },
  ],
  [
    'ladder',
    ({ ladder }) => {
      for (const [id, rung] of byId('ladder', ladder)) checkRung(id, rung);
    },
  ],
  [
    'accountability',
    ({ accountability }) => {
      checkAccountability(accountability);
    },
  ],
  [
    'suspension',
    ({ suspension }) => {
      checkSuspension(suspension);
    },
  ],
  [
    'countersigned',
    ({ countersigned }) => {
      if (!areSeverities(countersigned)) throw new Error('countersigned needs a list of severities');
    },
  ],
  [
    'sampling',
    ({ sampling }) => {
      checkSampling(sampling);
    },
  ],
  [
    'retention',
    ({ retention }) => {
      if (retention !== undefined && !isCount(retention, 1, 100))
        throw new Error('retention needs whole years after the end of a case, 1 to 100');
    },
  ],
];

function checkAccountability(value: unknown): void {
  for (const [id, form] of byId('accountability', value)) {
    const path = `the accountability ${id}`;
    const measure = fieldsOf(path, form, 'title', 'form');
    checkTitle(path, measure.title);
    if (!isId(measure.form)) throw new Error(`${path} needs a form`);
  }
}

/** Parts whose terms are read. */
const TERMS: readonly Check[] = [
  ['sources', ({ sources }) => withTerms('the source', sources)],
  ['categories', ({ categories }) => withTerms('the category', categories)],
  ['completion', ({ completion }) => completionsOf(completion)],
  ['desks', desksOf],
];

/** Rules by id, of which some have terms of their own. */
const withTerms = (what: string, rules: unknown): Loose =>
  mapped(rules as Loose, (rule, id) =>
    mapped(rule as Loose, (value, name) =>
      OWN_TERMS.includes(name) ? termAt(`${what} ${id}.${name}`, value) : value,
    ),
  );

const OWN_TERMS = ['done', 'extendedBy'];

function completionsOf(value: unknown): Policy['completion'] {
  const types = fieldsOf('completion', value, ...RECTIFICATION_TYPES);
  return mapped(types, (one, type) =>
    mapped(fieldsOf(`completion.${type}`, one, ...SEVERITIES), (terms, severity) =>
      completionOf(`completion.${type}.${severity}`, terms),
    ),
  ) as unknown as Policy['completion'];
}

function completionOf(path: string, value: unknown): Completion {
  const terms = fieldsOf(path, value, 'firstAction', 'plan?', 'done', 'ceiling?', 'review?');
  return mapped(terms, (term, name) => termAt(`${path}.${name}`, term)) as unknown as Completion;
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

function desksOf({ desks: value, sources }: Loose): DeskTerms {
  const desks = fieldsOf('desks', value, ...PLAIN_DESKS, 'accept', 'return', 'verification');
  const codes = Object.keys(asObject('sources', sources)).map((code) => `${code}?`);
  const bySource = (name: string): BySource => {
    const terms = fieldsOf(`desks.${name}`, desks[name], 'other', ...codes);
    return mapped(terms, (term, source) => termAt(`desks.${name}.${source}`, term)) as BySource;
  };
  const verification = fieldsOf('desks.verification', desks.verification, ...SEVERITIES);
  return {
    ...mapped(Object.fromEntries(PLAIN_DESKS.map((name) => [name, desks[name]])), (term, name) =>
      termAt(`desks.${name}`, term),
    ),
    accept: bySource('accept'),
    return: bySource('return'),
    verification: mapped(verification, (term, severity) => termAt(`desks.verification.${severity}`, term)),
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

const FLAGS = ['factCheck', 'selfFound', 'personal'];
const TIMES = ['done?', 'extensions?', 'extendedBy?'];

function checkSources(value: unknown): void {
  const sources = Object.entries(asObject('sources', value));
  if (sources.length === 0) throw new Error('sources has none');
  for (const [code, rule] of sources) {
    if (!isSource(code)) throw new Error(`${shown(code)} is no code of a source`);
    const path = `the source ${code}`;
    const source = fieldsOf(path, rule, 'title', ...FLAGS.map((flag) => `${flag}?`), ...TIMES);
    checkTitle(path, source.title);
    checkFlags(path, source, ...FLAGS);
    if (source.extensions !== undefined && !isCount(source.extensions, 0)) {
      throw new Error(`${path}.extensions needs a number of extensions, 0 to 1000`);
    }
  }
}

function checkRung(id: string, value: unknown): void {
  const path = `the rung ${id} of the ladder`;
  const rung = fieldsOf(path, value, 'title', 'by?', 'overdue?');
  checkTitle(path, rung.title);
  const { by = 'dispatcher', overdue = 0 } = rung;
  if (!ISSUERS.includes(by as string) || !isCount(overdue, 0)) {
    throw new Error(`${path} is by a dispatcher, inspector or leader, after working days overdue`);
  }
}

function checkSuspension(value: unknown): void {
  const { most, grounds, refused } = fieldsOf('suspension', value, 'most', 'grounds', 'refused?');
  if (!isCount(most, 1)) throw new Error('suspension.most needs working days, 1 to 1000');
  for (const [id, one] of byId('suspension.grounds', grounds)) {
    const path = `the ground ${id} of a suspension`;
    const ground = fieldsOf(path, one, 'title', 'most?');
    checkTitle(path, ground.title);
    if (ground.most !== undefined && !isCount(ground.most, 1)) {
      throw new Error(`${path}: most needs working days, 1 to 1000`);
    }
  }
  checkRefused('suspension.refused', refused, grounds);
}

function checkSampling(value: unknown): void {
  const { least, percent, allOf } = fieldsOf('sampling', value, 'least', 'percent', 'allOf');
  if (!isCount(least, 1) || !isCount(percent, 0, 100) || !areSeverities(allOf)) {
    throw new Error('sampling needs `least`, `percent` up to 100, and `allOf` severities');
  }
}

function checkTitles(path: string, value: unknown): void {
  for (const [id, title] of byId(path, value)) checkTitle(`${path}.${id}`, title);
}

/** Grounds that people name and that are none, each with the reason why. */
function checkRefused(path: string, refused: unknown, valid: unknown): void {
  if (refused === undefined) return;
  checkTitles(path, refused);
  for (const id of Object.keys(refused as Loose)) {
    if (Object.hasOwn(valid as Loose, id)) throw new Error(`${path}.${id} is a valid ground too`);
  }
}

const areSeverities = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => (SEVERITIES as readonly unknown[]).includes(one));
