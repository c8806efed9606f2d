import 'reflect-metadata';
import { createWriteStream } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sheetOf, workbook } from '../../test/faults/support/workbook.js';
import { zip } from '../../test/faults/support/zip.js';
import { Files, names, shipped } from '../../test/support/forms.js';
import { type Source } from '../contracts/intake.js';
import { dryRun } from './dry-run.js';
import { wrongRowsWorkbook } from './wrong-rows.js';
import { Workbook } from './xlsx/workbook.js';

const files = new Files();
beforeAll(() => files.make());
afterAll(() => files.remove());

const LEDGER = ['序号', '检查时间', '隐患类别', '存在隐患或问题', '复查结果'];
const options = { names, given: { 'source.document': '台账', divisions: ['430102'] } };
const knowsSecond = (sources: readonly Source[]) => Promise.resolve(sources.map(({ line }) => line === '2'));

async function textsOf(file: string): Promise<(readonly string[] | undefined)[]> {
  const rows: (readonly string[] | undefined)[] = [];
  for await (const row of (await Workbook.open(file)).rows()) rows.push('cells' in row ? row.cells : []);
  return rows;
}

describe('a dry run', () => {
  test('says of every row whether it is new, known already or wrong', async () => {
    const rows = [
      ['1', '2024-01-05', '其他', '渗漏', ''],
      ['2', '2024-01-05', '其他', '开裂', ''],
      ['3', '昨天', '漏水', '', ''],
      ['1', '2024-01-05', '其他', '渗漏', ''],
      ['', '', '', '', ' '],
    ];
    const run = await dryRun(
      await files.write('l.xlsx', sheetOf(LEDGER, ...rows)),
      await shipped('ledger'),
      knowsSecond,
      options,
    );
    const outcomes: unknown[] = [];
    for await (const row of run.rows()) {
      outcomes.push([
        row.row,
        row.outcome,
        'refused' in row ? row.refused.map(({ column, value, reason }) => [column, value, reason]) : [],
      ]);
    }
    expect(outcomes).toEqual([
      [2, 'new', []],
      [3, 'known', []],
      [
        4,
        'wrong',
        [
          ['隐患类别', '漏水', 'name-unknown'],
          ['存在隐患或问题', '', 'value-missing'],
          ['检查时间', '昨天', 'date-invalid'],
        ],
      ],
      [5, 'wrong', [['序号', '1', 'duplicate']]],
    ]);
    expect(run.counts).toEqual({ rows: 4, new: 1, known: 1, wrong: 2, blank: 1 });
    expect(run.header.missing).toEqual(['整改措施', '整改完成时间', '复查时间']);
  });

  test('asks for many at once, in order, and never without a document', async () => {
    const asked: number[] = [];
    const rows = Array.from({ length: 1200 }, (_, n) => [String(n), '', '其他', '渗漏', '']);
    const file = await files.write('many.xlsx', sheetOf(LEDGER, ...rows));
    const run = await dryRun(
      file,
      await shipped('ledger'),
      (sources) => {
        asked.push(sources.length);
        return Promise.resolve(sources.map(({ line }) => line === '700'));
      },
      options,
    );
    const known: number[] = [];
    for await (const row of run.rows()) if (row.outcome === 'known') known.push(row.row);
    expect([asked, known]).toEqual([[500, 500, 200], [702]]);
  });

  test('knows what was split and its parts by where they were written down, and enters none of them alone', async () => {
    const mapping = await shipped('xiaohao-export');
    const whole = {
      ...{ 来源代码: 'AU', 来源文号: '审〔2024〕1号', 类别代码: '99', 区划代码: '430102', 严重程度: '一般' },
      ...{ 整改类型: '立行立改', 问题描述: '渗漏', 人员处于危险: '否', 权重: '1' },
    };
    const rows: Record<string, string>[] = [
      { ...whole, 来源序号: '1' },
      { ...whole, 来源序号: '2', 权重: '0' },
      { ...whole, 来源序号: '2', 权重: '0.4' },
      { ...whole, 来源序号: '2', 权重: '0.6' },
      { ...whole, 来源序号: '3', 权重: '0.6' },
      { ...whole, 来源序号: '2', 权重: '0.6', 问题描述: '' },
      {
        ...whole,
        来源序号: '2',
        权重: '0.6',
        严重程度: '一般',
        发现日期: '2024-01-05',
        来源代码: 'X'.repeat(200),
      },
      { ...whole, 来源文号: '', 来源序号: '2', 权重: '0.6' },
      { ...whole, 来源序号: '2', 权重: '1.2' },
      { ...whole, 来源序号: '2' },
    ];
    const text = [mapping.columns, ...rows.map((row) => mapping.columns.map((column) => row[column] ?? ''))]
      .map((cells) => cells.join(','))
      .join('\n');
    const file = await files.write('split.csv', text);
    const run = await dryRun(file, mapping, knowsSecond);
    const outcomes: unknown[] = [];
    for await (const row of run.rows())
      outcomes.push([
        ...[row.row, row.outcome],
        ...('refused' in row ? row.refused.map(({ column, reason }) => `${column ?? ''} ${reason}`) : []),
      ]);
    expect(outcomes).toEqual([
      [2, 'new'],
      [3, 'known'],
      [4, 'known'],
      [5, 'known'],
      [6, 'wrong', '权重 split'],
      [7, 'wrong', '问题描述 value-missing'],
      [8, 'wrong', '来源代码 matches', '权重 split'],
      [9, 'wrong', '权重 split'],
      [10, 'wrong', '权重 equals'],
      [11, 'known'],
    ]);
    expect(run.counts).toEqual({ rows: 10, new: 1, known: 4, wrong: 5, blank: 0 });

    const out = await files.write('split-wrong.xlsx', '');
    await wrongRowsWorkbook(file, mapping, createWriteStream(out), { known: knowsSecond });
    const told = (await textsOf(out)).slice(1).map((cells) => cells?.at(-1));
    expect(told[0]).toBe('第6行：“权重”问题已拆分或是其中一部分，不能单独登记');
    expect(told).toHaveLength(5);
  });

  test('masks what is about a person, also where its row cannot be read', async () => {
    const mapping = await shipped('xiaohao-export');
    const head = mapping.columns.join(',');
    const row = (cells: Record<string, string>): string =>
      mapping.columns.map((column) => cells[column] ?? '').join(',');
    const good = {
      来源代码: 'PT',
      类别代码: '99',
      区划代码: '430102',
      严重程度: '一般',
      整改类型: '立行立改',
      问题描述: '渗漏',
      人员处于危险: '否',
      权重: '1',
    };
    const long = '样'.repeat(60);
    const text = [
      head,
      row({ ...good, 反映人姓名: long, 反映人电话: '1'.repeat(40) }),
      row({ ...good, 反映人姓名: '"样例' }),
    ].join('\n');
    const told: unknown[] = [];
    for await (const read of (await dryRun(await files.write('p.csv', text), mapping, knowsSecond)).rows())
      if ('refused' in read) told.push(...read.refused.map(({ column, value }) => [column, value]));
    expect(told).toEqual([
      ['反映人姓名', '样**'],
      ['反映人电话', '****11'],
      ['反映人姓名', undefined],
    ]);
  });
});

