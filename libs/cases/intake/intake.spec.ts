import { describe, expect, test } from '@jest/globals';
import {
  amended,
  assignCase,
  assigning,
  by,
  given,
  registered,
  registerProblem,
  registration,
} from '../../../test/support/cases.js';
import { adoptCase, adopted, adoptedOpen, adoption } from '../../../test/support/intake.js';
import { dispatcherQian, dispatcherShi, post, registrarGu } from '../../../test/support/province.js';
import { RegisterProblem, Stated } from '../../contracts/intake.js';
import { validated } from '../../platform/validated.js';

const registrarOfHill = post('fu', 'hill-office', 'registrar');
const registrarOfSouth = post('lu', 'south-office', 'registrar');

describe('registering a problem', () => {
  test('a problem found is entered as its source states it, under a number of its own', () => {
    given().when(registerProblem, by(registrarGu)).then(registration);
  });

  test('what is not known is left out', () => {
    const little = validated(RegisterProblem, {
      source: { code: 'PT' },
      categories: ['roof'],
      divisions: ['hill'],
      severity: 'general',
      rectificationType: 'immediate',
      description: '屋面渗漏',
      personsAtRisk: true,
      weight: 1000,
    });
    given()
      .when(little, by(registrarGu))
      .then({
        type: 'ProblemRegistered',
        caseNumber: 'N-7',
        source: little.source,
        categories: ['roof'],
        divisions: ['hill'],
        severity: 'general',
        rectificationType: 'immediate',
        description: '屋面渗漏',
        personsAtRisk: true,
        weight: 1000,
      });
  });

  test('the same line of the same document is registered once', () => {
    given(registered).when(registerProblem, by(registrarGu)).refused('case/already-registered');
  });

  test('and so is a line that another city has registered for itself', () => {
    const theirs = amended(registerProblem, { divisions: ['shore'] });
    given(registered).when(theirs, by(registrarOfSouth)).refused('case/already-registered');
  });

  test('a county registers for itself', () => {
    given().when(registerProblem, by(registrarOfHill)).then(registration);
  });

  test('nobody registers for a division that is not theirs', () => {
    given().when(registerProblem, by(registrarOfSouth)).refused('case/role');
    const both = amended(registerProblem, { divisions: ['hill', 'lake'] });
    given().when(both, by(registrarOfHill)).refused('case/role');
    given()
      .when(both, by(registrarGu))
      .then({ ...registration, divisions: ['hill', 'lake'] });
  });

  test('nobody registers for a unit that is no longer there', () => {
    given()
      .when(registerProblem, by(post('gu', 'closed-office', 'registrar')))
      .refused('case/role');
  });

  test('only registrars register', () => {
    given().when(registerProblem, by(dispatcherShi)).refused('case/role');
  });

  test('the divisions are of the register', () => {
    const unknown = amended(registerProblem, { divisions: ['hill', 'atlantis'] });
    given().when(unknown, by(registrarGu)).invalid('divisions.1');
  });

  test.each(['unheard-of', 'constructor'])('the categories are of the policy: %s is none', (category) => {
    given()
      .when(amended(registerProblem, { categories: ['roof', category] }), by(registrarGu))
      .invalid('categories.1');
  });

  test('nothing is found on a day to come, and days are days of the province', () => {
    const found = amended(registerProblem, { foundOn: '2026-09-02' });
    given()
      .when(found, by(registrarGu, { at: '2026-09-01T15:59:59.999Z' }))
      .invalid('foundOn');
    given()
      .when(found, by(registrarGu, { at: '2026-09-01T16:00:00.000Z' }))
      .then({ ...registration, foundOn: '2026-09-02' });
  });

  test('what occurred does not end before it began', () => {
    const backwards = amended(registerProblem, { occurredFrom: '2026-08-02', occurredTo: '2026-08-01' });
    given().when(backwards, by(registrarGu)).invalid('occurredTo');
    const oneDay = amended(registerProblem, { occurredFrom: '2026-08-01', occurredTo: '2026-08-01' });
    given()
      .when(oneDay, by(registrarGu))
      .then({ ...registration, occurredFrom: '2026-08-01', occurredTo: '2026-08-01' });
  });

  test('a source may set a day that is past already', () => {
    const late = amended(registerProblem, { sourceDueOn: '2026-01-01' });
    given()
      .when(late, by(registrarGu))
      .then({ ...registration, sourceDueOn: '2026-01-01' });
  });

  test.each([
    ['since when it was known', { knownSince: '2026-09-02' }, 'knownSince'],
    ['a year of money that lies two years ahead', { fiscalYear: 2028 }, 'fiscalYear'],
  ])('nothing of it lies ahead: %s', (_, wrong, field) => {
    given().when(amended(registerProblem, wrong), by(registrarGu)).invalid(field);
  });

  test('the next year’s money may be given out already', () => {
    given()
      .when(amended(registerProblem, { fiscalYear: 2027 }), by(registrarGu))
      .then({ ...registration, fiscalYear: 2027 });
  });

  test('a state secret is refused, whether it is said or a mark shows it', () => {
    given()
      .when(amended(registerProblem, { secret: true }), by(registrarGu))
      .refused('case/state-secret');
    for (const text of ['绝密★', '机密★一年', '此件秘密★']) {
      given()
        .when(amended(registerProblem, { remark: text }), by(registrarGu))
        .refused('case/state-secret');
      given()
        .when(amended(registerProblem, { source: { code: 'PC', document: text } }), by(registrarGu))
        .refused('case/state-secret');
    }
    const harmless = amended(registerProblem, { remark: '涉密文件未提供' });
    given()
      .when(harmless, by(registrarGu))
      .then({ ...registration, remark: '涉密文件未提供' });
  });
});

describe('adopting a row of an old ledger', () => {
  test('it is entered as it states itself', () => {
    given().when(adoptCase, by(registrarGu)).then(adoption);
    given(adopted).when(adoptCase, by(registrarGu)).refused('case/already-registered');
    given(adopted).when(registerProblem, by(registrarGu)).refused('case/already-registered');
  });

  test('what was closed there is closed, and answered for by who took it over', () => {
    expect(given(adopted).state).toMatchObject({ status: 'closed', adopted: true, closer: 'north-office' });
    given(adopted).when(assignCase, by(dispatcherQian)).refused('case/status');
  });

  test('what was open there goes the usual road', () => {
    expect(given(adoptedOpen).state).toMatchObject({
      status: 'registered',
      adopted: true,
      closer: undefined,
    });
    given(adoptedOpen).when(assignCase, by(dispatcherQian)).then(assigning);
  });

  test('only of what is closed there is a closing told, and none is ahead', () => {
    const stated = (changes: object) =>
      amended(adoptCase, { stated: Object.assign(new Stated(), adoptCase.stated, changes) });
    given()
      .when(stated({ status: 'open', closureNumber: undefined }), by(registrarGu))
      .invalid('stated.closedOn');
    given()
      .when(stated({ status: 'open', closedOn: undefined }), by(registrarGu))
      .invalid('stated.closureNumber');
    given()
      .when(stated({ closedOn: '2026-09-02' }), by(registrarGu))
      .invalid('stated.closedOn');
    given()
      .when(stated({ unit: '秘密★' }), by(registrarGu))
      .refused('case/state-secret');
  });

  test('the rules of a registration hold for it', () => {
    given().when(adoptCase, by(registrarOfSouth)).refused('case/role');
    given()
      .when(amended(adoptCase, { foundOn: '2026-09-02' }), by(registrarGu))
      .invalid('foundOn');
  });
});
