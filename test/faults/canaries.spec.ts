import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PostgresKeys } from '../../libs/adapters/postgres-keys/postgres-keys.js';
import { PostgresLog } from '../../libs/adapters/postgres-log/postgres-log.js';
import { caseCommands, pathOf, streamOf } from '../../libs/cases/commands.js';
import { exchanged } from '../../libs/cases/protect.js';
import { sealedTexts } from '../../libs/cases/shown.js';
import { type AnyCaseRow } from '../../libs/cases/table.js';
import { AdoptCase } from '../../libs/contracts/intake.js';
import { isPersonal, type Sealed } from '../../libs/contracts/sealing.js';
import { type Actor } from '../../libs/eventing/event.js';
import { registrarGu, SEED } from '../support/province.js';
import { occasionOf, sampleOf } from '../support/samples.js';
import { type Answer, startServer, type TestServer } from '../support/server.js';
import { CANARIES, encodings, filesOf, type Kept, leaks, rowsOf } from './support/canaries.js';
import { happened } from './support/past.js';
import { CLI, newFolder, runToEnd, until } from './support/processes.js';

/** A command that was given with canaries in its personal fields, and where it went. */
interface Planted {
  caseId: string;
  revision: number;
}

/** Where a canary stands, in a case or beside one. */
interface Place {
  stream: string;
  revision: number;
}

const personal = caseCommands.filter(({ command }) => isPersonal(command));
const { name, phone, address, text, 'identity-number': number } = CANARIES;
const everything = Object.values(CANARIES).map((canary) => canary.text);

let folder: string;
let seed: string;
let server: TestServer;
let log: PostgresLog;
const planted = new Map<string, Planted>();
/** Beside cases: clues, persons of the register, and what an import brought. */
const beside: Place[] = [];
/** What the command line said. */
const printed: Kept[] = [];
const places = (): Place[] => [
  ...[...planted.values()].map(({ caseId, revision }) => ({ stream: streamOf(caseId), revision })),
  ...beside,
];
/** All that the server answered, but for what it was asked to reveal. */
const answers: Kept[] = [];

const FROM = '2026-09-01';
const REVEAL = { revision: 0, field: 'name', purpose: '核对人员档案' };
const DOCUMENT = '导入〔2026〕1号';
const COLUMNS = [
  ...['petitioner.name', 'petitioner.phone', 'petitioner.identityNumber', 'petitioner.address'],
  'verbatim',
];
const MAPPING = {
  mapping: 'canaries',
  format: { type: 'csv' },
  fields: {
    ...{ 'source.code': { constant: 'PC' }, 'source.document': { constant: DOCUMENT } },
    'source.line': { column: 'line' },
    categories: { constant: ['roof'] },
    divisions: { column: 'division', values: { hill: ['hill'], shore: ['shore'] } },
    ...{ severity: { constant: 'general' }, rectificationType: { constant: 'immediate' } },
    ...{ description: { constant: '屋面渗漏' }, foundOn: { constant: '2026-08-20' } },
    ...{ personsAtRisk: { constant: false }, weight: { constant: 1000 } },
    ...Object.fromEntries(COLUMNS.map((column) => [column, { column }])),
  },
};

