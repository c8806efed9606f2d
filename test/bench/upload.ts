import { randomBytes, randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { type Contest, type Size } from './contest.js';
import { Job } from './job.js';
import { type Results } from './results.js';
import { type BenchServer } from './server.js';
import { type Standalone } from './standalone.js';

/** Of one file, and how many at once: what a county has in the field. */
export const FILE_MIB = 16;
export const AT_ONCE = 4;
const PDF = 'application/pdf';

type Send = (content: Buffer) => Promise<void>;

/** Files over HTTP into evidence, in one part by the protocol for parts and as a plain body, beside a bare server that hashes and keeps them. */
export async function uploadContest(
  server: BenchServer,
  { url, tokens }: Standalone,
  results: Results,
  size: Size,
): Promise<Contest> {
  const job = Job.start('upload-bare');
  const folder = join(server.folder, 'bare');
  const bare = await job.ask<{ url: string }>({ folder });
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const authorization = { Authorization: `Bearer ${tokens['city-registrar'] ?? ''}` };
  const ask = asking(agent);
  const contestants: Record<string, () => Promise<Send>> = {
    bare: () =>
      Promise.resolve(async (content) => {
        await ask(bare.url, 'POST', {}, content);
      }),
    plain: async () => {
      const at = `${url}/api/v1/cases/${await caseAt(url, authorization, ask)}/uploads`;
      return async (content) => {
        await ask(at, 'POST', { ...authorization, 'Content-Type': PDF }, content);
      };
    },
    parts: async () => {
      const at = `${url}/api/v1/cases/${await caseAt(url, authorization, ask)}/uploads/tus`;
      const headers = { ...authorization, 'Tus-Resumable': '1.0.0' };
      const metadata = `filetype ${Buffer.from(PDF).toString('base64')}`;
      return async (content) => {
        const length = String(content.length);
        const begun = await ask(at, 'POST', {
          ...headers,
          'Upload-Length': length,
          'Upload-Metadata': metadata,
        });
        const part = { ...headers, 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' };
        await ask(url + String(begun.location), 'PATCH', part, content);
      };
    },
  };
  const files = Array.from({ length: size.uploads }, () =>
    Buffer.concat([Buffer.from('%PDF-1.4\n'), randomBytes(FILE_MIB * 2 ** 20)]),
  );
  return {
    round: async (turn) => {
      for (const name of turn(Object.keys(contestants))) {
        const send = await contestants[name]?.();
        if (!send) continue;
        // What was kept once is only recognised.
        for (const file of files) randomBytes(16).copy(file, 100);
        const begin = performance.now();
        const left = [...files];
        await Promise.all(
          Array.from({ length: AT_ONCE }, async () => {
            for (let file = left.pop(); file; file = left.pop()) await send(file);
          }),
        );
        results.add(`upload/${name}`, (files.length * FILE_MIB * 1000) / (performance.now() - begin));
      }
    },
    end: async () => {
      agent.destroy();
      await job.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Heard {
  location: string | undefined;
  text: string;
}
type Ask = (url: string, method: string, headers: Record<string, string>, body?: Buffer) => Promise<Heard>;

const asking =
  (agent: Agent): Ask =>
  (url, method, headers, body) =>
    new Promise((resolve, reject) => {
      const all = { ...headers, 'Content-Length': body?.length ?? 0 };
      const sending = request(url, { method, headers: all, agent }, (answer) => {
        let text = '';
        answer.on('data', (bytes: Buffer) => (text += bytes.toString()));
        answer.on('end', () => {
          if ((answer.statusCode ?? 500) >= 300) reject(new Error(`${answer.statusCode ?? ''} ${text}`));
          else resolve({ location: answer.headers.location, text });
        });
      });
      sending.on('error', reject);
      sending.end(body);
    });

/** A case that has no files yet. */
async function caseAt(url: string, authorization: Record<string, string>, ask: Ask): Promise<string> {
  const problem = {
    source: { code: 'CC', document: randomUUID(), line: '1' },
    ...{ categories: ['99'], divisions: ['bronx'], severity: 'general', rectificationType: 'immediate' },
    ...{ description: '外墙抹灰层脱落。', foundOn: '2026-01-05', personsAtRisk: false, weight: 1000 },
  };
  const headers = { ...authorization, 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() };
  const { text } = await ask(`${url}/api/v1/cases`, 'POST', headers, Buffer.from(JSON.stringify(problem)));
  return (JSON.parse(text) as { case: string }).case;
}
