import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartFault } from '../../platform/fault.js';
import { type LoadedDivisions, readDivisions } from './divisions-file.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'divisions-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A land of two counties. Their towns name their county; `c3` is in no file. */
const SOUND = {
  'divisions.yaml': `
levels: [{ id: land, title: Land }, { id: county, title: County }, { id: town, title: Town }]
root: { id: l, name: Demo Land, level: land }
files:
  - { file: counties.csv, level: county, id: [{ column: code }], name: name, parent: [{ text: l }] }
  - file: towns.csv
    level: town
    id: [{ column: county }, { text: '-' }, { column: code, first: 2 }]
    name: name
    parent: [{ column: county }]
successions: successions.yaml
`,
  'counties.csv': 'code,name\nc1,Hill\nc2,Shore\n',
  'towns.csv': 'county,code,name\nc1,01000,Upper\nc2,01000,Sands\nc3,01000,Mole\n',
  'successions.yaml': `
opened: [{ id: c3, name: Harbour, level: county, parent: l, opened: 2021-01-20, reason: new, confirmed: true }]
attached: []
closed: [{ id: c2, closed: 2021-01-20, successors: [c3], reason: renamed, confirmed: false }]
`,
};
type Files = Partial<typeof SOUND>;

async function reading(changes: Files = {}): Promise<LoadedDivisions> {
  for (const [name, text] of Object.entries({ ...SOUND, ...changes })) {
    await writeFile(join(folder, name), text);
  }
  return readDivisions(folder);
}

/** What is said of a folder that differs in some files, with the folder left out. */
async function complaint(changes: Files): Promise<string> {
  const error: unknown = await reading(changes).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StartFault);
  const { message } = error as StartFault;
  expect(message).not.toMatch(/\[object|TypeError|\bundefined,/);
  return message.replaceAll(`${folder}/`, '');
}

const resolved = (opened: string, attached = '[]', closed = '[]'): Files => ({
  'successions.yaml': `opened: ${opened}\nattached: ${attached}\nclosed: ${closed}\n`,
});

describe('a folder that is sound', () => {
  test('gives every division behind its parent, with the days and successors that are decided', async () => {
    const { divisions, levels, orphans } = await reading();
    expect(levels.map(({ id }) => id)).toEqual(['land', 'county', 'town']);
    expect(divisions).toEqual([
      { id: 'l', name: 'Demo Land', level: 'land' },
      { id: 'c1', name: 'Hill', level: 'county', parent: 'l' },
      { id: 'c2', name: 'Shore', level: 'county', parent: 'l', closed: '2021-01-20', successors: ['c3'] },
      { id: 'c1-01', name: 'Upper', level: 'town', parent: 'c1' },
      { id: 'c2-01', name: 'Sands', level: 'town', parent: 'c2' },
      { id: 'c3', name: 'Harbour', level: 'county', parent: 'l', opened: '2021-01-20' },
      { id: 'c3-01', name: 'Mole', level: 'town', parent: 'c3' },
    ]);
    expect(orphans).toEqual([{ id: 'c3-01', name: 'Mole', missing: 'c3', parent: 'c3' }]);
  });

  test('orphans go where they are attached, and remember which parent was missing', async () => {
    const { divisions, orphans } = await reading(
      resolved('[]', '[{ missing: c3, to: c1, reason: old code, confirmed: true }]'),
    );
    expect(divisions.at(-1)).toEqual({ id: 'c3-01', name: 'Mole', level: 'town', parent: 'c1' });
    expect(orphans).toEqual([{ id: 'c3-01', name: 'Mole', missing: 'c3', parent: 'c1' }]);
  });

  test('is read with or without a line feed at the end of a file', async () => {
    const { divisions } = await reading({ 'counties.csv': SOUND['counties.csv'].trimEnd() });
    expect(divisions).toHaveLength(7);
  });

  test('is what the guide shows', async () => {
    const guide = await readFile('docs/how-to/load-divisions.md', 'utf8');
    const blocks = [...guide.matchAll(/^`(\S+)`:\n\n```\w+\n(.*?)```/gms)];
    const shown: Record<string, string> = {};
    for (const [, name = '', text = ''] of blocks) shown[name] = text;
    expect(Object.keys(shown)).toContain('divisions.yaml');
    const { divisions } = await reading(shown);
    expect(divisions.map(({ id }) => id)).toEqual(['71', '7101', '7102', '710201', '7103', '710301']);
  });
});

describe('orphans that nobody resolved', () => {
  test('are counted, and the first twenty named', async () => {
    const rows = Array.from({ length: 23 }, (_, n) => `c9,${String(n + 10)}000,Lost ${n + 1}\n`).join('');
    const message = await complaint({ 'towns.csv': `county,code,name\n${rows}`, ...resolved('[]') });
    expect(message).toMatch(/^23 divisions have a parent that no file has; successions\.yaml must/);
    expect(message).toContain('c9-10 Lost 1 (parent c9)');
    expect(message).toMatch(/Lost 20 \(parent c9\), and 3 more\.$/);
  });

  test('are refused where a folder names no successions', async () => {
    const index = SOUND['divisions.yaml'].replace('successions: successions.yaml', '');
    expect(await complaint({ 'divisions.yaml': index })).toContain('1 divisions have a parent');
  });
});

const HARBOUR = '{ id: c3, name: Harbour, level: county, parent: l, reason: new, confirmed: true }';
const TO = (missing: string, to: string): string =>
  `{ missing: ${missing}, to: ${to}, reason: r, confirmed: true }`;
