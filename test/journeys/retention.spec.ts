import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { picture } from '../../apps/cli/demo-picture.js';
import { type ErasureRequest } from '../../libs/contracts/erasures.js';
import { type DueCase, type RetentionDue } from '../../libs/contracts/retention.js';
import { PostgresLog } from '../../libs/adapters/postgres-log/postgres-log.js';
import { storable } from '../../libs/eventing/canonical.js';
import { commandId, eventId } from '../../libs/eventing/ids.js';
import { addDays } from '../../libs/calendar/working-days.js';
import { yearsAfter } from '../../libs/calendar/years.js';
import { CLI, runToEnd, until } from '../faults/support/processes.js';
import * as people from '../support/people.js';
import { type Answer, startServer, type TestServer } from '../support/server.js';

const { auditAdmin, cityApprover, dispatcher, handler, inspector, operator, registrar } = people;
const security = people.securityAdmin;
type Who = Parameters<people.Journey['get']>[0];
/** Of the demo's policy. */
const YEARS = 2;

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const as = async (who: Who, method: string, path: string, body?: unknown, headers = {}): Promise<Answer> =>
  server.send(await server.token(...who), method, `/api/v1/${path}`, body, headers);
const key = (): Record<string, string> => ({ 'Idempotency-Key': randomUUID() });

type Case = people.Journey & { photo?: string };

/** A petition, closed today: somebody who speaks, what they say, and a photo with people in it. */
async function closed(): Promise<Case> {
  const one: Case = new people.Journey(server);
  await one.to(
    'registered',
    people.problem({
      source: { code: 'PT', document: `访〔2026〕${randomUUID()}号` },
      petitioner: { name: '演示张三', phone: '13800005678' },
      verbatim: '我家屋面渗漏。',
    }),
  );
  await one.check();
  await one.to('rectifying');
  const path = `cases/${one.id}/uploads?people=true`;
  const photo = await as(handler, 'POST', path, picture(one.id), { 'Content-Type': 'image/png' });
  one.photo = String(photo.body.receipt);
  await one.give(handler, 'attach-evidence', { slot: 'result', receipt: one.photo });
  await one.submit();
  await one.give(people.reviewer, 'pass-review');
  await one.verify();
  const answer = await one.give(cityApprover, 'close-case');
  if (answer.status !== 200) throw new Error(`close-case: ${answer.status} ${String(answer.body.code)}`);
  return one;
}

const today = async (): Promise<string> => String((await as(operator, 'GET', 'clock')).body.today);
async function moveTo(day: string): Promise<void> {
  // The demo lies in Shanghai: its day begins at 16:00 of the day before.
  const to = `${addDays(day, -1)}T16:00:01.000Z`;
  const { status } = await as(operator, 'POST', 'clock', { to });
  if (status !== 201) throw new Error(`the clock stands: ${status}`);
}
const due = async (query = '', who: Who = security): Promise<RetentionDue> =>
  (await as(who, 'GET', `retention/due${query}`)).body as unknown as RetentionDue;
/** Until the ledger has what happened. */
const dueAre = (...expected: people.Journey[]): Promise<RetentionDue> =>
  until('the ledger has them', async () => {
    const page = await due();
    const found = page.cases.map((one) => one.case).sort();
    return found.join() ===
      expected
        .map(({ id }) => id)
        .sort()
        .join()
      ? page
      : undefined;
  });
const ask = (body: object, who: Who = security, header = key()): Promise<Answer> =>
  as(who, 'POST', 'retention/requests', { reason: '保存期限已满', ...body }, header);
const pathOf = ({ body }: Answer): string => `erasure-requests/${String(body.request)}`;
const settled = (path: string): Promise<ErasureRequest> =>
  until('it is carried out', async () => {
    const { body } = await as(auditAdmin, 'GET', path);
    return (body as unknown as ErasureRequest).state === 'erased'
      ? (body as unknown as ErasureRequest)
      : undefined;
  });
const reveal = (one: people.Journey, field: string): Promise<Answer> =>
  as(registrar, 'POST', `cases/${one.id}/reveal`, { revision: 0, field, purpose: '电话回访核实' });
const FIELDS = ['petitioner.name', 'petitioner.phone', 'verbatim'];
const show = (one: Case): Promise<Answer> =>
  as(registrar, 'POST', `cases/${one.id}/evidence/${String(one.photo)}/show`, { purpose: '核对人员名单' });

