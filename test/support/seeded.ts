import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { type Who } from './deployments.js';
import { startServer, type TestServer } from './server.js';

/** What a test changes of `config/demo.yaml`; the rest stays as it is. */
export interface Seed {
  policy: {
    categories: Record<string, { title: string; madeGood?: boolean; checklist: object[] }>;
    completion: Record<string, Record<string, Record<string, string>>>;
    desks: Record<string, unknown>;
    routes: { when?: object; steps: object[] }[];
  };
  persons: { id: string; name: string; appointments: { unit: string; role: string }[] }[];
}

/** A server whose deployment is the demo's with more people, and with whatever else a story needs. */
export async function startSeeded(
  people: readonly Who[],
  change: (seed: Seed) => void = () => undefined,
  env: Record<string, string> = {},
): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'xiaohao-seed-'));
  const file = join(folder, 'seed.yaml');
  const seed = parse(await readFile('config/demo.yaml', 'utf8')) as Seed;
  for (const [id, unit, role] of people) appoint(seed, id, { unit, role });
  change(seed);
  await writeFile(file, stringify(seed));
  const server = await startServer({ ...env, SEED: file });
  const { stop } = server;
  return Object.assign(server, {
    stop: async () => {
      await stop();
      await rm(folder, { recursive: true });
    },
  });
}

function appoint({ persons }: Seed, id: string, post: Seed['persons'][number]['appointments'][number]): void {
  const known = persons.find((person) => person.id === id);
  if (known) known.appointments.push(post);
  else persons.push({ id, name: `演示${id}`, appointments: [post] });
}
