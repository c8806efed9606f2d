import { describe, expect, test } from '@jest/globals';
import { registerSamples } from '../../test/support/register.js';
import { samples as caseSamples } from '../../test/support/samples.js';
import { readdirSync } from 'node:fs';
import { getMetadataStorage } from 'class-validator';
import { validated } from '../platform/validated.js';
import { addDays } from '../calendar/working-days.js';
import { DrawLookBack } from './draws.js';
import { AnswerReferral, ReferClue } from './referrals.js';
import * as intake from './intake.js';
import { Refusal } from './refusal.js';

type Class = new () => object;
type Path = readonly (string | number)[];

/** A field of a command, at any depth, and the rules that its class declares for it. */
interface Field {
  path: Path;
  optional: boolean;
  rules: readonly Rule[];
}

interface Rule {
  name: string;
  constraints: readonly unknown[];
  /** For each element of a list. */
  each: boolean;
}

/** Of commands on no case. */
const others = [
  validated(DrawLookBack, {
    seed: '开奖〔2026〕7号',
    frame: {
      ...{ from: '2026-01-01', until: '2026-06-30' },
      ...{ division: 'hill', lead: 'hill-office', severity: 'general' },
    },
    size: 3,
  }),
  validated(ReferClue, {
    case: '00000000-0000-4000-8000-0000000000aa',
    to: '省纪委监委',
    text: '涉嫌套取补助',
    persons: [{ name: '某甲' }],
  }),
  validated(AnswerReferral, { outcome: 'accepted', document: '立案〔2026〕3号', remark: '已立案' }),
];
const samples = [...caseSamples, ...registerSamples, ...others];
const storage = getMetadataStorage();
const rulesOf = (of: Class): (Rule & { field: string })[] =>
  storage.getTargetValidationMetadatas(of, '', true, false).map((metadata) => {
    const [custom] = storage.getTargetValidatorConstraints(metadata.constraintCls);
    const conditional = metadata.type === 'conditionalValidation' ? 'isOptional' : undefined;
    const name = conditional ?? metadata.name ?? custom?.name ?? metadata.type;
    return {
      field: metadata.propertyName,
      name,
      constraints: (metadata.constraints as unknown[] | undefined) ?? [],
      each: metadata.each,
    };
  });

/** Every class of the contracts that says of itself which command it is. */
const modules = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
  .map((file) => import(`./${file.replace(/\.ts$/, '.js')}`) as Promise<object>);
const commands = (await Promise.all(modules))
  .flatMap((module) => Object.values(module) as unknown[])
  .filter((one): one is Class => typeof one === 'function')
  .filter((one) => rulesOf(one).some(({ field, name }) => field === 'type' && name === 'equals'));

const sampleOf = (of: Class): object =>
  samples.find((sample) => sample instanceof of) ?? fail(`${of.name} has no sample in test/support`);
const plain = (sample: object): object => JSON.parse(JSON.stringify(sample)) as object;

/** The fields of a sample and of what stands in it. */
function fieldsOf(sample: object, path: Path = []): Field[] {
  const rules = rulesOf(sample.constructor as Class);
  return [...new Set(rules.map(({ field }) => field))].flatMap((name) => {
    const own = rules.filter(({ field }) => field === name);
    const here = [...path, name];
    const value = (sample as Record<string, unknown>)[name];
    if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) {
      fail(`the sample of ${sample.constructor.name} says nothing in ${name}`);
    }
    const field = { path: here, optional: own.some((rule) => rule.name === 'isOptional'), rules: own };
    if (!own.some((rule) => rule.name === 'nestedValidation')) return [field];
    const [inner, within]: [object, Path] = Array.isArray(value)
      ? [value[0] as object, [...here, 0]]
      : [value, here];
    return [field, ...fieldsOf(inner, within)];
  });
}

function fail(message: string): never {
  throw new Error(message);
}

