import { randomUUID } from 'node:crypto';
import { picture } from '../../../apps/cli/demo-picture.js';
import { type Role } from '../../../libs/contracts/roles.js';
import { type Who } from '../deployments.js';
import * as people from '../people.js';
import { Journey, problem } from '../people.js';
import { type TestServer } from '../server.js';
import { type World } from './entries.js';
import { appointEverybody, personOf } from './people.js';

export interface Known {
  world: World;
  one: Journey;
  /** Who, by route, role and relation, is the owner of a thing. */
  owners: ReadonlySet<string>;
  /** Whether a role in the case's division has it not in the answer, for a reason of its own. */
  elsewhere: (route: string, role: Role) => boolean;
}

const PHONE = '13800005678';

/** A petition of the Bronx that is being put right, and what people made of it. */
export async function makeWorld(server: TestServer): Promise<Known> {
  const word = `矩阵${randomUUID().slice(0, 8)}`;
  const one = await new Journey(server).to(
    'registered',
    problem({
      source: { code: 'PT', document: `访〔2026〕${randomUUID()}号` },
      petitioner: { name: '演示张三', phone: PHONE },
      description: `屋面渗漏，${word}。`,
    }),
  );
  await one.check();
  await one.to('rectifying');
  await one.give(people.handler, 'name-handler', { person: people.handler[0] });
  await appointEverybody(server, one);
  return {
    one,
    world: {
      caseId: one.id,
      word,
      phone: PHONE,
      handler: people.handler[0],
      made: await makeThings(server, one),
    },
    owners: OWNERS,
    // What is to be done today with a case that is being put right is on the desk of who does it.
    elsewhere: (route, role) => route === 'GET /api/v1/worklists' && role !== 'handler',
  };
}

const own = (role: Role): Who => personOf(role, 'own division');
const ofMaker = (kind: string, role: Role, ...rests: string[]): string[] =>
  rests.map((rest) => `${rest.replace(' ', ` /api/v1/${kind}/:id`)}/${role}/own division`);

/** Imports and batches are whose they are; a clue is the inspectors' who see its case, a draw those' of its division. */
const OWNERS: ReadonlySet<string> = new Set([
  ...ofMaker('imports', 'registrar', 'GET ', 'GET /wrong.xlsx', 'POST /dry-run', 'POST /commit'),
  ...ofMaker('decision-batches', 'handler', 'GET '),
  ...ofMaker('referrals', 'inspector', 'GET ', 'POST /reveal', 'POST /answer-referral'),
  ...ofMaker('draws', 'inspector', 'GET '),
  'GET /api/v1/draws/:id/inspector/excluded',
  ...['HEAD', 'PATCH', 'DELETE'].map(
    (method) => `${method} /api/v1/cases/:id/uploads/tus/:upload/handler/own division`,
  ),
]);

async function makeThings(server: TestServer, one: Journey): Promise<World['made']> {
  const made = async (
    who: Who,
    kind: string,
    body: unknown,
    type?: string,
  ): Promise<Record<string, string>> => {
    const headers = { 'Idempotency-Key': randomUUID(), ...(type !== undefined && { 'Content-Type': type }) };
    const answer = await server.send(await server.token(...who), 'POST', `/api/v1/${kind}`, body, headers);
    if (answer.status >= 300) throw new Error(`${kind}: ${answer.status} ${String(answer.body.code)}`);
    return answer.body;
  };
  const day = await closedYesterday(server);
  const clue = { case: one.id, to: '省纪委监委', text: '演示线索', persons: [{ name: '演示某甲' }] };
  const progress = {
    command: 'report-progress',
    cases: [{ case: one.id, seen: one.revision }],
    body: { text: '已开工。' },
  };
  const drawing = { seed: '第1期', frame: { from: day, until: day }, size: 1 };
  const file = Buffer.from('来源,文号\n市县检查,检〔2026〕1号\n');
  const batch = randomUUID();
  const opening = { file: 'a'.repeat(64), rows: 1 };
  await made(own('registrar'), `register/batches/${batch}/open-batch`, opening);
  const receipt = await one.upload(people.handler, `before ${one.id}`);
  await one.give(people.handler, 'attach-evidence', { slot: 'before-photo', receipt });
  const answer = await server.send(
    await server.token(...people.handler),
    'POST',
    `/api/v1/cases/${one.id}/uploads?people=true`,
    picture(`after ${one.id}`),
    { 'Content-Type': 'image/png' },
  );
  const sealed = (answer.body as unknown as { receipt: string }).receipt;
  await one.give(people.handler, 'attach-evidence', { slot: 'after-photo', receipt: sealed });
  return {
    batches: batch,
    evidence: receipt,
    sealed,
    uploads: await begunUpload(server, one),
    imports: (await made(own('registrar'), 'imports', file, 'text/csv')).import ?? '',
    'decision-batches': (await made(own('handler'), 'decision-batches', progress)).batch ?? '',
    referrals: (await made(own('inspector'), 'referrals', clue)).referral ?? '',
    draws: (await made(own('inspector'), 'draws', drawing)).draw ?? '',
  };
}

/** An upload in parts that has come halfway. @returns where it goes on */
async function begunUpload(server: TestServer, { id }: Journey): Promise<string> {
  const { headers } = await server.send(
    await server.token(...own('handler')),
    'POST',
    `/api/v1/cases/${id}/uploads/tus`,
    undefined,
    { 'Tus-Resumable': '1.0.0', 'Upload-Length': '10', 'Upload-Metadata': `filetype ${btoa('image/png')}` },
  );
  return new URL(headers.get('location') ?? '', server.url).pathname;
}

/** Closes a case of the division and lets its day go by. @returns the day */
async function closedYesterday(server: TestServer): Promise<string> {
  const other = await new Journey(server).to('verified');
  await other.give(people.cityApprover, 'close-case');
  await other.get(people.inspector);
  const token = await server.token(...people.operator);
  const time = async (): Promise<{ now: string; today: string }> =>
    (await server.send(token, 'GET', '/api/v1/clock')).body as unknown as { now: string; today: string };
  const { now, today } = await time();
  const to = new Date(Date.parse(now) + 86_400_000).toISOString();
  await server.send(token, 'POST', '/api/v1/clock', { to });
  return today;
}