test('nothing is due while no case is at its end for so long, and what is asked for then is refused', async () => {
  const open = await new people.Journey(server).to('assigned');
  const one = await closed();
  const page = await due();
  expect(page).toEqual({ on: await today(), rule: { policy: 'demo@2', years: YEARS }, cases: [] });
  for (const cases of [[one.id], [open.id], [randomUUID()]]) {
    const { status, body } = await ask({ cases });
    expect([status, body.code, body.errors]).toMatchObject([
      409,
      'retention/not-due',
      [{ field: 'cases.0' }],
    ]);
  }
  expect((await ask({ dueBy: page.on })).body.code).toBe('retention/none');
});

describe('cases whose time is over', () => {
  const cases: Case[] = [];
  let closedOn = '';
  /** The first two are asked for, the third is held, the fourth taken up again, the last left for another day. */
  beforeAll(async () => {
    for (let n = 0; n < 5; n++) cases.push(await closed());
    closedOn = await today();
  });

  test('are due on the same day so many years later and not before, and tell nothing of what they are about', async () => {
    await moveTo(addDays(yearsAfter(closedOn, YEARS), -1));
    expect((await due()).cases).toEqual([]);
    await moveTo(yearsAfter(closedOn, YEARS));
    const { cases: found } = await until('they are due', async () => {
      const page = await due();
      return page.cases.length === 6 ? page : undefined;
    });
    for (const one of found) {
      expect(Object.keys(one).sort()).toEqual(['case', 'caseNumber', 'dueOn', 'endedOn', 'holders']);
      expect(one).toMatchObject({ endedOn: closedOn, dueOn: yearsAfter(closedOn, YEARS), holders: 3 });
    }
    const pages: DueCase[] = [];
    let after = '';
    for (let page = 0; page < 3; page++) {
      const { cases: some, next } = await due(`?limit=2${after}`, auditAdmin);
      pages.push(...some);
      after = `&after=${next ?? ''}`;
    }
    expect(pages).toEqual(found);
    expect((await as(security, 'GET', 'retention/due?after=none')).body.code).toBe('input/invalid');
    expect((await as(inspector, 'GET', 'retention/due')).body.code).toBe('auth/forbidden');
  });

  test('are not due while a failed look-back waits for its answer', async () => {
    const [first, second, held, fourth, fifth] = cases as [Case, Case, Case, Case, Case];
    // Of the test before.
    const earlier = (await due()).cases.filter((one) => !cases.some(({ id }) => id === one.case));
    expect((await ask({ cases: earlier.map((one) => one.case) })).status).toBe(201);
    const photos = [await held.upload(inspector, `look-back ${held.id}`)];
    const visit = { place: '现场', visitedOn: closedOn, findings: '又脱落', photos, outcome: 'failed' };
    const reasons = [{ slot: 'after-photo', reason: '与现场不符' }];
    expect((await held.give(inspector, 'record-look-back', { ...visit, reasons })).status).toBe(200);
    await dueAre(first, second, fourth, fifth);
    expect((await ask({ cases: [first.id, held.id] })).body).toMatchObject({
      ...{ code: 'retention/not-due', errors: [{ field: 'cases.1', rule: 'due' }] },
    });
  });

  test('are asked for by one, and erased when another approves; what was taken up again meanwhile is left out', async () => {
    const [first, second, , back, fifth] = cases as [Case, Case, Case, Case, Case];
    for (const field of FIELDS) expect((await reveal(first, field)).status).toBe(200);
    expect((await show(first)).status).toBe(200);
    const again = key();
    const wanted = { cases: [first.id, second.id, back.id] };
    const asked = await ask(wanted, security, again);
    expect([asked.status, asked.body]).toMatchObject([
      201,
      {
        ...{ state: 'requested', texts: 9, history: [{ by: 'security-admin', reason: '保存期限已满' }] },
        retention: { rule: { years: YEARS }, asked: 3, erased: 0, leftOut: 0 },
      },
    ]);
    expect((await ask(wanted, security, again)).body).toEqual(asked.body);
    expect((await ask({ cases: [first.id] }, security, again)).body.code).toBe('key/reused');
    await dueAre(fifth);
    expect((await ask({ cases: [first.id] })).body.code).toBe('retention/not-due');

    const reopening = { cause: 'relapse', reason: '再次渗漏。' };
    expect((await back.give(inspector, 'reopen-case', reopening)).status).toBe(200);
    await back.get(inspector);

    const path = pathOf(asked);
    expect((await as(security, 'POST', `${path}/approve`)).body.code).toBe('administrator/second-same');
    expect((await as(dispatcher, 'POST', `${path}/approve`)).body.code).toBe('auth/forbidden');
    expect((await reveal(first, 'verbatim')).status).toBe(200);
    expect((await as(auditAdmin, 'POST', `${path}/approve`)).status).toBe(200);
    const done = await settled(path);
    expect(done).toMatchObject({
      history: [
        { state: 'requested', by: 'security-admin' },
        { state: 'approved', by: 'audit-admin' },
        { state: 'erased', by: 'audit-admin' },
      ],
      retention: { asked: 3, erased: 2, leftOut: 1 },
    });
    const outcomes = new Map(done.retention?.cases?.map((one) => [one.case, one.outcome]));
    expect([first, second, back].map(({ id }) => outcomes.get(id))).toEqual(['erased', 'erased', 'left-out']);

    for (const one of [first, second]) {
      for (const field of FIELDS) expect((await reveal(one, field)).body.code).toBe('personal/erased');
      expect((await show(one)).body.code).toBe('personal/erased');
    }
    expect((await reveal(back, 'petitioner.name')).status).toBe(200);
    const { body } = await first.get(inspector, '/history');
    expect((body.events as unknown as object[]).at(-1)).toMatchObject({
      ...{ type: 'RetentionEnded', actor: { person: 'manager', role: 'manager' } },
      data: {
        ...{ request: done.request, askedBy: 'security-admin', approvedBy: 'audit-admin' },
        ...{ endedOn: closedOn, years: YEARS },
      },
    });
    const { body: log } = await as(auditAdmin, 'GET', `access-log?caseId=${first.id}&outcome=erased`);
    expect(log.entries).toMatchObject([
      { person: 'audit-admin', purpose: expect.stringContaining('requested by security-admin') as unknown },
    ]);
    // Said again, it is what it was.
    expect((await as(auditAdmin, 'POST', `${path}/approve`)).body).toEqual(done);
    const { body: all } = await as(auditAdmin, 'GET', 'erasure-requests');
    const listed = (all as unknown as ErasureRequest[]).find(({ request }) => request === done.request);
    expect(listed?.retention).toEqual({ rule: done.retention?.rule, asked: 3, erased: 2, leftOut: 1 });
  });

  test('are due again where the request is refused or withdrawn', async () => {
    const { body: all } = await as(security, 'GET', 'erasure-requests');
    const waiting = (all as unknown as ErasureRequest[]).find(({ state }) => state === 'requested');
    const path = `erasure-requests/${String(waiting?.request)}`;
    expect((await as(security, 'POST', `${path}/refuse`, { reason: '不同意' })).body.code).toBe(
      'administrator/second-same',
    );
    expect((await as(auditAdmin, 'POST', `${path}/refuse`, { reason: '审计未结' })).body.state).toBe(
      'refused',
    );
    const { cases: found } = await due();
    expect(found).toHaveLength(2);
    const asked = await ask({ dueBy: await today() });
    expect(asked.body).toMatchObject({ retention: { dueBy: await today(), asked: 2 } });
    expect((await due()).cases).toEqual([]);
    expect((await as(security, 'POST', `${pathOf(asked)}/withdraw`, { reason: '误报' })).body.state).toBe(
      'withdrawn',
    );
    expect((await due()).cases).toEqual(found);
  });

  test('are erased by the next start where the process ended before or among them, each once', async () => {
    const { cases: found } = await due();
    const ids = found.map((one) => one.case);
    const asked = await ask({ cases: ids });
    const request = String(asked.body.request);
    const { sql, address } = server.database;
    await sql`insert into cases.erasure_steps (request, step, state, by, unit, role, via, at)
      values (${request}, 2, 'approved', 'audit-admin', 'province-office', 'audit-admin', 'http',
        '2026-01-01T00:00:00.000Z')`;
    // Decided in the first of them, and nobody erased yet.
    const log = new PostgresLog(address);
    const stream = `case-${ids[0] ?? ''}`;
    const past = await log.read(stream, 0, 500);
    const command = commandId(request, ids[0] ?? '');
    const decided = {
      request,
      askedBy: 'security-admin',
      approvedBy: 'audit-admin',
      endedOn: closedOn,
      years: YEARS,
    };
    const meta = {
      ...(JSON.parse(past.at(-1)?.meta ?? '{}') as object),
      commandId: command,
      causationId: command,
    };
    const event = { id: eventId(stream, command, 0), type: 'RetentionEnded' };
    await log.append(stream, past.length - 1, [{ ...event, data: storable(decided), meta: storable(meta) }]);
    await log.close();
    await server.restart('SIGKILL');
    expect(await settled(pathOf(asked))).toMatchObject({ retention: { asked: 2, erased: 2, leftOut: 0 } });
    await server.restart();
    const ended = await sql<{ stream: string }[]>`
      select stream from log.events where type = 'RetentionEnded' and data::text like ${`%${request}%`} order by 1`;
    expect(ended.map((one) => one.stream)).toEqual(ids.map((id) => `case-${id}`).sort());
    for (const id of ids) {
      const asking = { revision: 0, field: 'verbatim', purpose: '电话回访核实' };
      expect((await as(registrar, 'POST', `cases/${id}/reveal`, asking)).body.code).toBe('personal/erased');
    }
    await expect(Promise.resolve(sql`delete from cases.retention_results`)).rejects.toThrow('never changed');
  });

  test('and everything can be verified still', async () => {
    expect(await runToEnd([CLI, 'check'], { DATA_DIR: server.dataDir })).toMatchObject({ code: 0 });
  });
});

