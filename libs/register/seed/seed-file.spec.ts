import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { SEED } from '../../../test/support/province.js';
import { isWorkingDay } from '../../calendar/working-days.js';
import { StartFault } from '../../platform/fault.js';
import { readSeedFile, type SeedFile } from './seed-file.js';
import { readSeed } from './seed.js';

const { divisions, units, persons, policy, calendar } = SEED;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seed-file-'));
  await mkdir(join(folder, 'land'));
  await wrote('policy.yaml', policy);
  await wrote('land/persons.yaml', { persons });
  await wrote('land/divisions-list.yaml', { divisions });
  await wrote('land/units-list.yaml', { units });
  await wrote('land/divisions.yaml', {
    levels: ['province', 'city'].map((id) => ({ id, title: id })),
    root: { id: 'land', name: 'Land', level: 'province' },
    files: [
      { file: 'cities.csv', level: 'city', name: 'name', id: [{ column: 'id' }], parent: [{ text: 'land' }] },
    ],
  });
  await wrote('land/cities.csv', 'id,name\nnorth,North\nsouth,South\n');
  await wrote('land/units.yaml', {
    units: ['province', 'city'].map((level) => ({ level, name: 'Works of {name}' })),
  });
  await wrote('land/more-units.yaml', {
    units: [{ id: 'harbour', name: 'Harbour', division: 'south', parent: 'city-south' }],
  });
});
afterAll(() => rm(folder, { recursive: true }));

const wrote = (file: string, content: object | string): Promise<void> =>
  writeFile(join(folder, file), typeof content === 'string' ? content : stringify(content));

async function reading(changes: object): Promise<SeedFile> {
  await wrote('seed.yaml', { ...SEED, ...changes });
  return readSeedFile(join(folder, 'seed.yaml'));
}

async function complaint(changes: object): Promise<string> {
  const error = await reading(changes).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StartFault);
  return (error as StartFault).message.replaceAll(`${folder}/`, '');
}

/** A land of two cities, with a clerk at the second unit of one of them. */
const land = {
  divisions: { folder: 'land' },
  units: { folder: 'land', besides: { file: 'land/more-units.yaml' } },
  persons: [{ id: 'li', name: 'Li', appointments: [{ unit: 'harbour', role: 'handler' }] }],
};

describe('a part of a seed', () => {
  test.each([
    ['the policy', { policy: { file: 'policy.yaml' } }],
    ['the persons', { persons: { file: 'land/persons.yaml' } }],
    ['the divisions', { divisions: { file: 'land/divisions-list.yaml' } }],
    ['the units', { units: { file: 'land/units-list.yaml' } }],
  ])('may stand in a file of its own: %s', async (_, named) => {
    expect(await reading(named)).toEqual(await reading({}));
  });

  test('may be a folder of lists, with units besides', async () => {
    const seed = await reading(land);
    expect(seed.divisions.map(({ id }) => id)).toEqual(['land', 'north', 'south']);
    expect(seed.units.map(({ id, parent }) => [id, parent])).toEqual([
      ['province-land', undefined],
      ['city-north', 'province-land'],
      ['city-south', 'province-land'],
      ['harbour', 'city-south'],
    ]);
    const { units: inline } = await reading({
      ...land,
      units: { folder: 'land', besides: [{ id: 'harbour', name: 'Harbour', division: 'south' }] },
    });
    expect(inline).toHaveLength(4);
  });

  test.each([
    ['a file that is not there', { policy: { file: 'none.yaml' } }, 'none.yaml cannot be read (ENOENT)'],
    [
      'a file that holds something else',
      { persons: { file: 'land/units-list.yaml' } },
      'land/units-list.yaml is wrong: ',
    ],
    ['a folder that is not there', { divisions: { folder: 'sea' } }, 'sea/divisions.yaml cannot be read'],
    [
      'units of a folder alone',
      { units: { folder: 'land' } },
      'units of a folder need divisions of a folder',
    ],
    ['units besides that are no list', { ...land, units: { folder: 'land', besides: 'x' } }, 'units.besides'],
    ['divisions besides', { divisions: { folder: 'land', besides: divisions } }, 'divisions'],
    ['a folder with more', { divisions: { folder: 'land', levels: [] } }, 'divisions'],
    ['a file beside the policy', { policy: { ...policy, file: 'policy.yaml' } }, 'policy.file'],
    ['a list in the place of the policy', { policy: [policy] }, 'policy'],
    ['nothing in the place of the policy', { policy: null }, 'policy'],
    ['nothing in the place of the numbers', { numbers: null }, 'numbers'],
    ['a list in the place of the calendar', { calendar: [] }, 'calendar'],
    ['nobody', { persons: [null] }, 'persons'],
    ['no divisions', { divisions: null }, 'divisions'],
  ])('is refused: %s', async (_, changes, said) => {
    expect(await complaint(changes)).toContain(said);
  });

  test('is refused with the name of its own file, and where in it', async () => {
    await wrote('odd.yaml', { ...policy, desks: { ...policy.desks, review: 'soon' } });
    expect(await complaint({ policy: { file: 'odd.yaml' } })).toBe(
      'odd.yaml is wrong: desks.review: "soon" is no term: such as 30wd, 60cd or 6m',
    );
    await wrote('odd.yaml', { ...policy, routs: [] });
    expect(await complaint({ policy: { file: 'odd.yaml' } })).toMatch(/^odd\.yaml is wrong: routs: /);
    await wrote('odd.yaml', { persons: [...persons, { id: 'lu', name: 7, appointments: [] }] });
    expect(await complaint({ persons: { file: 'odd.yaml' } })).toMatch(
      /^odd\.yaml is wrong: persons\.\d+\.name: /,
    );
  });
});

