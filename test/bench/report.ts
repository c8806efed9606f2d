import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';
import { MOST_CONNECTIONS } from './appenders.js';
import { WRITERS } from './append.js';
import { EARLY, OPEN } from './catch-up.js';
import { type Size } from './contest.js';
import { FORMATS } from './export.js';
import { CLIENTS } from './http.js';
import { median, type Results } from './results.js';
import { besideHand } from './ledger-targets.js';
import { COMMANDS, READS } from './rebuild-load.js';
import { REACHED_BEFORE, targets } from './targets.js';
import { AT_ONCE as UPLOADS_AT_ONCE, FILE_MIB } from './upload.js';
import { PER_SECOND } from './visibility.js';

const count = (value: number): string => Math.round(value).toLocaleString('en');
const precise = (value: number): string => value.toFixed(value < 10 ? 2 : 1);

/** Median, and from the least to the most of the rounds. */
function told(values: readonly number[], form: (value: number) => string): string {
  if (values.length === 0) return '–';
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const range = values.length === 1 ? '' : ` (${form(least)}–${form(most)})`;
  return `${form(median(values))}${range}`;
}

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export function report(results: Results, size: Size, postgres: string): string {
  const parts = [about(size, postgres), '## Targets', reached(results)];
  if (results.has('append/ours/1')) parts.push('## Appending', appending(results, size));
  if (results.has('http/ours')) parts.push('## Whole commands over HTTP', http(results));
  if (results.has('session/cookie')) parts.push('## Who asks', asking(results));
  if (results.has('catch-up/emmett')) parts.push('## Catching up', catchingUp(results, size));
  if (results.has('visibility/p50')) parts.push('## From the answer to the ledger', visibility(results));
  if (results.has('export/csv/ours')) parts.push('## Writing the ledger as a file', exporting(results, size));
  if (results.below('ledger').length > 0) parts.push('## Asking the ledger', ASKING);
  for (const cases of results
    .below('ledger')
    .map(Number)
    .sort((a, b) => a - b))
    parts.push(`### ${count(cases)} cases`, asked(results, cases));
  if (results.has('rebuild/switch')) parts.push('## Making the ledger anew', rebuilding(results, size));
  if (results.has('import/whole')) parts.push('## Reading a workbook', importing(results, size));
  if (results.has('upload/bare')) parts.push('## Uploading', uploading(results, size));
  return `${parts.join('\n\n')}\n`;
}

function about(size: Size, postgres: string): string {
  const require = createRequire(import.meta.url);
  const version = (name: string): string => {
    const [path] = (require.resolve.paths(name) ?? []).flatMap((folder) => {
      try {
        return [(require(`${folder}/${name}/package.json`) as { version: string }).version];
      } catch {
        return [];
      }
    });
    return `${name} ${path ?? '?'}`;
  };
  const names = ['@nestjs/core', 'fastify', 'postgres', 'pg', '@event-driven-io/emmett-postgresql'];
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? '?'}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  let commit = 'a checkout without history';
  try {
    commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  } catch {
    // Known or not, it is only said.
  }
  return `# Performance

Made by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)} from ${commit}. ${machine}; Node ${process.versions.node},
PostgreSQL ${postgres} (embedded, fsync and synchronous_commit on), ${names.map(version).join(', ')}.

Everybody uses the same server over the same Unix socket, and load and server share the processors. Contestants alternate
in ${size.rounds} rounds (fewer where one takes minutes), each in another order; shown are medians and, in brackets, the least and the most of the rounds.
Ratios are those within a round. Absolute numbers say little about another machine; ratios say more.`;
}

function reached(results: Results): string {
  const rows = targets(results).map((target) => [
    target.what,
    target.wanted,
    told(target.values, precise),
    target.reached ? 'reached' : '**missed**',
  ]);
  return table(['', 'wanted', 'measured', ''], rows);
}

function appending(results: Results, size: Size): string {
  const rows = WRITERS.map((writers) => [
    String(writers),
    ...['ours', 'raw', 'emmett'].map((name) => told(results.of(`append/${name}/${writers}`), count)),
    told(results.of(`append/ours/${writers}/p99`), precise),
    told(results.of(`append/raw/${writers}/p99`), precise),
    told(results.ratios(`append/ours/${writers}`, `append/raw/${writers}`), precise),
    told(results.ratios(`append/ours/${writers}`, `append/emmett/${writers}`), precise),
  ]);
  return `One event of about 720 bytes an append, to streams of ten. Raw inserts and Emmett have a connection for each writer, at
most ${MOST_CONNECTIONS} (as many as a server takes that nobody set up otherwise): with 128 writers the rest waits in the process.

${table(['writers', 'ours/s', 'raw inserts/s', 'Emmett/s', 'ours p99 ms', 'raw p99 ms', 'ours : raw', 'ours : Emmett'], rows)}

- One file, write and fdatasync for each event: ${told(results.of('append/file/1'), count)}/s.
- 32 writers, ${count(size.fullLog)} events in the log: ${told(results.of('append/full/32'), count)}/s.`;
}

