import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import * as sample from '../../support/evidence-files.js';
import { handler, inspector, Journey, registrar } from '../../support/people.js';
import { type Answer, startServer, type TestServer } from '../../support/server.js';
import { Tus } from '../../support/tus.js';

let server: TestServer;
let one: Journey;
let token: string;
beforeAll(async () => {
  server = await startServer();
  one = await new Journey(server).to('rectifying');
  token = await server.token(...handler);
});
afterAll(() => server.stop());

const send = (type: string, content: Uint8Array): Promise<Answer> =>
  server.send(token, 'POST', `/api/v1/cases/${one.id}/uploads`, content, { 'Content-Type': type });
const rows = async (): Promise<number> => {
  const [row] = await server.database.sql<{ n: number }[]>`select count(*)::int as n from evidence.uploads`;
  return row?.n ?? NaN;
};
const fetched = async (path: string): Promise<{ status: number; headers: Headers; bytes: Buffer }> => {
  const answer = await fetch(`${server.url}/api/v1/cases/${one.id}${path}`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
};

const GUARDS = {
  'content-disposition': expect.stringMatching(
    /^attachment; filename="evidence-[0-9a-f]{8}\.\w+"$/,
  ) as unknown,
  'x-content-type-options': 'nosniff',
  'content-security-policy': "sandbox; default-src 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'private, no-store',
};

const HTML = Buffer.from('<!doctype html><script>alert(1)</script>');
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');

describe('of each kind that is taken', () => {
  test.each<[string, () => Buffer | Promise<Buffer>]>([
    ['image/jpeg', () => sample.photo(1)],
    ['image/png', () => sample.scene(2).png().toBuffer()],
    ['image/webp', () => sample.scene(3).webp().toBuffer()],
    ['image/heic', sample.heic],
    ['application/pdf', sample.pdf],
    [sample.DOCX, () => sample.office('docx')],
    [sample.XLSX, () => sample.office('xlsx')],
    ['video/mp4', sample.mp4],
  ])('%s comes back as it was, as an attachment that no browser runs', async (type, make) => {
    const content = await make();
    const { status, body } = await send(type, content);
    expect([status, body]).toMatchObject([201, { bytes: content.length, mediaType: type }]);
    const file = await fetched(`/evidence/${String(body.receipt)}`);
    expect(Object.fromEntries(file.headers)).toMatchObject({ ...GUARDS, 'content-type': type });
    expect(file.bytes.equals(content)).toBe(true);
    const picture = await fetched(`/evidence/${String(body.receipt)}/thumbnail`);
    const shown = type.startsWith('image/');
    expect(picture.status).toBe(shown ? 200 : 409);
    if (shown)
      expect(Object.fromEntries(picture.headers)).toMatchObject({ ...GUARDS, 'content-type': 'image/jpeg' });
  });
});

describe('content that is not what it was declared to be', () => {
  const liars: Record<string, [string, () => Buffer | Promise<Buffer>]> = {
    'HTML as JPEG': ['image/jpeg', () => HTML],
    'SVG as PNG': ['image/png', () => SVG],
    'SVG by its name': ['image/svg+xml', () => SVG],
    'HTML by its name': ['text/html', () => HTML],
    'a PNG as JPEG': ['image/jpeg', () => sample.scene(4).png().toBuffer()],
    'a GIF as PNG': ['image/png', () => sample.scene(4).gif().toBuffer()],
    'an AVIF as HEIC': ['image/heic', () => sample.scene(4, 64).avif().toBuffer()],
    'a film under the brand of HEIC': ['image/heic', sample.mp4AsHeic],
    'a HEIC as MP4': ['video/mp4', sample.heic],
    'a HEIC that is cut off': ['image/heic', async () => (await sample.heic()).subarray(0, 2000)],
    'a HEIC that is cut off where its boxes do not show it': ['image/heic', sample.heicCut],
    'a HEIC with HTML behind it': ['image/heic', async () => Buffer.concat([await sample.heic(), HTML])],
    'the first bytes of a JPEG before HTML': [
      'image/jpeg',
      () => Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), HTML]),
    ],
    'a PNG without its head': [
      'image/png',
      () => Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), HTML]),
    ],
    'a PDF behind HTML': ['application/pdf', () => Buffer.concat([HTML, sample.pdf()])],
    'a PDF behind one byte': ['application/pdf', () => Buffer.concat([Buffer.from(' '), sample.pdf()])],
    'a zip as DOCX': [sample.DOCX, () => sample.zip({ 'a.txt': HTML })],
    'a workbook as DOCX': [sample.DOCX, () => sample.office('xlsx')],
    'a DOCX behind a JPEG': [
      sample.DOCX,
      async () => Buffer.concat([await sample.photo(5), await sample.office('docx')]),
    ],
    'a DOCX with programs': [
      sample.DOCX,
      () => sample.office('docx', { 'word/vbaProject.bin': randomBytes(50) }),
    ],
    'a DOCX of the kind with programs': [
      sample.DOCX,
      () => sample.office('docx', {}, 'application/vnd.ms-word.document.macroEnabled.main+xml'),
    ],
    'a DOCX that is cut off': [sample.DOCX, async () => (await sample.office('docx')).subarray(0, 200)],
    'an MP4 with HTML behind it': ['video/mp4', () => Buffer.concat([sample.mp4(), HTML])],
    'an MP4 that says it is longer': ['video/mp4', () => sample.mp4().subarray(0, 400)],
    nothing: ['application/pdf', () => Buffer.alloc(0)],
  };
  test.each(Object.entries(liars))('is refused and leaves nothing behind: %s', async (_, [type, make]) => {
    const before = await rows();
    const content = await make();
    expect(await send(type, content)).toMatchObject({ status: 415, body: { code: 'input/media-type' } });
    // In parts: it is found out when it is whole, and there is nothing then to go on with.
    const sender = new Tus(server, one, handler);
    const begun = await sender.begin(content.length, { filetype: type });
    if (begun.status === 201) {
      const at = begun.headers.get('location') ?? '';
      if (content.length > 0) expect((await sender.part(at, 0, content)).status).toBe(415);
      expect(await sender.offset(at)).toBeNaN();
    } else expect(begun.status).toBe(415);
    expect(await rows()).toBe(before);
  });
});