describe('working days', () => {
  test('may be those that are published, up to the last one', async () => {
    const { calendar: read } = await reading({ calendar: { published: 'national' } });
    expect(read).toMatchObject({ id: 'national@2026', until: '2026-12-31' });
    expect(read.holidays).toContain('2026-10-01');
    expect(read.moved).toContain('2026-10-10');
  });

  test('of a division lie on top, for all that lies in it', async () => {
    const own = {
      north: { holidays: ['2026-09-21', '2026-10-10'] },
      hill: { holidays: ['2026-09-22'], moved: ['2026-10-10'] },
    };
    await reading({ calendar: { ...calendar, until: '2026-12-31', divisions: own } });
    const { calendarOf, calendar: base } = await readSeed(join(folder, 'seed.yaml'));
    const off = (division: string): string[] =>
      ['2026-09-21', '2026-09-22', '2026-10-10'].filter((day) => !isWorkingDay(day, calendarOf(division)));
    expect({ shore: off('shore'), lake: off('lake'), hill: off('hill'), nowhere: off('nowhere') }).toEqual({
      shore: [],
      lake: ['2026-09-21', '2026-10-10'],
      hill: ['2026-09-21', '2026-09-22'],
      nowhere: [],
    });
    expect([base, calendarOf('lake'), calendarOf('hill')].map(({ id, until }) => [id, until])).toEqual([
      ['national@2026', '2026-12-31'],
      ['national@2026/north', '2026-12-31'],
      ['national@2026/hill', '2026-12-31'],
    ]);
    expect(calendarOf('shore')).toBe(base);
    expect(calendarOf('hill')).toBe(calendarOf('hill'));
  });

  test.each([
    ['of a division that is none', { ...calendar, divisions: { isle: { holidays: [] } } }, 'isle'],
    ['without days', { ...calendar, divisions: { hill: {} } }, 'calendar.divisions'],
    ['with a day that is none', { ...calendar, divisions: { hill: { moved: ['2026-02-30'] } } }, 'divisions'],
    ['of another kind', { ...calendar, divisions: { hill: { hours: [] } } }, 'calendar.divisions'],
    ['in a list', { ...calendar, divisions: [] }, 'calendar.divisions'],
    ['with a last day that is none', { ...calendar, until: 'soon' }, 'calendar.until'],
    [
      'both off and worked',
      { ...calendar, divisions: { hill: { holidays: ['2026-09-21'], moved: ['2026-09-21'] } } },
      '2026-09-21 is off and worked',
    ],
    [
      'published, and said besides',
      { published: 'national', holidays: [] },
      'calendar.holidays cannot stand beside calendar.published',
    ],
    ['published by nobody', { published: null }, 'calendar.published'],
  ])('are refused: %s', async (_, changed, said) => {
    await wrote('seed.yaml', { ...SEED, calendar: changed });
    await expect(readSeed(join(folder, 'seed.yaml'))).rejects.toThrow(said);
  });
});
