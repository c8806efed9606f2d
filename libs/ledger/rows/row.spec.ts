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
  suspensionReviewed,
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
  toApprove,
  toReview,
  toVerify,
  TWIN,
  until,
  verifiedSerious,
  exclusionLifted,
} from '../../../test/support/cases.js';
import {
  assignedLongAgo,
  deadlineMoved,
  deadlinePassed,
  deemedAccepted,
  overdue,
} from '../../../test/support/clock.js';
import {
  adopted,
  adoptedOpen,
  classified,
  corrected,
  factCheckStarted,
  factsEstablished,
  itemExcepted,
  itemRectified,
  itemsListed,
  unsubstantiated,
  voided,
  correctedAtRisk,
  establishedAtRisk,
} from '../../../test/support/intake.js';
import { dispatcherQian, dispatcherTang, handlerLi, registrarGu } from '../../../test/support/province.js';
import {
  absenceAccepted,
  absent,
  countersigned,
  dismissed,
  escalated,
  held,
  noticeEnded,
  noticeStarted,
  notRecognised,
  objected,
  objectedAgain,
  recognised,
  toRecognition,
  upheld,
  supplied,
  wholly,
  absentForItem,
  waitingForOpinion,
} from '../../../test/support/examination.js';
import * as parts from '../../../test/support/parts.js';
import {
  calledBack,
  closedSustained,
  firstStage,
  held as terminationHeld,
  heldToAccount,
  holding,
  lookBackFailed,
  lookedBack,
  reopeningRefused,
  retentionEnded,
  restricted,
  slipping,
  sustaining,
  terminated,
  transferred,
} from '../../../test/support/afterwards.js';
import {
  absorbed,
  absorbedAudit,
  merged,
  mergeUndone,
  otherSource,
  partRegistered,
  firstDealt,
  leftDealt,
  residual,
  split,
} from '../../../test/support/split.js';
import { caseEvents } from '../../contracts/case-events.js';
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
      ...{ supervision: [], openInstructions: 0, excluded: [], checkerUnits: [], checkedFor: null },
      ...{ taskText: '翻修屋面并复核质量', problemType: 'leaking-roof', knownSince: '2026-06-01' },
      ...{ fundDocument: '省财〔2025〕18号', fiscalYear: 2025, principal: '山县局时任局长' },
      ...{ visibility: 'normal', circularId: 'circular-3', campaignId: 'roofs-2026' },
      ...{ frame: '2025年改造户12,200户', batch: '第一批', remark: '雨后复查' },
      ...{ adopted: false, statedStatus: null, statedClosedOn: null, statedDueOn: null, statedUnit: null },
      ...{ statedClosureNumber: null, substantiation: null, items: 0, itemsSettled: 0 },
      ...{ duties: {}, overdueRung: null, tickOn: null, provisionalOn: null },
      ...{ declaredAbsent: [], escalations: 0, notice: null, objections: 0, passed: [] },
      ...{ disciplinePosition: null, recognition: null },
      ...{ supervision: [], openInstructions: 0, excluded: [] },
      ...{ parts: 0, partsPassed: 0, partUnits: [] },
      ...{ visibility: 'normal', handler: null, stagesDone: 0, reviewBy: null, finder: 'north-office' },
      ...{ endedBy: null, endedAt: null, holdUntil: null, callbacks: 0, callback: null },
      ...{ lookBack: null, lookBackAnswerBy: null, accountability: 0 },
      ...{ heldBefore: [], open: true, blueFrom: null, yellowFrom: null, redFrom: null },
      ...{ doneStandard: null, fundsFen: null, verifiers: [], firstVerification: null },
      ...{ extended: 0, closures: 0, reopenCauses: [], reach: [], place: null },
      ...{ endedOn: null, erasable: false },
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

