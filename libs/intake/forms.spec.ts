import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AUDIT_COLUMNS, AUDIT_HEADER, AUDIT_MERGES, auditRow } from '../../test/faults/support/audit-list.js';
import { sheetOf, type TestCell, workbook } from '../../test/faults/support/workbook.js';
import { Files, importOf, shipped } from '../../test/support/forms.js';
import { guessMapping, guessMappingOf, shippedMappings, theOne } from './guess.js';

const files = new Files();
beforeAll(() => files.make());
afterAll(() => files.remove());

const NOTICE =
  '序号,被检查单位,具体地点,隐患类别,存在的问题或隐患,问题或隐患图片,整改措施,整改期限,整改责任人,整改资金(元),复查时间,完成情况,复查人,备注'.split(
    ',',
  );
const CLOSURE =
  '序号,被检查单位,具体地点,隐患类别,存在隐患或问题,采取的整改措施,整改期限,整改责任人,整改情况,完成时间,复查人,整改前图片,整改后图片'.split(
    ',',
  );
const LEDGER =
  '序号,检查时间,检查人,隐患类别,存在隐患或问题,整改措施,整改完成时间,责任人,复查时间,复查人,复查结果'.split(
    ',',
  );

const notice = (...cells: TestCell[]): TestCell[] => [
  ...[...cells, ...Array<TestCell>(NOTICE.length)].slice(0, NOTICE.length),
];

describe('the rectification notice (通知单)', () => {
  const given = { 'source.document': '芙建检〔2024〕7号', foundOn: '2024-04-30' };

  test('is read under its title and above its signatures', async () => {
    const book = workbook({
      sheets: [
        {
          rows: [
            ['检查隐患问题整改通知单'],
            ['芙蓉区住建局：', undefined, '编号：7'],
            NOTICE,
            notice(
              { number: '1' },
              '芙蓉区住建局',
              '二栋',
              '其他、改造效果不佳',
              '屋面渗漏',
              '',
              '更换檩条',
              { number: '45443', s: 1 },
              '样例甲',
            ),
            notice('２', '芙蓉区住房和城乡建设局', '', '鉴定未全覆盖', '漏鉴一户', '', '', '2024年6月1日'),
            [],
            ['签发单位负责人：样例乙', undefined, '接收单位负责人：样例丙'],
            ['日期：2024年5月1日'],
          ],
          merges: ['A1:N1'],
        },
      ],
    });
    const { commands, refused, blank, unread } = await importOf(
      await files.write('notice.xlsx', book),
      await shipped('rectification-notice'),
      { given },
    );
    expect(refused).toEqual([]);
    expect(blank).toBe(3);
    expect(commands).toEqual([
      [
        4,
        {
          type: 'RegisterProblem',
          source: { code: 'CC', document: '芙建检〔2024〕7号', line: '1' },
          categories: ['99', '4'],
          divisions: ['430102'],
          severity: 'general',
          rectificationType: 'immediate',
          description: '屋面渗漏',
          taskText: '更换檩条',
          foundOn: '2024-04-30',
          location: { address: '二栋' },
          sourceDueOn: '2024-05-31',
          personsAtRisk: false,
          weight: 1000,
        },
      ],
      [
        5,
        expect.objectContaining({
          source: { code: 'CC', document: '芙建检〔2024〕7号', line: '２' },
          sourceDueOn: '2024-06-01',
        }),
      ],
    ]);
    expect(unread).toEqual([
      '问题或隐患图片',
      '整改责任人',
      '整改资金(元)',
      '复查时间',
      '完成情况',
      '复查人',
    ]);
  });

  test('a number that nobody gave', async () => {
    const file = await files.write('notice.xlsx', sheetOf(NOTICE));
    await expect(importOf(file, await shipped('rectification-notice'), {})).rejects.toMatchObject({
      problems: [{ reason: 'given-missing', column: '通知单编号' }],
    });
  });

  test('what is wrong: each with row, column, value and reason', async () => {
    const book = sheetOf(
      NOTICE,
      notice('1', '实验学校', '', '其他', '甲', '', '', '下月初'),
      notice('2', '查无此单位', '', '漏水', '乙'),
      notice('3', '芙蓉区住建局', '', '其他', { inner: '<f>A1</f>' }),
      notice('4', '芙蓉区住建局', '', '其他', '丁'),
      notice('4', '芙蓉区住建局', '', '其他', '丁'),
      NOTICE,
    );
    const { commands, refused, messages } = await importOf(
      await files.write('wrong.xlsx', book),
      await shipped('rectification-notice'),
      { given },
    );
    expect(commands.map(([row]) => row)).toEqual([5]);
    expect(refused).toEqual([
      [2, '被检查单位', '实验学校', 'name-ambiguous'],
      [2, '整改期限', '下月初', 'date-invalid'],
      [3, '隐患类别', '漏水', 'name-unknown'],
      [3, '被检查单位', '查无此单位', 'name-unknown'],
      [4, '存在的问题或隐患', undefined, 'formula-without-value'],
      [6, '序号', '4', 'duplicate'],
      [7, undefined, undefined, 'header-again'],
    ]);
    expect(messages[0]).toBe(
      '被检查单位 names several of the units: 岳麓区实验学校 (430104), 开福区实验学校 (430105).',
    );
  });

  test('saved as CSV in GB18030 or UTF-16 it is the same', async () => {
    const mapping = await shipped('rectification-notice');
    const text = `检查隐患问题整改通知单${','.repeat(13)}\r\n${NOTICE.join(',')}\r\n1,芙蓉区住建局,,其他,"渗漏,\r\n开裂",,,2024.6.1,,,,,,\r\n`;
    const le = Buffer.from(`\ufeff${text}`, 'utf16le');
    for (const bytes of [Buffer.from(text), le, Buffer.from(le).swap16(), gb18030(text)]) {
      const { commands, refused } = await importOf(await files.write('notice.csv', bytes), mapping, {
        given,
      });
      expect(refused).toEqual([]);
      expect(commands).toEqual([
        [3, expect.objectContaining({ description: '渗漏,\r\n开裂', sourceDueOn: '2024-06-01' })],
      ]);
    }
  });
});

