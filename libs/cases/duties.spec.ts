import { describe, expect, test } from '@jest/globals';
import {
  assignCase,
  by,
  amended,
  did,
  failVerification,
  given,
  planSubmitted,
  recordInstruction,
  registration,
  reviewSuspension,
  suspended,
  registered,
  registeredAtRisk,
  requestExtension,
  submitRectification,
  suspendCase,
  until,
} from '../../test/support/cases.js';
import { terminateCase, transferOut } from '../../test/support/afterwards.js';
import { clock, noteDeadline, overdue } from '../../test/support/clock.js';
import { assignPart } from '../../test/support/parts.js';
import { mergeCase } from '../../test/support/split.js';
import {
  approverWu,
  dispatcherQian,
  handlerHe,
  handlerLi,
  inspectorChen,
  post,
  registrarGu,
  reviewerWang,
} from '../../test/support/province.js';
import { type CaseEvent, type StepName } from '../contracts/case-events.js';
import { Refusal } from '../contracts/refusal.js';
import { type Actor } from '../eventing/event.js';
import { type PastEvent } from '../../test/support/cases.js';
import { sampleOf } from '../../test/support/samples.js';
import { withDuties } from '../../test/support/duties.js';
import { type CaseState } from './case-state.js';

/** What a command decides, its duties with it. */
function deciding(past: readonly PastEvent[], body: object, who: Actor, on?: string): CaseEvent[] {
  const circumstances = by(who, on === undefined ? {} : { on });
  const { state, when } = given(...past);
  const { outcome } = when(body, circumstances);
  if (outcome instanceof Refusal) throw outcome;
  return withDuties(outcome, state, circumstances.facts, who);
}

function stateAfter(past: readonly PastEvent[], events: readonly CaseEvent[], who: Actor): CaseState {
  return given(...past, ...events.map((event) => did(who, event))).state;
}

describe('with an assignment', () => {
  const [event] = deciding([registered], assignCase, dispatcherQian);

  test('the leads have three working days to accept, and until the due day to complete', () => {
    expect(event?.duties?.begin).toMatchObject({
      accept: { due: '2026-09-04', units: ['hill-office'], basis: 'accept', tickOn: '2026-09-05' },
      complete: { due: '2026-10-19', units: ['hill-office'], basis: 'completion.immediate.general.done' },
    });
    expect(Object.keys(event?.duties?.begin ?? {})).toEqual(['accept', 'complete']);
  });

  test('the days at which the light turns stand beside the due day', () => {
    expect(event?.duties?.begin?.complete).toMatchObject({
      ...{ blueFrom: '2026-10-12', yellowFrom: '2026-10-15', redFrom: '2026-10-20' },
    });
  });

  test('people at risk are to be made safe by the next day', () => {
    const [risky] = deciding([registeredAtRisk], assignCase, dispatcherQian);
    expect(risky?.duties?.begin).toMatchObject({ 'interim-safety': { due: '2026-09-02' } });
  });
});

test('a request for more time has to be answered in three working days', () => {
  const [event] = deciding(until.rectifying, requestExtension, handlerLi);
  expect(event?.duties?.begin).toMatchObject({
    'extension-ruling': { due: '2026-09-04', units: ['north-office'] },
  });
});

test('what stands already is not begun again', () => {
  const events = deciding([registered], assignCase, dispatcherQian);
  const past = [registered, ...events.map((event) => did(dispatcherQian, event))];
  const [accepting] = deciding(past, sampleOf({ name: 'AcceptAssignment' }), handlerLi, '2026-09-02');
  expect(accepting?.duties?.end).toEqual(['accept']);
  expect(Object.keys(accepting?.duties?.begin ?? {})).toEqual(['first-action']);
});

