import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { picture } from '../../apps/cli/demo-picture.js';
import { type ImportProgress, type ReceivedImport, type TriedImport } from '../../libs/contracts/imports.js';
import * as people from '../support/people.js';
import { partsOf } from '../support/zip.js';
import { Journey, problem } from '../support/people.js';
import { type Answer, startServer, type TestServer } from '../support/server.js';

type Who = (typeof people)['inspector'];

let server: TestServer;
let assigned: Journey;
let kept: Journey;
let closed: Journey;
beforeAll(async () => {
  server = await startServer();
  assigned = await new Journey(server).to(
    'assigned',
    problem({ description: '@外墙脱落', amountFen: 1_234_501 }),
  );
  const restricted = await new Journey(server).to('registered', problem({ visibility: 'restricted' }));
  await restricted.get(people.inspector);
});
afterAll(() => server.stop());

const get = async (who: Who, path: string, headers: Record<string, string> = {}): Promise<Answer> =>
  server.send(await server.token(...who), 'GET', `/api/v1/${path}`, undefined, headers);

async function csv(who: Who, query = '', headers: Record<string, string> = {}): Promise<string[]> {
  const { status, body } = await get(who, `exports/ledger?format=csv${query}`, headers);
  expect(status).toBe(200);
  return (body as unknown as { text: string }).text.split('\r\n');
}