describe('the workbook of wrong rows', () => {
  test('has the columns of the file and one more that says what is wrong', async () => {
    const rows = [
      ['1', '2024-01-05', '其他', '渗漏', ''],
      ['2', '昨天', '漏水', '=HYPERLINK("http://example.invalid")', '也许'],
      ['3', '', '其他', '', '', '旁注'],
    ];
    const file = await files.write('w.xlsx', sheetOf(['2024年台账'], LEDGER, ...rows));
    const out = await files.write('out.xlsx', '');
    await wrongRowsWorkbook(file, await shipped('ledger'), createWriteStream(out), options);
    const [head, first, second] = await textsOf(out);
    expect(head).toEqual([...LEDGER, '错误']);
    expect(first?.slice(0, 5)).toEqual(rows[1]);
    expect(first?.[5]).toMatch(
      /^第4行：“隐患类别”查无此名称；“检查时间”不是有效日期：YYYY-MM-DD, .*；“复查结果”不在允许的取值内：合格, /,
    );
    expect(second).toEqual(['3', '', '其他', '', '', '第5行：“存在隐患或问题”不得为空', '旁注']);
  });

  test('is read again once it is mended, by the same mapping', async () => {
    const out = await files.write('again.xlsx', '');
    const file = await files.write('w.xlsx', sheetOf(LEDGER, ['1', '昨天', '其他', '渗漏', '']));
    await wrongRowsWorkbook(file, await shipped('ledger'), createWriteStream(out), options);
    const run = await dryRun(out, await shipped('ledger'), knowsSecond, options);
    for await (const row of run.rows()) expect(row.row).toBe(2);
    expect(run.counts).toMatchObject({ rows: 1, wrong: 1 });
    expect(run.header.unread).toEqual(['错误']);
  });

  test('a file that is refused leaves nothing behind', async () => {
    const out = createWriteStream(await files.write('none.xlsx', ''));
    await expect(
      wrongRowsWorkbook(await files.write('w.xlsx', sheetOf(['a'])), await shipped('ledger'), out, options),
    ).rejects.toMatchObject({
      problems: expect.arrayContaining([expect.objectContaining({ reason: 'column-missing' })]),
    });
    out.destroy();
  });
});

test('a workbook that is changed while it is read', async () => {
  const file = await files.write('changed.xlsx', sheetOf(LEDGER, ['1', '', '其他', '渗漏', '']));
  const run = await dryRun(file, await shipped('ledger'), knowsSecond, options);
  await files.write('changed.xlsx', sheetOf(LEDGER, ['2', '', '其他', '开裂', '']));
  await expect(
    (async () => {
      for await (const _ of run.rows());
    })(),
  ).rejects.toMatchObject({ problems: [{ reason: 'file-changed' }] });
});

describe('files of other kinds', () => {
  const OLE = Buffer.from('d0cf11e0a1b11ae1', 'hex');
  test.each([
    [
      'an old workbook',
      Buffer.concat([OLE, Buffer.alloc(1000), Buffer.from('Workbook', 'utf16le')]),
      'workbook-old',
    ],
    [
      'a workbook under a password',
      Buffer.concat([OLE, Buffer.alloc(65_530), Buffer.from('EncryptedPackage', 'utf16le')]),
      'workbook-encrypted',
    ],
    ['an archive', zip([{ path: 'a.txt', content: 'a' }]), 'workbook-kind'],
    ['a sheet without rows', sheetOf(), 'file-empty'],
    ['UTF-16 with half a character', Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x41, 0x00]), 'file-encoding'],
    [
      'a sheet of too many columns',
      sheetOf(Array.from({ length: 1002 }, (_, n) => `c${n}`)),
      'too-many-columns',
    ],
    ['a column that is there twice', sheetOf([...LEDGER, '序号']), 'column-twice'],
    [
      'a sheet that is damaged behind its header',
      workbook({ sheets: [{ rows: [], xml: '<worksheet><sheetData>' }] }),
      'workbook-damaged',
    ],
  ])('%s', async (_, bytes, reason) => {
    const file = await files.write('other.xlsx', bytes);
    await expect(dryRun(file, await shipped('ledger'), knowsSecond, options)).rejects.toMatchObject({
      code: 'input/invalid',
      problems: [{ reason }],
    });
  });
});
