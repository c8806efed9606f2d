import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { evolveDraw, noDraw } from '../../libs/cases/draws/draw.js';
import { evolveReferral, noReferral } from '../../libs/cases/referrals/referral.js';
import { evolve, noCase } from '../../libs/cases/state.js';
import { type AccessDayClosed, accessEvents } from '../../libs/contracts/access.js';
import { caseEvents, type CaseEvent } from '../../libs/contracts/case-events.js';
import { drawEvents, type DrawEvent } from '../../libs/contracts/draws.js';
import { referralEvents, type ReferralEvent } from '../../libs/contracts/referrals.js';
import { registerEvents } from '../../libs/contracts/register-events.js';
import { isSealed } from '../../libs/contracts/sealing.js';
import { leafHash, storable } from '../../libs/eventing/canonical.js';
import { type Decode, decoder } from '../../libs/eventing/decode.js';
import { type DomainEvent, type StoredEvent } from '../../libs/eventing/event.js';
import { foldRow, type Row } from '../../libs/ledger/rows/row.js';
import { type PersonDoc } from '../../libs/register/docs.js';
import { decodeEntry, entries } from '../../libs/register/table.js';

/**
 * One sample of every shape of event ever written, as it stood in a log: whole streams, in order, a file for each
 * kind. Lines are added at the end and never changed: what reads today must read for ever. To add one, write its line
 * with empty `leaf` and `chain`; the failing test says what belongs there. `chain` is SHA-256(chain of the line
 * before ‖ leaf), from 32 zero bytes on, so that nothing can be changed or taken out without changing every line after
 * it.
 */
type Sample = StoredEvent & { leaf: string; chain: string };

interface History<E extends DomainEvent> {
  file: string;
  text: string;
  samples: readonly Sample[];
  /** In the order in which they begin. */
  streams: readonly (readonly Sample[])[];
  /** Every name of the language. */
  names: readonly string[];
  decode: Decode<E>;
}

function historyOf<E extends DomainEvent>(kind: string, names: object, decode: Decode<E>): History<E> {
  const file = `test/history/${kind}-events.jsonl`;
  const text = readFileSync(file, 'utf8');
  const samples = text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Sample);
  const streams = [...new Set(samples.map(({ stream }) => stream))].map((name) =>
    samples.filter(({ stream }) => stream === name),
  );
  return { file, text, samples, streams, names: Object.keys(names), decode };
}

const cases = historyOf('case', caseEvents, decoder<CaseEvent>(caseEvents));
const register = historyOf(
  'register',
  Object.assign({}, ...Object.values(registerEvents)) as object,
  decodeEntry,
);
const draws = historyOf('draw', drawEvents, decoder<DrawEvent>(drawEvents));
const referrals = historyOf('referral', referralEvents, decoder<ReferralEvent>(referralEvents));
const accessDays = historyOf('access', accessEvents, decoder<AccessDayClosed>(accessEvents));

const histories: readonly History<DomainEvent>[] = [cases, register, draws, referrals, accessDays];