describe('while a case is suspended', () => {
  const assigned = deciding([registered], assignCase, dispatcherQian).map((event) =>
    did(dispatcherQian, event),
  );
  const past = [registered, ...assigned, ...until.rectifying.slice(2)];
  const [event] = deciding(past, suspendCase, dispatcherQian);

  test('its light is grey, and the clock says nothing of it', () => {
    expect(event?.duties?.begin?.complete).toMatchObject({ redFrom: null, tickOn: null });
  });

  test('it is reviewed again 30 days after each review', () => {
    const suspending = event ? did(dispatcherQian, event) : suspended;
    const [reviewing] = deciding([...past, suspending], reviewSuspension, dispatcherQian, '2026-09-20');
    expect(reviewing?.duties?.begin).toMatchObject({ 'suspension-review': { due: '2026-10-20' } });
  });

  test('it is reviewed each 30 days, and ends on its last day', () => {
    expect(event?.duties?.begin).toMatchObject({
      'suspension-review': { due: '2026-10-01' },
      'suspension-end': { due: '2026-09-30', tickOn: '2026-10-01' },
    });
  });
});

test('a submission ends the duty to complete and begins the review, which ends with it', () => {
  const past = [...until.submitted.slice(0, 2), ...until.submitted.slice(2, -1)];
  const before = stateAfter(past, [], handlerLi);
  expect([...before.duties.keys()]).toEqual([]);
  const events = deciding(past, submitRectification, handlerLi);
  expect(events.at(-1)?.duties?.begin).toMatchObject({
    review: { due: '2026-09-08', units: ['hill-office'] },
  });
  const submitted = [...past, ...events.map((event) => did(handlerLi, event))];
  const [passed] = deciding(submitted, sampleOf({ name: 'PassReview' }), reviewerWang);
  expect(passed?.duties).toMatchObject({ end: ['review'], begin: { verify: { due: '2026-09-22' } } });
});

test('sent back twice, the case presses: it is yellow whatever its days', () => {
  const failed = until.rectified.concat(
    did(post('zhao', 'north-office', 'verifier'), {
      type: 'VerificationFailed',
      reasons: [{ slot: 'after', reason: 'wet' }],
    }),
  );
  const twice = [...failed, ...until.rectified.slice(5)];
  const [event] = deciding(
    twice,
    amended(failVerification, { failed: undefined }),
    post('sun', 'north-office', 'verifier'),
  );
  expect(event?.duties?.begin?.complete).toMatchObject({ pressing: 'failures', yellowFrom: '1900-01-01' });
});

test('a stage of the plan that is not done by its day makes the case yellow from the next day on', () => {
  const past = [...until.rectifying, planSubmitted];
  const [event] = deciding(past, sampleOf({ name: 'ApprovePlan' }), reviewerWang);
  expect(event?.duties?.begin?.complete).toMatchObject({ pressing: 'stage-late', yellowFrom: '2026-09-16' });
});

describe('what the clock has said of a late case', () => {
  const begun = deciding([registered], assignCase, dispatcherQian).map((event) => did(dispatcherQian, event));
  const past = [registered, ...begun, ...until.rectifying.slice(2)];
  const noting = amended(noteDeadline, { duty: 'complete' });
  const red = deciding(past, noting, clock, '2026-10-20').map((event) => did(clock, event));
  const evidence = until.submitted.slice(until.rectifying.length, -1);

  test('stands when it is sent back: the next rung comes on its day', () => {
    const late = [...past, ...red, ...evidence];
    const submitting = deciding(late, submitRectification, handlerLi, '2026-10-21');
    const submitted = submitting.map((event) => did(handlerLi, event));
    expect(submitting.at(-1)?.duties?.end).toContain('complete');
    const rejecting = deciding(
      [...late, ...submitted],
      sampleOf({ name: 'RejectRectification' }),
      reviewerWang,
      '2026-10-22',
    );
    expect(rejecting.at(-1)?.duties?.begin).toMatchObject({
      complete: { due: '2026-10-19', redFrom: '2026-10-20', tickOn: '2026-11-16' },
    });
    const sentBack = rejecting.map((event) => did(reviewerWang, event));
    expect(deciding([...late, ...submitted, ...sentBack], noting, clock, '2026-11-16')).toMatchObject([
      { type: 'DeadlinePassed', rung: 'circular', due: '2026-10-19' },
    ]);
  });

  test('stands when a failure makes it press', () => {
    const { state } = given(...past, ...red);
    const [event] = withDuties(
      [{ type: 'HandlerNamed', person: 'xu' }],
      { ...state, failures: 2 },
      by(handlerLi, { on: '2026-10-22' }).facts,
      handlerLi,
    );
    expect(event?.duties?.begin).toMatchObject({
      complete: { yellowFrom: '1900-01-01', tickOn: '2026-11-16' },
    });
  });
});

