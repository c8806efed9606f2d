import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { province, SEED } from '../../../test/support/province.js';
import { StartFault } from '../../platform/fault.js';
import { readSeed, type Seeded } from './seed.js';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seed-'));
  file = join(folder, 'seed.yaml');
});
afterAll(() => rm(folder, { recursive: true }));

async function reading(text: string): Promise<Seeded> {
  await writeFile(file, text);
  return readSeed(file);
}

/** What is said of a seed that differs in some parts. */
async function complaint(changes: object | string): Promise<string | undefined> {
  const text = typeof changes === 'string' ? changes : stringify({ ...SEED, ...changes });
  const error = await reading(text).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) return undefined;
  expect(error).toBeInstanceOf(StartFault);
  const { message } = error as StartFault;
  expect(message).toMatch(/^The seed file \S+ /);
  expect(message).not.toMatch(/undefined|\[object|TypeError|\n {4}at /);
  return message;
}

describe('a seed that is sound', () => {
  test('is the register of the deployment', async () => {
    const seeded = await reading(stringify(SEED));
    expect(seeded.zone).toBe('Asia/Shanghai');
    expect(seeded.policy).toEqual(province.policy);
    expect(seeded.calendar).toEqual(province.calendar);
    expect(seeded.numbers).toEqual(SEED.numbers);
    expect(seeded.persons.map(({ id }) => id)).toEqual(SEED.persons.map(({ id }) => id));
  });

  test.each(['config/demo.yaml', 'config/example/example.yaml', 'config/hunan/hunan.yaml'])(
    '%s is one, with somebody for every role that a case needs',
    async (sample) => {
      const seeded = await readSeed(sample);
      const roles = new Set(seeded.persons.flatMap((one) => one.appointments.map(({ role }) => role)));
      const needed = [
        'registrar',
        'dispatcher',
        'handler',
        'reviewer',
        'verifier',
        'approver',
        'inspector',
      ] as const;
      expect(needed.filter((role) => !roles.has(role))).toEqual([]);
    },
  );

  test('units have the level of their division', () => {
    expect(province.unit('hill-works')).toMatchObject({
      level: 'county',
      division: 'hill',
      parent: 'hill-office',
    });
    expect(province.unit('north-office')).toMatchObject({ level: 'city' });
    expect(province.unit('nowhere')).toBeUndefined();
    expect(province.unit('constructor')).toBeUndefined();
  });

  test.each([
    ['province', 'shore', true],
    ['north', 'hill', true],
    ['hill', 'hill', true],
    ['hill', 'lake', false],
    ['hill', 'north', false],
    ['south', 'hill', false],
    ['nowhere', 'hill', false],
    ['hill', 'nowhere', false],
  ])('whether %s covers %s: %s', (outer, inner, covers) => {
    expect(province.covers(outer, inner)).toBe(covers);
  });

  test('what lies within a division', () => {
    expect(province.within('north')).toEqual(['north', 'hill', 'lake']);
    expect(province.within('hill')).toEqual(['hill']);
    expect(province.within('nowhere')).toEqual([]);
  });
});

