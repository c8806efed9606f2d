import { describe, expect, test } from '@jest/globals';
import {
  amended,
  by,
  closeCase,
  closureRejected,
  given,
  rejectClosure,
  reviewed,
  submitted,
  until,
} from '../../../test/support/cases.js';
import {
  held,
  nothingHeld,
  notRecognised,
  recognise,
  recognised,
  recordRecognition,
  statePosition,
  supplying,
  wholly,
} from '../../../test/support/examination.js';
import {
  approverFeng,
  approverZheng,
  dispatcherQian,
  dispatcherTang,
  inspectorChen,
  post,
  registrarGu,
} from '../../../test/support/province.js';

const hold = amended(statePosition, { position: 'hold', reason: '线索正在核查' });

describe('the discipline organ', () => {
  test('states its position when the notice is over; silence passes nothing', () => {
    given(...wholly.toBePositioned)
      .when(statePosition, by(inspectorChen))
      .then(nothingHeld.event);
    given(...wholly.noticed)
      .when(statePosition, by(inspectorChen))
      .refused('case/flag-noticeRunning');
    given(...wholly.toBeNoticed)
      .when(statePosition, by(inspectorChen))
      .refused('case/awaits-public-notice');
    given(...wholly.toBePositioned)
      .when(closeCase, by(approverZheng))
      .refused('case/awaits-discipline-position');
  });

  test('is asked only where the route says so, at its desk', () => {
    given(...until.verified)
      .when(statePosition, by(inspectorChen))
      .refused('case/role');
    given(...wholly.toBePositioned)
      .when(statePosition, by(post('chen', 'north-office', 'inspector')))
      .refused('case/role');
  });

  test('may hold the case, and lift the hold', () => {
    given(...wholly.toBePositioned)
      .when(hold, by(inspectorChen))
      .then(held.event);
    given(...wholly.toBePositioned, held)
      .when(closeCase, by(approverZheng))
      .refused('case/discipline-hold');
    given(...wholly.toBePositioned, held)
      .when(statePosition, by(inspectorChen))
      .then(nothingHeld.event);
  });

  test('may think better of it: the step is open again, recognised or not', () => {
    for (const past of [wholly.toBeRecognised, wholly.toBeClosed]) {
      given(...past)
        .when(hold, by(inspectorChen))
        .then(held.event);
      given(...past, held)
        .when(closeCase, by(approverZheng))
        .refused('case/discipline-hold');
    }
    expect(given(...wholly.toBeRecognised, held).state.flags).toEqual(new Set());
  });

  test('is no rectifier', () => {
    given(...wholly.toBePositioned)
      .when(statePosition, by(post('li', 'province-office', 'inspector')))
      .refused('case/step-rectified');
  });
});

describe('the source', () => {
  test('recognises the result when all else is done: until then the case is not struck off', () => {
    const { flags } = given(...wholly.toBeRecognised).state;
    expect(flags).toEqual(new Set(['awaitingRecognition']));
    given(...wholly.toBeRecognised)
      .when(closeCase, by(approverFeng))
      .refused('case/flag-awaitingRecognition');
    for (const who of [registrarGu, dispatcherQian]) {
      given(...wholly.toBeRecognised)
        .when(recognise, by(who))
        .then(recognised.event);
    }
    given(...wholly.toBeClosed)
      .when(closeCase, by(approverFeng))
      .then({
        ...{ type: 'CaseClosed', closureNumber: 'N-7', opinion: '销号' },
        evidence: supplying.evidence,
      });
  });

  test('speaks once, in its turn, through the unit that registered the problem', () => {
    given(...wholly.toBeNoticed)
      .when(recognise, by(registrarGu))
      .refused('case/awaits-public-notice');
    given(...wholly.toBeClosed)
      .when(recognise, by(registrarGu))
      .refused('case/step-done');
    given(...wholly.toBeRecognised)
      .when(recognise, by(dispatcherTang))
      .refused('case/role');
    given(...wholly.toBeRecognised)
      .when(recognise, by(post('li', 'north-office', 'registrar')))
      .refused('case/step-rectified');
  });

  test('or does not: the case goes back, with reasons that are tied to the checklist', () => {
    given(...wholly.toBeRecognised)
      .when(recordRecognition, by(registrarGu))
      .then(notRecognised.event);
    expect(given(...wholly.toBeRecognised, notRecognised).state).toMatchObject({
      ...{ status: 'rectifying', flags: new Set(), passed: new Set(), disciplinePosition: undefined },
    });
    given(...wholly.toBeRecognised)
      .when(amended(recordRecognition, { reasons: undefined }), by(registrarGu))
      .invalid('reasons');
    given(...wholly.toBeRecognised)
      .when(amended(recordRecognition, { result: 'recognised' }), by(registrarGu))
      .invalid('reasons');
    given(...wholly.toBeRecognised)
      .when(amended(recordRecognition, { reasons: [{ slot: 'voucher', reason: 'none' }] }), by(registrarGu))
      .refused('case/slot-unknown');
  });

  test('does not speak on a day to come', () => {
    given(...wholly.toBeRecognised)
      .when(amended(recognise, { on: '2026-09-02' }), by(registrarGu))
      .invalid('on');
  });
});

test('what was said of a submission is over when it is sent back', () => {
  const { outcome } = given(...wholly.toBeRecognised).when(rejectClosure, by(approverZheng));
  expect(outcome).toMatchObject([{ type: 'ClosureRejected' }]);
  const again = [closureRejected, submitted, reviewed, ...until.verified.slice(7)];
  const { disciplinePosition, noticeUntil, passed, flags } = given(...wholly.toBeRecognised, ...again).state;
  expect({ disciplinePosition, noticeUntil, passed, flags }).toEqual({
    ...{ disciplinePosition: undefined, noticeUntil: undefined },
    ...{ passed: new Set(['review', 'verify']), flags: new Set() },
  });
});