beforeAll(async () => {
  folder = await newFolder();
  seed = join(folder, 'seed.json');
  const post = (id: string, role: string): object => ({
    ...{ id, name: id },
    appointments: [{ unit: 'province-office', role }],
  });
  // Some of those who give commands in the specs are in nobody's register.
  const known = new Set(SEED.persons.map(({ id }) => id));
  const strangers = new Map(
    personal
      .map(({ command }) => occasionOf(command).who)
      .filter(({ person }) => !known.has(person))
      .map(({ person, role }) => [person, post(person, role)]),
  );
  const persons = [
    ...[...SEED.persons, ...strangers.values()],
    ...[post('ops', 'system-admin'), post('aud', 'audit-admin'), post('sec', 'security-admin')],
  ];
  await writeFile(seed, JSON.stringify({ ...SEED, persons, demo: true }));
  server = await startServer({ SEED: seed });
  log = new PostgresLog(server.database.address);
});
afterAll(async () => {
  await log.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function ask(
  who: Pick<Actor, 'person' | 'unit' | 'role'>,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const token = await server.token(who.person, who.unit, who.role as never);
  const answer = await server.send(token, method, path, body, headers);
  answers.push([`${method} ${path.slice(0, 40)}`, JSON.stringify([answer.body, [...answer.headers]])]);
  return answer;
}

/** The uploads that a sample names, as if its sender had made them for this case. */
async function uploaded(row: AnyCaseRow, body: object, caseId: string, person: string): Promise<void> {
  for (const receipt of row.uploads?.(body as never) ?? []) {
    const upload = { receipt, case_id: caseId, person, sha256: receipt, bytes: 1, media_type: 'image/png' };
    const { sql } = server.database;
    await sql`insert into evidence.uploads ${sql(upload)}
      on conflict (receipt) do update set case_id = excluded.case_id, person = excluded.person`;
  }
}

/** Gives a command on the occasion that the specs know, every personal field a canary. */
async function plant(row: AnyCaseRow): Promise<Planted> {
  const { past, who } = occasionOf(row.command);
  const body = exchanged(sampleOf(row.command), ({ kind }) => CANARIES[kind].text);
  const headers = { 'Idempotency-Key': randomUUID() };
  let answer: Answer;
  if (row.in.includes('new')) {
    const path = row.command === AdoptCase ? '/api/v1/cases/adopted' : '/api/v1/cases';
    const own = { ...body, source: { code: 'PC', document: randomUUID() } };
    answer = await ask(who, 'POST', path, own, headers);
  } else {
    const caseId = randomUUID();
    await happened(log, caseId, past);
    await uploaded(row, body, caseId, who.person);
    const path = `/api/v1/cases/${caseId}/${pathOf(row)}`;
    answer = await ask(who, 'POST', path, body, { ...headers, 'If-Match': `"${past.length - 1}"` });
  }
  if (answer.status >= 300) throw new Error(`${row.command.name}: ${JSON.stringify(answer.body)}`);
  const receipt = answer.body as unknown as { case: string; revision: number };
  return { caseId: receipt.case, revision: receipt.revision };
}

async function sealedOf({ stream, revision }: Place): Promise<{ field: string; sealed: Sealed }[]> {
  const [stored] = await log.read(stream, revision, 1);
  return sealedTexts(JSON.parse(stored?.data ?? '{}'));
}

/** Everything that the server keeps or has said. */
async function kept(): Promise<Kept[]> {
  const payloads: Kept[] = [];
  for (const { stream } of places()) {
    const events = await log.read(stream, 0, 500);
    payloads.push([`payloads of ${stream}`, JSON.stringify(events)]);
  }
  return [
    ...(await rowsOf(server.database.sql)),
    ...(await filesOf(server.dataDir)),
    ...payloads,
    ...answers,
    ...printed,
    ['stdout and stderr', server.said()],
  ];
}

/** All that shows cases to those who read them. */
async function look(): Promise<void> {
  const inspector = { person: 'chen', unit: 'province-office', role: 'inspector' };
  for (const { caseId } of planted.values()) {
    for (const path of ['', '/history']) await ask(inspector, 'GET', `/api/v1/cases/${caseId}${path}`);
  }
  for (const path of ['cases?limit=200', 'figures', 'referrals?limit=200'])
    await ask(inspector, 'GET', `/api/v1/${path}`);
  for (const who of [
    { person: 'ops', unit: 'province-office', role: 'system-admin' },
    { person: 'aud', unit: 'province-office', role: 'audit-admin' },
  ]) {
    for (const path of ['/metrics', '/api/openapi.json', '/health/ready', '/api/v1/access-log?limit=200']) {
      await ask(who, 'GET', path);
    }
  }
}

describe('what is looked for', () => {
  const needles = encodings('翠鸟示');

  test.each<[string, string | Buffer]>([
    ['UTF-8', 'a翠鸟示b'],
    ['UTF-16', Buffer.from('a翠鸟示b', 'utf16le')],
    ['UTF-16 of the other order', Buffer.from('a翠鸟示b', 'utf16le').swap16()],
    ['hex', Buffer.from('a翠鸟示b').toString('hex')],
    ['an address', encodeURIComponent('a翠鸟示b')],
    ...['', 'a', 'ab'].map((before): [string, string] => [
      `base64 after ${before.length} bytes`,
      Buffer.from(`${before}翠鸟示啊`).toString('base64'),
    ]),
    ['base64url', Buffer.from('~~翠鸟示~~').toString('base64url')],
  ])('is found in %s', (_, content) => {
    expect(leaks([['here', content]], needles)).not.toEqual([]);
  });

  test('is not found where it is not', () => {
    expect(leaks([['here', 'a翠鸟b示']], needles)).toEqual([]);
  });
});

describe('a personal text is given with', () => {
  test.each(personal.map((row) => [row.command.name, row] as const))('%s', async (command, row) => {
    const one = await plant(row);
    planted.set(command, one);
    const sealed = await sealedOf({ stream: streamOf(one.caseId), revision: one.revision });
    const fields: string[] = [];
    exchanged(sampleOf(row.command), ({ path }) => fields.push(path));
    expect(sealed.map(({ field }) => field).sort()).toEqual(fields.sort());
    expect(fields).not.toEqual([]);
  });
});

describe('a personal text is given beside cases,', () => {
  const inspector = { person: 'chen', unit: 'province-office', role: 'inspector' };
  const keeper = { person: 'sec', unit: 'province-office', role: 'security-admin' };
  const keyed = (): Record<string, string> => ({ 'Idempotency-Key': randomUUID() });
  const fieldsAt = async (place: Place): Promise<string[]> =>
    (await sealedOf(place)).map(({ field }) => field);

  test('in a clue, and wrongly in what becomes of it', async () => {
    const about = planted.get('RegisterProblem')?.caseId;
    const persons = [{ name: name.text }, { name: name.text }];
    const clue = { case: about, to: '演示纪委监委', text: text.text, persons };
    const refer = (body: object): Promise<Answer> =>
      ask(inspector, 'POST', '/api/v1/referrals', body, keyed());
    const { referral } = (await refer(clue)).body as unknown as { referral: string };
    const place = { stream: `referral-${referral}`, revision: 0 };
    beside.push(place);
    expect(await fieldsAt(place)).toEqual(['persons.0.name', 'persons.1.name', 'text']);
    for (const wrong of [{ case: name.text }, { persons: everything }, { text: text.text.repeat(500) }])
      expect((await refer({ ...clue, ...wrong })).status).toBe(422);
    await until('the row of the clue', async () => {
      const { rows } = (await ask(inspector, 'GET', '/api/v1/referrals')).body as unknown as {
        rows: unknown[];
      };
      return rows.length > 0 || undefined;
    });
    const answer = { outcome: 'accepted', document: '立案〔2026〕3号' };
    const path = `/api/v1/referrals/${referral}`;
    for (const wrong of [{ outcome: name.text }, { person: name.text }, { remark: [text.text] }])
      expect(
        (await ask(inspector, 'POST', `${path}/answer-referral`, { ...answer, ...wrong }, keyed())).status,
      ).toBe(422);
    for (const field of ['text', 'persons.0.nickname', ...everything])
      await ask(inspector, 'POST', `${path}/reveal`, { revision: 1, field, purpose: text.text });
    expect((await ask(inspector, 'POST', `${path}/answer-referral`, answer, keyed())).status).toBe(200);
  });

  test('by whoever enters somebody into the register, and corrects it', async () => {
    const command = (which: string, body: object): Promise<Answer> =>
      ask(keeper, 'POST', `/api/v1/register/persons/kingfisher/${which}`, body, keyed());
    for (const which of ['enter-person', 'rename-person']) {
      expect((await command(which, { name: name.text, from: '2199-01-01T' })).status).toBe(422);
      expect((await command(which, { name: name.text, nickname: name.text, from: FROM })).status).toBe(422);
      expect((await command(which, { name: name.text, from: FROM })).status).toBe(200);
    }
    expect((await command('enter-person', { name: name.text, from: FROM })).body.code).toBe(
      'register/entered-already',
    );
    for (const word of everything.map(encodeURIComponent))
      await ask(keeper, 'POST', `/api/v1/register/persons/${word}/reveal`, REVEAL);
    for (const revision of [0, 1]) {
      const place = { stream: 'person-kingfisher', revision };
      beside.push(place);
      expect(await fieldsAt(place)).toEqual(['name']);
    }
  });

  test('by the import of a table with columns of persons', async () => {
    const [file, mapping] = [join(folder, 'rows.csv'), join(folder, 'mapping.yaml')];
    const row = (line: string, division: string): string =>
      [line, division, name.text, phone.text, number.text, address.text, text.text].join(',');
    const long = row('4', 'hill').replaceAll(name.text, name.text.repeat(20));
    const rows = [row('1', 'hill'), row('2', 'shore'), row('3', 'nowhere'), long];
    await writeFile(file, `${['line', 'division', ...COLUMNS].join(',')}\n${rows.join('\n')}\n`);
    await writeFile(mapping, JSON.stringify(MAPPING));
    const args = [CLI, 'import', file, '--mapping', mapping, '--as', registrarGu.person];
    for (const json of [[], ['--json']]) {
      const { stdout, stderr } = await runToEnd([...args, ...json], {
        ...{ DATA_DIR: server.dataDir, SEED: seed },
      });
      printed.push(['stdout of an import', stdout], ['stderr of an import', stderr]);
    }
    expect(printed.map(([, said]) => said).join('')).toContain('4 rows: 1 registered');
    const brought = await server.database.sql<{ stream: string }[]>`
      select stream from log.events where revision = 0 and position(${DOCUMENT} in data::text) > 0`;
    expect(brought).toHaveLength(1);
    for (const { stream } of brought) {
      const place = { stream, revision: 0 };
      beside.push(place);
      expect((await fieldsAt(place)).sort()).toEqual([...COLUMNS].sort());
    }
  });
});

describe('a personal text goes astray', () => {
  const whole = (): Record<string, unknown> => ({
    ...(JSON.parse(JSON.stringify(sampleOf({ name: 'RegisterProblem' }))) as object),
    source: { code: 'PC', document: randomUUID() },
  });
  const register = (body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    ask(registrarGu, 'POST', '/api/v1/cases', body, { 'Idempotency-Key': randomUUID(), ...headers });

  test.each<[string, unknown]>([
    ['where ids stand', { divisions: everything, categories: everything }],
    ['as a code', { source: { code: name.text } }],
    ['as a day, a number, a flag', { foundOn: phone.text, amountFen: number.text, accusation: text.text }],
    ['in an unknown field', { telephone: phone.text, person: { name: name.text } }],
    ['in an unknown field of the person', { petitioner: { name: name.text, nickname: text.text } }],
    ['instead of the person', { petitioner: name.text }],
    ['in an object instead of a text', { petitioner: { name: { first: name.text } } }],
    ['in a list instead of a text', { petitioner: { name: [name.text] } }],
    ['with half a character', { petitioner: { name: `${name.text}\ud800` } }],
    ['with a control character', { petitioner: { name: `${name.text}\u0007` } }],
    [
      'at too great a length',
      { verbatim: text.text.repeat(500), petitioner: { name: name.text.repeat(50) } },
    ],
    [
      'where the rules refuse',
      { petitioner: { name: name.text }, foundOn: '2199-01-01', verbatim: text.text },
    ],
    ['in somebody else’s division', { divisions: ['shore'], petitioner: { name: name.text } }],
  ])('%s', async (_, wrong) => {
    const before = await server.database.sql`select holder from sealing.keys`;
    expect((await register({ ...whole(), ...(wrong as object) })).status).toBeGreaterThanOrEqual(400);
    expect(await server.database.sql`select holder from sealing.keys`).toHaveLength(before.length);
  });

  test('in bodies that are none', async () => {
    const torn = JSON.stringify({ ...whole(), petitioner: { name: name.text } }).slice(0, -3);
    expect((await register(torn)).body.code).toBe('input/json');
    expect((await register(everything)).body.code).toBe('input/invalid');
    expect((await register(text.text.repeat(20_000))).body.code).toBe('input/too-large');
    const plain = { 'Content-Type': 'text/plain' };
    expect((await register(text.text, plain)).body.code).toBe('input/invalid');
    const xml = { 'Content-Type': 'application/xml' };
    expect((await register(text.text, xml)).body.code).toBe('input/media-type');
  });

  test('in headers', async () => {
    for (const header of ['X-Correlation-Id', 'traceparent', 'Ledger-At-Least', 'X-Anything']) {
      await register(whole(), { [header]: phone.text });
    }
    await register(whole(), { 'Idempotency-Key': `${phone.text}-${number.text}-${randomUUID()}` });
    await register(whole(), { 'Idempotency-Key': encodeURIComponent(name.text) });
    const [one] = planted.values();
    for (const header of ['If-Match', 'Ledger-At-Least']) {
      await ask(registrarGu, 'GET', `/api/v1/cases/${one?.caseId}`, undefined, { [header]: phone.text });
      await ask(
        registrarGu,
        'POST',
        `/api/v1/cases/${one?.caseId}/assign-case`,
        {},
        { [header]: number.text },
      );
    }
    await server.send(number.text, 'GET', '/api/v1/cases');
  });

  test('in addresses', async () => {
    for (const word of everything.map(encodeURIComponent)) {
      for (const path of [
        ...[
          `/${word}`,
          `/api/v1/cases/${word}`,
          `/api/v1/cases/${word}/history`,
          `/api/v1/cases/${word}/reveal`,
        ],
        ...[`/api/v1/cases?division=${word}`, `/api/v1/cases?status=${word}`, `/api/v1/cases?who=${word}`],
        ...[`/api/v1/cases/${randomUUID()}/${word}`, `/api/v1/access-log?before=${word}`, `/metrics?${word}`],
      ]) {
        await ask(registrarGu, 'GET', path);
        await ask(registrarGu, 'POST', path, {});
      }
    }
  });

  test('in searches and wishes to see', async () => {
    const find = (body: object): Promise<Answer> =>
      ask(registrarGu, 'POST', '/api/v1/cases/find-person', body);
    for (const word of everything) {
      for (const kind of ['name', 'phone', 'identity-number', word]) await find({ kind, text: word });
      await find({ kind: 'name', text: word, also: word });
    }
    for (const { caseId, revision } of planted.values()) {
      const reveal = (body: object): Promise<Answer> =>
        ask(registrarGu, 'POST', `/api/v1/cases/${caseId}/reveal`, { revision, ...body });
      for (const word of everything) {
        await reveal({ field: word, purpose: '核对登记信息' });
        await reveal({ field: 'description', purpose: word });
      }
    }
  });
});

describe('no canary is found in rows, files, payloads, answers, errors, measurements or what was said,', () => {
  test('while it can be read with a purpose', async () => {
    const one = planted.get('RegisterProblem');
    const token = await server.token(registrarGu.person, registrarGu.unit, 'registrar');
    const purpose = `给${name.text}回电话`;
    const asked = { revision: 0, field: 'petitioner.name', purpose };
    // Not through `ask`: this answer has it, and is the only one.
    const shown = await server.send(token, 'POST', `/api/v1/cases/${one?.caseId}/reveal`, asked);
    expect(shown.body).toEqual({ text: name.text });
    const found = await ask(registrarGu, 'POST', '/api/v1/cases/find-person', {
      kind: 'name',
      text: name.text,
    });
    expect(found.body.cases).toContain(one?.caseId);
    await look();
    expect(leaks(await kept())).toEqual([]);
  });

  test('nor when those whom it names are erased: then their index is gone too', async () => {
    const keys = new PostgresKeys(server.database.sql);
    const holders = new Set<string>();
    for (const place of places()) for (const { sealed } of await sealedOf(place)) holders.add(sealed.holder);
    for (const holder of holders) await keys.erase(holder);
    await server.restart();
    await look();
    const everywhere = await kept();
    expect(leaks(everywhere)).toEqual([]);
    const rows = new Map(everywhere);
    for (const holder of holders) expect(rows.get('sealing.indexes')).not.toContain(holder);
    const found = await ask(registrarGu, 'POST', '/api/v1/cases/find-person', {
      kind: 'name',
      text: name.text,
    });
    expect(found.body).toEqual({ cases: [], more: false });
    const history = answers.findLast(([place]) => place.startsWith('GET /api/v1/cases/'));
    expect(String(history?.[1])).toContain('"erased":true');
  });

  // Where it is said in clear, it is found: otherwise this says nothing.
  test('but a text that nothing seals is found in the log and in the ledger', async () => {
    const body = { ...sampleOf({ name: 'RegisterProblem' }), description: address.text };
    const source = { code: 'PC', document: randomUUID() };
    const headers = { 'Idempotency-Key': randomUUID() };
    expect((await ask(registrarGu, 'POST', '/api/v1/cases', { ...body, source }, headers)).status).toBe(201);
    const found = await until('the row', async () => {
      const places = leaks(await rowsOf(server.database.sql)).map((leak) => leak.split(':')[0]);
      return places.length >= 2 ? places : undefined;
    });
    expect(found).toContain('log.events');
    expect(found.some((place) => place?.startsWith('ledger'))).toBe(true);
  });
});
