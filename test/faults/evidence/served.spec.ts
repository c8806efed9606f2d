import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as sample from '../../support/evidence-files.js';
import {
  auditor,
  handler,
  inspector,
  Journey,
  operator,
  otherHandler,
  registrar,
  verifier,
} from '../../support/people.js';
import { type Who } from '../../support/deployments.js';
import { type Answer, startServer, type TestServer } from '../../support/server.js';
import { sha256 } from '../../support/tus.js';

let server: TestServer;
let one: Journey;
/** As the server is started again with. */
const env: Record<string, string> = {};
beforeAll(async () => {
  server = await startServer(env);
  one = await new Journey(server).to('rectifying');
});
afterAll(() => server.stop());

const uploaded = async (
  content: Buffer,
  type: string,
  at: Journey = one,
  who: Who = handler,
  people = false,
) => {
  const path = `/api/v1/cases/${at.id}/uploads${people ? '?people=true' : ''}`;
  const { body } = await server.send(await server.token(...who), 'POST', path, content, {
    'Content-Type': type,
  });
  return body as unknown as { receipt: string; sha256: string; bytes: number; holder?: string };
};
const attached = async (
  content: Buffer,
  type: string,
  at: Journey = one,
  slot = 'result',
  people = false,
) => {
  const upload = await uploaded(content, type, at, handler, people);
  const { status } = await at.give(handler, 'attach-evidence', { slot, receipt: upload.receipt });
  if (status !== 200) throw new Error(`attach: ${status}`);
  return upload;
};
const get = async (who: Who, path: string, headers: Record<string, string> = {}, id = one.id) =>
  fetch(`${server.url}/api/v1/cases/${id}/${path}`, {
    headers: { Authorization: `Bearer ${await server.token(...who)}`, ...headers },
  });
const PDF = 'application/pdf';

describe('a range', () => {
  const content = Buffer.concat([sample.pdf('range'), randomBytes(300_000)]);
  test('is the part of the file that was asked for, and beyond its end there is none', async () => {
    const { receipt } = await attached(content, PDF);
    const { length } = content;
    const asked = async (range: string) => {
      const answer = await get(handler, `evidence/${receipt}`, { Range: range });
      return { answer, bytes: Buffer.from(await answer.arrayBuffer()) };
    };
    for (const [range, from, to] of [
      ['bytes=0-0', 0, 1],
      ['bytes=100000-200000', 100_000, 200_001],
      ['bytes=250000-', 250_000, length],
      ['bytes=-10', length - 10, length],
      ['bytes=5-99999999', 5, length],
    ] as const) {
      const { answer, bytes } = await asked(range);
      expect([answer.status, answer.headers.get('content-range')]).toEqual([
        206,
        `bytes ${from}-${to - 1}/${length}`,
      ]);
      expect(bytes.equals(content.subarray(from, to))).toBe(true);
    }
    for (const range of [`bytes=${length}-`, 'bytes=999999999999999-', 'bytes=-0']) {
      const { answer, bytes } = await asked(range);
      expect([answer.status, JSON.parse(bytes.toString())]).toMatchObject([416, { code: 'evidence/range' }]);
    }
    for (const range of [
      'bytes=9-5',
      'bytes=0-1,5-6',
      'lines=1-2',
      'bytes=a-b',
      `bytes=${'9'.repeat(5000)}-`,
    ]) {
      const { answer, bytes } = await asked(range);
      expect([answer.status, bytes.length]).toEqual([200, length]);
    }
  });
});