async function bytes(who: Who, path: string): Promise<{ status: number; type: string; bytes: Buffer }> {
  const token = await server.token(...who);
  const response = await fetch(`${server.url}/api/v1/${path}`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  const type = response.headers.get('content-type') ?? '';
  return { status: response.status, type, bytes: Buffer.from(await response.arrayBuffer()) };
}

describe('the exported ledger', () => {
  test('holds what its taker sees, and no more', async () => {
    const rows = async (who: Who): Promise<number> => (await csv(who)).length - 3;
    expect([
      await rows(people.inspector),
      await rows(people.handler),
      await rows(people.otherHandler),
    ]).toEqual([2, 1, 0]);
  });

  test('is narrowed and put in order as the list is, and says of whom it is', async () => {
    const [mark, header, ...rows] = await csv(people.registrar, '&status=assigned&sort=dueOn');
    expect(mark).toMatch(/^\ufeff?导出人：.+；筛选条件：status=assigned；/);
    expect(header).toMatch(/^序号,问题编号,问题来源,/);
    expect(rows[0]).toContain(`'@外墙脱落`);
    expect(rows[0]).toContain(',12345.01,');
    expect(rows).toHaveLength(2);
  });

  test('has its headings in the language of the reader', async () => {
    const [, header] = await csv(people.inspector, '', { 'Accept-Language': 'en' });
    expect(header).toMatch(/^No\.,Case number,Source,/);
  });

  test('is a workbook unless CSV is asked for', async () => {
    const file = await bytes(people.inspector, 'exports/ledger');
    expect([file.status, file.bytes.toString('latin1', 0, 2)]).toEqual([200, 'PK']);
    expect(file.type).toContain('spreadsheetml');
  });

  test('leaves out whom a case is kept from', async () => {
    kept = await new Journey(server).to('assigned');
    const excluded = { person: people.handler[0], reason: '本人涉及。' };
    expect((await kept.give(people.inspector, 'exclude-person', excluded)).status).toBe(200);
    await kept.get(people.inspector);
    expect((await csv(people.handler)).join('')).not.toContain(kept.id);
    expect(await csv(people.handler)).toHaveLength(4);
  });

  test('is noted in the log of accesses, with its filter and its rows', async () => {
    await csv(people.registrar, '&status=closed');
    const { body } = await get(people.auditAdmin, 'access-log?limit=1');
    expect(body).toMatchObject({
      entries: [
        {
          ...{ outcome: 'exported', field: 'ledger', person: people.registrar[0] },
          ...{ filter: { status: 'closed' }, rows: 0 },
        },
      ],
    });
  });

  test('is nothing for third parties, nor for administrators', async () => {
    for (const who of [people.evaluator, people.operator])
      expect(await get(who, 'exports/ledger')).toMatchObject({
        status: 403,
        body: { code: 'auth/forbidden' },
      });
  });

  test.each([
    ['format=pdf', 'format'],
    ['sort=weather', 'sort'],
    ['dueOn=soon', 'dueOn'],
    ['colour=red', 'colour'],
    ['light=purple', 'light'],
    ['status=,', 'status'],
  ])('of %s is refused', async (query, field) => {
    const { status, body } = await get(people.inspector, `exports/ledger?${query}`);
    expect([status, body.code]).toEqual([422, 'input/invalid']);
    expect(body).toMatchObject({ errors: [{ field }] });
  });
});

/** Pictures whose heads are sound and whose pixels cannot be unpacked: cut short, and changed. */
const whole = picture('broken');
const changed = (at: number): Buffer => {
  const copy = Buffer.from(whole);
  copy.writeUInt8(copy.readUInt8(at) ^ 0xff, at);
  return copy;
};
const broken = [whole.subarray(0, 60), changed(45), changed(60)];

/** Where somebody wants to look at them: PAPERS=/tmp npm test -- journeys/exports */
async function keep(name: string, content: Buffer): Promise<void> {
  const folder = process.env.PAPERS;
  if (folder !== undefined) await writeFile(join(folder, `${name}.pdf`), content);
}

describe('the ledger that comes back', () => {
  const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  const MAPPING = 'xiaohao-export';

  async function brought(content: Buffer, type: string): Promise<string> {
    const token = await server.token(...people.registrar);
    const { body } = await server.send(token, 'POST', '/api/v1/imports', content, { 'Content-Type': type });
    return (body as unknown as ReceivedImport).import;
  }

  async function asked(path: string, body?: object): Promise<Answer> {
    const token = await server.token(...people.registrar);
    return server.send(token, body ? 'POST' : 'GET', `/api/v1/imports/${path}`, body);
  }

  beforeAll(async () => {
    const whole = await new Journey(server).to('registered', problem({ divisions: ['bronx', 'queens'] }));
    const before = (await csv(people.registrar)).length;
    const parts = ['bronx', 'queens'].map((division) => ({ weight: 500, divisions: [division] }));
    expect((await whole.give(people.registrar, 'split-case', { parts, reason: '分属两县' })).status).toBe(
      200,
    );
    for (let look = 0; look < 200 && (await csv(people.registrar)).length < before + 2; look++)
      await pause(25);
  });

  test.each([
    ['xlsx', XLSX],
    ['csv', 'text/csv'],
  ])('as %s is known row by row, what was split and its parts too', async (format, type) => {
    const { bytes: content } = await bytes(people.registrar, `exports/ledger?format=${format}`);
    const id = await brought(content, type);
    const { body: tried } = await asked(`${id}/dry-run`, { mapping: MAPPING });
    expect(tried).toMatchObject({ rows: expect.any(Number) });
    const { rows } = tried as unknown as TriedImport;
    expect(rows).toBeGreaterThanOrEqual(4);
    expect(tried).toMatchObject({ known: rows, new: 0, wrong: 0, wrongRows: [] });

    expect((await asked(`${id}/commit`, { mapping: MAPPING, onlyGood: false })).status).toBe(202);
    let progress = (await asked(id)).body;
    for (let look = 0; look < 200 && stateOf(progress) === 'running'; look++) {
      await pause(25);
      progress = (await asked(id)).body;
    }
    expect(progress).toMatchObject({ state: 'done', registered: 0, known: rows, refused: 0 });
  });

  const stateOf = (body: object): string => (body as ImportProgress).state;
});

describe('the forms of the offices', () => {
  beforeAll(async () => {
    closed = await new Journey(server).to('rectifying', problem({ description: '墙体开裂，'.repeat(390) }));
    const slot = 'before-photo';
    for (const one of broken) {
      const receipt = await closed.uploaded(people.handler, one);
      expect((await closed.give(people.handler, 'attach-evidence', { slot, receipt })).status).toBe(200);
    }
    expect((await closed.submit()).status).toBe(200);
    expect((await closed.give(people.reviewer, 'pass-review')).status).toBe(200);
    expect((await closed.verify()).status).toBe(200);
    expect((await closed.give(people.cityApprover, 'close-case')).status).toBe(200);
    await closed.get(people.inspector);
  });

  test.each(['notice', 'closure-application'] as const)(
    '%s is a workbook with its own headings',
    async (form) => {
      const file = await bytes(people.inspector, `exports/${form}?status=closed,assigned`);
      expect([file.status, file.bytes.toString('latin1', 0, 2)]).toEqual([200, 'PK']);
      const { body } = await get(people.auditAdmin, 'access-log?limit=1');
      expect(body).toMatchObject({ entries: [{ outcome: 'exported', field: form, rows: 3 }] });
    },
  );

  test('the application for closing shows the photos from before and after, in their cells', async () => {
    const file = await bytes(people.inspector, 'exports/closure-application?status=closed');
    const parts = await partsOf(file.bytes);
    const media = [...parts.keys()].filter((name) => name.startsWith('xl/media/'));
    expect(media.map((name) => parts.get(name)?.toString('hex', 0, 3))).toEqual(media.map(() => 'ffd8ff'));
    const drawing = parts.get('xl/drawings/drawing1.xml')?.toString() ?? '';
    const relations = parts.get('xl/drawings/_rels/drawing1.xml.rels')?.toString() ?? '';
    // Columns 整改前图片 and 整改后图片, in the row below title, mark and headings; one file may be both.
    expect(new Set(drawing.match(/<xdr:col>\d+/g))).toEqual(new Set(['<xdr:col>11', '<xdr:col>12']));
    expect(new Set(drawing.match(/<xdr:row>\d+/g))).toEqual(new Set(['<xdr:row>3']));
    expect(relations.match(/media\/picture1-\d+\.jpeg/g)).toHaveLength(media.length);
    const sheet = parts.get('xl/worksheets/sheet1.xml')?.toString() ?? '';
    expect(sheet).toMatch(/<c r="L4" s="4" t="inlineStr"><is><t xml:space="preserve">[^<]* [0-9a-f]{16}/);
    expect(sheet).toMatch(/<row r="4" ht="\d+" customHeight="1">/);
    if (process.env.PAPERS !== undefined)
      await writeFile(join(process.env.PAPERS, 'closure-application.xlsx'), file.bytes);
  });

  test('of a filter that is nonsense, or in CSV, are refused', async () => {
    for (const query of ['dueOn=soon', 'format=csv'])
      expect(await get(people.inspector, `exports/notice?${query}`)).toMatchObject({ status: 422 });
    expect((await get(people.evaluator, 'exports/notice')).status).toBe(403);
  });
});

describe('one case on paper', () => {
  const paper = (who: Who, id: string, name: string): ReturnType<typeof bytes> =>
    bytes(who, `cases/${id}/${name}.pdf`);

  test('is the closing of a closed case, with type embedded', async () => {
    const file = await paper(people.inspector, closed.id, 'closure-form');
    expect([file.status, file.type, file.bytes.toString('latin1', 0, 5)]).toEqual([
      ...[200, 'application/pdf', '%PDF-'],
    ]);
    expect(file.bytes.toString('latin1')).toMatch(/\/FontFile3/);
    await keep('closure-form', file.bytes);
    const { body } = await get(people.auditAdmin, 'access-log?limit=1');
    expect(body).toMatchObject({
      entries: [{ outcome: 'exported', field: 'closure-form', caseId: closed.id }],
    });
  });

  test('is the notice of what is to be put right', async () => {
    const file = await paper(people.handler, assigned.id, 'notice');
    expect([file.status, file.bytes.toString('latin1', 0, 5)]).toEqual([200, '%PDF-']);
    await keep('notice', file.bytes);
  });

  test('is no closing while the case is not closed', async () => {
    expect(await get(people.inspector, `cases/${assigned.id}/closure-form.pdf`)).toMatchObject({
      ...{ status: 409, body: { code: 'case/status' } },
    });
  });

  test('is nothing of a case that is unknown, kept from its taker, or beyond their scope', async () => {
    const asked: [Who, string][] = [
      [people.inspector, '00000000-0000-4000-8000-000000000000'],
      [people.inspector, 'no-id'],
      [people.handler, kept.id],
      [people.otherHandler, assigned.id],
    ];
    for (const [who, id] of asked)
      expect(await get(who, `cases/${id}/notice.pdf`)).toMatchObject({
        status: 404,
        body: { code: 'case/unknown' },
      });
    expect((await get(people.evaluator, `cases/${assigned.id}/notice.pdf`)).status).toBe(403);
  });
});
