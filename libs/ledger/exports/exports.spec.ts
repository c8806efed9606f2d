import 'reflect-metadata';
import { createWriteStream } from 'node:fs';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type CommandBus, type QueryBus } from '@nestjs/cqrs';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { Files, importOf } from '../../../test/support/forms.js';
import { rowWith, variedRows } from '../../../test/support/ledger-rows.js';
import { inspectorChen, province } from '../../../test/support/province.js';
import { type NoteAccess } from '../../contracts/access.js';
import { zhCN } from '../../contracts/messages/zh-CN.js';
import { rowWriter } from '../../intake/exported.js';
import { readMapping } from '../../intake/mapping/mapping-file.js';
import { LEDGER } from '../rows/columns.js';
import { ledgerProjection, migrateLedger } from '../rows/projection.js';
import { type Row } from '../rows/row.js';
import { Scope } from '../asking/scope.js';
import { Served } from '../versions/served.js';
import { LedgerExport } from './ledger-export.js';
import { problemOf, type ProblemRow } from './problem-row.js';
import { type Asked, ExportRows } from './rows.js';

const TODAY = '2026-09-01';
const register = { ...province, today: TODAY };
const queries = { execute: () => Promise.resolve(register) } as unknown as QueryBus;
const hill = {
  ...{
    sourceDocument: ' 审〔2024〕1号',
    sourceLine: '001',
    description: '=1+1\n第二行 <&"',
    remark: '＋备注',
  },
  ...{ address: '-二栋', latitudeE7: -1, longitudeE7: 1_129_388_140, datum: 'WGS-84', foundOn: '2024-01-31' },
  ...{ amountFen: 100_000_000_000_000, fundsFen: 1, rectifiedFen: 10, householdCount: 0, fiscalYear: 2023 },
  ...{ visibility: 'restricted' as const, taskText: '@任务', categories: ['roof', 'wall'] },
};
const varied = variedRows(1200).map((row) => ({ ...row, sourceLine: String(row.seq) }));
const rows: Row[] = [...varied, rowWith(1201, hill)];

const files = new Files();
const noted: NoteAccess['access'][] = [];
const commands = {
  execute: ({ access }: NoteAccess) => Promise.resolve(void noted.push(access)),
} as unknown as CommandBus;

let database: TestDatabase;
let reading: ExportRows;
let ledger: LedgerExport;
beforeAll(async () => {
  database = await createDatabase();
  const { sql } = database;
  await migrateLedger(sql);
  await sql.begin((tx) => ledgerProjection().save(tx, rows));
  await files.make();
  const mapping = await readMapping('config/mappings/xiaohao-export.yaml');
  const problem: ProblemRow = {
    headings: mapping.columns,
    cells: rowWriter(mapping),
  };
  reading = new ExportRows(sql, new Scope(sql, queries, new Served(sql)));
  ledger = new LedgerExport(reading, commands, problem);
});
afterAll(async () => {
  await database.drop();
  await files.remove();
});

const asked = (filter: Asked['filter'] = {}): Asked => ({ caller: inspectorChen, filter, order: 'seq' });

async function csv(filter: Asked['filter']): Promise<string> {
  const out = new PassThrough();
  const [bytes] = await Promise.all([buffer(out), ledger.write(asked(filter), 'csv', zhCN, () => out)]);
  return bytes.toString();
}

/** The only row of an export, by its headings. */
async function only(filter: Asked['filter']): Promise<Record<string, string>> {
  const [, header = '', ...lines] = (await csv(filter)).split('\r\n');
  const cells = lines.join('\r\n').match(/("(?:[^"]|"")*"|[^,]*)(?:,|\r\n$)/g) ?? [];
  return Object.fromEntries(
    header.split(',').map((name, n) => [name, cells[n]?.replace(/(,|\r\n)$/, '') ?? '']),
  );
}