describe('taken over from an old ledger', () => {
  test('what was closed there is closed, by no closing of ours, and lies with nobody', () => {
    expect(after(adopted)).toEqual({
      ...after(registered),
      ...{ adopted: true, status: 'closed', open: false, heldBy: [], closer: 'north-office' },
      ...{ statedStatus: 'closed', statedClosedOn: '2025-03-01', statedDueOn: '2025-02-01' },
      ...{ statedUnit: '山县局', statedClosureNumber: '销7号' },
    });
    expect(after(adopted)).toMatchObject({ closedAt: null, closureNumber: null });
  });

  test('what was open there goes the usual road', () => {
    expect(after(adoptedOpen)).toEqual({
      ...after(registered),
      ...{ adopted: true, statedStatus: 'open', statedUnit: '山县局' },
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
  const lit = { blueFrom: '2026-08-24', yellowFrom: '2026-08-27', redFrom: '2026-09-01' };
  const reclassified = did(dispatcherQian, {
    ...classified.event,
    ...{ route: [toReview, toVerify, toApprove], closer: 'province-office', checklist: [] },
  });
  const phased = {
    ...{ type: 'CaseClassified' as const, categories: ['roof'] },
    ...{ severity: 'general' as const, rectificationType: 'phased' as const },
  };
  const excluding = { type: 'PersonExcluded', reason: '近亲属为施工方' } as const;

  test.each([
    [
      'an assignment gives it to its leads',
      [registered, assigned],
      {
        ...{ status: 'assigned', ...duty, requirement: '翻修屋面', letter: 'N-7', route, closer },
        ...{ assigner: 'north-office', heldBy: ['hill-office'], heldSince: at(1) },
      },
    ],
    ['a correction', [registered, corrected], { foundBy: '省检查二组' }],
    ['a classification', [registered, classified], { categories: ['roof', 'money'], severity: 'serious' }],
    [
      'a classification that wants one more step, for who closes then',
      [...until.verified, reclassified],
      {
        ...{ categories: ['roof', 'money'], severity: 'serious', closer: 'province-office' },
        ...{ route: [toReview, toVerify, toApprove], heldBy: ['province-office'], heldSince: at(9) },
      },
    ],
    [
      'a classification that has a step taken before the recognition',
      [
        ...waitingForOpinion,
        did(dispatcherQian, {
          ...{
            type: 'CaseClassified',
            categories: ['roof'],
            severity: 'serious',
            rectificationType: 'immediate',
          },
          ...{ route: [toReview, toVerify, toApprove, toRecognition], closer: 'province-office' },
        }),
      ],
      {
        ...{ severity: 'serious', closer: 'province-office', flags: [] },
        ...{ route: [toReview, toVerify, toApprove, toRecognition] },
        ...{ heldBy: ['province-office'], heldSince: at(9) },
      },
    ],
    [
      'another type of rectification',
      [...until.rectifying, did(dispatcherQian, { ...phased, dueOn: '2026-12-01', ceilingOn: '2027-09-01' })],
      { rectificationType: 'phased', dueOn: '2026-12-01' },
    ],
    [
      'people at risk, by a correction',
      [registered, correctedAtRisk],
      { personsAtRisk: true, flags: ['atRisk'] },
    ],
    [
      'or once the facts are established',
      [registered, factCheckStarted, establishedAtRisk],
      {
        ...{ personsAtRisk: true, flags: ['atRisk'], substantiation: 'partial', taskText: '翻修两户屋面' },
        ...{ heldBy: ['north-office'], heldSince: at(2) },
      },
    ],
    ['items are counted', [registered, itemsListed], { items: 2 }],
    ['and those settled', [...until.rectifying, itemsListed, itemRectified], { itemsSettled: 1 }],
    [
      'one way or the other',
      [...until.rectifying, itemsListed, itemRectified, itemExcepted],
      { itemsSettled: 2 },
    ],
    [
      'a fact check, to its checkers',
      [registered, factCheckStarted],
      {
        ...{ status: 'checking', checkerUnits: ['north-office', 'province-office'] },
        ...{ checkedFor: 'north-office', heldBy: ['north-office', 'province-office'], heldSince: at(1) },
      },
    ],
    [
      'facts that are established, back to who had them checked',
      [registered, factCheckStarted, factsEstablished],
      {
        ...{ substantiation: 'partial', taskText: '翻修两户屋面' },
        ...{ heldBy: ['north-office'], heldSince: at(2) },
      },
    ],
    [
      'what is not so: it lies with nobody',
      [registeredAtRisk, factCheckStarted, unsubstantiated],
      {
        ...{ status: 'unsubstantiated', open: false, substantiation: 'none', flags: [] },
        ...{ heldBy: [], heldSince: at(2) },
      },
    ],
    [
      'what is void: neither does it',
      [registeredAtRisk, voided],
      { status: 'voided', open: false, flags: [], heldBy: [], heldSince: at(1) },
    ],
    [
      'a split leaves nothing but what was put right; the rest stands in the rows of the parts',
      [...until.rectifying, moneyRecorded, split],
      { status: 'split', open: false, weight: 0, amountFen: 250_000, heldBy: [], heldSince: at(4) },
    ],
    [
      'items that go to a part are counted there',
      [...until.rectifying, itemsListed, itemRectified, leftDealt],
      { items: 1 },
    ],
    [
      'and what was settled of all of them is settled of none',
      [...until.rectifying, itemsListed, itemRectified, firstDealt],
      { items: 1, itemsSettled: 0 },
    ],
    ['what is left over is taken off', [...until.rectifying, residual], { weight: 750, amountFen: 750_000 }],
    [
      'a merged case lies with nobody and says where it went',
      [registered, merged],
      {
        ...{ status: 'merged', open: false, mergedInto: TWIN, heldBy: [] },
        ...{ heldBefore: ['north-office'], heldSince: at(1) },
      },
    ],
    [
      'and lies where it lay when that is undone',
      [registered, merged, mergeUndone],
      {
        ...{ status: 'registered', open: true, mergedInto: null, heldBy: ['north-office'] },
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
    [
      'what the other’s sources want of it besides',
      [...until.rectifying, absorbedAudit],
      {
        ...{ absorbed: [TWIN], sources: [registration.source, otherSource], excluded: ['zhou'] },
        ...{ sourceDueOn: '2026-11-30', route: [toReview, toVerify, toRecognition] },
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
    [
      'a dispute of the finding waits; the case stays with its leads',
      [registered, assigned, parts.disputed],
      { flags: ['findingDisputed'] },
    ],
    ['until it is upheld', [registered, assigned, parts.disputed, parts.findingUpheld], { flags: [] }],
    [
      'or amended',
      [registered, assigned, parts.disputed, parts.findingAmended],
      {
        ...{ flags: [], taskText: '翻修两户屋面', amountFen: 1_000_000, severity: 'serious' },
        ...{ householdCount: 2, route: [toReview, toVerify, toApprove], closer: 'province-office' },
      },
    ],
    [
      'what is not amended stays',
      [
        ...[registered, assigned, parts.disputed],
        did(registrarGu, { type: 'FindingAmended', reason: '户数有误', householdCount: 2 }),
      ],
      { flags: [], householdCount: 2 },
    ],
    ['a named handler', [registered, assigned, parts.handlerNamed], { handler: 'xu' }],
    [
      'no handler any more, once excluded',
      [registered, assigned, parts.handlerNamed, did(dispatcherTang, { ...excluding, person: 'xu' })],
      { handler: null, excluded: ['xu'] },
    ],
    ['other co-units', [registered, assigned, parts.coUnitsChanged], { coUnits: ['lake-office'] }],
    [
      'a part, and whose it is',
      [...until.rectifying, parts.partAssigned],
      { parts: 1, partUnits: [{ part: 1, unit: 'hill-works' }] },
    ],
    ['a part that is accepted', parts.partDone.slice(0, -1), {}],
    ['a part that is submitted', parts.partDone, {}],
    ['a part that is rejected', [...parts.partDone, parts.partRejected], {}],
    ['a part that is passed', [...parts.partDone, parts.partPassed], { partsPassed: 1 }],
    [
      'a part that is returned is nobody’s',
      [...until.rectifying, parts.partAssigned, parts.partReturned],
      { partUnits: [{ part: 1, unit: null }] },
    ],
    [
      'and is the same part when it is given anew',
      [...until.rectifying, parts.partAssigned, parts.partReturned, parts.partAssigned],
      { partUnits: [{ part: 1, unit: 'hill-works' }] },
    ],
    [
      'other leads begin without handler and parts',
      [...parts.partDone, parts.partPassed, parts.handlerNamed, parts.reassigned],
      {
        ...{ status: 'assigned', leads: ['lake-office'], coUnits: ['hill-office'] },
        ...{ handler: null, parts: 0, partsPassed: 0, partUnits: [] },
        ...{ route: [{ ...toReview, unit: 'lake-office' }, toVerify] },
        ...{ heldBy: ['lake-office'], heldSince: at(8) },
      },
    ],
    ['evidence is counted', [registered, assigned, accepted, attachedBefore, attachedAfter], { evidence: 2 }],
    ['and counted off', [...until.rectifying, attachedBefore, evidenceWithdrawn], { evidence: 0 }],
    [
      'a plan shows what is to be reached, and what for',
      [...until.rectifying, planSubmitted],
      { doneStandard: '不再渗漏', fundsFen: 800_000 },
    ],
    ['its approval changes nothing that is shown', [...until.rectifying, planSubmitted, planApproved], {}],
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
      { flags: [], extensions: 1, extended: 1, dueOn: '2026-11-10' },
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
    [
      'a tacit acceptance is one',
      [registered, assignedLongAgo, deemedAccepted],
      { status: 'rectifying', duties: { complete: overdue('complete') } },
    ],
    [
      'lateness shows the rung that is due, and when the clock looks again',
      [...until.rectifying, deadlinePassed],
      {
        overdueRung: 'red',
        duties: { complete: overdue('complete', { tickOn: '2026-09-28' }) },
        tickOn: '2026-09-28',
        ...lit,
      },
    ],
    [
      'a published calendar moves the due day',
      [...until.rectifying, deadlineMoved],
      {
        dueOn: '2026-09-02',
        duties: { complete: overdue('complete', { due: '2026-09-02', tickOn: '2026-09-03' }) },
        tickOn: '2026-09-03',
        ...lit,
      },
    ],
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
      { status: 'rectified', passed: ['review'], heldBy: ['north-office'], heldSince: at(6) },
    ],
    ['a rejected review', [...until.submitted, reviewRejected], { status: 'rectifying' }],
    ['a recorded verification, who was there', [...until.rectified, recorded], { verifiers: ['zhao'] }],
    [
      'a confirmed verification, to who closes, who is at the same unit',
      until.verified,
      {
        ...{ status: 'verified', passed: ['review', 'verify'], verification: 'passed', verifiedAt: at(8) },
        ...{ verifiers: ['zhao', 'sun'], firstVerification: 'passed' },
      },
    ],
    [
      'a confirmed verification of a serious case, to who approves',
      verifiedSerious,
      {
        ...{ status: 'verified', passed: ['review', 'verify'], verification: 'passed', verifiedAt: at(8) },
        ...{ verifiers: ['zhao', 'sun'], firstVerification: 'passed' },
        ...{ heldBy: ['province-office'], heldSince: at(8) },
      },
    ],
    [
      'a failed verification, back to its leads',
      [...until.rectified, failed],
      {
        ...{ status: 'rectifying', passed: [], verification: 'failed', verifiedAt: at(7) },
        ...{ verifiers: ['zhao'], firstVerification: 'failed' },
        ...{ heldBy: ['hill-office'], heldSince: at(7) },
      },
    ],
    [
      'an approval: it stays there to be closed',
      [...verifiedSerious, approved],
      { passed: ['review', 'verify', 'approve'] },
    ],
    ['a slot that has no evidence', [...until.rectifying, absent], { declaredAbsent: ['before'] }],
    [
      'or an item of it',
      [...until.rectifying, itemsListed, absentForItem],
      { declaredAbsent: ['before house-1'] },
    ],
    ['until it has some', [...until.rectifying, absent, attachedBefore], { declaredAbsent: [], evidence: 1 }],
    ['who accepts that changes nothing that is shown', [...until.verified, absenceAccepted], {}],
    ['nor does who countersigns', [...until.submitted, countersigned], {}],
    [
      'an escalated review, to the level above',
      [...until.submitted, escalated],
      {
        ...{ escalations: 1, heldBy: ['north-office'], heldSince: at(6) },
        route: [{ ...toReview, unit: 'north-office', level: 'city' }, toVerify],
      },
    ],
    ['a public notice runs', wholly.noticed, { flags: ['noticeRunning'], notice: '2026-08-28' }],
    [
      'until it ends',
      wholly.toBePositioned,
      { flags: [], passed: ['review', 'verify', 'approve', 'public-notice'] },
    ],
    [
      'an objection waits',
      [...wholly.noticed, objected],
      { flags: ['noticeRunning', 'objectionOpen'], objections: 1 },
    ],
    ['and another', [...wholly.noticed, objected, objectedAgain], { objections: 2 }],
    ['one is dismissed', [...wholly.noticed, objected, objectedAgain, dismissed], { objections: 1 }],
    ['all are', [...wholly.noticed, objected, dismissed], { flags: ['noticeRunning'], objections: 0 }],
    [
      'an upheld objection, back to its leads, and nothing that was said stands',
      [...wholly.noticed, objected, upheld],
      {
        ...{ status: 'rectifying', flags: [], objections: 0, notice: null, passed: [] },
        ...{
          verification: null,
          verifiedAt: null,
          verifiers: [],
          heldBy: ['hill-office'],
          heldSince: at(13),
        },
      },
    ],
    [
      'nothing against closing: it waits at its source',
      wholly.toBeRecognised,
      {
        ...{ flags: ['awaitingRecognition'], disciplinePosition: 'no-objection' },
        passed: ['review', 'verify', 'approve', 'public-notice', 'discipline-position'],
        ...{ heldBy: ['north-office'], heldSince: at(13) },
      },
    ],
    [
      'until the discipline organ holds it',
      [...wholly.toBeRecognised, held],
      {
        ...{ flags: [], disciplinePosition: 'hold' },
        passed: ['review', 'verify', 'approve', 'public-notice'],
        ...{ heldBy: ['province-office'], heldSince: at(14) },
      },
    ],
    [
      'recognised, it lies with who closes it',
      wholly.toBeSupplied,
      {
        ...{ flags: [], recognition: 'recognised', heldBy: ['province-office'], heldSince: at(14) },
        passed: ['review', 'verify', 'approve', 'public-notice', 'discipline-position', 'recognition'],
      },
    ],
    ['its paper is supplied', wholly.toBeClosed, { evidence: 3 }],
    [
      'not recognised, back to its leads',
      [...wholly.toBeRecognised, notRecognised],
      {
        ...{ status: 'rectifying', flags: [], recognition: 'not-recognised', passed: [] },
        ...{ verification: null, verifiedAt: null, verifiers: [], notice: null, disciplinePosition: null },
        ...{ heldBy: ['hill-office'], heldSince: at(14) },
      },
    ],
    [
      'a closing: it lies with nobody',
      until.closed,
      {
        ...{ status: 'closed', open: false, closures: 1, closureNumber: 'N-7', closedAt: at(9) },
        ...{ heldBy: [], heldSince: at(9) },
      },
    ],
    ['a stage is done', sustaining.slice(0, -1), { stagesDone: 1 }],
    [
      'the last one of a sustained rectification',
      sustaining,
      { stagesDone: 2, status: 'sustaining', reviewBy: '2027-03-01' },
    ],
    ['a plan anew has no stage done', [...sustaining.slice(0, -1), planSubmitted], { stagesDone: 0 }],
    [
      'what slips is to be done again',
      [...sustaining, slipping],
      { status: 'rectifying', stagesDone: 1, reviewBy: null },
    ],
    [
      'a termination: it lies with nobody',
      [...until.rectified, terminated],
      {
        ...{ status: 'terminated', endedBy: 'house-gone', endedAt: at(7), holdUntil: '2026-09-15' },
        ...{ open: false, heldBy: [], heldSince: at(7) },
      },
    ],
    [
      'a transfer: it lies with nobody',
      [...until.rectifying, transferred],
      {
        ...{ status: 'transferred-out', endedBy: '省自然资源厅', endedAt: at(3) },
        ...{ open: false, heldBy: [], heldSince: at(3) },
      },
    ],
    ['callbacks are counted', [...until.closed, calledBack], { callbacks: 1, callback: 'partly' }],
    ['the end of its retention, nothing that is shown', [...until.closed, retentionEnded], {}],
    ['a look-back that it stood', [...until.closed, lookedBack], { lookBack: 'passed' }],
    [
      'one that it did not, for whoever closed it to answer',
      [...until.closed, lookBackFailed],
      {
        ...{ lookBack: 'failed', lookBackAnswerBy: '2026-09-08' },
        ...{ heldBy: ['north-office'], heldSince: at(10) },
      },
    ],
    [
      'which is answered by a refusal',
      [...until.closed, lookBackFailed, reopeningRefused],
      { lookBackAnswerBy: null, heldBy: [], heldSince: at(11) },
    ],
    ['persons held to account add up', [...until.closed, heldToAccount], { accountability: 1 }],
    ['a visibility', [...until.rectifying, restricted], { visibility: 'restricted' }],
  ] as const)('%s', (_, past, changed) => {
    expect(changedBy(...past)).toEqual(changed);
  });

  test('an upheld return: it is registered again, and lies with who assigned it', () => {
    const row = after(registered, assigned, parts.disputed, parts.handlerNamed, returned, returnUpheld);
    expect(row).toMatchObject({ status: 'registered', flags: [], heldBy: ['north-office'], returns: 1 });
    expect([row.handler, row.heldSince]).toEqual([null, at(4)]);
  });

  test('a termination that was held lies again where it lay', () => {
    const past = [
      ...until.verified,
      terminated,
      did(terminationHeld.actor, { ...terminationHeld.event, to: 'verified' } as never),
    ];
    expect(after(...past)).toMatchObject({
      ...{ status: 'verified', heldBy: ['north-office'], endedBy: null, endedAt: null, holdUntil: null },
    });
    const rectifying = after(...until.rectifying, terminated, terminationHeld);
    expect(rectifying).toMatchObject({ status: 'rectifying', heldBy: ['hill-office'], heldSince: at(4) });
  });

  test('a case that was never assigned and is taken up again is of who did that', () => {
    const row = after(registered, transferred, reopened);
    expect(row).toMatchObject({ assigner: 'north-office', leads: ['hill-office'], endedBy: null });
  });

  test('what is sustained is under review until it is submitted', () => {
    expect(after(...sustaining, holding).reviewBy).toBe('2027-03-01');
    expect(after(...closedSustained).reviewBy).toBeNull();
  });

  test('a rejected closing, back to its leads: no verification stands any more', () => {
    expect(changedBy(...until.verified, closureRejected)).toEqual({
      ...{ status: 'rectifying', heldBy: ['hill-office'], heldSince: at(9) },
      ...{ verification: null, verifiedAt: null, verifiers: [], passed: [] },
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
    expect(after(...parts.partDone, parts.partPassed, again)).toMatchObject({
      ...{ parts: 0, partsPassed: 0, partUnits: [] },
    });
    expect(changedBy(...past, again)).toEqual({
      ...{ status: 'rectifying', open: true, round: 2, reopened: 1, reopenCause: 'relapse' },
      ...{ reopenCauses: ['relapse'], verifiers: [] },
      ...{ leads: ['hill-works'], coUnits: [], dueOn: '2026-11-30' },
      ...{ evidence: 0, measures: null, completedOn: null, verification: null, verifiedAt: null },
      ...{ passed: [], closedAt: null, closureNumber: null, heldBy: ['hill-works'], heldSince: at(12) },
    });
    const twice = after(
      ...past,
      reopened,
      ...until.closed.slice(3),
      did(reopened.actor, { ...reopening, round: 3 }),
    );
    expect(twice).toMatchObject({ returns: 1, reopened: 2, round: 3, registeredAt: at(0), seq: 100 });
  });

  test('a reopening: items are settled anew', () => {
    const past = [...until.rectifying, itemsListed, itemRectified, ...until.closed.slice(3), reopened];
    expect(after(...past)).toMatchObject({ items: 2, itemsSettled: 0 });
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
      suspensionReviewed,
      ...[adopted, corrected, classified, itemsListed, factCheckStarted, factsEstablished, voided],
      ...[itemRectified, itemExcepted],
      ...[withdrawn, supervised, supervisionLifted, instructed, answered, answerAccepted, answerRejected],
      ...[excluded, exclusionLifted, deemedAccepted, deadlinePassed, deadlineMoved, supplied],
      ...[absent, absenceAccepted, countersigned, escalated, noticeStarted, noticeEnded, objected, dismissed],
      ...[upheld, held, recognised],
      ...[parts.disputed, parts.findingUpheld, parts.findingAmended, parts.reassigned],
      ...[parts.coUnitsChanged, parts.handlerNamed, parts.partAssigned, parts.partAccepted],
      ...[parts.partReturned, parts.partSubmitted, parts.partPassed, parts.partRejected],
      ...[heldToAccount, restricted, firstStage, holding, terminated, terminationHeld, transferred],
      ...[calledBack, lookedBack, lookBackFailed, reopeningRefused, retentionEnded],
      ...[firstDealt, split, residual, merged, absorbed, mergeUndone],
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
