import { describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { linesOf } from './lines.js';
import { type SourceRow } from '../rows.js';
import { type CsvFormat, rowsOf } from './rows.js';

const FORMAT: CsvFormat = { delimiter: ',', linesPerRow: 20 };

/** The rows of a text that comes in pieces of so many characters. */
async function read(text: string, piece = 64, format = FORMAT): Promise<SourceRow[]> {
  // eslint wants an await in an async generator; a stream would have one.
  async function* pieces(): AsyncGenerator<string> {
    for (let at = 0; at < text.length; at += piece) yield await Promise.resolve(text.slice(at, at + piece));
  }
  const rows: SourceRow[] = [];
  for await (const row of rowsOf(linesOf(pieces()), format)) rows.push(row);
  return rows;
}

/** Cells of the good rows, the reason of the others; a blank row is null. */
const outcomes = (rows: SourceRow[]) =>
  rows.map((row) => ('broken' in row ? row.broken.reason : (row.cells ?? null)));

function quote(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`;
}

/** As RFC 4180 writes it. */
function write(row: string[], always = false): string {
  const blank = row.every((cell) => cell === '');
  return row.map((cell) => (always || blank || /[",\r\n]/.test(cell) ? quote(cell) : cell)).join(',');
}

describe('reading', () => {
  test('quoted cells, doubled quotes, empty cells', async () => {
    expect(outcomes(await read('a,b,c\n"x","y ""z""",\n,"",""""\n'))).toEqual([
      ['a', 'b', 'c'],
      ['x', 'y "z"', ''],
      ['', '', '"'],
    ]);
  });

  test.each(['\n', '\r\n', '\r'])('line end %j, the last one missing', async (end) => {
    const rows = await read(['a,b', '1,2', '3,4'].join(end), 1);
    expect(rows.map(({ row, line }) => [row, line])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(outcomes(rows)).toEqual([
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
    ]);
  });

  test('a title above the header says nothing of how many cells there are', async () => {
    expect(outcomes(await read('a title\na,b,c,d,e\n1,2,3,4,5\n1,2\n'))).toEqual([
      ['a title'],
      ['a', 'b', 'c', 'd', 'e'],
      ['1', '2', '3', '4', '5'],
      'too-few-cells',
    ]);
  });

  test('another delimiter', async () => {
    expect(outcomes(await read('a;b\n1,5;"2;5"\n', 9, { ...FORMAT, delimiter: ';' }))).toEqual([
      ['a', 'b'],
      ['1,5', '2;5'],
    ]);
  });

  test('a row may take as many lines as the format says and no more', async () => {
    const text = 'a,b\n1,"x\ny"\n2,z\n';
    expect(outcomes(await read(text, 64, { ...FORMAT, linesPerRow: 2 }))).toEqual([
      ['a', 'b'],
      ['1', 'x\ny'],
      ['2', 'z'],
    ]);
    expect(outcomes(await read(text, 64, { ...FORMAT, linesPerRow: 1 }))).toEqual([
      ['a', 'b'],
      'broken-quote',
      'broken-quote',
      ['2', 'z'],
    ]);
  });

  test('where csv-parse loses rows, none is lost', async () => {
    const text = 'a,b,c\n1,"x,2\n3,y,4\n5,"z",6\n7,w,8\n';
    expect(parse(text, { skip_records_with_error: true })).toEqual([
      ['a', 'b', 'c'],
      ['7', 'w', '8'],
    ]);
    expect(outcomes(await read(text))).toEqual([
      ['a', 'b', 'c'],
      'broken-quote',
      ['3', 'y', '4'],
      ['5', 'z', '6'],
      ['7', 'w', '8'],
    ]);
  });

  test('a line that is too long within a quoted cell', async () => {
    const text = `a,b\n1,"x\n${'y'.repeat(2_000_000)}"\n2,z\n`;
    expect(outcomes(await read(text, 65_536))).toEqual([
      ['a', 'b'],
      'broken-quote',
      'row-too-long',
      ['2', 'z'],
    ]);
  });

  test('a cell of several lines may hold as many commas as a text has', async () => {
    const text = 'a,b,c,d,e\n1,2,"one, two, three, four, five,\nsix, 10,000",4,5\n';
    expect(outcomes(await read(text))[1]).toEqual([
      '1',
      '2',
      'one, two, three, four, five,\nsix, 10,000',
      '4',
      '5',
    ]);
  });
});

const character = fc.constantFrom(
  'a',
  'b',
  ' ',
  '中',
  '𠮷',
  ',',
  ',',
  '"',
  '"',
  '\n',
  '\r',
  '\t',
  ';',
  '\u00a0',
);
const cell = fc.string({ unit: character, maxLength: 8 });
const table = (cells: fc.Arbitrary<string>, from: number, to: number) =>
  fc.integer({ min: from, max: to }).chain((columns) => {
    const row = fc.array(cells, { minLength: columns, maxLength: columns });
    return fc.array(row, { minLength: 1, maxLength: 12 });
  });

/** In wide rows of several lines a delimiter is followed by a space, as in a text: else they look like rows run together. */
function asText(row: string[]): string[] {
  const wide = row.length >= 5 && row.some((value) => /[\r\n]/.test(value));
  return wide ? row.map((value) => value.replaceAll(',', ', ')) : row;
}

describe('whatever a correct writer writes', () => {
  test('comes back unchanged, and as csv-parse reads it', async () => {
    const format = { ...FORMAT, linesPerRow: 100 };
    await fc.assert(
      fc.asyncProperty(
        table(cell, 1, 7),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.boolean(),
        fc.integer({ min: 1, max: 40 }),
        async (rows, end, always, piece) => {
          const texts = rows.map(asText);
          const text = texts.map((row) => write(row, always) + end).join('');
          const expected = texts.map((row, at) =>
            at > 0 && row.every((value) => value.trim() === '') ? null : row,
          );
          expect(outcomes(await read(text, piece, format))).toEqual(expected);
          expect(parse(text, { record_delimiter: end })).toEqual(texts);
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** Does something to the text at a place of it. */
const damage = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  drop: fc.integer({ min: 0, max: 12 }),
  insert: fc.constantFrom('', '"', '""', ',', '\n', '\r', '"\n', ',"', 'x'),
});

function damaged(text: string, { at, drop, insert }: { at: number; drop: number; insert: string }): string {
  const place = Math.floor(at * text.length);
  return text.slice(0, place) + insert + text.slice(place + drop);
}

/** A header of distinct names, so that the rows below are rows. */
const withHeader = (rows: string[][]) => [(rows[0] ?? []).map((_, index) => `column${index}`), ...rows];

describe('whatever is done to a file', () => {
  test('every line that is not blank belongs to exactly one row', async () => {
    await fc.assert(
      fc.asyncProperty(
        table(cell, 1, 7),
        fc.array(damage, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 40 }),
        async (rows, damages, piece) => {
          const [head, ...body] = withHeader(rows).map((row) => `${write(row)}\n`);
          const text = damages.reduce(damaged, body.join(''));
          const lines = text.split(/\r\n|\r|\n/);
          if (lines.at(-1) === '') lines.pop();
          assertCovered((await read((head ?? '') + text, piece)).slice(1), lines);
        },
      ),
      { numRuns: 1500 },
    );
  });

  function assertCovered(rows: SourceRow[], lines: string[]): void {
    let next = 2;
    for (const row of rows) {
      expect(row.line).toBe(next);
      next += linesTaken(row, lines.slice(row.line - 2));
    }
    expect(next).toBe(lines.length + 2);
  }

  function linesTaken(row: SourceRow, lines: string[]): number {
    if ('broken' in row) return 1;
    if (row.cells)
      return 1 + row.cells.reduce((count, value) => count + (value.match(/\r\n|\r|\n/g) ?? []).length, 0);
    // A blank row: as far as nothing but quotes and commas closes what was opened.
    let quotes = 0;
    const taken = lines.findIndex((line) => {
      expect(line).toMatch(/^[\s",]*$/);
      return (quotes += line.split('"').length - 1) % 2 === 0;
    });
    return taken + 1;
  }

  const oneLine = fc.string({
    unit: fc.constantFrom('a', 'b', '中', ',', ',', '"', '"', '\t', ';'),
    maxLength: 8,
  });
  // Mostly plain, so that what a broken quote swallows is seldom broken by the next quote.
  const plain = fc.string({ unit: fc.constantFrom('a', '中', ';'), maxLength: 3 });
  const wide = table(fc.oneof({ weight: 40, arbitrary: plain }, { weight: 1, arbitrary: oneLine }), 5, 9);

  test('what is damaged within one line costs that row alone', async () => {
    const inside = fc.record({
      row: fc.nat(),
      at: fc.nat(),
      drop: fc.nat(3),
      insert: fc.constantFrom('', '"', '""', ',', '"x,'),
    });
    await fc.assert(
      fc.asyncProperty(table(oneLine, 1, 7), inside, async (rows, { row, at, drop, insert }) => {
        const lines = withHeader(rows).map((cells) => write(cells));
        const hit = 1 + (row % rows.length);
        const line = lines[hit] ?? '';
        const place = at % (line.length + 1);
        lines[hit] = line.slice(0, place) + insert + line.slice(place + drop);
        const before = outcomes(
          await read(
            withHeader(rows)
              .map((cells) => `${write(cells)}\n`)
              .join(''),
          ),
        );
        const after = outcomes(await read(lines.map((each) => `${each}\n`).join('')));
        expect(after.toSpliced(hit, 1)).toEqual(before.toSpliced(hit, 1));
      }),
      { numRuns: 1000 },
    );
  });

  // A quote that is opened in one row and one that is closed in another, in the same column: together good CSV.
  const pair = fc.record({ open: fc.nat(), close: fc.nat(), column: fc.nat() });
  const stray = fc.record({ row: fc.nat(), at: fc.nat() });

  test('however many rows have broken quotes, the whole rows between them go in', async () => {
    await fc.assert(
      fc.asyncProperty(
        wide,
        fc.array(pair, { maxLength: 2 }),
        fc.array(stray, { maxLength: 3 }),
        async (rows, pairs, strays) => {
          const good = withHeader(rows).map((cells) => write(cells));
          const lines = [...good];
          const row = (index: number) => 1 + (index % rows.length);
          for (const { open, close, column } of pairs) {
            lines[row(open)] = bare(rows[row(open) - 1] ?? [], column, (text) => `"${text}`);
            lines[row(close)] = bare(rows[row(close) - 1] ?? [], column, (text) => `${text}"`);
          }
          for (const { row: index, at } of strays) {
            const line = lines[row(index)] ?? '';
            const place = at % (line.length + 1);
            lines[row(index)] = `${line.slice(0, place)}"${line.slice(place)}`;
          }
          const after = await read(lines.map((each) => `${each}\n`).join(''));
          const goneIn = after.map((read) => ('broken' in read ? 0 : read.line));
          for (const [index, line] of lines.entries()) {
            if (line === good[index]) expect(goneIn).toContain(index + 1);
          }
        },
      ),
      { numRuns: 1500 },
    );
  });

  /** A row without quotes but for what is done to one cell. */
  function bare(cells: string[], column: number, change: (text: string) => string): string {
    const plain = cells.map((value) => value.replaceAll(/[",]/g, ''));
    const at = column % cells.length;
    return plain.with(at, change(plain[at] ?? '')).join(',');
  }
});