describe('what would grow to harm', () => {
  test('a picture of 50,000 × 50,000 pixels is refused and not unpacked', async () => {
    const bomb = sample.pngOf(50_000, 50_000);
    expect(bomb.length).toBeLessThan(200);
    expect(await send('image/png', bomb)).toMatchObject({ status: 413, body: { code: 'input/too-large' } });
  });

  test('a HEIC of 60,000 × 60,000 pixels is refused and not unpacked', async () => {
    const bomb = await sample.heicOf(60_000, 60_000);
    expect(await send('image/heic', bomb)).toMatchObject({ status: 413, body: { code: 'input/too-large' } });
  });

  test('a HEIC that would be unpacked for minutes is given up, and meanwhile others are answered', async () => {
    const bomb = await sample.heicOfTiles(30, 30);
    let ended = false;
    const sent = send('image/heic', bomb).finally(() => (ended = true));
    const other = await sample.scene(30).png().toBuffer();
    for (let n = 0; n < 30; n++) expect((await send('image/png', other)).status).toBe(201);
    expect(ended).toBe(false);
    const { status, body } = await sent;
    expect([status, body.mediaType]).toEqual([201, 'image/heic']);
    expect((await fetched(`/evidence/${String(body.receipt)}/thumbnail`)).status).toBe(409);
  });

  test('a document whose parts grow a thousandfold is refused and not unpacked', async () => {
    const bomb = await sample.office('docx', { 'word/media/a.xml': Buffer.alloc(30 * 1024 * 1024) });
    expect(bomb.length).toBeLessThan(100_000);
    expect(await send(sample.DOCX, bomb)).toMatchObject({ status: 413, body: { code: 'input/too-large' } });
  });
});