describe('the ledger as a file', () => {
  test('is read again by the mapping of our own export, without loss', async () => {
    const file = await files.write('ledger.xlsx', '');
    await ledger.write(asked(), 'xlsx', zhCN, () => createWriteStream(file));
    const mapping = await readMapping('config/mappings/xiaohao-export.yaml');
    const { commands: read, refused, missing } = await importOf(file, mapping, {});
    expect([refused, missing]).toEqual([[], []]);
    const wanted = rows.map((row) => Object.assign(problemOf(row as never), { type: 'RegisterProblem' }));
    expect(read.map(([, command]) => command)).toEqual(JSON.parse(JSON.stringify(wanted)));
  });

  test('says names, money to the fen and days, each heading once', async () => {
    const row = await only({ seq: '1201' });
    expect(row).toMatchObject({
      ...{ 序号: '1201', 问题编号: 'N-1201', 状态: '待交办', 严重程度: expect.any(String) },
      ...{ '涉及金额（元）': '1000000000000.00', '整改资金（元）': '0.01', '整改到位金额（元）': '0.10' },
      ...{
        '所在区划（二级）': register.division('hill')?.name,
        类别代码: 'roof、wall',
        发现日期: '2024-01-31',
      },
    });
    const headings = Object.keys(row);
    expect(new Set(headings).size).toBe(headings.length);
  });

  test('as CSV it begins with a mark of UTF-8, ends lines as RFC 4180 says, and holds no formula', async () => {
    const text = await csv({ seq: '1201' });
    expect(text.startsWith('\ufeff')).toBe(true);
    expect(text.replaceAll('\r\n', '').includes('\r')).toBe(false);
    expect(text).toContain(`,"'=1+1\n第二行 <&""",`);
    expect(text).toContain(`,'-二栋,`);
    expect(text).toContain(`,'＋备注`);
  });

  test('says who took it, when, by what filter and as of which ordinal, and is noted with its rows', async () => {
    noted.length = 0;
    const [mark = ''] = (await csv({ status: 'closed' })).split('\r\n');
    const closed = rows.filter(({ status }) => status === 'closed').length;
    expect(mark).toMatch(/^\ufeff导出人：.+（.+）；导出时间：\d{4}-\d\d-\d\d \d\d:\d\d；数据截至序号：0；/);
    expect(mark).toContain(`件数：${closed}；筛选条件：status=closed；`);
    expect(noted).toMatchObject([
      {
        outcome: 'exported',
        field: 'ledger',
        filter: { status: 'closed' },
        rows: closed,
        person: inspectorChen.person,
      },
    ]);
  });

  test('of a filter that is nonsense is refused before anything is written or noted', async () => {
    noted.length = 0;
    const open = (): never => {
      throw new Error('opened');
    };
    await expect(ledger.write(asked({ dueOn: 'soon' }), 'csv', zhCN, open)).rejects.toMatchObject({
      code: 'input/invalid',
    });
    expect(noted).toEqual([]);
  });

  test('ends its query when nobody listens any more', async () => {
    const out = new PassThrough({ highWaterMark: 1 });
    const written = ledger.write(asked(), 'csv', zhCN, () => out);
    out.once('data', () => out.destroy());
    await expect(written).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
    const open = async (): Promise<number> => {
      const [found] = await database.admin<{ open: number }[]>`
        select count(*) as open from pg_stat_activity
        where datname = current_database() and state like 'idle in transaction%'`;
      return found?.open ?? 0;
    };
    while ((await open()) > 0) await pause(10);
    expect(await open()).toBe(0);
  });
});

test('rows come from the schema that is served, whichever it is', async () => {
  const { sql } = database;
  const other = { schema: `${LEDGER}_2` } as Served;
  await migrateLedger(sql, other.schema);
  await sql.begin((tx) => ledgerProjection(other.schema).save(tx, [rowWith(7)]));
  const { rows: listed, cases } = await new ExportRows(sql, new Scope(sql, queries, other)).few(asked(), 10);
  expect([cases, listed.map(({ seq }) => seq)]).toEqual([1, [7]]);
});

test(`rows of ${LEDGER} come in the order that was asked for, none of them twice`, async () => {
  const seen: number[] = [];
  await reading.read({ ...asked({ open: 'true' }), order: '-seq' }, async ({ rows: found, cases }) => {
    for await (const { seq } of found) seen.push(seq);
    expect(seen).toHaveLength(cases);
  });
  expect(seen).toEqual(
    rows
      .filter(({ open }) => open)
      .map(({ seq }) => seq)
      .reverse(),
  );
});
