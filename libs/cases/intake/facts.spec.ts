import { describe, expect, test } from '@jest/globals';
import {
  amended,
  assignCase,
  assigning,
  attachedBefore,
  by,
  did,
  given,
  registered,
  registeredAtRisk,
  registration,
  returned,
  returnUpheld,
  assigned,
  visit,
} from '../../../test/support/cases.js';
import {
  establishFacts,
  establishing,
  factCheckStarted,
  factsEstablished,
  startFactCheck,
  unsubstantiated,
  establishAtRisk,
  establishedAtRisk,
} from '../../../test/support/intake.js';
import {
  dispatcherQian,
  handlerLi,
  inspectorChen,
  inspectorDong,
  post,
  province,
  registrarGu,
  verifierSun,
  verifierZhao,
} from '../../../test/support/province.js';
import { type CaseEvent } from '../../contracts/case-events.js';
import { sees } from '../table.js';

const checking = [registered, factCheckStarted];
const petition = did(registrarGu, { ...registration, source: { code: 'PT' } });
const { type: _, ...facts } = establishFacts;
const none = amended(establishFacts, { substantiation: 'none', taskText: undefined });

describe('starting a fact check', () => {
  test('the dispatcher names two or more who check facts in a post of theirs', () => {
    given(registered).when(startFactCheck, by(dispatcherQian)).then(factCheckStarted.event);
    given(registeredAtRisk).when(startFactCheck, by(dispatcherQian)).then(factCheckStarted.event);
  });

  test.each([
    ['nobody of the register', 'nobody'],
    ['a handler', 'li'],
  ])('not %s', (_, who) => {
    const checkers = ['zhao', who];
    given(registered).when(amended(startFactCheck, { checkers }), by(dispatcherQian)).invalid('checkers.1');
  });

  test('whose unit is elsewhere sees the case from then on', () => {
    expect(sees(given(registered).state, inspectorDong, province)).toBe(false);
    const theirs = given(registered).when(
      amended(startFactCheck, { checkers: ['zhao', 'dong'] }),
      by(dispatcherQian),
    );
    const event = (theirs.outcome as (typeof factCheckStarted.event)[])[0];
    if (!event) throw new Error('nothing was decided');
    expect(sees(given(registered, { ...factCheckStarted, event }).state, inspectorDong, province)).toBe(true);
  });

  test('while they are checked others are named, for a reason; who is named no more establishes nothing', () => {
    const anew = { checkers: ['chen', 'sun'], reason: '赵某调离' };
    const named = given(...checking).when(amended(startFactCheck, anew), by(dispatcherQian));
    const [event] = named.outcome as (typeof factCheckStarted.event)[];
    expect(event).toMatchObject({ type: 'FactCheckStarted', ...anew });
    if (!event) throw new Error('nothing was decided');
    const past = [...checking, { ...factCheckStarted, event }];
    given(...past)
      .when(establishFacts, by(verifierZhao))
      .refused('case/not-checker');
    given(...checking)
      .when(amended(startFactCheck, { checkers: anew.checkers }), by(dispatcherQian))
      .invalid('reason');
    given(...checking, factsEstablished)
      .when(amended(startFactCheck, anew), by(dispatcherQian))
      .refused('case/facts-established');
  });

  test('after a return that was upheld they may be checked again', () => {
    const past = [...checking, factsEstablished, assigned, returned, returnUpheld];
    given(...past)
      .when(startFactCheck, by(dispatcherQian))
      .then(factCheckStarted.event);
    given(...past, factCheckStarted)
      .when(assignCase, by(dispatcherQian))
      .refused('case/facts-unestablished');
  });
});

