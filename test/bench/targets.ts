import { FORMATS } from './export.js';
import { askingTargets } from './ledger-targets.js';
import { median, type Results } from './results.js';
import { type Target } from './target.js';

/**
 * Whole commands over HTTP beside raw inserts, as docs/performance.md had it when it was made from 950e861. What came
 * later may cost a tenth of that, no more: so much is the noise of the machine.
 */
export const REACHED_BEFORE = 0.35;

export function targets(results: Results): Target[] {
  const all: Target[] = [];
  const add = (what: string, values: number[], sign: '≥' | '≤', bound: number, unit: string): void => {
    if (values.length === 0) return;
    const value = median(values);
    const reached = sign === '≥' ? value >= bound : value <= bound;
    all.push({ what, wanted: `${sign} ${bound}${unit}`, values, reached });
  };
  const ratio = (what: string, one: string, other: string, bound: number): void => {
    add(what, results.ratios(one, other), '≥', bound, ' ×');
  };
  const most = (what: string, name: string, bound: number): void => {
    add(what, results.of(name), '≤', bound, ' ms');
  };
  add('decoding, folding and deciding on a case of 60 events', results.of('decide/whole'), '≤', 150, ' µs');
  ratio('append, 1 writer, beside raw inserts', 'append/ours/1', 'append/raw/1', 0.85);
  ratio('append, 32 writers, beside raw inserts', 'append/ours/32', 'append/raw/32', 2);
  ratio('append, 128 writers, beside raw inserts', 'append/ours/128', 'append/raw/128', 3.5);
  ratio('append, 32 writers, beside Emmett', 'append/ours/32', 'append/emmett/32', 12);
  ratio('append, 32 writers, full log beside empty log', 'append/full/32', 'append/ours/32', 0.9);
  ratio('whole command over HTTP, beside raw inserts', 'http/ours', 'http/raw', 0.5);
  ratio(
    'whole command over HTTP, beside raw inserts, against what was reached before',
    'http/ours',
    'http/raw',
    0.9 * REACHED_BEFORE,
  );
  ratio('whole command over HTTP, beside Emmett behind Fastify', 'http/ours', 'http/emmett', 3);
  most('whole command over HTTP, p99', 'http/ours/p99', 15);
  ratio(
    'a request by a session cookie, beside one by a bearer token, rate',
    'session/cookie',
    'session/bearer',
    0.9,
  );
  ratio(
    'catching up, 3,000 cases open, beside Emmett’s idle consumer',
    'catch-up/ours/3000',
    'catch-up/emmett',
    8,
  );
  ratio(
    'catching up, 40,000 cases open, beside Emmett’s idle consumer',
    'catch-up/ours/40000',
    'catch-up/emmett',
    5,
  );
  for (const open of [3000, 40000]) {
    ratio(
      `catching up, ${open.toLocaleString('en')} cases open, beside a bare writer of the same rows`,
      `catch-up/ours/${open}`,
      `catch-up/bare/${open}`,
      0.7,
    );
    const name = `catch-up/ours/${open}/memory`;
    const what = `catching up, ${open.toLocaleString('en')} cases open, memory at the end beside that at 100,000 events`;
    add(what, results.ratios(name, `${name}-early`), '≤', 1.15, ' ×');
  }
  most('from the answer to the ledger, p50', 'visibility/p50', 5);
  most('from the answer to the ledger, p99', 'visibility/p99', 25);
  add('import of a workbook into cases', results.of('import/whole/seconds'), '≤', 20, ' s');
  for (const format of FORMATS) {
    const [ours, bare] = [`export/${format}/ours`, `export/${format}/bare`];
    const what = `export as ${format.toUpperCase()}`;
    add(`${what}, time beside a bare writer`, results.ratios(bare, ours), '≤', 1.5, ' ×');
    const memory = results.ratios(`${ours}/memory`, `${ours}/memory-few`);
    add(`${what}, memory beside that for a fifth of the rows`, memory, '≤', 1.15, ' ×');
  }
  for (const what of ['read', 'command']) {
    const p99 = results.ratios(`rebuild/beside/${what}`, `rebuild/alone/${what}`);
    add(`${what} while the ledger is made anew, p99 beside that of other times`, p99, '≤', 1.5, ' ×');
  }
  add('reads that fail while the ledger is made anew', results.of('rebuild/beside/failed'), '≤', 0, '');
  most('rows wait at the switch', 'rebuild/switch', 100);
  ratio(
    'upload in parts, beside a bare stream to disk with the same hash and fsync',
    'upload/parts',
    'upload/bare',
    0.7,
  );
  ratio('upload as a plain body, beside the same', 'upload/plain', 'upload/bare', 0.7);
  all.push(...askingTargets(results));
  return all;
}
