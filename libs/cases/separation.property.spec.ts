import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { after, another, before, by, registration, TWIN, visit, voucher } from '../../test/support/cases.js';
import { sampleOf } from '../../test/support/samples.js';
import { post, provinceWith } from '../../test/support/province.js';
import { caseEvents, type CaseEvent, type Upload } from '../contracts/case-events.js';
import { Refusal } from '../contracts/refusal.js';
import { canonical, storable } from '../eventing/canonical.js';
import { decoder } from '../eventing/decode.js';
import { type Actor, type Recorded, type StoredEvent } from '../eventing/event.js';
import { decide, permit } from '../eventing/handle.js';
import { validated } from '../platform/validated.js';
import { caseCommands } from './commands.js';
import { bearers, type CaseState, evolve, noCase } from './state.js';
import { type AnyCaseRow, type CaseFacts, codesOf } from './table.js';

/**
 * Ten people who take every post at every unit in turn: what they may not do, only the history of the case forbids.
 * Two of them hold a post at the responsible unit as the register stands.
 */
const PEOPLE = ['an', 'bo', 'cui', 'deng', 'fan', 'gao', 'hou', 'jia', 'kang', 'lu'];
const register = provinceWith({
  persons: PEOPLE.map((id, n) => ({
    ...{ id, name: id },
    appointments: n < 2 ? [{ unit: 'hill-office', role: 'handler' }] : [],
  })),
});
const POSTS = {
  registrar: ['north-office'],
  dispatcher: ['north-office'],
  handler: ['hill-office', 'hill-works'],
  reviewer: ['hill-office'],
  verifier: ['north-office'],
  approver: ['province-office', 'north-office'],
  inspector: ['province-office'],
  leader: ['north-office', 'hill-office'],
  manager: ['north-office'],
} as const;
const decode = decoder<CaseEvent>(caseEvents);

/** One try: whoever it is, on behalf of whom, of which command, and in which of its forms. */
interface Try {
  /** A command that brings the case on, or one that does not, by somebody who may give it; or any by anybody. */
  way: 'onwards' | 'back' | 'wild';
  row: number;
  who: number;
  unit: number;
  behalf: number | null;
  form: number;
}

const tries = fc.array(
  fc.record<Try>({
    way: fc.integer({ min: 0, max: 19 }).map((n) => (n > 4 ? 'onwards' : n > 1 ? 'back' : 'wild')),
    row: fc.nat(99),
    who: fc.nat(9),
    unit: fc.nat(1),
    behalf: fc.oneof({ weight: 7, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat(9) }),
    form: fc.nat(99),
  }),
  { minLength: 10, maxLength: 70, size: 'max' },
);
const severities = fc.constantFrom('general', 'serious', 'major');

/** What brings a case on from where it stands. */
const ONWARDS = new Set([
  ...['RegisterProblem', 'AssignCase', 'AcceptAssignment', 'UpholdReturn', 'RejectReturn'],
  ...['AttachEvidence', 'SubmitRectification', 'PassReview', 'RecordVerification'],
  ...['ConfirmVerification', 'ApproveClosure', 'CloseCase', 'ReopenCase', 'ResumeCase'],
  ...['SubmitPlan', 'ApprovePlan', 'AnswerInstruction', 'AcceptAnswer', 'UndoMerge'],
]);

interface Run {
  log: Recorded<CaseEvent>[];
  state: CaseState;
  /** What the engine itself got wrong. */
  faults: string[];
}

/** Carries out the tries, as the one write path does: decide, write, read back, fold. */
function run(rows: readonly AnyCaseRow[], severity: string, all: readonly Try[]): Run {
  // Most tries are refused, and where is of no interest: it would take most of the time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return carriedOut(rows, severity, all);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function carriedOut(rows: readonly AnyCaseRow[], severity: string, all: readonly Try[]): Run {
  const result: Run = { log: [], state: noCase, faults: [] };
  for (const [minute, one] of all.entries()) {
    const at = new Date(Date.UTC(2026, 8, 1, 0, minute)).toISOString();
    const [row, actor] = chosen(rows, result.state, one);
    const body = bodyOf(row, { severity, form: one.form, minute, state: result.state });
    const { facts } = by(actor, { at, register, uploads: uploadsAt(minute) });
    try {
      for (const event of decide({ row, body, actor, seen: undefined }, result.state, facts)) {
        const recorded = throughTheLog(event, actor, at, result.log.length);
        result.log.push(recorded);
        result.state = evolve(result.state, recorded);
        if (result.state.basis > recorded.revision)
          result.faults.push(`basis ${result.state.basis} is ahead`);
      }
    } catch (error) {
      const said = error instanceof Refusal ? error.code : 'input/invalid';
      if (!(error instanceof Refusal)) result.faults.push(`${row.command.name} threw ${String(error)}`);
      else if (said !== 'input/invalid' && !codesOf(row).includes(said))
        result.faults.push(`${row.command.name} refused with ${said}, which its row does not say`);
    }
  }
  return result;
}

