import 'reflect-metadata';
import { describe, test } from '@jest/globals';
import { recordLookBack } from '../../test/support/afterwards.js';
import { amended, assignCase, by, given, registered, until } from '../../test/support/cases.js';
import { escalateReview } from '../../test/support/examination.js';
import { itemsListed, listItems, voidCase } from '../../test/support/intake.js';
import { changeCoUnits, reassignCase } from '../../test/support/parts.js';
import { dispatcherQian, handlerDuan, post, registrarGu } from '../../test/support/province.js';
import { provinceAt } from '../../test/support/register.js';

const from = '2026-09-01';
const hillIsLake = provinceAt(from, {
  'unit-hill-office': [{ type: 'UnitAbolished', successor: 'lake-office', from }],
});
const northIsProvince = provinceAt(from, {
  'unit-north-office': [{ type: 'UnitAbolished', successor: 'province-office', from }],
});

describe('a unit that carries on an abolished one does what asks for the very unit', () => {
  test('lists the items of its cases', () => {
    given(...until.rectifying)
      .when(listItems, by(handlerDuan, { register: hillIsLake }))
      .then(itemsListed.event);
  });

  test('hands the review to the level above', () => {
    given(...until.submitted)
      .when(escalateReview, by(handlerDuan, { register: hillIsLake }))
      .then({
        type: 'ReviewEscalated',
        unit: 'north-office',
        level: 'city',
        reason: escalateReview.reason,
      });
  });

  test('takes back what the old one entered', () => {
    const { reason, document } = voidCase;
    given(registered)
      .when(voidCase, by({ ...registrarGu, unit: 'province-office' }, { register: northIsProvince }))
      .then({ type: 'CaseVoided', reason, document });
  });

  test('does not look back at what the old one verified', () => {
    given(...until.closed)
      .when(recordLookBack, by(post('jin', 'province-office', 'verifier'), { register: northIsProvince }))
      .refused('case/look-back-own');
  });
});

test('whoever leads it for an abolished unit does not help as well', () => {
  given(...until.assigned)
    .when(amended(changeCoUnits, { coUnits: ['lake-office'] }), by(dispatcherQian, { register: hillIsLake }))
    .invalid('coUnits.0');
});

test('nothing is given to a unit that was abolished', () => {
  const who = by(dispatcherQian, { register: hillIsLake });
  given(registered).when(assignCase, who).invalid('leads.0');
  given(...until.assigned)
    .when(amended(reassignCase, { leads: ['lake-office'], coUnits: ['hill-office'] }), who)
    .invalid('coUnits.0');
  given(...until.assigned)
    .when(amended(changeCoUnits, { coUnits: ['hill-office'] }), who)
    .invalid('coUnits.0');
});