/** A copy of the sample with another value in one place; undefined takes the field away. */
function changed(sample: object, path: Path, value: unknown): object {
  const copy = plain(sample);
  const last = path[path.length - 1] ?? '';
  const inner = path.slice(0, -1).reduce<object>((at, key) => at[key as never], copy);
  if (value === undefined) Reflect.deleteProperty(inner, last);
  else Object.defineProperty(inner, last, { value, enumerable: true, configurable: true, writable: true });
  return copy;
}

function at(sample: object, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], sample);
}

/** The fields that are refused, each once; null where nothing is. */
function refusedFields(of: Class, body: unknown): string[] | null {
  try {
    validated(of, body);
    return null;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    expect(error.code).toBe('input/invalid');
    return [...new Set(error.details.errors?.map(({ field }) => field))];
  }
}

const HALVES = ['\ud800', '\udfff', '屋\ud83d', '\ude00面', '\udc00\ud800'];
const CONTROLS = ['\0', 'a\0b', '\u0007', '\u001b[31m', '\u007f', '\u0085', '\u202e倒', '\u2066', '\u200f'];
const NO_TEXTS = [0, 1.5, true, {}, [], ['text'], { length: 3 }];
const NO_IDS = [
  ...['', ' ', 'Hill', '-hill', 'hill office', 'hill/office', '../hill', 'höhe', '山', 'hill\n', '__proto__'],
  ...['a'.repeat(65), 'hill\0', 'hill\ud800', "'", '%00'],
];
const NO_UUIDS = [
  ...[
    '',
    'x',
    '00000000-0000-4000-8000-00000000000',
    '00000000-0000-4000-8000-0000000000012',
    '0'.repeat(32),
  ],
  ...['{00000000-0000-4000-8000-000000000001}', '00000000-0000-4000-8000-00000000000G', '\0'],
  ...['0000000A-0000-4000-8000-000000000001', ' 00000000-0000-4000-8000-000000000001', '../../etc/passwd'],
];
const NO_DAYS = [
  ...['', '2026-02-30', '2026-02-29', '2026-13-01', '2026-00-10', '2026-01-00', '2026-04-31', '2026-1-1'],
  ...[
    '20260101',
    '2026/01/01',
    '2026-01-01T00:00:00Z',
    '2026-01-01 ',
    '\n2026-01-01',
    '1899-12-31',
    '2200-01-01',
  ],
  ...['２０２６-01-01', '0000-00-00', '-001-01-01', 'yesterday', 20_260_101, {}, ['2026-01-01'], true],
];
const NO_NUMBERS = [
  '1',
  '',
  '0x1',
  true,
  {},
  [],
  [1],
  1.5,
  0.1,
  2 ** 53,
  -(2 ** 53) - 2,
  Infinity,
  -Infinity,
  NaN,
];

/** What each rule refuses. A rule that is new here must say it. */
const wrong: Readonly<Record<string, (constraints: readonly unknown[], sample: unknown) => unknown[]>> = {
  isOptional: () => [],
  isDefined: () => [],
  equals: ([value]) =>
    ['', 'Another', 0, 999, true, {}, [], [value], String(value) + ' '].filter((one) => one !== value),
  notEquals: ([value]) => [value],
  isIn: ([values]) => ['', 'another', 'constructor', 0, true, {}, [], [(values as unknown[])[0]]],
  isBoolean: () => ['true', 'false', '', 0, 1, {}, [], [true]],
  isInt: () => NO_NUMBERS,
  min: ([least]) => [(least as number) - 1, -(2 ** 52)],
  max: ([most]) => [(most as number) + 1, 2 ** 52],
  isString: () => NO_TEXTS,
  isLength: ([shortest, longest]) => [
    ...(shortest === 1 ? [''] : []),
    'a'.repeat((longest as number) + 1),
    '屋'.repeat((longest as number) + 1),
    ...CONTROLS,
    ...HALVES,
  ],
  matches: ([pattern], sample) => {
    const { source } = pattern as RegExp;
    if (source === String.raw`\S`) return [' ', '\t\n', '\u3000'];
    if (source.includes('Cc')) return [...CONTROLS, ...HALVES];
    if (source.startsWith(String.raw`^\d{4}`)) return NO_DAYS;
    return typeof sample === 'string' && sample.length === 36 ? NO_UUIDS : NO_IDS;
  },
  isDay: () => NO_DAYS,
  isPlainValue: () => [{}, [], [true], ['text'], 1.5, 2 ** 53, NaN, 'a'.repeat(10_001), ...CONTROLS],
  isArray: () => ['roof', 0, true, {}, { 0: 'roof', length: 1 }],
  arrayMinSize: ([fewest]) => (fewest === 0 ? [] : [[]]),
  arrayMaxSize: ([most], sample) => [
    Array.from({ length: (most as number) + 1 }, (_, n) => other(sample, n)),
  ],
  arrayUnique: (_, sample) => [[(sample as unknown[])[0], (sample as unknown[])[0]]],
  isObject: (_, sample) => ['text', 0, true, [], [{}], [sample]],
  nestedValidation: () => ['text', 0, true],
};