function http(results: Results): string {
  const rows = [
    ['ours: standalone application, ledger running', 'ours'],
    ['Emmett behind bare Fastify, no read model', 'emmett'],
    [`raw inserts, ${CLIENTS} writers, no HTTP`, 'raw'],
  ].map(([text, name]) => [
    text ?? '',
    told(results.of(`http/${name}`), count),
    told(results.of(`http/${name}/p50`), precise),
    told(results.of(`http/${name}/p99`), precise),
    told(results.ratios('http/ours', `http/${name}`), precise),
  ]);
  return `${CLIENTS} clients on kept connections in a process of their own, each giving the eleven commands of one case's life after the
other (register, assign, accept, three pieces of evidence, submit, review, two verifiers, close), each with its token, its
\`Idempotency-Key\` and \`If-Match\`. Files are uploaded beforehand. Emmett gets the same requests, reads and folds the stream
and appends one event of the same size; it knows no caller, validates nothing but JSON, takes no numbers and has no read model.

What was reached before is ${REACHED_BEFORE} of raw inserts, as this page had it when it was made from 950e861 on two processors. It is
compared as a ratio, since the raw inserts run beside it in the same round: another machine moves both. Nine tenths of it
are to be reached by whatever is added to a command.

${table(['', 'commands/s', 'p50 ms', 'p99 ms', 'ours is'], rows)}`;
}

function catchingUp(results: Results, size: Size): string {
  const rows = [
    ...OPEN.map((open) => [
      `ours: ${count(size.events)} events, ${count(open)} cases open at once`,
      `ours/${open}`,
    ]),
    [`Emmett’s consumer with an empty handler, ${count(size.emmettEvents)} events`, 'emmett'],
    [`paged read and nothing else, ${count(size.read)} events`, 'read'],
    ...OPEN.map((open) => [
      `the same statements by a bare writer, ${count(open)} cases open at once`,
      `bare/${open}`,
    ]),
  ].map(([text, name]) => [
    text ?? '',
    told(results.of(`catch-up/${name}`), count),
    told(results.ratios(`catch-up/${name}`, 'catch-up/emmett'), precise),
    told(
      name?.startsWith('ours') === true
        ? results.ratios(`catch-up/${name}`, `catch-up/${name.replace('ours', 'bare')}`)
        : [],
      precise,
    ),
    told(results.of(`catch-up/${name}/memory-early`), count),
    told(results.of(`catch-up/${name}/memory`), count),
  ]);
  return `Cases of ten events, of which so many are open at once; which goes on next is drawn. Each catching up is a process of its own
and begins with an empty ledger, whose commits, as in the application, are not waited for: rows and checkpoint are lost or
kept together and can be made again. Emmett's consumer reads pages of 10,000 without pausing. The bare writer
gives the database every statement that was noted of ours, with its values as they were sent, in the same transactions and
under the same settings, and builds the same indexes: it reads no log, decodes, folds, counts and hashes nothing. The index of the
log, which we copy from the log by a statement, it is given as values.

${table(['', 'per second', ': Emmett', ': bare writer', `MiB resident until ${count(EARLY)} events`, 'MiB until the end'], rows)}`;
}

function asking(results: Results): string {
  const row = (text: string, name: string): string[] => [
    text,
    told(results.of(`session/${name}`), count),
    told(results.ratios(`session/${name}`, 'session/bearer'), precise),
  ];
  return `The same question, answered from memory, by ${CLIENTS} clients: what differs is how the server knows who asks. The token is
remembered by the server.

${table(['', 'per second', ': bearer token'], [row('a bearer token', 'bearer'), row('a session cookie', 'cookie')])}`;
}

function visibility(results: Results): string {
  const row = (text: string, name: string): string[] => [
    text,
    told(results.of(`visibility/${name}p50`), precise),
    told(results.of(`visibility/${name}p99`), precise),
  ];
  return `${PER_SECOND} commands a second at a fixed pace. A row is seen when a query that follows the ledger's notification has read its
revision.

${table(['', 'p50 ms', 'p99 ms'], [row('from the answer to the row', ''), row('from the command to the answer', 'answer/')])}`;
}