describe('a seed that is wrong is refused in a sentence that says where:', () => {
  const { divisions, units, persons, policy, calendar, numbers } = SEED;

  test('a file that is not there', async () => {
    await expect(readSeed(join(folder, 'nothing.yaml'))).rejects.toThrow(
      `The seed file ${join(folder, 'nothing.yaml')} cannot be read (ENOENT): set SEED.`,
    );
  });

  test.each([
    ['what is no YAML', 'a: [1, 2', ''],
    ['nothing', '', ''],
    ['a list', '- a\n- b', ''],
    ['what is unknown', { divisons: [] }, 'divisons'],
    ['no zone', { zone: undefined }, 'zone'],
    ['a zone that is none', { zone: 'Asia/Atlantis' }, 'zone'],
    ['a label without its number', { numbers: { ...numbers, case: 'P{year}' } }, 'case'],
    ['no label for letters', { numbers: { ...numbers, letter: undefined } }, 'letter'],
    ['a holiday that does not exist', { calendar: { ...calendar, holidays: ['2026-02-30'] } }, 'holidays'],
    ['a calendar without a version', { calendar: { ...calendar, id: 'national' } }, 'id'],
    ['no divisions', { divisions: [] }, 'divisions'],
    ['a division twice', { divisions: [...divisions, divisions[5]] }, 'the division shore stands twice'],
    ['a unit twice', { units: [...units, units[0]] }, 'the unit province-office stands twice'],
    ['a person twice', { persons: [...persons, persons[0]] }, 'the person gu stands twice'],
    [
      'a division within none that is there',
      { divisions: [...divisions, { id: 'isle', name: '岛', level: 'county', parent: 'west' }] },
      'isle names the division west, which is not there',
    ],
    [
      'a unit of no division',
      { units: [...units, { id: 'isle-office', name: '岛局', division: 'isle' }] },
      'isle-office names the division isle, which is not there',
    ],
    [
      'a unit below none that is there',
      { units: [...units, { id: 'isle-office', name: '岛局', division: 'hill', parent: 'west-office' }] },
      'isle-office names the unit west-office, which is not there',
    ],
    [
      'a post at no unit',
      { persons: [{ id: 'lu', name: '鲁', appointments: [{ unit: 'isle-office', role: 'handler' }] }] },
      'lu names the unit isle-office, which is not there',
    ],
    [
      'a role that is none',
      { persons: [{ id: 'lu', name: '鲁', appointments: [{ unit: 'hill-office', role: 'king' }] }] },
      'role',
    ],
    [
      'a division that lies in itself',
      { divisions: divisions.map((one) => (one.id === 'province' ? { ...one, parent: 'hill' } : one)) },
      'lies in itself',
    ],
    ['an id that cannot be one', { divisions: [{ id: 'Hill County', name: '山县', level: 'county' }] }, 'id'],
    [
      'a desk without its term',
      { policy: { ...policy, desks: { ...policy.desks, review: undefined } } },
      'desks needs review',
    ],
    [
      'a term that is none',
      { policy: { ...policy, desks: { ...policy.desks, review: 'soon' } } },
      'desks.review: "soon" is no term',
    ],
    [
      'a term of no other source',
      { policy: { ...policy, desks: { ...policy.desks, return: { PT: '1wd' } } } },
      'desks.return',
    ],
  ])('%s', async (_, changes, said) => {
    expect(await complaint(changes)).toContain(said);
  });

  test('a unit that stands below itself', async () => {
    const circle = units.map((one) =>
      one.id === 'province-office' ? { ...one, parent: 'hill-works' } : one,
    );
    expect(await complaint({ units: circle })).toContain('province-office');
  });

  const { routes, completion, categories } = policy;
  const [review, verify] = routes[0]?.steps ?? [];
  test.each([
    ['no routes', { routes: undefined }, 'routes'],
    ['a route without verification', { routes: [{ steps: [review] }] }, 'verify'],
    ['a route without review', { routes: [{ steps: [verify] }] }, 'review'],
    [
      'a review in some cases only',
      { routes: [{ when: { severities: ['major'] }, steps: [review] }, { steps: [verify] }] },
      'review',
    ],
    ['an empty rule', { routes: [...routes, { steps: [] }] }, `routes.${routes.length}`],
    ['a step that is none', { routes: [...routes, { steps: [{ step: 'bless', by: 'above' }] }] }, 'bless'],
    ['a desk that is none', { routes: [...routes, { steps: [{ step: 'approve', by: 'below' }] }] }, 'below'],
    [
      'a step by a level that is none',
      { routes: [...routes, { steps: [{ step: 'approve', by: { level: 'nation' } }] }] },
      'nation',
    ],
    [
      'a rule for a source that is none',
      { routes: [...routes, { when: { sources: ['XX'] }, steps: [verify] }] },
      'XX',
    ],
    [
      'a rule on what is no part of a case',
      { routes: [...routes, { when: { colour: ['red'] }, steps: [verify] }] },
      'colour',
    ],
    ['a countersignature for what is no severity', { countersigned: ['grave'] }, 'countersigned'],
    ['a type without terms', { completion: { ...completion, phased: undefined } }, 'phased'],
    [
      'a completion that is no term',
      {
        completion: {
          ...completion,
          phased: { ...completion.phased, general: { firstAction: '1wd', done: 'soon' } },
        },
      },
      'completion.phased.general.done',
    ],
    [
      'a severity without terms',
      { completion: { ...completion, phased: { ...completion.phased, major: undefined } } },
      'completion.phased needs major',
    ],
    ['a category without a checklist', { categories: { roof: { title: '屋面' } } }, 'roof'],
    ['an empty checklist', { categories: { roof: { title: '屋面', checklist: [] } } }, 'roof'],
    [
      'a slot twice',
      {
        categories: {
          roof: { title: '屋面', checklist: [...categories.roof.checklist, ...categories.roof.checklist] },
        },
      },
      'roof',
    ],
    ['a category that no command could name', { categories: { Roof: categories.roof } }, 'Roof'],
    [
      'a slot that no command could name',
      { categories: { roof: { title: '屋面', checklist: [{ id: 'Before Photo', title: '整改前照片' }] } } },
      'roof',
    ],
    ['a ground that no command could name', { returnGrounds: { 'Not Clear': '要素不清' } }, 'Not Clear'],
    ['a ground that is no text', { returnGrounds: { unclear: 7 } }, 'unclear'],
  ])('a policy with %s', async (_, rules, said) => {
    expect(await complaint({ policy: { ...policy, ...rules } })).toContain(said);
  });

  test('which of many entries is wrong', async () => {
    const nameless = persons.map((one, n) => (n === 4 ? { ...one, name: 5 } : one));
    expect(await complaint({ persons: nameless })).toContain('persons.4.name');
  });
});
