import { describe, expect, test } from '@jest/globals';
import { docsAfter, securityAdmin } from '../../../test/support/register.js';
import { type Refusal } from '../../contracts/refusal.js';
import { peopleIn } from './people-file.js';
import { judge, type JudgedRow } from './people-judging.js';

const HEADER = '人员编号,姓名,身份证号,单位编号,岗位,起始日,截止日';
const file = (...rows: string[]): Buffer => Buffer.from([HEADER, ...rows, ''].join('\r\n'));

/** The register has one number, of somebody. */
const OWNED = '110101190001010016';
const judged = (...rows: string[]): Promise<JudgedRow[]> =>
  judge(peopleIn(file(...rows)), {
    ...{ docs: docsAfter(), now: '2026-09-01T04:00:00.000Z', today: '2026-09-01' },
    caller: { ...securityAdmin, via: 'http' },
    ownerOf: (number) => Promise.resolve(number === OWNED ? 'somebody' : undefined),
    sameAs: (number) => number.replace(/[^0-9x]/gi, '').toLowerCase() || undefined,
  });

const said = (rows: readonly JudgedRow[]): unknown[] =>
  rows.map((row) =>
    row.outcome === 'wrong'
      ? [row.row, row.fault.column, row.fault.reason]
      : [row.row, row.outcome, ...('commands' in row ? row.commands.map((one) => one.constructor.name) : [])],
  );

describe('a file', () => {
  const rule = (bytes: Buffer): string | undefined => {
    try {
      peopleIn(bytes);
      return undefined;
    } catch (error) {
      return (error as Refusal).details.errors?.[0]?.rule;
    }
  };

  test('is read in UTF-8, with a mark or without, and in GB18030', () => {
    const [plain, marked] = [file('lu,鲁,,hill-office,经办岗,2026-09-01,'), Buffer.from('\ufeff')];
    // 人员编号,姓名,单位编号,岗位,起始日 / lu,鲁,hill-office,经办岗,2026-09-01
    const chinese = Buffer.from(
      'c8cbd4b1b1e0bac52cd0d5c3fb2cb5a5cebbb1e0bac52cb8dacebb2cc6f0cabcc8d50a6c752cc2b32c68696c6c2d6f66666963652cbeadb0ecb8da2c323032362d30392d3031',
      'hex',
    );
    const cells = { person: 'lu', name: '鲁', unit: 'hill-office', role: 'handler', from: '2026-09-01' };
    for (const bytes of [plain, Buffer.concat([marked, plain]), chinese])
      expect(peopleIn(bytes).rows).toEqual([{ row: 2, cells }]);
  });

  test.each([
    ['without rows', file(), 'rows'],
    [
      'with too many',
      file(...Array.from({ length: 2001 }, (_, n) => `p${n},a,,b,handler,2026-01-01,`)),
      'rows',
    ],
    ['with a column that nothing reads', Buffer.from('person,salary\na,1'), 'header'],
    ['with a column twice', Buffer.from('person,person\na,b'), 'header'],
    ['without a column', Buffer.from('person,name\na,b'), 'header'],
    ['of no text', Buffer.from([0xff, 0xfe, 0x00, 0x41, 0xe9, 0x41, 0xe9, 0x41]), 'encoding'],
    ['of nothing', Buffer.alloc(0), 'header'],
  ])('%s is none', (_, bytes, expected) => {
    expect(rule(bytes)).toBe(expected);
  });
});

test('a row is entered, is so already, or is wrong, and says where and why', async () => {
  const rows = await judged(
    'lu,演示鲁,,hill-office,经办岗,2026-09-01,',
    'lu,演示鲁,,hill-office,经办岗,2026-09-01,',
    'lu,演示鲁甲,,hill-office,reviewer,2026-09-01,',
    'ma,演示马,,nowhere,handler,2026-09-01,',
    'ma,演示马,,hill-office,clerk,2026-09-01,',
    'ma,演示马,,hill-office,handler,2026-02-30,',
    'ma,,,hill-office,handler,2026-09-01,',
    ',演示马,,hill-office,handler,2026-09-01,',
    '../ma,演示马,,hill-office,handler,2026-09-01,',
    'ma,演示马,,hill-office,handler,2026-09-02,2026-09-01',
    'ma,"演示马,,hill-office,handler,2026-09-01,',
    'ma,演示马,hill-office,handler,2026-09-01',
    ',,,,,,',
    'ma,演示马,,hill-office,handler,2026-09-01,',
  );
  expect(said(rows)).toEqual([
    [2, 'new', 'EnterPerson', 'AppointPerson'],
    [3, 'known'],
    [4, '姓名', 'name-differs'],
    [5, '单位编号', 'known-unit'],
    [6, '岗位', 'isIn'],
    [7, '起始日', 'isDay'],
    [8, '姓名', expect.any(String)],
    [9, '人员编号', 'missing'],
    [10, '人员编号', 'matches'],
    [11, '截止日', 'not-before'],
    [12, '姓名', 'broken-quote'],
    [13, undefined, 'cells'],
    [15, 'new', 'EnterPerson', 'AppointPerson'],
  ]);
});

test('the rules of the register hold from row to row', async () => {
  const rows = await judged(
    'lu,演示鲁,,hill-office,handler,2026-09-10,',
    'lu,演示鲁,,hill-office,reviewer,2026-09-05,',
    'lu,演示鲁,,hill-office,handler,2026-09-12,2026-09-20',
    'lu,演示鲁,,hill-office,handler,2026-09-02,2026-09-10',
    'lu,演示鲁,,hill-office,security-admin,2026-09-10,',
  );
  expect(said(rows)).toEqual([
    [2, 'new', 'EnterPerson', 'AppointPerson'],
    [3, 'new', 'AppointPerson'],
    [4, 'known'],
    [5, undefined, 'register/appointment-overlaps'],
    [6, undefined, 'register/administrator-apart'],
  ]);
});

test('one number is one person, in the file and beside it, and is told in no row', async () => {
  const rows = await judged(
    `lu,演示鲁,${OWNED},hill-office,handler,2026-09-01,`,
    'ma,演示马,43010219900307123X,hill-office,handler,2026-09-01,',
    'ma2,演示马,430102 19900307 123x,hill-office,handler,2026-09-01,',
    'ma,演示马,43010219900307123X,hill-office,reviewer,2026-09-01,',
    'ma3,演示马,——,hill-office,handler,2026-09-01,',
  );
  expect(said(rows)).toEqual([
    [2, '身份证号', 'register/already-entered'],
    [3, 'new', 'EnterPerson', 'AppointPerson'],
    [4, '身份证号', 'register/already-entered'],
    [5, 'new', 'AppointPerson'],
    [6, '身份证号', 'identity-number'],
  ]);
  const faults = rows.flatMap((row) => (row.outcome === 'wrong' ? [row.fault] : []));
  expect(JSON.stringify(faults)).not.toMatch(/演示|1101|4301/);
});