test.each<[string, object, string]>([
  ['nothing', {}, 'input/invalid'],
  ['an empty list', { cases: [] }, 'input/invalid'],
  ['more than two hundred', { cases: Array.from({ length: 201 }, () => randomUUID()) }, 'input/invalid'],
  ['the same twice', { cases: ['', ''].map(() => '00000000-0000-4000-8000-000000000001') }, 'input/invalid'],
  ['what is no id', { cases: ['case-1'] }, 'input/invalid'],
  ['a day that is none', { dueBy: '2026-02-30' }, 'input/invalid'],
  ['a day that lies ahead', { dueBy: '2999-01-01' }, 'input/invalid'],
  ['cases and a day', { cases: [randomUUID()], dueBy: '2026-01-01' }, 'input/invalid'],
  ['no reason', { dueBy: '2026-01-01', reason: ' ' }, 'input/invalid'],
  ['a case that there is not', { cases: [randomUUID()] }, 'retention/not-due'],
])('%s is not asked for', async (_, body, code) => {
  expect((await ask(body)).body.code).toBe(code);
});

test('is asked for by a security-admin alone', async () => {
  for (const who of [auditAdmin, operator, inspector])
    expect((await ask({ dueBy: '2026-01-01' }, who)).body.code).toBe('auth/forbidden');
  const token = await server.token(...security);
  const keyless = await server.send(token, 'POST', '/api/v1/retention/requests', { reason: '到期' });
  expect(keyless.body.code).toBe('key/missing');
});

