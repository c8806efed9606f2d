import { describe, expect, test } from '@jest/globals';
import {
  accepted,
  amountAdjusted,
  answerAccepted,
  answered,
  answerRejected,
  approved,
  assigned,
  assigning,
  attachedAfter,
  attachedBefore,
  closed,
  closureRejected,
  confirmed,
  did,
  failed,
  evidenceWithdrawn,
  excluded,
  extended,
  extensionRefused,
  extensionRequested,
  instructed,
  madeSafe,
  moneyRecorded,
  type PastEvent,
  planApproved,
  planRejected,
  planSubmitted,
  progressCorrected,
  recorded,
  registered,
  registeredAtRisk,
  registration,
  reported,
  resumed,
  supervised,
  supervisionLifted,
  suspended,
  withdrawn,
  reopened,
  reopening,
  returned,
  returnRejected,
  returnUpheld,
  reviewed,
  reviewRejected,
  submitted,
  TWIN,
  until,
  verifiedSerious,
} from '../../test/support/cases.js';
import {
  absorbed,
  merged,
  mergeUndone,
  otherSource,
  partRegistered,
  residual,
  split,
} from '../../test/support/split.js';
import { dispatcherTang, handlerLi, registrarGu } from '../../test/support/province.js';
import { caseEvents } from '../contracts/case-events.js';
import { foldRow, type Row } from './row.js';

/** The row after a past, an hour between one event and the next: the nth at n o'clock. Nothing is changed in place. */
function after(...past: readonly PastEvent[]): Row {
  const row = past.reduce<Row | undefined>((folded, { event, actor }, revision) => {
    const meta = {
      ...{ recordedAt: at(revision), commandId: '', requestHash: '', correlationId: '', causationId: '' },
      ...{ actor, entryMode: 'live' as const },
    };
    const done = frozen({ id: '', stream: 'case-5d1d8ad5', revision, event, meta });
    return frozen(foldRow(folded, done, 100 + revision));
  }, undefined);
  if (!row) throw new Error('nothing happened');
  return row;
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  Object.values(value).forEach(frozen);
  return Object.freeze(value);
}

const at = (hour: number): string => `2026-09-01T${String(hour).padStart(2, '0')}:00:00.000Z`;

/** What the last event of a past changed. */
function changedBy(...past: readonly PastEvent[]): Partial<Row> {
  const [before, now] = [after(...past.slice(0, -1)), after(...past)];
  const changed = Object.entries(now).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof Row]),
  );
  const { changedAt, revision, ...rest } = Object.fromEntries(changed) as Partial<Row>;
  expect([changedAt, revision]).toEqual([at(past.length - 1), past.length - 1]);
  return rest;
}

describe('registered', () => {
  test('a row shows what is known of the problem, and lies with who registered it', () => {
    expect(after(registered)).toEqual({
      ...{ id: '5d1d8ad5', revision: 0, seq: 100, caseNumber: 'N-7' },
      ...{ source: 'PC', sourceDocument: '省检〔2026〕7号', sourceLine: '12', sourcePart: 'a' },
      ...{ intakeNumber: 'S-1', foundOn: '2026-08-20', foundBy: '省检查组', divisions: ['hill'] },
      ...{ address: '山县石桥村', latitudeE7: 281_234_567, longitudeE7: 1_129_876_543, datum: 'WGS-84' },
      ...{ categories: ['roof'], severity: 'general', rectificationType: 'immediate' },
      ...{ description: '屋面渗漏', basis: '技术导则第五条', amountFen: 1_250_000, householdCount: 3 },
      ...{ occurredFrom: '2026-05-01', occurredTo: '2026-08-01', sourceDueOn: '2026-12-31' },
      ...{ personsAtRisk: false, weight: 1000, status: 'registered', flags: [], leads: [], coUnits: [] },
      ...{ requirement: null, letter: null, dueOn: null, returns: 0, evidence: 0, measures: null },
      ...{ rectifiedFen: 0, extensions: 0, suspendedUntil: null, reports: 0, progress: null, pending: null },
      ...{ completedOn: null, verification: null, verifiedAt: null, closedAt: null, closureNumber: null },
      ...{ round: 1, reopened: 0, reopenCause: null, heldBy: ['north-office'], heldSince: at(0) },
      ...{ supervision: [], openInstructions: 0, excluded: [], heldBefore: [] },
      ...{ sources: [registration.source], parent: null, absorbed: [], mergedInto: null },
      ...{ registeredAt: at(0), changedAt: at(0), assigner: null, route: [], closer: null },
    });
  });

  test('what is not known is null', () => {
    const { caseNumber, categories, divisions, severity, rectificationType, description } = registration;
    const little = did(registrarGu, {
      type: 'ProblemRegistered',
      source: { code: 'HL' },
      ...{ caseNumber, categories, divisions, severity, rectificationType, description },
      ...{ personsAtRisk: true, weight: 1000 },
    });
    const row = after(little);
    expect(Object.entries(row).filter(([, value]) => value === undefined)).toEqual([]);
    expect(row).toMatchObject({
      source: 'HL',
      sourceDocument: null,
      amountFen: null,
      address: null,
      datum: null,
    });
  });
});