/** Node decodes GB18030 and does not encode it: its table is made by decoding all pairs. */
function gb18030(text: string): Buffer {
  const decoder = new TextDecoder('gb18030');
  const pairs = new Map<string, Buffer>();
  for (let first = 0x81; first < 0xff; first++) {
    for (let second = 0x40; second < 0xff; second++) {
      const bytes = Buffer.from([first, second]);
      pairs.set(decoder.decode(bytes), bytes);
    }
  }
  return Buffer.concat(Array.from(text, (character) => pairs.get(character) ?? Buffer.from(character)));
}

describe('the closure application (销号申请单)', () => {
  test('is adopted as open: an application is no decision', async () => {
    const row = [
      '1',
      '天心区住房和城乡建设局',
      '三栋',
      '其他',
      '外墙开裂',
      '修补',
      '2024/3/1',
      '样例甲',
      '已整改',
      '2024-02-20',
    ];
    const file = await files.write('closure.xlsx', sheetOf(CLOSURE, row));
    const { commands, refused } = await importOf(file, await shipped('closure-application'), {
      given: { 'source.document': '天建销〔2024〕1号' },
    });
    expect(refused).toEqual([]);
    expect(commands).toEqual([
      [
        2,
        expect.objectContaining({
          type: 'AdoptCase',
          divisions: ['430103'],
          remark: '修补；已整改；2024-02-20',
          stated: { status: 'open', dueOn: '2024-03-01', unit: '天心区住房和城乡建设局' },
          file: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), row: 2 },
        }),
      ],
    ]);
  });
});

describe('the ledger of eleven columns (台账)', () => {
  test('is adopted as it states itself, the day of closing only where it says closed', async () => {
    const row = (no: string, result: string): string[] => [
      no,
      '2023.12.1',
      '样例甲',
      '其他',
      '渗漏',
      '更换',
      '',
      '',
      '2024-01-05',
      '',
      result,
    ];
    const file = await files.write(
      'ledger.xlsx',
      sheetOf(LEDGER, row('1', '合格'), row('2', '不合格'), row('3', ''), row('4', '差不多')),
    );
    const { commands, refused } = await importOf(file, await shipped('ledger'), {
      given: { 'source.document': '2023年台账', divisions: ['430102'] },
    });
    expect(commands.map(([, command]) => (command as { stated: unknown }).stated)).toEqual([
      { status: 'closed', closedOn: '2024-01-05' },
      { status: 'open' },
      { status: 'open' },
    ]);
    expect(refused).toEqual([[5, '复查结果', '差不多', 'value-unknown']]);
  });
});