/** Uploads of this moment only, so that every one is new. */
function uploadsAt(minute: number): Upload[] {
  const mark = String(minute).padStart(4, '0');
  return [before, after, visit, another, voucher].map((file) => ({
    ...file,
    receipt: file.receipt.replace(/^0000/, mark),
  }));
}

interface Form {
  severity: string;
  form: number;
  minute: number;
  state: CaseState;
}

function bodyOf({ command }: AnyCaseRow, { severity, form, minute, state }: Form): object {
  const [first, second] = uploadsAt(minute);
  const reasons = [{ slot: form % 7 === 0 ? 'unheard-of' : 'before', reason: 'not enough' }];
  const forms: Record<string, object> = {
    // Mostly in vain, or hardly a case would be brought to its end.
    SplitCase: { parts: [{ weight: 400 }, { weight: form % 20 === 0 ? 600 : 599, amountFen: 1_250_000 }] },
    MergeCase: { into: form % 20 === 0 ? TWIN : before.receipt },
    AbsorbCase: { atRisk: form % 20 === 0 },
    RegisterPart: { problem: { ...registration, severity, personsAtRisk: false } },
    RegisterProblem: {
      severity,
      personsAtRisk: form % 5 === 0,
      rectificationType: form % 4 === 0 ? 'phased' : 'immediate',
    },
    WithdrawEvidence: { receipt: [...state.evidence.keys()][form % state.evidence.size] ?? first?.receipt },
    GrantExtension: { until: undefined },
    ExcludePerson: { person: pick(PEOPLE, form) },
    AssignCase: { dueOn: undefined, final: form % 4 === 0, coUnits: form % 3 === 0 ? [] : ['hill-works'] },
    AttachEvidence: { slot: form % 2 === 0 ? 'before' : 'after', receipt: first?.receipt },
    RecordVerification: {
      method: form % 5 === 0 ? 'on-paper' : 'on-site',
      photos: [second?.receipt],
    },
    ReopenCase: { dueOn: undefined, cause: form % 2 === 0 ? 'false-rectification' : 'relapse' },
    ...Object.fromEntries(
      ['RejectRectification', 'FailVerification', 'RejectClosure'].map((name) => [name, { reasons }]),
    ),
  };
  return validated(command, { ...sampleOf(command), ...forms[command.name] });
}

function chosen(rows: readonly AnyCaseRow[], state: CaseState, one: Try): [AnyCaseRow, Actor] {
  const any = pick(rows, one.row);
  if (one.way === 'wild') return [any, actorFor(any, one)];
  const status = state.status ?? 'new';
  const offers = rows.flatMap((row): [AnyCaseRow, Actor][] => {
    if (onwards(row, state) !== (one.way === 'onwards') || !row.in.includes(status)) return [];
    return PEOPLE.flatMap((_, shift): [AnyCaseRow, Actor][] => {
      const actor = actorFor(row, { ...one, who: (one.who + shift) % PEOPLE.length });
      return permits(row, state, actor) ? [[row, actor]] : [];
    }).slice(0, 1);
  });
  return offers.length === 0 ? [any, actorFor(any, one)] : pick(offers, one.row);
}

/** Another plan brings nothing on where none is needed or one is there. */
function onwards({ command: { name } }: AnyCaseRow, { plan, rectificationType }: CaseState): boolean {
  if (name === 'SubmitPlan' && (plan !== 'none' || rectificationType === 'immediate')) return false;
  return ONWARDS.has(name);
}

const FACTS = by(post('an', 'north-office', 'registrar'), { register }).facts;

function permits(row: AnyCaseRow, state: CaseState, actor: Actor): boolean {
  try {
    permit(row, state, actor, FACTS);
    return true;
  } catch {
    return false;
  }
}

function actorFor({ roles }: AnyCaseRow, { who, unit, behalf, form }: Try): Actor {
  const role = pick(roles, form) as keyof typeof POSTS;
  const actor = post(pick(PEOPLE, who), pick(POSTS[role], unit), role);
  return behalf === null ? actor : { ...actor, onBehalfOf: pick(PEOPLE, behalf) };
}