test('a part says what it was a part of, and to whom it does not exist', () => {
  expect(after(partRegistered)).toMatchObject({
    parent: '1',
    weight: 400,
    excluded: ['zhou'],
    amountFen: null,
  });
});

describe('what each event changes in the row', () => {
  const duty = { leads: ['hill-office'], coUnits: ['hill-works'], dueOn: '2026-10-19' };
  const { route, closer } = assigning;

  test.each([
    [
      'an assignment gives it to its leads',
      [registered, assigned],
      {
        ...{ status: 'assigned', ...duty, requirement: '翻修屋面', letter: 'N-7', route, closer },
        ...{ assigner: 'north-office', heldBy: ['hill-office'], heldSince: at(1) },
      },
    ],
    [
      'a split leaves nothing but what was put right; the rest stands in the rows of the parts',
      [...until.rectifying, moneyRecorded, split],
      { status: 'split', weight: 0, amountFen: 250_000, heldBy: [], heldSince: at(4) },
    ],
    ['what is left over is taken off', [...until.rectifying, residual], { weight: 750, amountFen: 750_000 }],
    [
      'a merged case lies with nobody and says where it went',
      [registered, merged],
      {
        ...{ status: 'merged', mergedInto: TWIN, heldBy: [] },
        ...{ heldBefore: ['north-office'], heldSince: at(1) },
      },
    ],
    [
      'and lies where it lay when that is undone',
      [registered, merged, mergeUndone],
      {
        ...{ status: 'registered', mergedInto: null, heldBy: ['north-office'] },
        ...{ heldBefore: [], heldSince: at(2) },
      },
    ],
    [
      'a case that took another up shows both sources, and the people at risk of both',
      [...until.rectifying, absorbed],
      {
        ...{ absorbed: [TWIN], sources: [registration.source, otherSource], excluded: ['zhou'] },
        ...{ personsAtRisk: true, flags: ['atRisk'] },
      },
    ],
    ['an acceptance', [registered, assigned, accepted], { status: 'rectifying' }],
    [
      'a return, to who assigned it',
      [registered, assigned, returned],
      { flags: ['returnPending'], returns: 1, heldBy: ['north-office'], heldSince: at(2) },
    ],
    [
      'a rejected return, back to its leads',
      [registered, assigned, returned, returnRejected],
      { flags: [], heldBy: ['hill-office'], heldSince: at(3) },
    ],
    ['evidence is counted', [registered, assigned, accepted, attachedBefore, attachedAfter], { evidence: 2 }],
    ['and counted off', [...until.rectifying, attachedBefore, evidenceWithdrawn], { evidence: 0 }],
    ['a plan changes nothing that is shown', [...until.rectifying, planSubmitted], {}],
    ['nor does its approval', [...until.rectifying, planSubmitted, planApproved], {}],
    ['nor its rejection', [...until.rectifying, planSubmitted, planRejected], {}],
    [
      'a report is the progress shown',
      [...until.rectifying, reported],
      { reports: 1, progress: '已拆除旧瓦', pending: '等待新瓦到货' },
    ],
    [
      'a correction of the last report is shown',
      [...until.rectifying, reported, progressCorrected],
      { progress: '已拆除一半旧瓦' },
    ],
    [
      'a correction of an earlier one is not',
      [
        ...until.rectifying,
        reported,
        did(handlerLi, { type: 'ProgressReported', report: 2 }),
        progressCorrected,
      ],
      {},
    ],
    ['interim safety ends the risk', [registeredAtRisk, assigned, accepted, madeSafe], { flags: [] }],
    ['money put right adds up', [...until.rectifying, moneyRecorded], { rectifiedFen: 250_000 }],
    ['an amount is adjusted', [...until.rectifying, amountAdjusted], { amountFen: 1_000_000 }],
    [
      'a request for an extension waits',
      [...until.rectifying, extensionRequested],
      { flags: ['extensionPending'] },
    ],
    [
      'an extension moves the due day',
      [...until.rectifying, extensionRequested, extended],
      { flags: [], extensions: 1, dueOn: '2026-11-10' },
    ],
    ['a refusal does not', [...until.rectifying, extensionRequested, extensionRefused], { flags: [] }],
    [
      'a suspension has an end',
      [...until.rectifying, suspended],
      { flags: ['suspended'], suspendedUntil: '2026-09-30' },
    ],
    [
      'a resumption moves the due day',
      [...until.rectifying, suspended, resumed],
      { flags: [], suspendedUntil: null, dueOn: '2026-10-26' },
    ],
    ['a rung of supervision stands', [...until.rectifying, supervised], { supervision: ['blue'] }],
    ['until it is lifted', [...until.rectifying, supervised, supervisionLifted], { supervision: [] }],
    ['an instruction is open', [...until.rectifying, instructed], { openInstructions: 1 }],
    ['while it is answered', [...until.rectifying, instructed, answered], {}],
    [
      'until the answer is accepted',
      [...until.rectifying, instructed, answered, answerAccepted],
      { openInstructions: 0 },
    ],
    ['not when it is rejected', [...until.rectifying, instructed, answered, answerRejected], {}],
    ['who is excluded is kept', [...until.rectifying, excluded], { excluded: ['zhou'] }],
    [
      'a submission that is withdrawn lies with its leads',
      [...until.submitted, withdrawn],
      { status: 'rectifying' },
    ],
    [
      'a submission is the reviewer’s, who is at the same unit',
      until.submitted,
      { status: 'submitted', measures: '屋面已翻修', completedOn: '2026-08-31' },
    ],
    [
      'a passed review, to the verifiers',
      [...until.submitted, reviewed],
      { status: 'rectified', heldBy: ['north-office'], heldSince: at(6) },
    ],
    ['a rejected review', [...until.submitted, reviewRejected], { status: 'rectifying' }],
    ['a recorded verification, nothing yet', [...until.rectified, recorded], {}],
    [
      'a confirmed verification, to who closes, who is at the same unit',
      until.verified,
      { status: 'verified', verification: 'passed', verifiedAt: at(8) },
    ],
    [
      'a confirmed verification of a serious case, to who approves',
      verifiedSerious,
      {
        ...{ status: 'verified', verification: 'passed', verifiedAt: at(8) },
        ...{ heldBy: ['province-office'], heldSince: at(8) },
      },
    ],
    [
      'a failed verification, back to its leads',
      [...until.rectified, failed],
      {
        ...{ status: 'rectifying', verification: 'failed', verifiedAt: at(7) },
        ...{ heldBy: ['hill-office'], heldSince: at(7) },
      },
    ],
    ['an approval: it stays there to be closed', [...verifiedSerious, approved], {}],
    [
      'a closing: it lies with nobody',
      until.closed,
      { status: 'closed', closureNumber: 'N-7', closedAt: at(9), heldBy: [], heldSince: at(9) },
    ],
  ] as const)('%s', (_, past, changed) => {
    expect(changedBy(...past)).toEqual(changed);
  });

  test('an upheld return: it is registered again, and lies with who assigned it', () => {
    const row = after(registered, assigned, returned, returnUpheld);
    expect(row).toMatchObject({ status: 'registered', flags: [], heldBy: ['north-office'], returns: 1 });
    expect(row.heldSince).toBe(at(2));
  });

  test('a rejected closing, back to its leads: no verification stands any more', () => {
    expect(changedBy(...until.verified, closureRejected)).toEqual({
      ...{ status: 'rectifying', heldBy: ['hill-office'], heldSince: at(9) },
      ...{ verification: null, verifiedAt: null },
    });
  });

  test('what was sent back keeps its due day; a new submission has no verification yet', () => {
    const row = after(...until.rectified, failed, submitted);
    expect(row).toMatchObject({ dueOn: '2026-10-19', verification: null, verifiedAt: null, evidence: 2 });
  });

  test('a reopening: a new round with its own proof; what was returned and reopened stays counted', () => {
    const past = [registered, assigned, returned, returnRejected, ...until.closed.slice(2)];
    const again = did(reopened.actor, {
      ...reopening,
      dueOn: '2026-11-30',
      leads: ['hill-works'],
      coUnits: [],
    });
    expect(changedBy(...past, again)).toEqual({
      ...{ status: 'rectifying', round: 2, reopened: 1, reopenCause: 'relapse' },
      ...{ leads: ['hill-works'], coUnits: [], dueOn: '2026-11-30' },
      ...{ evidence: 0, measures: null, completedOn: null, verification: null, verifiedAt: null },
      ...{ closedAt: null, closureNumber: null, heldBy: ['hill-works'], heldSince: at(12) },
    });
    const twice = after(
      ...past,
      reopened,
      ...until.closed.slice(3),
      did(reopened.actor, { ...reopening, round: 3 }),
    );
    expect(twice).toMatchObject({ returns: 1, reopened: 2, round: 3, registeredAt: at(0), seq: 100 });
  });

  test('every event of the language has been seen here', () => {
    const seen = [
      ...[registered, assigned, accepted, returned, returnUpheld, returnRejected, attachedBefore, submitted],
      ...[
        evidenceWithdrawn,
        planSubmitted,
        planApproved,
        planRejected,
        reported,
        progressCorrected,
        madeSafe,
      ],
      ...[moneyRecorded, amountAdjusted, extensionRequested, extended, extensionRefused, suspended, resumed],
      ...[withdrawn, supervised, supervisionLifted, instructed, answered, answerAccepted, answerRejected],
      ...[excluded, split, residual, merged, absorbed, mergeUndone],
      ...[reviewed, reviewRejected, recorded, confirmed, failed, approved, closureRejected, closed, reopened],
    ];
    expect(seen.map(({ event }) => event.type).sort()).toEqual(Object.keys(caseEvents).sort());
  });
});

