import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as people from '../support/people.js';
import { type Answer, startServer, type TestServer } from '../support/server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

type Who = Parameters<TestServer['token']>;
const as = async (who: Who, method: string, path: string, body?: unknown, headers = {}): Promise<Answer> =>
  server.send(await server.token(...who), method, `/api/v1/${path}`, body, headers);

describe('a file of persons', () => {
  const CSV = { 'Content-Type': 'text/csv' };
  const head = 'person,name,identityNumber,unit,role,from,until';
  const rows = [
    head,
    'import-one,演示导入甲,110101190001010016,bronx-office,handler,2026-01-01,',
    'import-two,演示导入乙,,queens-office,审核岗,2026-01-01,2099-12-31',
    'import-one,演示导入甲,110101190001010016,bronx-office,reviewer,2026-01-01,',
  ];
  const sent = (text: string | Buffer, query = '', who: Who = [...people.securityAdmin]): Promise<Answer> =>
    as(who, 'POST', `register/persons/import${query}`, text, CSV);

  test('is tried, and nothing is written', async () => {
    const { status, body } = await sent(rows.join('\n'));
    expect([status, body]).toMatchObject([200, { rows: 3, new: 3, known: 0, wrong: 0 }]);
    expect((await as([...people.securityAdmin], 'GET', 'register/persons/import-one')).status).toBe(404);
  });

  test('with a wrong row enters none, or the others, and goes on where it stopped', async () => {
    const text = [...rows, 'import-three,演示导入丙,,no-office,handler,2026-01-01,'].join('\n');
    expect((await sent(text, '?commit=true')).body.code).toBe('import/wrong-rows');
    const { body } = await sent(text, '?commit=true&onlyGood=true');
    expect(body).toMatchObject({ new: 3, known: 0, wrong: 1 });
    const { body: one } = await as([...people.securityAdmin], 'GET', 'register/persons/import-one');
    expect(one).toMatchObject({
      name: '演示导入甲',
      appointments: [
        { unit: 'bronx-office', role: 'handler' },
        { unit: 'bronx-office', role: 'reviewer' },
      ],
    });
    const more = [...rows, 'import-three,演示导入丙,,bronx-office,handler,2026-01-01,'].join('\n');
    expect((await sent(more, '?commit=true')).body).toMatchObject({ new: 1, known: 3, wrong: 0 });
    expect((await sent(more, '?commit=true')).body).toMatchObject({ new: 0, known: 4, wrong: 0 });
    // Who was entered acts.
    expect((await as(['import-three', 'bronx-office', 'handler'], 'GET', 'cases')).status).toBe(200);
  });

  test('tells nothing of what stands in it, in answers and in what the server says', async () => {
    const text = [head, 'import-four,演示导入丁,110101190001010016,bronx-office,handler,2026-01-01,'].join(
      '\n',
    );
    const { body } = await sent(text);
    expect(body).toMatchObject({ wrong: 1 });
    expect(JSON.stringify(body)).not.toMatch(/演示导入|110101/);
    expect(server.said()).not.toMatch(/演示导入|110101/);
  });

  test('is brought by a security-admin, as CSV that is text', async () => {
    expect((await sent(rows.join('\n'), '', [...people.operator])).body.code).toBe('auth/forbidden');
    const plain = await as([...people.securityAdmin], 'POST', 'register/persons/import', { rows: [] });
    expect(plain.body.code).toBe('input/media-type');
    expect((await sent('')).body.code).toBe('input/invalid');
    expect((await sent(rows.join('\n'), '?commit=yes')).body.code).toBe('input/invalid');
    expect((await sent(`${head}\n${'x'.repeat(1024 * 1024)}`)).body.code).toBe('input/too-large');
  });
});
