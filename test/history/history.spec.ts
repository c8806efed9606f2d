import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { caseEvents, type CaseEvent } from '../../libs/contracts/case-events.js';
import { evolve, noCase } from '../../libs/cases/state.js';
import { leafHash, storable } from '../../libs/eventing/canonical.js';
import { decoder } from '../../libs/eventing/decode.js';
import { type StoredEvent } from '../../libs/eventing/event.js';
import { foldRow, type Row } from '../../libs/ledger/row.js';

/**
 * One sample of every shape of event ever written, as it stood in a log: whole streams, in order. Lines are added at
 * the end and never changed: what reads today must read for ever. To add one, write its line with empty `leaf` and
 * `chain`; the failing test says what belongs there. `chain` is SHA-256(chain of the line before ‖ leaf), from 32
 * zero bytes on, so that nothing can be changed or taken out without changing every line after it.
 */
const FILE = 'test/history/case-events.jsonl';

type Sample = StoredEvent & { leaf: string; chain: string };

const text = readFileSync(FILE, 'utf8');
const lines = text.split('\n').slice(0, -1);
const samples = lines.map((line) => JSON.parse(line) as Sample);
const placed = samples.map((sample, n) => [`line ${n + 1}: ${sample.type}`, sample, n] as const);
const decode = decoder<CaseEvent>(caseEvents);

test('every name of the language has a sample', () => {
  const seen = new Set(samples.map(({ type }) => type));
  expect(Object.keys(caseEvents).filter((name) => !seen.has(name))).toEqual([]);
  expect(text.endsWith('\n')).toBe(true);
});

describe.each(placed)('%s', (_, sample, n) => {
  const { leaf, chain, ...stored } = sample;

  test('decodes, under a name of today', () => {
    const { event, meta } = decode(stored);
    expect(Object.keys(caseEvents)).toContain(event.type);
    expect(meta.recordedAt).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
  });

  test('is canonical text', () => {
    expect(storable(JSON.parse(stored.data) as object)).toBe(stored.data);
    expect(storable(JSON.parse(stored.meta) as object)).toBe(stored.meta);
  });

  test('has the leaf and the chain that were recorded', () => {
    const before = Buffer.from(samples[n - 1]?.chain ?? '00'.repeat(32), 'hex');
    const bytes = Buffer.from(leafHash(stored), 'hex');
    expect({ leaf, chain }).toEqual({
      leaf: leafHash(stored),
      chain: createHash('sha256').update(before).update(bytes).digest('hex'),
    });
  });
});

describe('the streams fold today', () => {
  const names = [...new Set(samples.map(({ stream }) => stream))];
  const streams = names.map((name) => samples.filter(({ stream }) => stream === name));

  /** What each stream comes to. A new stream adds its line. */
  const outcomes = [
    {
      ...{ status: 'rectifying', round: 2, basis: 25, closer: 'province-office', leads: ['hill-office'] },
      ...{ rectifiers: ['he', 'li'], barred: ['sun', 'zhao', 'zheng', 'zhou'], receipts: 5 },
    },
    {
      ...{
        status: 'rectifying',
        round: 2,
        basis: 14,
        closer: 'north-office',
        leads: ['hill-office', 'lake-office'],
      },
      ...{ rectifiers: ['li', 'xu'], barred: [], receipts: 4 },
    },
    {
      ...{ status: 'registered', round: 1, basis: 0, closer: undefined, leads: [] },
      ...{ rectifiers: [], barred: [], receipts: 0 },
    },
    {
      ...{ status: 'rectifying', round: 1, basis: 24, closer: 'north-office', leads: ['hill-office'] },
      ...{ rectifiers: ['li'], barred: [], receipts: 3 },
    },
    {
      ...{ status: 'rectifying', round: 1, basis: 1, closer: 'north-office', leads: ['hill-office'] },
      ...{ rectifiers: ['li'], barred: [], receipts: 0 },
    },
    {
      ...{ status: 'rectifying', round: 1, basis: 1, closer: 'north-office', leads: ['hill-office'] },
      ...{ rectifiers: [], barred: [], receipts: 0 },
    },
    {
      ...{ status: 'transferred-out', round: 1, basis: 46, closer: 'north-office', leads: ['lake-office'] },
      ...{ rectifiers: ['he', 'li', 'lin'], barred: ['zhao'], receipts: 3 },
    },
    {
      ...{ status: 'closed', round: 1, basis: 0, closer: 'north-office', leads: [] },
      ...{ rectifiers: [], barred: [], receipts: 0 },
    },
  ];

  test('as the write side decides by them', () => {
    const states = streams.map((stream) => stream.map(decode).reduce(evolve, noCase));
    const folded = states.map(({ status, round, basis, closer, leads, rectifiers, barred, receipts }) => ({
      ...{ status, round, basis, closer, leads },
      ...{ rectifiers: [...rectifiers].sort(), barred: [...barred].sort(), receipts: receipts.size },
    }));
    expect(folded).toEqual(outcomes);
  });

  test('as the ledger shows them', () => {
    const rows = streams.map((stream) =>
      stream.map(decode).reduce<Row | undefined>((row, event) => foldRow(row, event, 1), undefined),
    );
    expect(
      rows.map((row) => row && { status: row.status, round: row.round, revision: row.revision }),
    ).toEqual(
      outcomes.map(({ status, round }, n) => ({
        ...{ status, round },
        revision: streams[n]?.at(-1)?.revision,
      })),
    );
  });

  test('and have no holes', () => {
    for (const stream of streams) {
      expect(stream.map(({ revision }) => revision)).toEqual(stream.map((_, n) => n));
    }
  });
});

test('what was there at the last commit is there unchanged, and lines were only added', () => {
  const committed = atHead();
  // Without git, or before the first commit of this file, the chain alone stands for it.
  if (committed === undefined) return;
  expect(text.slice(0, committed.length)).toBe(committed);
});

function atHead(): string | undefined {
  try {
    return execFileSync('git', ['show', `HEAD:${FILE}`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return undefined;
  }
}
