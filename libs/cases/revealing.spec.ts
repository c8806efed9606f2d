import { describe, expect, test } from '@jest/globals';
import { given, type PastEvent, registration, until, did } from '../../test/support/cases.js';
import {
  dispatcherMeng,
  dispatcherQian,
  dispatcherTang,
  handlerDuan,
  handlerHe,
  handlerLi,
  handlerXu,
  inspectorChen,
  post,
  province,
  registrarGu,
  reviewerWang,
  verifierZhao,
} from '../../test/support/province.js';
import { type Actor } from '../eventing/event.js';
import { type Confidential, isAccusation, mayReveal } from './revealing.js';

const stateAfter = (past: readonly PastEvent[], accusation: boolean): Confidential =>
  given(did(registrarGu, { ...registration, accusation }), ...past.slice(1)).state;
const otherRegistrar = post('fu', 'hill-office', 'registrar');

const everybody: [string, Actor][] = [
  ['the registrar of the unit that registered it', registrarGu],
  ['a registrar of another unit', otherRegistrar],
  ['an inspector', inspectorChen],
  ['a dispatcher of the unit that assigned it', dispatcherQian],
  ['a dispatcher above it', dispatcherTang],
  ['a dispatcher below it', dispatcherMeng],
  ['a handler of the lead unit', handlerLi],
  ['another handler of the lead unit', handlerXu],
  ['a handler of a co-unit', handlerHe],
  ['a handler of another county', handlerDuan],
  ['a reviewer', reviewerWang],
  ['a verifier', verifierZhao],
  ['an approver', post('wu', 'north-office', 'approver')],
  ['a leader', post('lv', 'north-office', 'leader')],
  ['an auditor', post('jin', 'north-office', 'auditor')],
];
const whoMay = (state: Confidential): string[] =>
  everybody.filter(([, actor]) => mayReveal(state, actor, province)).map(([name]) => name);

describe('the identity of a petitioner (申诉求决) is revealed to', () => {
  test('who registered it, and inspectors, as long as nobody has it', () => {
    expect(whoMay(stateAfter(until.registered, false))).toEqual([
      'the registrar of the unit that registered it',
      'an inspector',
    ]);
  });

  test('also who assigned it, and the handlers of the lead unit', () => {
    expect(whoMay(stateAfter(until.rectifying, false))).toEqual([
      'the registrar of the unit that registered it',
      'an inspector',
      'a dispatcher of the unit that assigned it',
      'a handler of the lead unit',
      'another handler of the lead unit',
    ]);
  });

  test('of the handlers only the one who was named, or who stands in for that one', () => {
    const named = { ...stateAfter(until.rectifying, false), handler: 'li' };
    expect(mayReveal(named, handlerLi, province)).toBe(true);
    expect(mayReveal(named, handlerXu, province)).toBe(false);
    expect(mayReveal(named, { ...handlerXu, onBehalfOf: 'li' }, province)).toBe(true);
    expect(mayReveal(named, post('li', 'lake-office', 'handler'), province)).toBe(false);
  });
});

describe('an accusation (检举控告)', () => {
  test('is revealed to who registered it and to inspectors only, whoever has the case', () => {
    const state = stateAfter(until.rectifying, true);
    expect(isAccusation(state)).toBe(true);
    const named = { ...state, handler: 'li' };
    for (const one of [state, named]) {
      expect(whoMay(one)).toEqual(['the registrar of the unit that registered it', 'an inspector']);
    }
  });

  test('is only what says so', () => {
    expect(isAccusation(stateAfter(until.registered, false))).toBe(false);
    expect(isAccusation({ registration: undefined })).toBe(false);
  });
});