describe('a case that has ended', () => {
  /** The past with one command more. */
  const then = (past: readonly PastEvent[], body: object, who: Actor): PastEvent[] => [
    ...past,
    ...deciding(past, body, who).map((event) => did(who, event)),
  ];
  const begun = then([registered], assignCase, dispatcherQian);
  const suspending = then([...begun, ...until.rectifying.slice(2)], suspendCase, dispatcherQian);

  test.each([
    ['transferred out while its clock stood', suspending, transferOut, dispatcherQian],
    ['terminated while its clock stood', suspending, terminateCase, approverWu],
    [
      'merged while people were at risk',
      then([registeredAtRisk], assignCase, dispatcherQian),
      mergeCase,
      registrarGu,
    ],
  ] as const)('waits for nothing: %s', (_, past, ending, who) => {
    expect(given(...past).state.duties.size).toBeGreaterThan(1);
    expect([...given(...then(past, ending, who)).state.duties.keys()]).toEqual([]);
  });

  test('and waits again where its termination is held', () => {
    const ended = then(suspending, terminateCase, approverWu);
    const held = given(...then(ended, sampleOf({ name: 'HoldTermination' }), inspectorChen)).state;
    expect([...held.duties.keys()].sort()).toEqual(['complete', 'suspension-end', 'suspension-review']);
  });
});

describe('whoever has a part or an instruction, and whoever has done nothing yet, has a day', () => {
  test('the first thing is done some days after the acceptance', () => {
    const [accepting] = deciding(until.assigned, sampleOf({ name: 'AcceptAssignment' }), handlerLi);
    expect(accepting?.duties?.begin).toMatchObject({
      'first-action': { due: '2026-09-04', units: ['hill-office'] },
    });
    const accepted = accepting ? [did(handlerLi, accepting)] : [];
    const [reporting] = deciding(
      [...until.assigned, ...accepted],
      sampleOf({ name: 'ReportProgress' }),
      handlerLi,
    );
    expect(reporting?.duties?.end).toContain('first-action');
  });

  test('each part by its day, with its own unit and its own light', () => {
    const { dueOn, unit } = assignPart;
    const [first] = deciding(until.rectifying, amended(assignPart, { part: undefined }), handlerLi);
    expect(first?.duties?.begin).toMatchObject({ 'part-1': { due: dueOn, units: [unit] } });
    const later = amended(assignPart, { part: undefined, dueOn: '2026-10-09' });
    const past = [...until.rectifying, ...(first ? [did(handlerLi, first)] : [])];
    const [second] = deciding(past, later, handlerLi);
    expect(second?.duties?.begin).toMatchObject({ 'part-2': { due: '2026-10-09', units: [unit] } });
    expect(second?.duties?.begin).not.toHaveProperty('part-1');
    const both = given(...past, ...(second ? [did(handlerLi, second)] : [])).state.duties;
    expect(both.get('part-1')?.redFrom).not.toBe(both.get('part-2')?.redFrom);
  });

  test('a part no more once its unit has returned it', () => {
    const [first] = deciding(until.rectifying, amended(assignPart, { part: undefined }), handlerLi);
    const past = [...until.rectifying, ...(first ? [did(handlerLi, first)] : [])];
    const [ending] = deciding(past, sampleOf({ name: 'ReturnPart' }), handlerHe);
    expect(ending?.duties?.end).toEqual(['part-1']);
  });

  test('an instruction by its day, until it is answered', () => {
    const [event] = deciding(until.rectifying, recordInstruction, dispatcherQian);
    const { dueOn, lead } = recordInstruction;
    expect(event?.duties?.begin).toMatchObject({ 'instruction-1': { due: dueOn, units: [lead] } });
    const given = event ? [did(dispatcherQian, event)] : [];
    const [answering] = deciding(
      [...until.rectifying, ...given],
      sampleOf({ name: 'AnswerInstruction' }),
      handlerLi,
    );
    expect(answering?.duties?.end).toContain('instruction-1');
  });
});

