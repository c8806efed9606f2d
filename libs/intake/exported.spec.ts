import 'reflect-metadata';
import { createWriteStream } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Files, importOf } from '../../test/support/forms.js';
import { RegisterProblem } from '../contracts/intake.js';
import { validated } from '../platform/validated.js';
import { writeWorkbook } from '../platform/xlsx/writer.js';
import { rowWriter } from './exported.js';
import { readMapping } from './mapping/mapping-file.js';
import { targets } from './mapping/targets.js';

const files = new Files();
beforeAll(() => files.make());
afterAll(() => files.remove());

const whole = {
  source: { code: 'AU', document: ' 审〔2024〕1号', line: '001', part: '2.10' },
  categories: ['4', '99'],
  divisions: ['430102', '430103'],
  severity: 'major',
  rectificationType: 'sustained',
  description: '=1+1\n 第二行_x000D_ <&"\t',
  taskText: '@任务',
  problemType: 'roof',
  foundOn: '2024-01-31',
  foundBy: '省审计厅',
  location: { address: '-二栋', place: { latitudeE7: -1, longitudeE7: 1_129_388_140, datum: 'WGS-84' } },
  petitioner: { name: '样例甲', phone: '0731-0000', identityNumber: '430102190001010000', address: '某村' },
  verbatim: '原文',
  accusation: true,
  intakeNumber: '0012',
  householdCount: 0,
  occurredFrom: '2023-01-01',
  occurredTo: '2023-12-31',
  knownSince: '2023-06-01',
  sourceDueOn: '2024-12-31',
  basis: '第3.10条',
  amountFen: 100_000_000_000_000,
  fundDocument: '财〔2023〕9号',
  fiscalYear: 2023,
  principal: '时任局长',
  visibility: 'restricted',
  circularId: 'c1',
  campaignId: 'c2',
  frame: '名册',
  batch: '一',
  remark: '＋备注\r\n',
  secret: false,
  personsAtRisk: true,
  weight: 1000,
};

async function roundTrip(problems: readonly RegisterProblem[]): Promise<unknown[]> {
  const mapping = await readMapping('config/mappings/xiaohao-export.yaml');
  const file = await files.write('export.xlsx', '');
  const rows = problems.map(rowWriter(mapping));
  await writeWorkbook(createWriteStream(file), [{ name: '问题台账', header: mapping.columns, rows }]);
  const { commands, refused } = await importOf(file, mapping, {});
  expect(refused).toEqual([]);
  return commands.map(([, command]) => command);
}

test('our own export reads every field that a row has place for', async () => {
  const { fields } = await readMapping('config/mappings/xiaohao-export.yaml');
  const all = Object.entries(targets).filter(([, { adopted }]) => !adopted);
  expect(fields.map(({ target }) => target).sort()).toEqual(all.map(([target]) => target).sort());
});

test('what was exported is read again without loss', async () => {
  const less = {
    ...whole,
    petitioner: undefined,
    verbatim: undefined,
    source: { code: 'SC', document: '二' },
  };
  const written = [whole, less].map((body) => validated(RegisterProblem, body));
  expect(await roundTrip(written)).toEqual(JSON.parse(JSON.stringify(written)));
});

test('whatever the texts and amounts are', async () => {
  const text = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    .filter(
      (found) => /\S/.test(found) && /^[^\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]*$/u.test(found),
    );
  const body = fc.record({
    description: text,
    remark: text,
    basis: text,
    amountFen: fc.nat({ max: 100_000_000_000_000 }),
    lat: fc.integer({ min: -900_000_000, max: 900_000_000 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(body, { minLength: 1, maxLength: 20 }), async (bodies) => {
      const written = bodies.map(({ lat, ...some }, n) =>
        validated(RegisterProblem, {
          ...whole,
          ...some,
          source: { ...whole.source, line: String(n) },
          location: { place: { ...whole.location.place, latitudeE7: lat } },
        }),
      );
      expect(await roundTrip(written)).toEqual(JSON.parse(JSON.stringify(written)));
    }),
    { numRuns: 20 },
  );
});