const CLOSED = (id: string, successor: string): string =>
  `[{ id: ${id}, successors: [${successor}], reason: r, confirmed: true }]`;

describe('a resolution is refused', () => {
  test.each<[string, Files, string]>([
    ['of what is no orphan', resolved(`[${HARBOUR}]`, `[${TO('c1', 'l')}]`), 'attached c1: is resolved, yet'],
    ['given twice', resolved(`[${HARBOUR}]`, `[${TO('c3', 'c1')}]`), 'attached c3: is resolved twice'],
    ['that goes nowhere', resolved('[]', `[${TO('c3', 'c8')}]`), 'attached c3: goes to c8, which is not'],
    [
      'below nobody',
      resolved(`[${HARBOUR.replace('parent: l', 'parent: x')}]`),
      'opened c3: has the parent x',
    ],
    ['of no level', resolved(`[${HARBOUR.replace('county', 'sea')}]`), 'opened c3: c3 is of the level sea'],
    ['that closes nobody', resolved(`[${HARBOUR}]`, '[]', CLOSED('c8', 'c3')), 'closed c8: is not there'],
    ['that passes on to nobody', resolved(`[${HARBOUR}]`, '[]', CLOSED('c2', 'c8')), 'has the successor c8'],
    ['without its reason', resolved(`[${HARBOUR.replace('reason: new, ', '')}]`), 'opened.0.reason'],
    ['that does not say whether it is sure', resolved(`[${HARBOUR.replace('true', 'maybe')}]`), 'confirmed'],
  ])('%s', async (_, files, message) => {
    expect(await complaint(files)).toContain(message);
  });
});

const circle = SOUND['divisions.yaml'].replace('parent: [{ text: l }]', 'parent: [{ column: in }]');

describe('what is malformed is refused by file and line', () => {
  test.each<[string, Files, string]>([
    [
      'a missing column',
      { 'counties.csv': 'code,title\nc1,Hill\n' },
      'counties.csv, line 1: has no column name',
    ],
    [
      'a code twice',
      { 'counties.csv': 'code,name\nc1,A\nc1,B\n' },
      'counties.csv, line 3: has the code c1, which',
    ],
    [
      'a code of two files',
      { 'counties.csv': 'code,name\nc1,A\nl,B\n' },
      'counties.csv, line 3: has the code l',
    ],
    ['a column twice', { 'counties.csv': 'code,name,name\n' }, 'counties.csv, line 1: names a column twice'],
    [
      'a byte order mark',
      { 'counties.csv': '\uFEFFcode,name\n' },
      'counties.csv, line 1: begins with a byte',
    ],
    ['a carriage return', { 'counties.csv': 'code,name\nc1,A\r\n' }, 'counties.csv, line 2: has a carriage'],
    ['a quoted cell', { 'counties.csv': 'code,name\nc1,"A"\n' }, 'counties.csv, line 2: has a quote'],
    ['a row too short', { 'counties.csv': 'code,name\nc1\n' }, 'line 2: has 1 cells where the header has 2'],
    [
      'a row too long',
      { 'counties.csv': 'code,name\nc1,A,\n' },
      'line 2: has 3 cells where the header has 2',
    ],
    ['an empty line', { 'counties.csv': 'code,name\n\nc1,A\n' }, 'counties.csv, line 2: has 1 cells'],
    ['an empty file', { 'counties.csv': '' }, 'counties.csv, line 1: is empty'],
    ['a tab', { 'counties.csv': 'code,name\nc1,A\tB\n' }, 'counties.csv, line 2: has a control character'],
    ['no name', { 'counties.csv': 'code,name\nc1,\n' }, 'counties.csv, line 2: needs a name'],
    ['blanks around a name', { 'counties.csv': 'code,name\nc1, A\n' }, 'counties.csv, line 2: needs a name'],
    [
      'a code that is no id',
      { 'counties.csv': 'code,name\nC 1,A\n' },
      'counties.csv, line 2: makes the code "C 1"',
    ],
    [
      'a code that is too short',
      { 'towns.csv': 'county,code,name\nc1,7,A\n' },
      'towns.csv, line 2: has too short',
    ],
    [
      'no parent',
      { 'towns.csv': 'county,code,name\n,01,A\n' },
      'towns.csv, line 2: has too short a county: ""',
    ],
    [
      'a circle',
      {
        'divisions.yaml': circle,
        'counties.csv': 'code,name,in\nc1,A,c2\nc2,B,c1\nc3,C,l\n',
        ...resolved('[]'),
      },
      'counties.csv, line 2: c1 lies in itself',
    ],
    [
      'an index without a root',
      { 'divisions.yaml': circle.replace(/^root.*$/m, '') },
      'divisions.yaml is wrong: root',
    ],
    [
      'a list that is not there',
      { 'divisions.yaml': SOUND['divisions.yaml'].replace('towns.csv', 'x.csv') },
      'x.csv cannot be read (ENOENT)',
    ],
  ])('%s', async (_, files, message) => {
    expect(await complaint(files)).toContain(message);
  });

  test('bytes that are no UTF-8', async () => {
    await reading();
    await writeFile(join(folder, 'counties.csv'), Buffer.from('636f64652c6e616d650a63312cc4e30a', 'hex'));
    await expect(readDivisions(folder)).rejects.toThrow('counties.csv, line 2: has a control character');
  });

  test('a folder that is not there, by name', async () => {
    await expect(readDivisions(join(folder, 'nowhere'))).rejects.toThrow(
      /nowhere.*cannot be read \(ENOENT\)/,
    );
  });
});
