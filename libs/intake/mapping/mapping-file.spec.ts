import 'reflect-metadata';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MappingRefused } from './faults.js';
import { readAnyMapping, readMapping } from './mapping-file.js';

const GOOD = `
mapping: sample
format: { type: csv }
fields:
  source.code: { constant: SC }
  categories: { column: Category, values: { roof: ['4'] } }
  divisions: { column: Division }
  severity: { constant: general }
  rectificationType: { constant: immediate }
  description: { columns: [What, Where], join: '; ' }
  foundOn: { column: Found, date: YYYY年M月D日, optional: true }
  amountFen: { column: Yuan, scale: 2, optional: true }
  personsAtRisk: { column: Danger, values: { 是: true, 否: false } }
  weight: { constant: 1000 }
`;

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mapping-'));
  file = join(folder, 'sample.yaml');
});
afterAll(() => rm(folder, { recursive: true }));

async function mappingOf(text: string) {
  await writeFile(file, text);
  return readMapping(file);
}

async function faultsOf(text: string): Promise<string[]> {
  const outcome = await mappingOf(text).catch((error: unknown) => error);
  if (!(outcome instanceof MappingRefused)) throw new Error('the mapping was not refused');
  return outcome.faults.map((fault) => fault.replace(file, 'FILE'));
}

describe('a good mapping file', () => {
  test('names every column it reads, once', async () => {
    const mapping = await mappingOf(GOOD);
    expect(mapping.name).toBe('sample');
    expect(mapping.columns).toEqual(['Category', 'Division', 'What', 'Where', 'Found', 'Yuan', 'Danger']);
  });

  test('says how the file is written, by default one line a row', async () => {
    expect((await mappingOf(GOOD)).format).toEqual({
      ...{ type: 'csv', delimiter: ',', linesPerRow: 1 },
      ...{ headerRows: 1, joinedBy: '-', footer: [] },
    });
  });

  test('may name a field only where a column has a value', async () => {
    const mapping = await mappingOf(`${GOOD}  location.place.datum: { constant: GCJ-02, when: Latitude }\n`);
    expect(mapping.columns).toContain('Latitude');
    expect(mapping.fields.at(-1)).toEqual({
      target: 'location.place.datum',
      constant: 'GCJ-02',
      when: 'Latitude',
    });
  });

  test('the mapping of the demo is one', async () => {
    expect((await readMapping('config/mappings/hpd-violations.yaml')).name).toBe('hpd-violations');
  });
});

describe('a mapping file of a workbook', () => {
  const WORKBOOK = GOOD.replace(
    'format: { type: csv }',
    'as: adopt\nformat: { type: xlsx, sheet: 台账, headerRows: 2, footer: [日期] }\nsynonyms: { What: [Problem, 问题] }',
  );
  const STATED = `${WORKBOOK}  stated.status: { column: State, empty: open, values: { 是: closed, 否: open } }
  stated.closedOn: { column: Closed, date: [YYYY-MM-DD, YYYY.M.D], optional: true, only: { field: stated.status, is: closed } }
  source.document: { given: 台账名称 }
`;

  test('says what must be there: not what may be empty', async () => {
    await writeFile(file, STATED);
    const mapping = await readAnyMapping(file);
    expect(mapping.required).toEqual(['Category', 'Division', 'What', 'Where', 'Danger']);
    expect(mapping.format).toMatchObject({
      type: 'xlsx',
      sheet: '台账',
      headerRows: 2,
      joinedBy: '-',
      footer: ['日期'],
    });
  });

  test('is refused where rows are entered, not adopted', async () => {
    expect(await faultsOf(STATED)).toEqual([
      'FILE: as must be register: here rows are entered, not adopted.',
    ]);
  });

  test.each([
    ['as: adopt', 'as: keep', 'FILE: as must be register or adopt.'],
    ['as: adopt', 'as: register', 'FILE: fields.stated.status is no field of RegisterProblem.'],
    ['headerRows: 2', 'headerRows: 9', 'FILE: format.headerRows must be a whole number from 1 to 5.'],
    ['footer: [日期]', 'footer: 日期', 'FILE: format.footer must be a list of texts.'],
    ['{ What: [Problem', '{ Why: [Problem', 'FILE: synonyms.Why is no column that is read.'],
    ['[Problem, 问题]', '[Where]', 'FILE: synonyms.What has Where, which is Where already.'],
    [
      'scale: 2',
      'scale: 两',
      'FILE: fields.amountFen.scale must be a whole number of places from 0 to 9, or one of 分, 元, 万元.',
    ],
    ['empty: open', 'empty: 1', 'FILE: fields.stated.status.empty must be a text (numbers stand in quotes).'],
    [
      'only: { field: stated.status',
      'only: { field: status',
      'FILE: fields.stated.closedOn.only.field is no field.',
    ],
    [
      'column: Division',
      'column: Division, lookup: towns',
      'FILE: fields.divisions.lookup must be one of divisions, units, categories.',
    ],
    [
      'column: Division',
      'column: Division, default: [a]',
      'FILE: fields.divisions.default goes with values or lookup only.',
    ],
    [
      'column: State,',
      "column: State, split: '、',",
      'FILE: fields.stated.status.split is for fields of several values.',
    ],
    [
      'given: 台账名称',
      'given: 台账名称, when: What',
      'FILE: fields.source.document.when does not go with where the value comes from.',
    ],
  ])('%j as %j', async (good, bad, fault) => {
    expect(STATED).toContain(good);
    expect(await faultsOf(STATED.replace(good, bad))).toContain(fault);
  });
});