describe('a disputed finding is ruled on', () => {
  test('by the unit that found it or, where that answers for it, by the one that assigned it', () => {
    const ruling = (...past: PastEvent[]) =>
      deciding(past, sampleOf({ name: 'DisputeFinding' }), handlerLi)[0]?.duties?.begin?.['dispute-ruling']
        ?.units;
    expect(ruling(...until.assigned)).toEqual(['north-office']);
    const own = did(registrarGu, { ...registration, finder: 'hill-office' });
    expect(ruling(own, ...until.assigned.slice(1))).toEqual(['north-office']);
    const above = did(registrarGu, { ...registration, finder: 'province-office' });
    expect(ruling(above, ...until.assigned.slice(1))).toEqual(['province-office']);
  });
});

test('silence of the discipline organ becomes a duty of the unit above', () => {
  const position = { step: 'discipline-position', level: 'city', unit: 'north-office' } as const;
  const { state } = given(...until.verified);
  const waiting = { ...state, route: [position] };
  const noted: CaseEvent = {
    type: 'DeadlinePassed',
    duty: 'discipline-position',
    due: '2026-08-31',
    duties: { begin: { 'discipline-position': overdue('discipline-position', { tickOn: null }) } },
  };
  const [event] = withDuties([noted], waiting, by(clock).facts, clock);
  expect(event?.duties?.begin).toMatchObject({
    'discipline-reminder': { units: ['province-office'], start: '2026-09-01' },
  });
});

describe('what a verified case waits for', () => {
  const waiting = (changes: Partial<CaseState>): string[] => {
    const { state } = given(...until.verified);
    const { facts } = by(dispatcherQian);
    const recorded = { type: 'HandlerNamed', person: 'xu' } as const;
    const after = { ...state, duties: new Map(), ...changes };
    const [event] = withDuties([recorded], after, facts, dispatcherQian);
    return Object.keys(event?.duties?.begin ?? {});
  };
  const step = (name: StepName) => ({ step: name, level: 'province', unit: 'province-office' });

  test.each([
    ['its closing', {}, ['close']],
    ['the notice to be started', { route: [step('public-notice')] }, ['public-notice']],
    [
      'the end of the notice',
      {
        route: [step('public-notice')],
        flags: new Set(['noticeRunning'] as const),
        noticeUntil: '2026-09-08',
      },
      ['notice-end'],
    ],
    ['the discipline organ', { route: [step('discipline-position')] }, ['discipline-position']],
    [
      'its source',
      { route: [step('recognition')], flags: new Set(['awaitingRecognition'] as const) },
      ['recognition'],
    ],
    [
      'the ruling on an objection',
      { flags: new Set(['objectionOpen'] as const) },
      ['objection-ruling', 'close'],
    ],
    [
      'a ruling on the finding',
      { flags: new Set(['findingDisputed'] as const) },
      ['dispute-ruling', 'close'],
    ],
    ['the next review', { status: 'sustaining', reviewBy: '2026-12-01' } as const, ['stage-review']],
    [
      'the answer to a failed look-back',
      { status: 'closed', lookBackAnswerBy: '2026-09-08' } as const,
      ['look-back-answer'],
    ],
  ])('%s', (_, changes, names) => {
    expect(waiting(changes)).toEqual(names);
  });
});