/** Another valid element of a list. */
function other(sample: unknown, n: number): unknown {
  const [first] = sample as unknown[];
  if (typeof first === 'number') return n + 1;
  if (typeof first !== 'string') return first;
  if (/^\d{4}-/.test(first)) return addDays('2000-01-01', n);
  return first.length === 36 ? first.slice(0, -3) + String(n).padStart(3, '0') : `other-${n}`;
}

function wrongValues({ rules }: Field, sample: unknown): unknown[] {
  const list = rules.some(({ name }) => name === 'isArray');
  return rules.flatMap(({ name, constraints, each }) => {
    const known = wrong[name] ?? fail(`nothing is known that the rule ${name} refuses`);
    const element = each && list;
    const values = known(constraints, element ? (sample as unknown[])[0] : sample);
    return element ? [...values, null].map((value) => [value]) : values;
  });
}

const nestedIn = (fields: readonly Field[]): Field[] =>
  fields.filter(({ rules }) => rules.some(({ name }) => name === 'nestedValidation'));

/** The sample itself and every object in it. */
const levelsOf = (sample: object, fields: readonly Field[]): Path[] => [
  [],
  ...nestedIn(fields).map(({ path }) => (Array.isArray(at(sample, path)) ? [...path, 0] : path)),
];

test('every command of the contracts is known, and has one sample', () => {
  expect(commands.length).toBeGreaterThan(0);
  expect(samples.map(({ constructor }) => constructor.name).sort()).toEqual(
    commands.map(({ name }) => name).sort(),
  );
});

