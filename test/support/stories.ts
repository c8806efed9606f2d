import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { type Batch } from '../../libs/contracts/batch.js';
import { type Figure } from '../../libs/contracts/ledger.js';
import { type Role } from '../../libs/contracts/roles.js';
import { type Who } from './deployments.js';
import { type Journey, inspector, operator } from './people.js';
import { type Answer, startServer, type TestServer } from './server.js';

/** The demo's deployment as it is read from its file: what a story needs changed in it. */
export interface Demo {
  divisions: { id: string; name: string; level: string; parent?: string }[];
  units: { id: string; name: string; division: string; parent?: string }[];
  persons: { id: string; name: string; appointments: { unit: string; role: Role }[] }[];
  policy: { categories: Record<string, object>; routes: object[] };
}

/** Somebody with one post. */
export const person = (id: string, name: string, unit: string, role: Role): Demo['persons'][number] => ({
  ...{ id, name },
  appointments: [{ unit, role }],
});

/** The demo with changes, running as a deployment of its own. */
export async function startChanged(change: (demo: Demo) => void): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'xiaohao-seed-'));
  const demo = parse(await readFile('config/demo.yaml', 'utf8')) as Demo;
  change(demo);
  const file = join(folder, 'seed.yaml');
  await writeFile(file, stringify(demo));
  const server = await startServer({ SEED: file });
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(folder, { recursive: true });
  };
  // Its address is asked for anew each time: a server that was started again has another.
  return Object.defineProperties(
    { ...server, stop },
    {
      url: { get: () => server.url },
      child: { get: () => server.child },
    },
  );
}

/** How an answer reads in a story: `200`, or `409 case/status`. */
export const said = ({ status, body: { code } }: Answer): string =>
  code === undefined ? String(status) : `${status} ${code}`;

/** For what must succeed. @throws Error with the refusal */
export async function went(answer: Promise<Answer>): Promise<Answer['body']> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

/** An event as the history shows it. */
export interface Past {
  type: string;
  actor: { person: string; unit: string; role: string; onBehalfOf?: string };
  data: Record<string, unknown>;
}

export async function history(journey: Journey, who: Who = inspector): Promise<Past[]> {
  const { body } = await journey.get(who, '/history');
  return (body as unknown as { events: Past[] }).events;
}

/** Figures as somebody sees them, by name. */
export async function figures(server: TestServer, who: Who = inspector): Promise<Record<string, Figure>> {
  const { body } = await server.send(await server.token(...who), 'GET', '/api/v1/figures');
  const all = (body as unknown as { figures: Figure[] }).figures;
  return Object.fromEntries(all.map((one) => [one.name, one]));
}

/** Moves the time of a demo on. @returns the day that it is then */
export async function moveOn(server: TestServer, days: number): Promise<string> {
  const token = await server.token(...operator);
  const clock = async () => (await server.send(token, 'GET', '/api/v1/clock')).body as Record<string, string>;
  const to = new Date(Date.parse((await clock()).now ?? '') + days * 86_400_000).toISOString();
  await went(server.send(token, 'POST', '/api/v1/clock', { to }));
  return (await clock()).today ?? '';
}

/** The day so many days after another. */
export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);

export async function decideMany(
  server: TestServer,
  who: Who,
  body: object,
  key: string = randomUUID(),
): Promise<Answer> {
  const headers = { 'Idempotency-Key': key };
  return server.send(await server.token(...who), 'POST', '/api/v1/decision-batches', body, headers);
}

/** A batch as soon as something is so of it. */
export async function batchWhen(
  server: TestServer,
  who: Who,
  taken: Answer,
  so: (batch: Batch) => boolean,
): Promise<Batch> {
  const [token, path] = [await server.token(...who), taken.headers.get('location') ?? ''];
  for (let look = 0; look < 3000; look++) {
    const batch = (await server.send(token, 'GET', path)).body as unknown as Batch;
    if (so(batch)) return batch;
    await pause(10);
  }
  throw new Error(`the batch of ${String(taken.body.code ?? taken.status)} has not come to it`);
}