describe('an evidence id', () => {
  test('opens a file in its own case only, to those who see that case', async () => {
    const other = await new Journey(server).to('rectifying');
    const mine = await attached(sample.pdf(), PDF);
    const codes = async (who: Who, path: string, id?: string): Promise<[number, unknown]> => {
      const answer = await get(who, path, {}, id);
      return [answer.status, ((await answer.json().catch(() => ({}))) as { code?: string }).code];
    };
    for (const part of ['', '/copy', '/thumbnail']) {
      expect(await codes(handler, `evidence/${mine.receipt}${part}`, other.id)).toEqual([
        404,
        'evidence/unknown',
      ]);
      expect(await codes(otherHandler, `evidence/${mine.receipt}${part}`)).toEqual([404, 'case/unknown']);
      expect(await codes(handler, `evidence/${mine.sha256}${part}`)).toEqual([404, 'evidence/unknown']);
      expect(await codes(handler, `evidence/${randomUUID()}${part}`)).toEqual([404, 'evidence/unknown']);
      expect(await codes(operator, `evidence/${mine.receipt}${part}`)).toEqual([403, 'auth/forbidden']);
      const bare = await fetch(`${server.url}/api/v1/cases/${one.id}/evidence/${mine.receipt}${part}`);
      expect(bare.status).toBe(401);
    }
    expect((await get(inspector, `evidence/${mine.receipt}`)).status).toBe(200);
  });

  test('of a file that the case has not used is its uploader’s alone', async () => {
    const { receipt } = await uploaded(sample.pdf(), PDF);
    expect((await get(handler, `evidence/${receipt}`)).status).toBe(200);
    expect((await get(inspector, `evidence/${receipt}`)).status).toBe(404);
    expect((await get(verifier, `evidence/${receipt}`)).status).toBe(404);
  });
});

test('a file that was changed on the disk is given to nobody whole, and that is logged', async () => {
  const content = Buffer.concat([sample.pdf(), randomBytes(400_000)]);
  const { receipt } = await attached(content, PDF);
  const path = join(server.dataDir, 'files', sha256(content).slice(0, 2), sha256(content));
  const kept = await readFile(path);
  kept.writeUInt8(kept.readUInt8(100) ^ 1, 100);
  await writeFile(path, kept);
  await expect((await get(handler, `evidence/${receipt}`)).arrayBuffer()).rejects.toThrow();
  // Of so small a part nothing has been sent yet when it is seen.
  expect((await get(handler, `evidence/${receipt}`, { Range: 'bytes=0-9' })).status).toBe(500);
  const line = server
    .said()
    .split('\n')
    .find((one) => one.includes(`${receipt}: what is kept is not what was uploaded`));
  // By machines too: one line, one object.
  expect(JSON.parse(line ?? '')).toMatchObject({
    ...{ level: 'error', context: expect.any(String), timestamp: expect.any(Number) },
  });
});

/** By the command line, as for every other holder. */
async function erased(revision: number): Promise<void> {
  const args = ['dist/apps/cli/main.js', 'erase', one.id, String(revision), 'file', '--yes'];
  await promisify(execFile)(process.execPath, args, { env: { ...process.env, DATA_DIR: server.dataDir } });
}

describe('a file with people in it', () => {
  const show = async (who: Who, receipt: string, body: object): Promise<Response> =>
    fetch(`${server.url}/api/v1/cases/${one.id}/evidence/${receipt}/show`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${await server.token(...who)}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });

  test('lies sealed, is shown for a purpose to those who may, and is noted; and can be erased by itself', async () => {
    const content = await sample.photo(30, { time: '2026:01:20 10:11:12' });
    const upload = await attached(content, 'image/jpeg', one, 'before-photo', true);
    expect(upload).toMatchObject({ holder: expect.any(String) as unknown });
    expect(upload.sha256).not.toBe(sha256(content));
    expect(JSON.stringify(upload)).not.toContain('2026');
    const kept = await readFile(join(server.dataDir, 'files', upload.sha256.slice(0, 2), upload.sha256));
    expect([sha256(kept), kept.includes(content.subarray(200, 232))]).toEqual([upload.sha256, false]);
    expect((await uploaded(content, 'image/jpeg', one, handler, true)).receipt).toBe(upload.receipt);

    for (const part of ['', '/copy', '/thumbnail'])
      expect((await get(inspector, `evidence/${upload.receipt}${part}`)).status).toBe(403);
    expect((await show(inspector, upload.receipt, {})).status).toBe(422);
    expect((await show(verifier, upload.receipt, { purpose: '核对人员名单' })).status).toBe(403);
    const shown = await show(inspector, upload.receipt, { purpose: '核对人员名单' });
    expect(shown.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(Buffer.from(await shown.arrayBuffer()).equals(content)).toBe(true);
    const noted = await server.database.sql<{ entry: { outcome: string; purpose: string } }[]>`
      select to_jsonb(a) as entry from access.log a where to_jsonb(a)::text like ${`%${upload.receipt}%`}`;
    expect(JSON.stringify(noted)).toMatch(/denied.*revealed|revealed.*denied/s);

    await erased(one.revision);
    await server.restart();
    const gone = await show(inspector, upload.receipt, { purpose: '核对人员名单' });
    expect([gone.status, ((await gone.json()) as { code: string }).code]).toEqual([410, 'personal/erased']);
  });

  test('is sealed by SM4 where that is set, and those sealed before by AES open all the same', async () => {
    const [before, after] = [sample.pdf(), Buffer.concat([sample.pdf(), randomBytes(100_000)])];
    const byAes = await attached(before, PDF, one, 'result', true);
    env.SEALING = 'SM4-CTR-HMAC-SM3';
    await server.restart();
    const bySm4 = await attached(after, PDF, one, 'result', true);
    // An authentication code of 16 bytes behind each piece, of 32 by SM3.
    expect([byAes.bytes, bySm4.bytes]).toEqual([before.length + 16, after.length + 2 * 32]);
    for (const [{ receipt }, content] of [
      [byAes, before],
      [bySm4, after],
    ] as const) {
      const shown = await show(inspector, receipt, { purpose: '核对人员名单' });
      expect(Buffer.from(await shown.arrayBuffer()).equals(content)).toBe(true);
    }
  });
});