function pick<T>(list: readonly T[], n: number): T {
  return list[n % list.length] as T;
}

function throughTheLog(
  { type, ...data }: CaseEvent,
  actor: Actor,
  recordedAt: string,
  revision: number,
): Recorded<CaseEvent> {
  const meta = {
    ...{ recordedAt, actor, commandId: `${revision}`, requestHash: '', correlationId: '', causationId: '' },
    entryMode: 'live',
  };
  const stored: StoredEvent = {
    ...{ id: `${revision}`, stream: 'case-1', revision, type },
    data: storable(data),
    meta: storable(meta),
  };
  const decoded = decode(stored);
  const { type: name, ...again } = decoded.event;
  if (name !== type || canonical(again) !== stored.data)
    throw new Error(`${type} does not come back as it was`);
  return decoded;
}

const RECTIFYING = [
  ...['AssignmentAccepted', 'PlanSubmitted', 'ProgressReported', 'InterimSafetyRecorded'],
  ...['EvidenceAttached', 'MoneyRectified', 'RectificationSubmitted'],
];
/** Which step of a route an act belongs to, whether it passed or rejected. */
const OFFICES: Partial<Record<CaseEvent['type'], string>> = {
  PlanApproved: 'review',
  PlanRejected: 'review',
  ReviewPassed: 'review',
  RectificationRejected: 'review',
  VerificationRecorded: 'verify',
  VerificationConfirmed: 'verify',
  VerificationFailed: 'verify',
  ClosureApproved: 'approve',
  ClosureRejected: 'approve',
};
const PASSING: Record<string, readonly CaseEvent['type'][]> = {
  review: ['ReviewPassed'],
  verify: ['VerificationRecorded', 'VerificationConfirmed'],
  approve: ['ClosureApproved'],
};

/** What the regulation says of the log alone: everything that is wrong with each closing in it. */
function wrongs(log: readonly Recorded<CaseEvent>[]): string[] {
  return log
    .filter(({ event }) => event.type === 'CaseClosed')
    .flatMap(({ revision, meta }) => wrongsOf(log.slice(0, revision), meta.actor));
}

function wrongsOf(past: readonly Recorded<CaseEvent>[], closer: Actor): string[] {
  const found: string[] = [];
  const last = (...types: CaseEvent['type'][]) => past.findLast(({ event }) => types.includes(event.type));
  const round = past.slice((last('CaseReopened')?.revision ?? -1) + 1);
  const standing = past.slice(last('RectificationSubmitted')?.revision ?? past.length);
  const duty = last('CaseAssigned', 'CaseReopened')?.event;
  const route = duty && 'route' in duty ? duty.route : [];
  const rectifiers = personsOf(past.filter(({ event }) => RECTIFYING.includes(event.type)));

  if (route.length === 0) found.push('closed without a route');
  if (!standing.some(({ event }) => event.type === 'RectificationSubmitted')) found.push('never submitted');
  for (const { step } of route) {
    for (const type of PASSING[step] ?? []) {
      const taken = standing.filter(({ event }) => event.type === type);
      if (taken.length !== 1) found.push(`${type} stands ${taken.length} times`);
      for (const person of personsOf(taken)) {
        if (rectifiers.has(person)) found.push(`${step} by the rectifier ${person}`);
      }
    }
  }
  const [recorder, confirmer] = ['VerificationRecorded', 'VerificationConfirmed'].map((type) =>
    personsOf(standing.filter(({ event }) => event.type === type)),
  );
  if (recorder && confirmer && meet(recorder, confirmer)) found.push('both verifiers are one');

  const offices = ['review', 'verify', 'approve'] as const;
  const [review, verify, approve] = offices.map((office) =>
    personsOf(round.filter(({ event }) => OFFICES[event.type] === office)),
  ) as [Set<string>, Set<string>, Set<string>];
  if (meet(review, verify)) found.push('a reviewer verified');
  if (meet(review, approve)) found.push('a reviewer approved');
  if (meet(verify, approve)) found.push('a verifier approved');

  const who = new Set(bearers(closer));
  if (meet(who, rectifiers)) found.push('closed by a rectifier');
  if (meet(who, review)) found.push('closed by a reviewer');
  if (meet(who, verify)) found.push('closed by a verifier');
  if (meet(who, barredIn(past))) found.push('closed by who passed a false rectification');
  if (closer.unit !== (duty && 'closer' in duty ? duty.closer : undefined)) found.push('closed elsewhere');
  return found;
}