describe('establishing facts', () => {
  test('a named checker says how far it is so; what is partly so may be narrowed', () => {
    given(...checking)
      .when(establishFacts, by(verifierZhao))
      .then(establishing);
    expect(given(...checking, factsEstablished).state).toMatchObject({
      ...{ status: 'checking', substantiation: 'partial' },
      registration: { taskText: '翻修两户屋面', description: '屋面渗漏' },
    });
    const whole = amended(establishFacts, { substantiation: 'full' });
    given(...checking)
      .when(whole, by(verifierZhao))
      .invalid('taskText');
  });

  test('nobody else does, though of the same unit', () => {
    given(...checking)
      .when(establishFacts, by(verifierSun))
      .refused('case/not-checker');
    given(...checking)
      .when(establishFacts, by(post('chen', 'province-office', 'evaluator')))
      .then(establishing);
    given(...checking)
      .when(establishFacts, by(verifierSun, { onBehalfOf: 'zhao' }))
      .then(establishing);
  });

  test('once', () => {
    given(...checking, factsEstablished)
      .when(establishFacts, by(inspectorChen))
      .refused('case/facts-established');
  });

  test('what is not so at all was looked for on the spot; the case ends with it', () => {
    given(...checking)
      .when(none, by(verifierZhao))
      .then(unsubstantiated.event);
    for (const field of ['place', 'visitedOn'] as const) {
      given(...checking)
        .when(amended(none, { [field]: undefined }), by(verifierZhao))
        .invalid(field);
    }
    given(...checking)
      .when(amended(none, { photos: [] }), by(verifierZhao))
      .invalid('photos');
    const { state } = given(registeredAtRisk, factCheckStarted, unsubstantiated);
    expect([state.status, state.flags.size]).toEqual(['unsubstantiated', 0]);
  });

  test('what is so need not have been', () => {
    const plain = amended(establishFacts, {
      ...{ substantiation: 'full', taskText: undefined, place: undefined, visitedOn: undefined, photos: [] },
    });
    given(...checking)
      .when(plain, by(verifierZhao))
      .then({
        type: 'FactsEstablished',
        substantiation: 'full',
        findings: facts.findings,
        opposing: '第三户亦有水痕',
        photos: [],
      });
  });

  test('no visit is ahead, and every photo is an upload of the checker, used once', () => {
    given(...checking)
      .when(amended(establishFacts, { visitedOn: '2026-09-02' }), by(verifierZhao))
      .invalid('visitedOn');
    given(...checking)
      .when(establishFacts, by(verifierZhao, { uploads: [] }))
      .refused('case/receipt-unknown');
    const used = did(handlerLi, { ...attachedBefore.event, file: visit } as CaseEvent);
    given(...checking, used)
      .when(establishFacts, by(verifierZhao))
      .refused('case/receipt-used');
  });
});

describe('assigning after a fact check', () => {
  test('a check that was begun is waited for', () => {
    given(...checking)
      .when(assignCase, by(dispatcherQian))
      .refused('case/facts-unestablished');
    given(...checking, factsEstablished)
      .when(assignCase, by(dispatcherQian))
      .then(assigning);
  });

  test('a source may ask for one, and without it nothing is assigned', () => {
    given(petition).when(assignCase, by(dispatcherQian)).refused('case/facts-unestablished');
    expect(
      given(petition, factCheckStarted, factsEstablished).when(assignCase, by(dispatcherQian)).outcome,
    ).toEqual([expect.objectContaining({ type: 'CaseAssigned' })]);
  });

  test('what is not so is not assigned', () => {
    given(...checking, unsubstantiated)
      .when(assignCase, by(dispatcherQian))
      .refused('case/status');
  });

  test('no checker holds a post at a unit that is to answer for it', () => {
    const yang = did(dispatcherQian, {
      ...factCheckStarted.event,
      checkers: ['zhao', 'yang'],
    } as CaseEvent);
    const past = [registered, yang, factsEstablished];
    given(...past)
      .when(assignCase, by(dispatcherQian))
      .refused('case/checker-of-lead');
    const elsewhere = amended(assignCase, { leads: ['lake-office'], coUnits: ['hill-office'] });
    given(...past)
      .when(elsewhere, by(dispatcherQian))
      .refused('case/checker-of-lead');
  });
});

describe('a check that finds people at risk', () => {
  test('says so, whatever the registration did', () => {
    given(...checking)
      .when(establishAtRisk, by(verifierZhao))
      .then(establishedAtRisk.event);
    const { state } = given(...checking, establishedAtRisk);
    expect([state.personsAtRisk, state.flags.has('atRisk')]).toEqual([true, true]);
  });

  test('finds something: what is not so endangers nobody', () => {
    given(...checking)
      .when(amended(none, { personsAtRisk: true }), by(verifierZhao))
      .invalid('personsAtRisk');
  });
});