describe('the same photo in another case', () => {
  const leads = async (who: Who, id: string): Promise<Answer> =>
    server.send(await server.token(...who), 'GET', `/api/v1/cases/${id}/photo-leads`);

  test('is a lead for inspectors and auditors, as is nearly the same one, and no other', async () => {
    const [first, second] = [
      await new Journey(server).to('rectifying'),
      await new Journey(server).to('rectifying'),
    ];
    const original = await sample.photo(40);
    const smaller = await sample
      .scene(40, 320)
      .modulate({ brightness: 1.05 })
      .jpeg({ quality: 50 })
      .toBuffer();
    const a = await attached(original, 'image/jpeg', first, 'before-photo');
    const b = await attached(original, 'image/jpeg', second, 'before-photo');
    const c = await attached(smaller, 'image/jpeg', second, 'after-photo');
    await attached(await sample.photo(41), 'image/jpeg', second, 'result');
    // Of what no case has used nothing is told.
    await uploaded(smaller, 'image/jpeg', await new Journey(server).to('rectifying'));
    for (const who of [inspector, auditor]) {
      const { body } = await leads(who, first.id);
      const { leads: found } = body as unknown as { leads: { same: boolean; distance: number }[] };
      expect(found).toEqual([
        { evidence: a.receipt, other: { case: second.id, evidence: b.receipt }, distance: 0, same: true },
        {
          evidence: a.receipt,
          other: { case: second.id, evidence: c.receipt },
          distance: expect.any(Number),
          same: false,
        },
      ]);
      expect(found[1]?.distance).toBeLessThanOrEqual(6);
    }
    expect((await leads(handler, first.id)).status).toBe(403);
    expect((await leads(registrar, first.id)).status).toBe(403);
    // To whom the other case does not exist, there is no lead.
    const exclude = { person: auditor[0], reason: '亲属关系' };
    expect((await second.give(inspector, 'exclude-person', exclude)).status).toBe(200);
    expect((await leads(auditor, first.id)).body).toEqual({ leads: [] });
    expect((await leads(auditor, second.id)).status).toBe(404);
  });

  test('is a lead though one was taken as HEIC and the other is JPEG', async () => {
    const [first, second] = [
      await new Journey(server).to('rectifying'),
      await new Journey(server).to('rectifying'),
    ];
    const a = await attached(await sample.heic(), 'image/heic', first, 'before-photo');
    const b = await attached(
      await sample.scene(60, 320).jpeg().toBuffer(),
      'image/jpeg',
      second,
      'after-photo',
    );
    expect((await leads(inspector, first.id)).body).toMatchObject({
      leads: [{ evidence: a.receipt, other: { case: second.id, evidence: b.receipt }, same: false }],
    });
  });
});