function importing(results: Results, size: Size): string {
  const rows = [
    ['brought over HTTP, looked through, and every row a case', 'whole'],
    ['read, mapped and checked as commands', 'mapped'],
    ['read and copied into a table as it is (COPY)', 'copy'],
  ].map(([text, name]) => [
    text ?? '',
    told(results.of(`import/${name}`), count),
    told(results.ratios(`import/${name}`, 'import/copy'), precise),
  ]);
  return `${count(size.importRows)} rows of 52 columns, all cells filled, which every contestant reads by the same reader.

${table(['', 'rows/s', ': copied'], rows)}`;
}

function uploading(results: Results, size: Size): string {
  const rows = [
    ['in one part by the tus protocol', 'parts'],
    ['as a plain body', 'plain'],
    ['to a bare server that hashes, writes and makes safe', 'bare'],
  ].map(([text, name]) => [
    text ?? '',
    told(results.of(`upload/${name}`), count),
    told(results.ratios(`upload/${name}`, 'upload/bare'), precise),
  ]);
  return `${size.uploads} files of ${FILE_MIB} MiB, ${UPLOADS_AT_ONCE} at once. Ours are looked at besides, get a receipt and count for their case.

${table(['', 'MiB/s', ': bare'], rows)}`;
}

function exporting(results: Results, size: Size): string {
  const rows = FORMATS.flatMap((format) =>
    ['ours', 'bare'].map((who) => {
      const of = (what: string): number[] => results.of(`export/${format}/${who}${what}`);
      return [
        `${format.toUpperCase()}, ${who === 'ours' ? 'ours' : 'a bare writer'}`,
        ...[told(of(''), count), told(of('/bytes'), count)],
        told(results.ratios(`export/${format}/bare`, `export/${format}/${who}`), precise),
        ...[told(of('/memory-few'), count), told(of('/memory'), count)],
      ];
    }),
  );
  return `${count(size.exportRows)} rows in a process of its own, all that one may see of them, from a snapshot. The bare writer reads the
same rows by the same cursor, and writes for each the cells of one of a thousand that it made beforehand, by the same
library: between the two lies what the words of a row cost. To read the rows
and do nothing with them goes at ${told(results.of('export/read'), count)} a second.

${table(['', 'rows/s', 'MiB', 'takes × as long', 'MiB resident at a fifth of them', 'MiB resident'], rows)}`;
}

function rebuilding(results: Results, size: Size): string {
  const rows = [
    ['the load alone', 'alone'],
    ['while the ledger is made anew', 'beside'],
  ].map(([text = '', name = '']) => [
    text,
    ...['read', 'command'].map((what) => told(results.of(`rebuild/${name}/${what}`), precise)),
    ...['asked', 'failed'].map((what) => told(results.of(`rebuild/${name}/${what}`), count)),
  ]);
  return `${READS} reads and ${COMMANDS} commands a second at a fixed pace, counted from when each is due. Meanwhile \`xiaohao rebuild\` makes a
ledger of ${count(size.rebuildEvents)} events and more in a process of its own, compares both, and switches: ${told(results.of('rebuild/perSecond'), count)} events a second
with all that, and rows wait ${told(results.of('rebuild/switch'), precise)} ms at the switch.

${table(['', 'read p99 ms', 'command p99 ms', 'answered', 'failed reads'], rows)}`;
}

const ASKING = `Hunan's divisions; four cases of a hundred are on their way. In milliseconds over HTTP, one request after the other on a kept
connection; beside it the same rows by a statement that knows of no scope, visibility or exclusion and is given to the
database by the same client, and a request for one division, which costs what every request costs.`;

function asked(results: Results, cases: number): string {
  const rows = results.below(`ledger/${cases}`).flatMap((kind) =>
    results.below(`ledger/${cases}/${kind}`).map((name) => {
      const of = (what: string): number[] => results.of(`ledger/${cases}/${kind}/${name}/${what}`);
      return [
        name,
        ...['ours/p50', 'ours/p95', 'byHand/p50', 'byHand/p95', 'floor/p50'].map((what) =>
          told(of(what), precise),
        ),
        told(besideHand(results, `ledger/${cases}/${kind}/${name}`), precise),
      ];
    }),
  );
  return table(['', 'ours p50', 'p95', 'by hand p50', 'p95', 'floor p50', 'ours : by hand and floor'], rows);
}