function personsOf(acts: readonly Recorded<CaseEvent>[]): Set<string> {
  return new Set(acts.flatMap(({ meta }) => bearers(meta.actor)));
}

function meet(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return [...some].some((person) => others.has(person));
}

/** Who verified or approved the submission on which a closing rested that turned out false. */
function barredIn(past: readonly Recorded<CaseEvent>[]): Set<string> {
  const barred = past.flatMap(({ event, revision }) => {
    if (event.type !== 'CaseReopened' || event.cause !== 'false-rectification') return [];
    const until = past.slice(0, revision);
    const from = until.findLastIndex((done) => done.event.type === 'RectificationSubmitted');
    const passing = [...(PASSING.verify ?? []), ...(PASSING.approve ?? [])];
    return until.slice(from).filter((done) => passing.includes(done.event.type));
  });
  return personsOf(barred);
}

describe('whatever people try, whoever they are', () => {
  const seen = new Map<CaseEvent['type'], number>();
  let runs = 0;

  test('no case is closed but by the whole route since its standing submission, each step by other people', () => {
    fc.assert(
      fc.property(severities, tries, (severity, all) => {
        const { log, faults } = run(caseCommands, severity, all);
        runs++;
        for (const type of new Set(log.map(({ event }) => event.type))) {
          seen.set(type, (seen.get(type) ?? 0) + 1);
        }
        expect([...faults, ...wrongs(log)]).toEqual([]);
      }),
      { numRuns: 900 },
    );
  });

  test('and cases do get closed: a good part of the runs, some of them twice', () => {
    const share = (type: CaseEvent['type']) => (seen.get(type) ?? 0) / runs;
    expect(share('VerificationConfirmed')).toBeGreaterThan(0.2);
    expect(share('ClosureApproved')).toBeGreaterThan(0.05);
    expect(share('CaseClosed')).toBeGreaterThan(0.1);
    expect(share('CaseReopened')).toBeGreaterThan(0.05);
    expect([...seen.keys()].sort()).toEqual(Object.keys(caseEvents).sort());
  });
});

/** What moves a problem to another case says nothing of who examines it, and mostly ends the try. */
const MOVING = new Set([
  ...['SplitCase', 'SplitResidual', 'RegisterPart', 'MergeCase', 'AbsorbCase', 'UndoMerge'],
]);
const handling = caseCommands.filter(({ command }) => !MOVING.has(command.name));

/** The table with one rule forgotten: what `may` sees of the state is changed before it judges. */
function forgetting(forgotten: (state: CaseState, facts: CaseFacts) => [CaseState, CaseFacts]): AnyCaseRow[] {
  return handling.map((row) => ({
    ...row,
    ...(row.may && {
      may: (state, actor, facts) => {
        const [dimmed, known] = forgotten(state, facts);
        row.may?.(dimmed, actor, known);
      },
    }),
  }));
}

describe('the property notices when a rule is forgotten:', () => {
  const none = new Set<never>();
  const withoutMay = (command: string) =>
    handling.map((row) => (row.command.name === command ? { ...row, may: () => undefined } : row));

  test.each([
    ['that rectifiers do not examine', forgetting((state, facts) => [{ ...state, rectifiers: none }, facts])],
    ['who reviewed', forgetting((state, facts) => [{ ...state, reviewers: none }, facts])],
    ['who verified', forgetting((state, facts) => [{ ...state, verifiers: none }, facts])],
    ['who approved', forgetting((state, facts) => [{ ...state, approvers: none }, facts])],
    ['who is barred', forgetting((state, facts) => [{ ...state, barred: none }, facts])],
    ['who recorded', forgetting((state, facts) => [{ ...state, recordedBy: new Set(['nobody']) }, facts])],
    ['everything that a reviewer may not', withoutMay('PassReview')],
    ['everything that a verifier may not', withoutMay('RecordVerification')],
    ['everything that a second verifier may not', withoutMay('ConfirmVerification')],
    ['everything that an approver may not', withoutMay('ApproveClosure')],
    ['everything that a closer may not', withoutMay('CloseCase')],
  ])('%s', (_, rows) => {
    const { failed } = fc.check(
      fc.property(severities, tries, (severity, all) => wrongs(run(rows, severity, all).log).length === 0),
      { numRuns: 3_000, seed: 3, endOnFailure: true },
    );
    expect(failed).toBe(true);
  });
});
