import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PARTS, sha256, Tus } from '../../support/tus.js';
import { pdf } from '../../support/evidence-files.js';
import { dispatcher, handler, Journey, otherHandler, verifier } from '../../support/people.js';
import { startServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let one: Journey;
let sender: Tus;
beforeAll(async () => {
  server = await startServer();
  one = await new Journey(server).to('rectifying');
  sender = new Tus(server, one, handler);
});
afterAll(() => server.stop());

const PDF = 'application/pdf';
/** So long that it comes in several reads. */
const long = (): Buffer => Buffer.concat([pdf(), randomBytes(700_000)]);
const rowsOf = (content: Buffer): Promise<{ receipt: string }[]> =>
  server.database.sql`select receipt from evidence.uploads where sha256 = ${sha256(content)}`;

describe('an upload that is cut off', () => {
  test('is gone on with where it stood, and has one receipt for exactly what was sent', async () => {
    const content = long();
    const at = await sender.begun(content.length, PDF);
    await sender.cutOff(at, 0, content, 300_000);
    const reached = await sender.offsetBehind(at, 0);
    expect(reached).toBeGreaterThan(0);
    expect(reached).toBeLessThanOrEqual(300_000);
    const last = await sender.part(at, reached, content.subarray(reached));
    expect(last.status).toBe(204);
    expect(await rowsOf(content)).toEqual([{ receipt: last.headers.get('upload-receipt') }]);
  });

  test('is gone on with although the server still thinks that the old line lives', async () => {
    const content = long();
    const at = await sender.begun(content.length, PDF);
    const hang = await sender.hanging(at, content, 300_000);
    const reached = await sender.offset(at);
    expect(reached).toBe(300_000);
    expect((await sender.part(at, reached, content.subarray(reached))).status).toBe(204);
    expect(await rowsOf(content)).toHaveLength(1);
    hang();
  });

  test('is gone on with after the process was killed, from what was safe', async () => {
    const content = long();
    const at = await sender.begun(content.length, PDF);
    expect((await sender.part(at, 0, content.subarray(0, 200_000))).status).toBe(204);
    await server.restart('SIGKILL');
    expect(await sender.offset(at)).toBe(200_000);
    const last = await sender.part(at, 200_000, content.subarray(200_000));
    expect(await rowsOf(content)).toEqual([{ receipt: last.headers.get('upload-receipt') }]);
  });

  test('with people in it lies hidden until it is whole, whatever cut it off, and nothing in clear stays', async () => {
    const content = long();
    const arriving = join(server.dataDir, 'arriving');
    const at = await sender.begun(content.length, PDF, { people: 'true' });
    await sender.cutOff(at, 0, content, 300_001);
    const reached = await sender.offsetBehind(at, 0);
    await server.restart('SIGKILL');
    const lying = await readFile(join(arriving, 'resumable', basename(at)));
    expect(lying.length).toBeGreaterThanOrEqual(reached);
    for (let from = 0; from + 32 <= reached; from += 65_536)
      expect(lying.includes(content.subarray(from, from + 32))).toBe(false);
    const last = await sender.part(at, reached, content.subarray(reached));
    // Its holder is told by its content in clear: what came whole has the same receipt.
    const path = `/api/v1/cases/${one.id}/uploads?people=true`;
    const whole = await server.send(await server.token(...handler), 'POST', path, content, {
      'Content-Type': PDF,
    });
    expect([whole.status, whole.body.receipt]).toEqual([201, last.headers.get('upload-receipt')]);
    expect(await readdir(join(arriving, 'now'))).toEqual([]);
    expect(await server.database.sql`select key from evidence.arriving where id = ${basename(at)}`).toEqual([
      { key: null },
    ]);
  });

  test('in a part with a checksum has nothing of that part', async () => {
    const content = long();
    const at = await sender.begun(content.length, PDF);
    const digest = createHash('sha256').update(content).digest('base64');
    const half = content.subarray(0, 350_000);
    const wrong = await sender.part(at, 0, half, { 'Upload-Checksum': `sha256 ${digest}` });
    expect([wrong.status, wrong.body.code]).toEqual([460, 'upload/checksum']);
    expect(await sender.offset(at)).toBe(0);
    expect((await sender.part(at, 0, content, { 'Upload-Checksum': `sha256 ${digest}` })).status).toBe(204);
    expect(await rowsOf(content)).toHaveLength(1);
  });
});

describe('an upload that is repeated', () => {
  test('part by part, or whole, has the receipt that it had', async () => {
    const content = pdf();
    const at = await sender.begun(content.length, PDF);
    const first = await sender.part(at, 0, content);
    const receipt = first.headers.get('upload-receipt');
    expect(receipt).toMatch(/^[0-9a-f-]{36}$/);
    // The answer was lost: who asks is told, and who sends again is told where it stands.
    expect(await sender.receiptOf(at)).toBe(receipt);
    expect((await sender.part(at, 0, content)).body.code).toBe('upload/offset');
    const nothing = await sender.part(at, content.length, Buffer.alloc(0));
    expect([nothing.status, nothing.headers.get('upload-receipt')]).toEqual([204, receipt]);
    expect(await sender.whole(content, PDF)).toBe(receipt);
    const token = await server.token(...handler);
    const path = `/api/v1/cases/${one.id}/uploads`;
    const plain = await server.send(token, 'POST', path, content, { 'Content-Type': PDF });
    expect(plain.body).toMatchObject({ receipt, sha256: sha256(content), bytes: content.length });
    expect(await rowsOf(content)).toHaveLength(1);
  });

  test('at the same moment is kept once', async () => {
    const content = long();
    const at = await sender.begun(content.length, PDF);
    const both = await Promise.all([sender.part(at, 0, content), sender.part(at, 0, content)]);
    expect(both.some(({ status }) => status === 204)).toBe(true);
    expect(await rowsOf(content)).toHaveLength(1);
  });
});

describe('somebody else', () => {
  test('neither sees, goes on with nor ends an upload, nor does its owner in another case', async () => {
    const content = pdf();
    const at = await sender.begun(content.length, PDF);
    const other = await new Journey(server).to('rectifying');
    const strangers: [Tus, string, number][] = [
      // Sees the case, and began none of this.
      [new Tus(server, one, verifier), at, 404],
      [new Tus(server, one, dispatcher), at, 404],
      [new Tus(server, one, otherHandler), at, 404],
      [new Tus(server, other, handler), at.replace(one.id, other.id), 404],
    ];
    for (const [stranger, place, status] of strangers) {
      for (const method of ['HEAD', 'DELETE'])
        expect((await stranger.send(method, place)).status).toBe(status);
      expect((await stranger.part(place, 0, content)).status).toBe(status);
    }
    expect(await sender.offset(at)).toBe(0);
    const url = server.url + at;
    for (const method of ['HEAD', 'PATCH', 'DELETE', 'OPTIONS'])
      expect((await fetch(url, { method, headers: { 'Content-Type': PARTS } })).status).toBe(
        method === 'OPTIONS' ? 404 : 401,
      );
    expect((await sender.part(at, 0, content)).status).toBe(204);
  });
});

describe('a request that is not as the protocol has it', () => {
  test('is refused and changes nothing', async () => {
    const content = pdf();
    const at = await sender.begun(content.length, PDF);
    const answers = [
      await sender.part(at, 5, content.subarray(5)),
      await sender.part(at, 0, Buffer.concat([content, Buffer.from('more')])),
      await sender.part(at, 0, content, { 'Tus-Resumable': '0.2.2' }),
      await sender.part(at, 0, content, { 'Upload-Checksum': 'md5 AAAA' }),
      await sender.part(at, 0, content, { 'Upload-Offset': '-1' }),
      await sender.send('HEAD', at.replace(/[^/]+$/, randomUUID())),
      await sender.send('HEAD', at.replace(/[^/]+$/, '..%2f..%2fetc%2fpasswd')),
      await sender.begin(51 * 1024 * 1024, { filetype: PDF }),
      await sender.begin(100, { filetype: 'image/svg+xml' }),
      await sender.begin(100, { filetype: 'toString' }),
      await sender.begin(100, { people: 'true' }),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [409, 'upload/offset'],
      [413, 'input/too-large'],
      [400, 'upload/protocol'],
      [400, 'upload/protocol'],
      [400, 'upload/protocol'],
      [404, undefined],
      [404, undefined],
      [413, 'input/too-large'],
      [415, 'input/media-type'],
      [415, 'input/media-type'],
      [415, 'input/media-type'],
    ]);
    expect(await sender.offset(at)).toBe(0);
    expect((await sender.part(at, 0, content)).status).toBe(204);
  });

  test('more bytes than were said, in a body without a length, are as if they had not come', async () => {
    const content = pdf();
    const at = await sender.begun(content.length, PDF);
    const token = await server.token(...handler);
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(content);
        controller.enqueue(Buffer.from('and more'));
        controller.close();
      },
    });
    const headers = {
      Authorization: `Bearer ${token}`,
      'Tus-Resumable': '1.0.0',
      'Upload-Offset': '0',
      'Content-Type': PARTS,
    };
    const sent = { method: 'PATCH', body, headers, duplex: 'half' } as RequestInit;
    expect((await fetch(server.url + at, sent)).status).toBe(413);
    expect(await sender.offset(at)).toBe(0);
  });

  test('says what can be done, and lets no other origin in', async () => {
    const { status, headers } = await sender.send('OPTIONS', `/api/v1/cases/${one.id}/uploads/tus`);
    expect([status, headers.get('tus-version'), headers.get('tus-max-size')]).toEqual([
      204,
      '1.0.0',
      '52428800',
    ]);
    expect(headers.get('tus-extension')?.split(',')).toEqual(
      expect.arrayContaining(['creation', 'termination', 'expiration', 'checksum']),
    );
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

test('names of files are neither used nor kept, whatever they are', async () => {
  const names = [
    '../../etc/cron.d/x',
    '/etc/passwd',
    'a\0b.pdf',
    '\u202efdp.exe',
    'C:\\x\\..\\y',
    '<script>.html',
  ];
  for (const filename of names) {
    const content = pdf();
    const at = await sender.begun(content.length, PDF, { filename });
    const { headers } = await sender.send('HEAD', at);
    expect(headers.get('upload-metadata')).toBe(`filetype ${Buffer.from(PDF).toString('base64')}`);
    const { status, headers: last } = await sender.part(at, 0, content);
    expect(status).toBe(204);
    const file = await sender.send(
      'GET',
      `/api/v1/cases/${one.id}/evidence/${String(last.get('upload-receipt'))}`,
    );
    expect(file.headers.get('content-disposition')).toMatch(
      /^attachment; filename="evidence-[0-9a-f]{8}\.pdf"$/,
    );
  }
  const kept = await readdir(join(server.dataDir, 'files'), { recursive: true });
  expect(kept.every((name) => /^[0-9a-f]{2}(?:\/[0-9a-f]{64})?$/.test(name))).toBe(true);
  expect(server.said()).not.toMatch(/etc|script|pdf/);
});

test('a case has only so many files, and what was given up makes room', async () => {
  const other = await new Journey(server).to('rectifying');
  await server.database.sql`insert into evidence.uploads (case_id, person, sha256, bytes, media_type)
    select ${other.id}, 'someone', md5(n::text), 1, ${PDF} from generate_series(1, 39) n`;
  const full = new Tus(server, other, handler);
  const at = await full.begun(1000, PDF);
  expect((await full.begin(1000, { filetype: PDF })).body.code).toBe('upload/files-many');
  expect((await full.send('DELETE', at)).status).toBe(204);
  expect(await full.offset(at)).toBeNaN();
  await full.whole(pdf(), PDF);
  await expect(full.whole(pdf(), PDF)).rejects.toThrow('409 upload/files-many');
});