describe('a bad mapping file is refused with file and path', () => {
  test.each([
    [
      'mapping: sample',
      'maping: sample',
      'FILE: maping is not known here; known are mapping, as, format, synonyms, fields.',
    ],
    ['type: csv', 'type: xls', 'FILE: format.type must be csv or xlsx.'],
    [
      'type: csv',
      'type: csv, delimiter: ";;"',
      'FILE: format.delimiter must be one character, no quote and no line break.',
    ],
    [
      'type: csv',
      'type: csv, linesPerRow: 0',
      'FILE: format.linesPerRow must be a whole number from 1 to 100.',
    ],
    ['severity:', 'severitty:', 'FILE: fields.severitty is no field of RegisterProblem.'],
    ['severity:', 'toString:', 'FILE: fields.toString is no field of RegisterProblem.'],
    [
      '{ constant: general }',
      '{ const: general }',
      'FILE: fields.severity.const is not known here; known are constant, given, column, columns, when, join, optional, exact, only, empty, split, default, values, lookup, date, scale.',
    ],
    [
      '{ constant: general }',
      '{ constant: general, column: Class }',
      'FILE: fields.severity must have exactly one of constant, given, column, columns.',
    ],
    [
      '{ constant: general }',
      '{ constant: general, optional: true }',
      'FILE: fields.severity.optional does not go with where the value comes from.',
    ],
    [
      '{ constant: general }',
      '{ constant: 1 }',
      'FILE: fields.severity.constant must be a text (numbers stand in quotes).',
    ],
    ['{ constant: general }', 'general', 'FILE: fields.severity must be a map of keys and values.'],
    ["roof: ['4']", 'roof: [4]', 'FILE: fields.categories.values.roof must be a list of texts.'],
    [
      "roof: ['4']",
      "4: ['4']",
      'FILE: fields.categories.values.4 must have a text as its key (numbers, true and false stand in quotes).',
    ],
    ['是: true', '是: yes', 'FILE: fields.personsAtRisk.values.是 must be true or false.'],
    [', values: { 是: true, 否: false }', '', 'FILE: fields.personsAtRisk is read by values, not by none.'],
    [', date: YYYY年M月D日', '', 'FILE: fields.foundOn is read by date, not by none.'],
    [
      'YYYY年M月D日',
      'YYYY年M月',
      'FILE: fields.foundOn.date must name year (YYYY), month (MM or M) and day (DD or D) once each.',
    ],
    [
      'scale: 2',
      'scale: 2.5',
      'FILE: fields.amountFen.scale must be a whole number of places from 0 to 9, or one of 分, 元, 万元.',
    ],
    [
      'scale: 2',
      'date: YYYY-MM-DD',
      'FILE: fields.amountFen is read by scale or values, or by none, not by date.',
    ],
    ['[What, Where]', 'What', 'FILE: fields.description.columns must be a list of texts.'],
    ['constant: 1000', 'constant: true', 'FILE: fields.weight.constant must be a whole number.'],
    [
      '  weight: { constant: 1000 }\n',
      '',
      'FILE: fields.weight is missing; no row could be registered without it.',
    ],
  ])('%j as %j', async (good, bad, fault) => {
    expect(GOOD).toContain(good);
    expect(await faultsOf(GOOD.replace(good, bad))).toContain(fault);
  });

  test('everything at once', async () => {
    expect(await faultsOf(GOOD.replace('type: csv', 'type: xls').replace('mapping: sample', ''))).toEqual([
      'FILE: mapping is missing.',
      'FILE: format.type must be csv or xlsx.',
    ]);
  });

  test.each([
    ['', 'FILE: the file must be a map of keys and values.'],
    ['mapping: [', /^FILE: Flow sequence .* at line 1, column 11/],
    ['mapping: a\nmapping: b', 'FILE: Map keys must be unique at line 2, column 1.'],
    ['mapping: !secret a', 'FILE: Unresolved tag: !secret at line 1, column 10.'],
  ])('%j', async (text, fault) => {
    expect((await faultsOf(text))[0]).toEqual(
      typeof fault === 'string' ? fault : expect.stringMatching(fault),
    );
  });

  test('aliases that would fill the memory', async () => {
    const lists = Array.from({ length: 9 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at}, `.repeat(9)}]`);
    const [fault] = await faultsOf(`a0: &a0 [x]\n${lists.join('\n')}\n`);
    expect(fault).toBe('FILE: Excessive alias count indicates a resource exhaustion attack.');
  });

  test('a file that is not there', async () => {
    await expect(readMapping(join(folder, 'none.yaml'))).rejects.toThrow(
      /none\.yaml: cannot be read: ENOENT/,
    );
  });
});