describe.each(histories.map((history) => [history.file, history] as const))('%s', (file, history) => {
  const { text, samples, streams, names, decode } = history;

  test('has a sample of every name of the language', () => {
    const seen = new Set(samples.map(({ type }) => type));
    expect(names.filter((name) => !seen.has(name))).toEqual([]);
    expect(text.endsWith('\n')).toBe(true);
  });

  test('has no holes', () => {
    for (const stream of streams) {
      expect(stream.map(({ revision }) => revision)).toEqual(stream.map((_, n) => n));
    }
  });

  test('has what was there at the last commit unchanged: lines were only added', () => {
    const committed = atHead(file);
    // Without git, or before the first commit of this file, the chain alone stands for it.
    if (committed === undefined) return;
    expect(text.slice(0, committed.length)).toBe(committed);
  });

  const placed = samples.map((sample, n) => [`line ${n + 1}: ${sample.type}`, sample, n] as const);
  describe.each(placed)('%s', (_, sample, n) => {
    const { leaf, chain, ...stored } = sample;

    test('decodes, under a name of today', () => {
      const { event, meta } = decode(stored);
      expect(names).toContain(event.type);
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
});

describe('the streams of cases fold today', () => {
  const { streams, decode } = cases;

  /** What each stream comes to. A new stream adds its line. */
  const outcomes = [
    {
      ...{ status: 'rectifying', round: 2, basis: 25, closer: 'province-office', leads: ['hill-office'] },
      ...{ rectifiers: ['he', 'li'], barred: ['feng', 'sun', 'zhao', 'zheng', 'zhou'], receipts: 5 },
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
      ...{ status: 'rectifying', round: 2, basis: 63, closer: 'north-office', leads: ['hill-office'] },
      ...{ rectifiers: ['he', 'li', 'lin', 'wu'], barred: ['zhao'], receipts: 6 },
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
});

/** What the entries come to, as far as it does not say itself again. */
const DOCS = {
  'division-isle': {
    names: [{ from: '2026-09-01', is: '山市' }],
    levels: [{ from: '2026-09-01', is: 'city' }],
    parents: [{ from: '2026-09-01', is: 'south' }],
    closed: '2026-09-01',
  },
  'division-shoal': {
    names: [
      { from: '2026-09-01', is: '沙洲' },
      { from: '2026-10-01', is: '新沙洲' },
    ],
    parents: [
      { from: '2026-09-01', is: null },
      { from: '2026-10-01', is: null },
    ],
    merged: { from: '2026-12-01', is: 'lake' },
  },
  'unit-isle-office': {
    names: [{ from: '2026-09-01', is: '山县住建局' }],
    places: [
      { from: '2026-09-01', is: { division: 'hill', parent: 'north-office' } },
      { from: '2026-10-01', is: { division: 'lake' } },
    ],
    abolished: { from: '2026-09-01', is: 'hill-office' },
  },
  'person-lu': {
    entered: '2026-09-01',
    posts: [
      { unit: 'hill-office', role: 'handler', from: '2026-09-01', until: '2026-08-31', acting: true },
      { unit: 'lake-office', role: 'reviewer', from: '2026-09-01' },
    ],
    delegations: [{ to: 'xu', from: '2026-09-01', until: '2026-08-31' }],
    leave: [{ from: '2026-09-01', until: '2026-08-31' }],
  },
  'policy-rules': {
    versions: [
      { id: 'rules@2', from: '2026-09-01', policy: { extensions: 3 } },
      { id: 'rules@3', from: '2026-10-01', policy: { extensions: 3, retention: 10 } },
    ],
  },
  'calendar-national': {
    versions: [
      { id: 'national@2027', until: '2027-12-31', divisions: [{ division: 'hill' }] },
      { id: 'national@2028', from: '2028-01-01' },
    ],
  },
  'source-s-1': { code: 'PC', lines: 31, dueOn: '2026-12-31' },
  'source-s-2': { code: 'AU', lines: 2 },
  'person-ma': { entered: '2026-09-01' },
  'source-s-3': { code: 'AU', lines: 3, dueOn: '2026-12-31', recogniserUnit: 'province-office' },
  'batch-b-2': {
    ...{ rows: 7, closed: { registered: 3, known: 2, refused: [{ column: '严重程度', rows: [4, 6] }] } },
  },
  'batch-b-1': { rows: 7, closed: { registered: 3, known: 2, refused: [{ rows: [4, 6] }] } },
};

describe('the streams of the register fold today', () => {
  const folded = register.streams.map((stream) => {
    const { status, doc } = entries.fold(entries.initial, stream.map(register.decode));
    return [stream[0]?.stream, status, doc] as const;
  });

  test('each to its entry', () => {
    expect(folded.map(([stream, status]) => [stream, status])).toEqual([
      ['division-isle', 'ended'],
      ['division-shoal', 'ended'],
      ['unit-isle-office', 'ended'],
      ['person-lu', 'open'],
      ['policy-rules', 'open'],
      ['calendar-national', 'open'],
      ['source-s-1', 'open'],
      ['source-s-2', 'open'],
      ['batch-b-1', 'ended'],
      ['person-ma', 'open'],
      ['source-s-3', 'open'],
      ['batch-b-2', 'ended'],
    ]);
  });

  test('as decisions know them', () => {
    const docs = new Map(folded.map(([stream, , doc]) => [stream, doc]));
    expect(Object.fromEntries(docs)).toMatchObject(DOCS);
  });

  test('no name of a person stands there in clear', () => {
    const person = folded.find(([stream]) => stream === 'person-lu')?.[2] as PersonDoc;
    expect(person.names.length).toBeGreaterThan(0);
    expect(person.names.filter(({ is }) => !isSealed(is))).toEqual([]);
  });
});

test('the streams of draws fold today', () => {
  const drawn = draws.streams.map((stream) => stream.map(draws.decode).reduce(evolveDraw, noDraw).drawn);
  const cases = ['01', '31', '02', '14'].map((n) => `00000000-0000-4000-8000-0000000000${n}`);
  expect(drawn).toMatchObject(
    [{ division: 'hill', lead: 'hill-office', severity: 'general' }, {}].map((part) => ({
      ...{ size: 4, candidates: 40, cases, by: { person: 'chen' } },
      frame: { from: '2026-01-01', until: '2026-06-30', ...part },
    })),
  );
});

describe('the streams of clues', () => {
  test('fold today', () => {
    const folded = referrals.streams.map((stream) =>
      stream.map(referrals.decode).reduce(evolveReferral, noReferral),
    );
    expect(folded.map(({ status, divisions, basis }) => ({ status, divisions, basis }))).toEqual([
      { status: 'answered', divisions: ['hill'], basis: 1 },
      { status: 'answered', divisions: ['hill'], basis: 1 },
    ]);
  });

  test('hold no personal text in clear', () => {
    const clues = referrals.samples
      .map((sample) => referrals.decode(sample).event)
      .filter((event) => event.type === 'ClueReferred');
    const texts = clues.flatMap(({ text, persons }) => [text, ...persons.map(({ name }) => name)]);
    expect(texts).toHaveLength(4);
    expect(texts.filter((text) => !isSealed(text))).toEqual([]);
  });
});

/** The text of a file as it was last committed. */
function atHead(file: string): string | undefined {
  try {
    return execFileSync('git', ['show', `HEAD:${file}`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return undefined;
  }
}