describe('the audit list of 52 columns', () => {
  test('is read under its three rows of headings, joined as they were merged', async () => {
    const rows = [
      auditRow({ 序号: '1', '问题金额(万元)': { number: '12.345678' } }),
      auditRow({ 序号: '2', '问题金额(万元)': '３．５万元', 是否销号: '是' }),
    ];
    const book = workbook({ sheets: [{ rows: [...AUDIT_HEADER, ...rows], merges: AUDIT_MERGES }] });
    const { commands, refused, missing, unread } = await importOf(
      await files.write('audit.xlsx', book),
      await shipped('audit-list'),
      {},
    );
    expect([refused, missing]).toEqual([[], []]);
    expect(commands).toEqual([
      [
        4,
        expect.objectContaining({
          amountFen: 12_345_678,
          rectificationType: 'phased',
          stated: { status: 'open', dueOn: '2024-12-31', unit: '芙蓉区住建局' },
        }),
      ],
      [
        5,
        expect.objectContaining({
          amountFen: 3_500_000,
          stated: expect.objectContaining({ status: 'closed' }),
        }),
      ],
    ]);
    expect(AUDIT_COLUMNS).toHaveLength(52);
    expect(unread).toContain('整改情况-其他-金额');
  });

  test.each([1, 2])('stands under %i rows of title as well', async (titles) => {
    const title = [['审计整改清单'], ['填报单位：样例', undefined, '单位：万元']].slice(0, titles);
    const merges = AUDIT_MERGES.map((ref) => ref.replace(/\d+/g, (row) => String(Number(row) + titles)));
    const rows = [...title, ...AUDIT_HEADER, auditRow({ 序号: '1' })];
    const book = workbook({ sheets: [{ rows, merges: ['A1:AZ1', ...merges] }] });
    const { commands, refused } = await importOf(
      await files.write('titled.xlsx', book),
      await shipped('audit-list'),
      {},
    );
    expect([commands.map(([row]) => row), refused]).toEqual([[4 + titles], []]);
  });

  test('with money of more decimals than there are fen is wrong, not rounded', async () => {
    const rows = [...AUDIT_HEADER, auditRow({ 序号: '1', '问题金额(万元)': { number: '0.1234567' } })];
    const file = await files.write('money.xlsx', workbook({ sheets: [{ rows, merges: AUDIT_MERGES }] }));
    expect((await importOf(file, await shipped('audit-list'), {})).refused).toEqual([
      [4, '问题金额(万元)', '0.1234567', 'number-invalid'],
    ]);
  });
});

describe('guessing', () => {
  test.each([
    ['rectification-notice', NOTICE],
    ['closure-application', CLOSURE],
    ['ledger', LEDGER],
    ['audit-list', AUDIT_COLUMNS],
  ])('%s is known by its headings', async (name, headings) => {
    const [first] = guessMapping(headings, await shippedMappings());
    expect(first?.mapping.name).toBe(name);
    expect(first).toMatchObject({ missing: [], found: first?.required });
  });

  test('our own export is known, whatever else could read a few of its columns', async () => {
    const mappings = await shippedMappings();
    const { columns } = await shipped('xiaohao-export');
    const guesses = guessMapping(['序号', '状态', ...columns.filter((name) => name !== '序号')], mappings);
    expect(theOne(guesses).mapping.name).toBe('xiaohao-export');
  });

  test('by other words too, and it says what is missing', async () => {
    const headings = ['编号', '受检单位', '类别', '隐患\n描述', '限期整改时间', '整改要求'];
    const mappings = await shippedMappings();
    expect(guessMapping(headings, mappings)[0]).toMatchObject({
      mapping: { name: 'rectification-notice' },
      missing: [],
    });
    const less = guessMapping(headings.slice(1), mappings).find(
      ({ mapping }) => mapping.name === 'rectification-notice',
    );
    expect(less).toMatchObject({ found: 3, required: 4, missing: ['序号'] });
  });

  test('of a file, wherever its header stands', async () => {
    const book = workbook({
      sheets: [
        {
          rows: [['清单'], ...AUDIT_HEADER],
          merges: AUDIT_MERGES.map((ref) => ref.replace(/\d+/g, (row) => String(Number(row) + 1))),
        },
      ],
    });
    const guesses = await guessMappingOf(await files.write('some.xlsx', book), await shippedMappings());
    expect(guesses[0]?.mapping.name).toBe('audit-list');
    expect(
      (await guessMappingOf('config/demo/hpd_violations.csv', await shippedMappings()))[0]?.mapping.name,
    ).toBe('hpd-violations');
  });
});
