import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type AddressInfo, type Server } from 'node:net';
import { clamdDouble, HARMFUL } from '../../doubles/clamd.js';
import { pdf } from '../../support/evidence-files.js';
import { handler, Journey } from '../../support/people.js';
import { startServer, type TestServer } from '../../support/server.js';
import { Tus } from '../../support/tus.js';

let scanner: Server;
let server: TestServer;
let one: Journey;
let port: number;
const listening = (): Promise<void> =>
  new Promise((resolve) => {
    scanner = clamdDouble('well').listen(port, '127.0.0.1', resolve);
  });
beforeAll(async () => {
  port = 0;
  await listening();
  ({ port } = scanner.address() as AddressInfo);
  server = await startServer({ CLAMD: `127.0.0.1:${port}` });
  one = await new Journey(server).to('rectifying');
});
afterAll(async () => {
  scanner.close();
  await server.stop();
});

const PDF = 'application/pdf';

test('with a scanner nothing harmful is kept, and nothing at all while it is away', async () => {
  const sender = new Tus(server, one, handler);
  await sender.whole(pdf(), PDF);
  const bad = pdf(HARMFUL);
  const at = await sender.begun(bad.length, PDF);
  expect((await sender.part(at, 0, bad)).body.code).toBe('evidence/infected');
  expect(await sender.offset(at)).toBeNaN();

  scanner.close();
  const good = pdf();
  const waiting = await sender.begun(good.length, PDF);
  expect((await sender.part(waiting, 0, good)).body.code).toBe('service/unavailable');
  const [rows] = await server.database.sql<{ n: number }[]>`select count(*)::int as n from evidence.uploads`;
  expect(rows?.n).toBe(1);
  // What came is still there, and is kept once the scanner is back.
  await listening();
  const last = await sender.part(waiting, good.length, Buffer.alloc(0));
  expect([last.status, last.headers.get('upload-receipt')]).toEqual([
    204,
    expect.stringMatching(/^[0-9a-f-]{36}$/),
  ]);
});
