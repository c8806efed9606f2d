import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { appendContest } from './append.js';
import { catchUpContest } from './catch-up.js';
import { type Contest, FULL, QUICK, turned } from './contest.js';
import { decideContest } from './decide.js';
import { exportContest } from './export.js';
import { httpContest } from './http.js';
import { importContest } from './import.js';
import { Job } from './job.js';
import { rebuildContest } from './rebuild.js';
import { report } from './report.js';
import { ledgerContest } from './ledger.js';
import { Results } from './results.js';
import { sessionContest } from './session.js';
import { BenchServer } from './server.js';
import { Standalone } from './standalone.js';
import { uploadContest } from './upload.js';
import { visibilityContest } from './visibility.js';

const CONTESTS = [
  ...[
    'decide',
    'append',
    'http',
    'session',
    'visibility',
    'catch-up',
    'import',
    'export',
    'ledger',
    'rebuild',
    'upload',
  ],
];
const { values: given } = parseArgs({
  options: {
    /** Small, one round, printed only. */
    quick: { type: 'boolean', default: false },
    /** Some of them, with commas. */
    only: { type: 'string', default: CONTESTS.join() },
    rounds: { type: 'string' },
    /** Cases of the ledgers that are asked, with commas. */
    ledgers: { type: 'string' },
  },
});
const size = {
  ...(given.quick ? QUICK : FULL),
  ...(given.rounds !== undefined && { rounds: Number(given.rounds) }),
  ...(given.ledgers !== undefined && { ledgers: given.ledgers.split(',').map(Number) }),
};
const wanted = given.only.split(',');
const PAGE = fileURLToPath(new URL('../../../docs/performance.md', import.meta.url));

const results = new Results();
const server = await BenchServer.open();
let application: Standalone | undefined;
try {
  const contests: Record<string, () => Contest | Promise<Contest>> = {
    decide: () => decideContest(results, size),
    append: () => appendContest(server, results, size),
    http: async () => httpContest(server, (application ??= await Standalone.start(server)), results, size),
    session: async () => sessionContest((application ??= await Standalone.start(server)), results, size),
    visibility: async () =>
      visibilityContest(server, (application ??= await Standalone.start(server)), results, size),
    'catch-up': () => catchUpContest(server, results, size),
    import: () => importContest(results, size),
    export: () => exportContest(results, size),
    ledger: () => ledgerContest(results, size),
    rebuild: () => rebuildContest(results, size),
    upload: async () =>
      uploadContest(server, (application ??= await Standalone.start(server)), results, size),
  };
  for (const [name, begin] of Object.entries(contests)) {
    if (!wanted.includes(name)) continue;
    const from = Date.now();
    const contest = await begin();
    console.log(`${name}: prepared in ${Math.round((Date.now() - from) / 1000)} s`);
    try {
      const rounds = Math.min(size.rounds, contest.most ?? size.rounds);
      for (let round = 0; round < rounds; round++) {
        await contest.round((contestants) => turned(contestants, round));
        console.log(`${name}: round ${round + 1} of ${rounds}, ${Math.round((Date.now() - from) / 1000)} s`);
      }
    } finally {
      await contest.end();
    }
  }
  const text = report(results, size, await server.version());
  console.log(`\n${text}`);
  if (!given.quick && wanted.length === Object.keys(contests).length) await writeFile(PAGE, text);
} finally {
  await Job.endAll();
  await application?.stop();
  await server.close();
}
