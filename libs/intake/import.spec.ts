import 'reflect-metadata';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type MappedRow, type RefusedRow, openImport } from './import.js';
import { type Mapping } from './mapping/mapping.js';
import { readMapping } from './mapping/mapping-file.js';
import { FileRefused } from './problem.js';

const DEMO = 'config/demo/hpd_violations.csv';
const corpus = (name: string): string => `test/faults/corpus/csv/${name}`;
let hpd: Mapping;
let folder: string;

beforeAll(async () => {
  hpd = await readMapping('config/mappings/hpd-violations.yaml');
  folder = await mkdtemp(join(tmpdir(), 'intake-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function temporary(name: string, content: string | Buffer): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

async function importOf(file: string) {
  const opened = await openImport(file, hpd);
  const { source, counts } = opened;
  const mapped: MappedRow[] = [];
  const refused: RefusedRow[] = [];
  for await (const row of opened.rows()) {
    if ('command' in row) mapped.push(row);
    else if ('refused' in row) refused.push(row);
  }
  return { source, counts, mapped, refused, rowsIn: mapped.map(({ row }) => row) };
}

async function refusal(file: string): Promise<FileRefused> {
  const outcome = await openImport(file, hpd).catch((error: unknown) => error);
  if (!(outcome instanceof FileRefused)) throw new Error('the file was not refused');
  expect(outcome.code).toBe('input/invalid');
  return outcome;
}

describe('the violations of New York', () => {
  test('all hundred rows are mapped, and the file is known by its hash', async () => {
    const { counts, source, refused } = await importOf(DEMO);
    expect(refused).toEqual([]);
    expect(counts).toEqual({ rows: 100, mapped: 100, refused: 0, known: 0, blank: 0 });
    expect(source).toEqual({
      sha256: 'b1bcbda5084710b1947ea71172fef1224b6859327a4de7ea8b0c3bc1bd35ffe7',
      bytes: 49_435,
      encoding: 'UTF-8',
      bom: false,
    });
  });

  test('a row becomes a problem, field by field', async () => {
    const { mapped } = await importOf(DEMO);
    const [, second] = mapped;
    expect(second).toMatchObject({ row: 3, line: 3 });
    expect(JSON.parse(JSON.stringify(second?.command))).toEqual({
      type: 'RegisterProblem',
      source: { code: 'CC', document: '4706454', line: '10000001' },
      categories: ['99'],
      divisions: ['bronx'],
      severity: 'serious',
      rectificationType: 'immediate',
      description:
        'SECTION 27-2005 ADM CODE PROPERLY REPAIR WITH SIMILAR MATERIAL THE BROKEN OR DEFECTIVE CERAMIC FLOOR TILES , ' +
        'IN THE BATHROOM LOCATED AT APT 3L, 3rd STORY, 8th APARTMENT FROM NORTH AT EAST',
      foundOn: '2013-10-08',
      foundBy: 'New York City Department of Housing Preservation and Development',
      location: {
        address: '751 GERARD AVENUE BRONX 10451',
        place: { latitudeE7: 408_249_360, longitudeE7: -739_264_560, datum: 'WGS-84' },
      },
      sourceDueOn: '2013-11-15',
      personsAtRisk: false,
      weight: 1000,
    });
    expect(second?.raw).toMatchObject({ ViolationID: '10000001', CurrentStatus: 'VIOLATION DISMISSED' });
  });

  test('classes and boroughs are counted as in the file', async () => {
    const { mapped } = await importOf(DEMO);
    const count = (of: (row: (typeof mapped)[number]) => string | undefined) => {
      const counts: Record<string, number> = {};
      for (const key of mapped.map(of)) counts[key ?? ''] = (counts[key ?? ''] ?? 0) + 1;
      return counts;
    };
    expect(count(({ command }) => command.severity)).toEqual({ general: 26, serious: 74 });
    expect(count(({ command }) => command.divisions[0])).toEqual({
      bronx: 35,
      brooklyn: 34,
      manhattan: 20,
      'staten-island': 8,
      queens: 3,
    });
  });

  test('the column of the apartment goes nowhere', () => {
    expect(hpd.columns).not.toContain('Apartment');
    expect(hpd.columns).not.toContain('Story');
  });
});

describe('a file that is refused as a whole', () => {
  test('wrong header: what is missing and what is there twice', async () => {
    const { problems, row } = await refusal(corpus('wrong-header.csv'));
    expect(row).toBe(1);
    expect(problems.map(({ column, reason }) => [column, reason])).toEqual([
      ['InspectionDate', 'column-twice'],
      ['Class', 'column-missing'],
    ]);
    expect(problems[1]?.message).toMatch(/^Column Class is missing; there are: ViolationID, BuildingID, /);
  });

  test.each([
    ['empty.csv', 'file-empty', 'The file is empty.'],
    ['utf8-damaged.csv', 'file-encoding', 'The file is UTF-8 with damaged bytes; save it as CSV in UTF-8.'],
    ['latin-1.csv', 'file-encoding', 'The file is neither UTF-8 nor GB18030 text; save it as CSV in UTF-8.'],
  ])('%s: %s', async (name, reason, message) => {
    expect((await refusal(corpus(name))).problems).toEqual([{ reason, message }]);
  });

  test('a workbook that is called CSV', async () => {
    const file = await temporary('workbook.csv', Buffer.from('PK\x03\x04\x14\0\x06\0'));
    expect((await refusal(file)).message).toBe(
      'The file is a workbook or an archive; save it as CSV in UTF-8.',
    );
  });

  test('only a byte order mark', async () => {
    const file = await temporary('mark.csv', '\ufeff');
    expect((await refusal(file)).problems[0]?.reason).toBe('file-empty');
  });

  test('a file that is not there', async () => {
    expect((await refusal(corpus('none.csv'))).problems[0]?.reason).toBe('file-unreadable');
  });

  test('a header with a broken quote', async () => {
    const file = await temporary('header.csv', '"ViolationID,Class\n1,A\n');
    expect((await refusal(file)).problems).toEqual([
      {
        reason: 'broken-quote',
        value: '"ViolationID,Class',
        message: 'The row has a quote that is not closed (cell 1).',
      },
    ]);
  });

  test('a header that never ends', async () => {
    const file = await temporary('long.csv', 'x'.repeat(3 * 1024 * 1024));
    expect((await refusal(file)).problems[0]?.reason).toBe('row-too-long');
  });

  test('a header of too many columns', async () => {
    const file = await temporary('wide.csv', `${','.repeat(1000)}\n`);
    expect((await refusal(file)).problems[0]?.reason).toBe('too-many-columns');
  });

  test('a header alone is a file of no rows', async () => {
    expect((await importOf(corpus('header-only.csv'))).counts).toEqual({
      rows: 0,
      mapped: 0,
      refused: 0,
      known: 0,
      blank: 0,
    });
  });

  test('a file that is changed while it is read', async () => {
    const content = `${await header()}\n`;
    const file = await temporary('changed.csv', content);
    const opened = await openImport(file, hpd);
    await writeFile(file, `${content}${'1,'.repeat(40)}1\n`);
    const rows = opened.rows();
    await expect(
      (async () => {
        while (!(await rows.next()).done);
      })(),
    ).rejects.toThrow('The file was changed while it was read.');
  });
});

async function header(): Promise<string> {
  const { mapped } = await importOf(DEMO);
  return Object.keys(mapped[0]?.raw ?? {}).join(',');
}

describe('encodings', () => {
  test('a byte order mark is no part of the first column', async () => {
    const { source, rowsIn, refused } = await importOf(corpus('bom.csv'));
    expect(source).toMatchObject({ encoding: 'UTF-8', bom: true });
    expect([rowsIn, refused]).toEqual([[2, 3], []]);
  });

  test('GB18030 is read and said so, characters of four bytes too', async () => {
    const { source, mapped, refused } = await importOf(corpus('gb18030.csv'));
    expect(source).toMatchObject({ encoding: 'GB18030', bom: false });
    expect(refused).toEqual([]);
    expect(mapped.map(({ command }) => command.description)).toEqual([
      '屋面渗漏，檩条腐朽，应更换后复查',
      '外墙开裂,裂缝宽 3 毫米；𠮷姓房屋东侧',
      '基础下沉、墙体倾斜',
    ]);
  });

  test('UTF-16 is read by its byte order mark', async () => {
    const { source, mapped, refused } = await importOf(corpus('utf-16.csv'));
    expect(source).toMatchObject({ encoding: 'UTF-16LE', bom: true });
    expect([mapped.length, refused]).toEqual([1, []]);
  });

  test('the first character that decides may stand behind a megabyte of ASCII', async () => {
    const head = await header();
    const rows = Array.from({ length: 3000 }, (_, index) => fullRow(head, String(index), 'X'.repeat(400)));
    const [before = '', after = ''] = fullRow(head, 'last', '@').split('@');
    const roof = Buffer.from([0xce, 0xdd, 0xc3, 0xe6]);
    const text = Buffer.from(`${[head, ...rows].join('\n')}\n${before}`);
    expect(text.length).toBeGreaterThan(1_000_000);
    const file = await temporary('late.csv', Buffer.concat([text, roof, Buffer.from(after)]));
    const { source, counts, mapped } = await importOf(file);
    expect(source.encoding).toBe('GB18030');
    expect(counts).toMatchObject({ rows: 3001, mapped: 3001 });
    expect(mapped.at(-1)?.command.description).toBe('屋面');
  });
});

/** A good row of the source's columns. */
function fullRow(head: string, line: string, description: string): string {
  const good: Record<string, string> = {
    ViolationID: line,
    NOVID: '1',
    Borough: 'QUEENS',
    HouseNumber: '1',
    Class: 'A',
    InspectionDate: '10/09/2013',
    OriginalCorrectByDate: '11/09/2013',
    NOVDescription: description,
  };
  return head
    .split(',')
    .map((column) => good[column] ?? '')
    .join(',');
}
