import 'reflect-metadata';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openImport } from './import.js';
import { type Mapping } from './mapping/mapping.js';
import { readMapping } from './mapping/mapping-file.js';

let hpd: Mapping;
let folder: string;
beforeAll(async () => {
  hpd = await readMapping('config/mappings/hpd-violations.yaml');
  folder = await mkdtemp(join(tmpdir(), 'intake-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Which rows went in, and [row, column, value, reason] of what was refused. */
async function importOf(file: string) {
  const opened = await openImport(file, hpd);
  const rowsIn: number[] = [];
  const refused: (string | number | undefined)[][] = [];
  const messages: string[] = [];
  const descriptions: string[] = [];
  const lines: number[] = [];
  for await (const read of opened.rows()) {
    lines.push(read.line);
    if ('command' in read) {
      rowsIn.push(read.row);
      descriptions.push(read.command.description);
      continue;
    }
    for (const { column, value, reason, message } of 'refused' in read ? read.refused : []) {
      refused.push([read.row, column, value, reason]);
      messages.push(message);
    }
  }
  return { rowsIn, refused, messages, descriptions, lines, counts: opened.counts };
}

const corpus = (name: string) => importOf(`test/faults/corpus/csv/${name}`);

const shortened = (begins: string): unknown => expect.stringMatching(new RegExp(`^${begins}.*…$`));

describe('quotes', () => {
  test('a broken quote costs its own row and no other', async () => {
    const { rowsIn, refused, messages, counts } = await corpus('broken-quotes.csv');
    expect(rowsIn).toEqual([2, 4, 6, 8, 10, 11]);
    expect(refused).toEqual([
      [3, 'NOVDescription', shortened('"SECTION 27-2005 ADM CODE PROPERLY'), 'broken-quote'],
      [5, 'NOVDescription', shortened('"SECTION 27-2005 ADM CODE & 309'), 'broken-quote'],
      [7, 'NOVDescription', shortened('REPAIR THE 5" PIPE PIPE,10/11/2013'), 'broken-quote'],
      [9, 'NOVDescription', shortened('"SECTION 27-2013 ADM CODE PAINT'), 'broken-quote'],
    ]);
    expect(messages).toEqual([
      'The row has a quote that is not closed (cell 26).',
      'The row goes on after its closing quote (cell 26).',
      'The row has a quote in a cell that is not quoted (cell 26).',
      'The row has a quote that is not closed (cell 26).',
    ]);
    expect(counts).toEqual({ rows: 10, mapped: 6, refused: 4, known: 0, blank: 0 });
  });

  test('a quote that stays open to the end of the file swallows nothing', async () => {
    const { rowsIn, refused } = await corpus('quote-open-to-the-end.csv');
    expect(refused).toEqual([[3, 'BIN', '"3103254,3047090014,Rugby-Remsen Village', 'broken-quote']]);
    expect(rowsIn).toEqual([2, ...Array.from({ length: 28 }, (_, index) => index + 4)]);
  });

  test('two broken quotes that make good CSV of three rows swallow nothing', async () => {
    const { rowsIn, refused } = await corpus('rows-run-together.csv');
    expect(rowsIn).toEqual([2, 4, 6]);
    expect(refused).toEqual([
      [3, 'NOVDescription', shortened('SECTION 27-2005 ADM CODE PROPERLY'), 'rows-run-together'],
      [5, 'CurrentStatusID', shortened(' 2nd APARTMENT FROM NORTH AT EAST",10/10/2013'), 'broken-quote'],
    ]);
  });

  test('cells of several lines are good CSV and come back unchanged', async () => {
    const { rowsIn, lines, refused, descriptions } = await corpus('cells-of-several-lines.csv');
    expect([rowsIn, lines, refused]).toEqual([[2, 3, 4], [2, 3, 7], []]);
    expect(descriptions[1]).toBe('FIRST LINE, WITH A COMMA\r\n\r\nTHIRD LINE WITH "QUOTES"\r\nLAST LINE');
  });
});

describe('cells', () => {
  test('truncated rows: in the middle of the file, and where the file itself was cut', async () => {
    const { rowsIn, refused, messages } = await corpus('truncated-row.csv');
    expect(rowsIn).toEqual([2, 4]);
    expect(refused).toEqual([
      [3, 'OriginalCorrectByDate', '11/15/2013', 'too-few-cells'],
      [5, 'NOVDescription', '"SECTION 27-2005 ADM CODE PROPE', 'broken-quote'],
    ]);
    expect(messages[0]).toBe('The row has 20 cells, the header 41.');
  });

  test('a row with more cells than the header', async () => {
    const { rowsIn, refused, messages } = await corpus('surplus-cells.csv');
    expect([rowsIn, refused]).toEqual([[2, 4], [[3, undefined, 'EXTRA', 'too-many-cells']]]);
    expect(messages).toEqual(['The row has 43 cells, the header 41.']);
  });

  test('blank rows are counted apart and keep the numbers of the rows below', async () => {
    const { rowsIn, refused, counts } = await corpus('blank-rows.csv');
    expect([rowsIn, refused]).toEqual([[2, 6], []]);
    expect(counts).toEqual({ rows: 2, mapped: 2, refused: 0, known: 0, blank: 4 });
  });

  test('a row of eight megabytes and a cell of forty thousand characters', async () => {
    const [head = '', one = '', two = ''] = await demoLines();
    const long = one.replace('SECTION', 'X'.repeat(8 * 1024 * 1024));
    const cell = one.replace('SECTION', 'X'.repeat(40_000)).replace('10000000', '1');
    const file = join(folder, 'long.csv');
    await writeFile(file, [head, long, two, cell, one].join('\n'));
    const { rowsIn, refused } = await importOf(file);
    expect(rowsIn).toEqual([3, 5]);
    expect(refused).toEqual([
      [2, 'ViolationID', shortened('10000000,371632,'), 'row-too-long'],
      [4, 'NOVDescription', shortened('X{99}'), 'cell-too-long'],
    ]);
  });
});

async function demoLines(): Promise<string[]> {
  return (await readFile('config/demo/hpd_violations.csv', 'utf8')).split('\n');
}

describe('values', () => {
  test('each is refused with its column and reason, all of a row at once', async () => {
    const { rowsIn, refused, counts } = await corpus('bad-values.csv');
    expect(refused).toEqual([
      [2, 'Class', 'D', 'value-unknown'],
      [3, 'InspectionDate', '02/30/2013', 'date-invalid'],
      [4, 'OriginalCorrectByDate', '2013-11-15', 'date-invalid'],
      [5, 'NOVID', '', 'value-missing'],
      [6, 'NOVDescription', shortened('X{99}'), 'isLength'],
      [7, 'NOVDescription', String.raw`REPAIR \u001b[31mTHE DOOR\u0007`, 'matches'],
      [8, 'Borough', 'NEWARK', 'value-unknown'],
      [8, 'Latitude', 'forty', 'number-invalid'],
      [9, 'Latitude', '140.650483', 'max'],
      [10, 'Longitude', '', 'value-missing'],
      [11, 'Latitude', '40.12345678', 'number-invalid'],
    ]);
    // Row 12 has no coordinates at all, which is allowed.
    expect(rowsIn).toEqual([12, 13]);
    expect(counts).toEqual({ rows: 12, mapped: 2, refused: 10, known: 0, blank: 0 });
  });

  test('messages say what was expected', async () => {
    const { messages } = await corpus('bad-values.csv');
    expect(messages.slice(0, 2)).toEqual([
      'Class is none of: A, B, C.',
      'InspectionDate is no day that exists, as MM/DD/YYYY.',
    ]);
  });

  test('a row that is there twice is refused and names the first', async () => {
    const { rowsIn, refused, messages } = await corpus('duplicate-row.csv');
    expect(rowsIn).toEqual([2, 3, 6]);
    expect(refused).toEqual([
      [4, 'NOVID + ViolationID', '4706802 + 10000000', 'duplicate'],
      // Spaces around an id do not make another case.
      [5, 'NOVID + ViolationID', '4706454 +  10000001 ', 'duplicate'],
    ]);
    expect(messages[0]).toBe('Row 2 is the same line of the same document.');
  });

  test('a good row is no duplicate of an earlier one that was refused', async () => {
    const [head = '', one = ''] = await demoLines();
    const file = join(folder, 'mended.csv');
    await writeFile(file, [head, one.replace('10/09/2013', 'yesterday'), one].join('\n'));
    const { rowsIn, refused } = await importOf(file);
    expect([rowsIn, refused]).toEqual([[3], [[2, 'InspectionDate', 'yesterday', 'date-invalid']]]);
  });
});