describe('a photo', () => {
  const script = '<script>alert(document.cookie)</script>';
  const exif = {
    description: script,
    ...{ time: '2026:01:20 10:11:12', offset: '+08:00', datum: 'WGS-84' },
    place: ['28/1 13/1 3000/100', '112/1 56/1 1234/100'] as [string, string],
  };

  test('keeps when and where it was taken as facts, and no text that somebody wrote into it', async () => {
    const { body } = await send('image/jpeg', await sample.photo(10, exif));
    expect(body).toMatchObject({
      takenAt: '2026-01-20T10:11:12+08:00',
      takenPlace: { latitudeE7: 282_250_000, longitudeE7: 1_129_367_611, datum: 'WGS-84' },
    });
    const given = await one.give(handler, 'attach-evidence', { slot: 'before-photo', receipt: body.receipt });
    expect(given.status).toBe(200);
    const history = await one.get(registrar, '/history?from=0');
    expect(JSON.stringify(history.body)).toContain('2026-01-20T10:11:12+08:00');
    expect(JSON.stringify([history.body, body, server.said()])).not.toMatch(/<script|cookie/);
  });

  test.each<[string, sample.Exif]>([
    ['a script for a time', { time: script, offset: script }],
    ['a day that there is not', { time: '2026:02:31 10:00:00' }],
    ['zeros', { time: '0000:00:00 00:00:00' }],
    ['a place beyond the pole', { place: ['95/1 0/1 0/1', '112/1 0/1 0/1'] }],
    ['a place in another datum', { place: ['28/1 0/1 0/1', '112/1 0/1 0/1'], datum: 'TOKYO' }],
    ['a place divided by nothing', { place: ['28/0 0/0 0/0', '112/1 0/1 0/1'] }],
  ])('that says %s says nothing', async (name, wrong) => {
    const { status, body } = await send('image/jpeg', await sample.photo(name.length + 100, wrong));
    expect([status, body.takenAt, body.takenPlace]).toEqual([201, undefined, undefined]);
  });

  test('is passed on and shown in lists without what the camera wrote and what stands behind its end', async () => {
    const archive = await sample.zip({ 'evil.class': randomBytes(100) });
    const both = Buffer.concat([await sample.photo(11, exif), archive, HTML]);
    const { body } = await send('image/jpeg', both);
    for (const [size, most] of [
      ['copy', 640],
      ['thumbnail', 320],
    ] as const) {
      const { bytes, status } = await fetched(`/evidence/${String(body.receipt)}/${size}`);
      const found = await sharp(bytes).metadata();
      expect([status, found.format, found.width, found.exif]).toEqual([200, 'jpeg', most, undefined]);
      expect(bytes.includes('script') || bytes.includes('evil') || bytes.includes('2026')).toBe(false);
    }
  });

  test('says and shows as much as HEIC, and upright', async () => {
    const { body } = await send('image/heic', await sample.heic());
    expect(body).toMatchObject({
      takenAt: '2026-01-20T10:11:12+08:00',
      takenPlace: { latitudeE7: 282_250_000, longitudeE7: 1_129_367_611, datum: 'WGS-84' },
    });
    for (const [size, width, height] of [
      ['copy', 640, 480],
      ['thumbnail', 320, 240],
    ] as const) {
      const { bytes } = await fetched(`/evidence/${String(body.receipt)}/${size}`);
      const found = await sharp(bytes).metadata();
      expect(found).toMatchObject({ format: 'jpeg', width, height });
      expect(found.exif).toBeUndefined();
      expect(bytes.includes('script') || bytes.includes('2026')).toBe(false);
    }
  });

  test('goes into workbooks and papers as that copy', async () => {
    const { body } = await send('image/jpeg', await sample.photo(12, exif));
    await one.give(handler, 'attach-evidence', { slot: 'after-photo', receipt: body.receipt });
    const [kept] = await server.database.sql<
      { n: number }[]
    >`select count(*)::int as n from evidence.uploads`;
    expect(kept?.n).toBeGreaterThan(0);
    const auth = { Authorization: `Bearer ${await server.token(...inspector)}` };
    const answer = await fetch(`${server.url}/api/v1/cases/${one.id}/notice.pdf`, { headers: auth });
    const paper = Buffer.from(await answer.arrayBuffer());
    expect(paper.includes('<script>') || paper.includes('2026:01:20')).toBe(false);
  });
});

test('many large pictures at once need no more memory than a few', async () => {
  const large = await sample.scene(20, 6000).jpeg({ quality: 60 }).toBuffer();
  const memory = async (): Promise<number> => {
    const operator = await server.token('operator', 'province-office', 'system-admin');
    const { body } = await server.send(operator, 'GET', '/metrics');
    return Number(/^process_resident_memory_bytes (\S+)/m.exec(String(body.text))?.[1]);
  };
  const sent = (n: number): Promise<Answer> => send('image/jpeg', Buffer.concat([large, Buffer.from([n])]));
  await Promise.all([1, 2].map(sent));
  const few = await memory();
  await Promise.all([3, 4, 5, 6, 7, 8, 9, 10].map(sent));
  expect((await memory()) - few).toBeLessThan(150 * 1024 * 1024);
});