describe.each(commands.map((of) => [of.name, of] as const))('%s', (name, of) => {
  const sample = sampleOf(of);
  const fields = fieldsOf(sample);
  const named = fields.map((field) => [field.path.join('.'), field] as const);
  const levels = levelsOf(sample, fields);

  test('is taken as it should be, and as its class', () => {
    const taken = validated(of, plain(sample));
    expect(taken).toBeInstanceOf(of);
    expect(taken).toEqual(sample);
    expect(plain(taken)).toEqual(plain(sample));
  });

  test('names itself, or leaves that to its address', () => {
    expect(validated(of, changed(sample, ['type'], undefined))).toEqual(sample);
    for (const type of ['', 'Another', name.toLowerCase(), null, 0, [name]]) {
      expect([type, refusedFields(of, changed(sample, ['type'], type))]).toEqual([type, ['type']]);
    }
  });

  test.each([null, [], [{}], 'text', '', 5, true, undefined])('is no %j', (body) => {
    expect(refusedFields(of, body)).toEqual(['']);
  });

  test('has every field, but for those that it need not have', () => {
    for (const [field, { path, optional }] of named) {
      if (field === 'type') continue;
      expect([field, refusedFields(of, changed(sample, path, undefined))]).toEqual([
        field,
        optional ? null : [field],
      ]);
      if (!optional) expect(refusedFields(of, changed(sample, path, null))).toEqual([field]);
    }
  });

  test.each(named)('%s is of its kind', (field, each) => {
    const values = wrongValues(each, at(sample, each.path));
    expect(values).not.toEqual([]);
    for (const value of values) {
      const refused = refusedFields(of, changed(sample, each.path, value));
      // What is wrong with an element that is an object is said of the element.
      const where =
        Array.isArray(value) && value.length > 0 ? refused?.map((one) => one.replace(/\.\d+$/, '')) : refused;
      expect([value, where]).toEqual([value, [field]]);
    }
  });

  test('a text may be as long as its limit says, in any script', () => {
    for (const { path, rules } of fields) {
      const longest = rules.find((rule) => rule.name === 'isLength')?.constraints[1] as number | undefined;
      if (longest === undefined) continue;
      expect(refusedFields(of, changed(sample, path, 'a'.repeat(longest)))).toBeNull();
      expect(refusedFields(of, changed(sample, path, '屋'.repeat(longest)))).toBeNull();
      expect(refusedFields(of, changed(sample, path, 'two\r\nlines\tand a tab'))).toBeNull();
    }
  });

  test('a number may be as small and as large as its limits say', () => {
    for (const { path, rules } of fields) {
      for (const { name: rule, constraints, each } of rules) {
        if (rule !== 'min' && rule !== 'max') continue;
        const limit = each ? [constraints[0]] : constraints[0];
        expect(refusedFields(of, changed(sample, path, limit))).toBeNull();
      }
    }
  });

  test('a list may be as long as its limit says', () => {
    for (const { path, rules } of fields) {
      const most = rules.find((rule) => rule.name === 'arrayMaxSize')?.constraints[0] as number | undefined;
      if (most === undefined) continue;
      const full = Array.from({ length: most }, (_, n) => other(at(plain(sample), path), n));
      expect(refusedFields(of, changed(sample, path, full))).toBeNull();
    }
  });

  test.each(levels.map((level) => [level.join('.') || 'itself', level] as const))(
    'nothing unknown stands in %s',
    (_, level) => {
      for (const extra of ['extra', 'Type', 'then', 'prototype', '', 'a.b', '0', 'status']) {
        const path = [...level, extra];
        expect([extra, refusedFields(of, changed(sample, path, { any: 'thing' }))]).toEqual([
          extra,
          [path.join('.')],
        ]);
      }
    },
  );
});

/** Bodies of all commands that should be refused and are taken, by command and field. */
function taken(
  bodies: (of: Class, sample: object, fields: readonly Field[]) => readonly [Path, unknown][],
): string[] {
  return commands.flatMap((of) =>
    bodies(of, sampleOf(of), fieldsOf(sampleOf(of)))
      .filter(([, body]) => refusedFields(of, body) === null)
      .map(([path]) => `${of.name}: ${path.join('.')}`),
  );
}

test('what need not be there is left out, never null', () => {
  const nulls = taken((_, sample, fields) =>
    fields.filter(({ optional }) => optional).map(({ path }) => [path, changed(sample, path, null)]),
  );
  expect(nulls).toEqual([]);
});

test('a list is no object, and a list in a list no object either', () => {
  const lists = taken((_, sample, fields) =>
    nestedIn(fields).flatMap(({ path }): [Path, unknown][] => {
      const value = at(plain(sample), path);
      const within = Array.isArray(value) ? [[[]], [value]] : [[], [value]];
      return within.map((list) => [path, changed(sample, path, list)]);
    }),
  );
  expect(lists).toEqual([]);
});

test('what every object has by nature is no field', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];
  const natural = taken((_, sample, fields) =>
    levelsOf(sample, fields).flatMap((level) =>
      names.map((name): [Path, unknown] => [
        [...level, name],
        changed(sample, [...level, name], { any: 'thing' }),
      ]),
    ),
  );
  expect(natural).toEqual([]);
});

test('everything that is wrong is named at once', () => {
  expect(refusedFields(intake.RegisterProblem, {})).toEqual([
    ...['source', 'categories', 'divisions', 'severity', 'rectificationType', 'description'],
    ...['personsAtRisk', 'weight'],
  ]);
});
