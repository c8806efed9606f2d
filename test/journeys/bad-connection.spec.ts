import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { photo } from '../support/evidence-files.js';
import { handler, inspector, Journey } from '../support/people.js';
import { startServer, type TestServer } from '../support/server.js';
import { sha256, Tus } from '../support/tus.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

interface Event {
  type: string;
  data: { file: { receipt: string; sha256: string; bytes: number; takenAt?: string } };
}

/** Of the phone's outbox: as large as it sends at once. */
const CHUNK = 256 * 1024;

test('a county handler whose line breaks in the middle of a photo ends with one event and the hash of the photo', async () => {
  const one = await new Journey(server).to('rectifying');
  // Cameras write more behind the end of a photo; so it is as long as one.
  const taken = Buffer.concat([
    await photo(1, { time: '2026:01:20 10:11:12' }),
    randomBytes(2 * 1024 * 1024),
  ]);
  const phone = new Tus(server, one, handler);
  const at = await phone.begun(taken.length, 'image/jpeg', { filename: 'IMG_2026 屋顶.jpg' });

  let cuts = 0;
  let offset = 0;
  for (let tries = 0; offset < taken.length && tries < 40; tries++) {
    const chunk = taken.subarray(offset, offset + CHUNK);
    if (tries % 3 === 0) {
      // In a chunk: some of it came.
      await phone.cutOff(at, offset, chunk, Math.floor(chunk.length / 2));
      cuts++;
    } else {
      const { status, body } = await phone.part(at, offset, chunk);
      // The answer was lost as well: it is sent a second time, and the place is asked for.
      const again = tries % 3 === 1 ? await phone.part(at, offset, chunk) : undefined;
      expect([status, body.code]).toEqual([204, undefined]);
      if (again && offset + chunk.length < taken.length) expect(again.body.code).toBe('upload/offset');
    }
    const reached = await phone.offsetBehind(at, offset);
    expect(reached).toBeGreaterThan(offset);
    offset = reached;
  }
  expect(cuts).toBeGreaterThan(2);
  expect(offset).toBe(taken.length);

  // The phone was switched off before it had heard the end, and asks.
  const receipt = (await phone.receiptOf(at)) ?? '';
  expect(await phone.whole(taken, 'image/jpeg')).toBe(receipt);
  const attach = { slot: 'after-photo', receipt };
  const key = { 'Idempotency-Key': 'outbox-1', 'If-Match': `"${one.revision}"` };
  const sent = [
    await one.give(handler, 'attach-evidence', attach, key),
    await one.give(handler, 'attach-evidence', attach, key),
  ];
  expect(sent.map(({ status, body }) => [status, body.repeated])).toEqual([
    [200, false],
    [200, true],
  ]);

  const { body } = await one.get(inspector, '/history?from=0');
  const events = (body as unknown as { events: Event[] }).events.filter(
    ({ type }) => type === 'EvidenceAttached',
  );
  expect(events.map(({ data }) => data.file)).toEqual([
    {
      receipt,
      sha256: sha256(taken),
      bytes: taken.length,
      mediaType: 'image/jpeg',
      takenAt: '2026-01-20T10:11:12',
    },
  ]);
  const token = await server.token(...inspector);
  const file = await fetch(`${server.url}/api/v1/cases/${one.id}/evidence/${receipt}`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  expect(sha256(Buffer.from(await file.arrayBuffer()))).toBe(sha256(taken));
});
