import 'reflect-metadata';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { SEED } from '../../../test/support/province.js';
import { type LoadedDivisions, readDivisions } from './divisions-file.js';
import { readUnits } from './divisions-units.js';
import { registerOf } from '../seed/seed.js';

describe('Hunan', () => {
  let hunan: LoadedDivisions;
  beforeAll(async () => {
    hunan = await readDivisions('config/hunan');
  });
  /** The cells of a list, without its header. */
  const rowsOf = async (file: string): Promise<string[][]> => {
    const text = await readFile(`config/hunan/divisions/${file}`, 'utf8');
    return text
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','));
  };

  test('has all its cities, counties, towns and villages under their codes and names', async () => {
    const names = new Map(hunan.divisions.map(({ id, name }) => [id, name]));
    const expected = [
      ...(await rowsOf('pcc_city_43.csv')).map(([code, name]) => [code, name]),
      ...(await rowsOf('pcc_area_43.csv')).map(([code, name]) => [code, name]),
      ...(await rowsOf('pcc_town_43.csv')).map(([county, name, , , , town]) => [
        `${county ?? ''}${town?.slice(0, 3) ?? ''}`,
        name,
      ]),
      ...(await rowsOf('villages_43.csv')).map(([code, name]) => [code, name]),
    ];
    expect(expected).toHaveLength(14 + 122 + 2008 + 29_534);
    expect(expected.filter(([code, name]) => names.get(code ?? '') !== name)).toEqual([]);
  });

  test('makes a register in which the province covers all of it, and a county its own', async () => {
    const divisions = hunan.divisions.map(({ id, name, level, parent }) => ({ id, name, level, parent }));
    const units = (await readUnits('config/hunan', hunan)).map(({ id, name, division, parent }) => ({
      ...{ id, name, division, parent },
    }));
    const register = registerOf({ ...SEED, divisions, units, persons: [] });
    expect(register.within('430000')).toHaveLength(divisions.length);
    const county = register.within('430102');
    expect(new Set(county).size).toBe(county.length);
    expect(county.every((one) => register.covers('430102', one) && register.covers('430100', one))).toBe(
      true,
    );
    expect(divisions.filter(({ id }) => register.covers('430102', id))).toHaveLength(county.length);
    expect(register.covers('430102', '430100')).toBe(false);
    expect(register.within('nowhere')).toEqual([]);
  });

  test('has nothing else but the province and what its successions open', () => {
    const count = (level: string): number => hunan.divisions.filter((one) => one.level === level).length;
    expect(['province', 'city', 'county', 'town', 'village'].map(count)).toEqual([
      1,
      14,
      122 + 14,
      2008 + 2,
      29_534,
    ]);
    expect(new Set(hunan.divisions.map(({ id }) => id)).size).toBe(hunan.divisions.length);
  });

  test('lies in the province as a whole: every parent stands before its children', () => {
    const before = new Set<string>();
    for (const { id, parent } of hunan.divisions) {
      if (id === '430000') expect(parent).toBeUndefined();
      else if (!before.has(parent ?? '')) throw new Error(`${id} stands before its parent ${parent ?? ''}`);
      before.add(id);
    }
    expect(hunan.divisions[0]?.id).toBe('430000');
  });

  test('had 63 towns and 135 villages without a parent, and each has one now', () => {
    const levels = new Map(hunan.divisions.map(({ id, level }) => [id, level]));
    const orphans = (level: string): number =>
      hunan.orphans.filter(({ id }) => levels.get(id) === level).length;
    expect([orphans('town'), orphans('village'), hunan.orphans.length]).toEqual([63, 135, 198]);
    expect(hunan.orphans.filter(({ parent }) => !levels.has(parent))).toEqual([]);
  });

  test('resolves no code that is not missing, and closes only what passes on to something opened', async () => {
    const { opened, attached, closed } = parse(await readFile('config/hunan/successions.yaml', 'utf8')) as {
      opened: { id: string }[];
      attached: { missing: string }[];
      closed: { successors: string[] }[];
    };
    const codes = [...opened.map(({ id }) => id), ...attached.map(({ missing }) => missing)].sort();
    expect(codes).toEqual([...new Set(hunan.orphans.map(({ missing }) => missing))].sort());
    const fresh = new Set(opened.map(({ id }) => id));
    expect(closed.flatMap(({ successors }) => successors).filter((id) => !fresh.has(id))).toEqual([]);
  });

  test('knows that 祁阳县 became 祁阳市', () => {
    const of = (id: string): unknown => hunan.divisions.find((one) => one.id === id);
    expect(of('431121')).toMatchObject({ name: '祁阳县', closed: '2021-01-20', successors: ['431181'] });
    expect(of('431181')).toMatchObject({ name: '祁阳市', opened: '2021-01-20', parent: '431100' });
    expect(of('431181101')).toMatchObject({ name: '观音滩镇', parent: '431181' });
  });
});
