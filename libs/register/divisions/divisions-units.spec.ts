import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LoadedDivisions, readDivisions } from './divisions-file.js';
import { type LoadedUnit, readUnits } from './divisions-units.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'units-'));
});
afterAll(() => rm(folder, { recursive: true }));

const LAND: LoadedDivisions = {
  levels: ['land', 'county', 'town'].map((id) => ({ id, title: id })),
  divisions: [
    { id: 'l', name: 'Demo Land', level: 'land' },
    { id: 'c', name: 'Hill', level: 'county', parent: 'l' },
    { id: 't', name: 'Upper Street', level: 'town', parent: 'c' },
    { id: 'v', name: '$& Farm', level: 'town', parent: 'c' },
  ],
  orphans: [],
};

async function units(rules: string): Promise<readonly LoadedUnit[]> {
  await writeFile(join(folder, 'units.yaml'), `units: [${rules}]`);
  return readUnits(folder, LAND);
}

describe('units', () => {
  test('are made by the first rule of their level that fits the end of the name', async () => {
    const made = await units(
      '{ level: town, ends: [Lane, Street], name: "Office of {name}" }, { level: town, name: "{name}" }',
    );
    expect(made).toEqual([
      { id: 'town-t', name: 'Office of Upper Street', division: 't' },
      { id: 'town-v', name: '$& Farm', division: 'v' },
    ]);
  });

  test('stand under the nearest unit above, also where a level between has none', async () => {
    const made = await units('{ level: land, name: "{name} Works" }, { level: town, name: "{name}" }');
    expect(made.map(({ id, parent }) => [id, parent])).toEqual([
      ['land-l', undefined],
      ['town-t', 'land-l'],
      ['town-v', 'land-l'],
    ]);
  });

  test.each([
    ['no rule fits', '{ level: town, ends: [Street], name: "{name}" }', 'no rule fits the division v'],
    ['a rule names no level', '{ level: sea, name: "{name}" }', 'there is no level sea'],
    ['a name has another hole', '{ level: town, name: "{code}" }', 'units.0.name'],
  ])('are refused where %s', async (_, rules, message) => {
    await expect(units(rules)).rejects.toThrow(message);
  });
});

describe('the units of Hunan', () => {
  let hunan: readonly LoadedUnit[];
  beforeAll(async () => {
    hunan = await readUnits('config/hunan', await readDivisions('config/hunan'));
  });
  const unit = (id: string): LoadedUnit | undefined => hunan.find((one) => one.id === id);

  test('are one for the province, each city, county and town, and for what the successions open', () => {
    expect(hunan).toHaveLength(1 + 14 + 122 + 2008 + 14 + 2);
    expect(new Set(hunan.map(({ id }) => id)).size).toBe(hunan.length);
  });

  test('stand in one line up to the province', () => {
    expect(unit('town-430102001')).toEqual({
      id: 'town-430102001',
      name: '文艺路街道办事处',
      division: '430102001',
      parent: 'county-430102',
    });
    expect(unit('county-430102')).toMatchObject({ name: '芙蓉区住房和城乡建设局', parent: 'city-430100' });
    expect(unit('city-430100')).toMatchObject({ name: '长沙市住房和城乡建设局', parent: 'province-430000' });
    expect(unit('province-430000')).toEqual({
      id: 'province-430000',
      name: '湖南省住房和城乡建设厅',
      division: '430000',
    });
    expect(hunan.filter(({ parent }) => parent === undefined)).toHaveLength(1);
  });

  test('of towns are governments, of streets offices, and farms keep their own name', () => {
    expect(unit('town-431181101')?.name).toBe('观音滩镇人民政府');
    expect(unit('town-431181203')?.name).toBe('晒北滩瑶族乡人民政府');
    expect(unit('town-430821002')?.name).toBe('金慈街道办事处');
    expect(unit('town-433122400')?.name).toBe('军亭界林场');
  });
});