test('under a policy without a time of retention nothing is ever due, and that is said', async () => {
  const drafted = async (who: Who, path: string, body: object): Promise<Answer> =>
    as(who, 'POST', path, body, key());
  const entry = 'register/persons/second-admin';
  const from = '2026-01-01';
  await drafted(security, `${entry}/enter-person`, { name: '演示安全员乙', from });
  const post = { unit: 'province-office', role: 'security-admin' };
  await drafted(security, `${entry}/appoint-person`, { ...post, from });
  const { policy } = parse(await readFile('config/demo.yaml', 'utf8')) as { policy: Record<string, unknown> };
  const rest = Object.fromEntries(
    Object.entries(policy).filter(([name]) => !['id', 'retention'].includes(name)),
  );
  const begin = (rules: object): Promise<Answer> =>
    drafted(security, 'policy-drafts', { title: '保存期限', policy: rules });
  expect((await begin({ ...rest, retention: 0 })).body.errors).toMatchObject([{ field: 'policy.retention' }]);
  const path = `policy-drafts/${String((await begin(rest)).body.draft)}`;
  expect((await as(security, 'GET', `${path}/effect`)).body.changes).toMatchObject([
    { path: 'retention', inForce: YEARS },
  ]);
  const second: Who = ['second-admin', 'province-office', 'security-admin'];
  const order = { seen: 1, id: 'demo@3', from: await today() };
  expect((await drafted(second, `${path}/publish`, order)).status).toBe(200);
  expect(await due()).toEqual({ on: await today(), cases: [] });
  expect((await ask({ dueBy: await today() })).body.code).toBe('retention/unset');
});