describe('how long a case lies with somebody', () => {
  test('counts on while it stays at the same desk', () => {
    expect(after(...until.rectifying, attachedBefore, attachedAfter, submitted).heldSince).toBe(at(1));
    expect(after(...until.verified).heldSince).toBe(at(6));
  });

  test('and anew when it comes back', () => {
    expect(after(...until.rectified, failed).heldSince).toBe(at(7));
  });

  test('a case goes to the desks of its own route', () => {
    const route = [
      { step: 'review', level: 'county', unit: 'hill-office' },
      { step: 'verify', level: 'province', unit: 'province-office' },
    ] as const;
    const byTheProvince = did(dispatcherTang, { ...assigning, route: [...route], closer: 'province-office' });
    const past = [registered, byTheProvince, ...until.rectified.slice(2)];
    expect(after(...past)).toMatchObject({ heldBy: ['province-office'], assigner: 'province-office' });
  });

  test('joint leads hold it together', () => {
    const joint = did(dispatcherTang, { ...assigning, leads: ['hill-office', 'lake-office'] });
    expect(after(registered, joint, accepted).heldBy).toEqual(['hill-office', 'lake-office']);
  });
});

test('nothing stands before the registration', () => {
  expect(() => after(assigned)).toThrow('CaseAssigned stands before the registration');
});
