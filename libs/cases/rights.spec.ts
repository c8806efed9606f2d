import { describe, expect, test } from '@jest/globals';
import {
  approveClosure,
  approved,
  assignCase,
  by,
  given,
  type PastEvent,
  registered,
  returned,
  until,
  verifiedSerious,
} from '../../test/support/cases.js';
import { flagged, occasionOf, occasions, sampleOf, samples, ways } from '../../test/support/samples.js';
import { dispatcherQian, handlerLi, post } from '../../test/support/province.js';
import { Refusal } from '../contracts/refusal.js';
import { isAgent, ROLES } from '../contracts/roles.js';
import { STATUSES, type Status } from '../contracts/status.js';
import { permit } from '../eventing/handle.js';
import { caseCommands } from './commands.js';
import { type Flag } from './case-state.js';
import { type AnyCaseRow, isInternal } from './table.js';

const statuses = Object.keys(STATUSES) as Status[];
const flags = Object.keys(flagged) as Flag[];
/** Given by people, on a case that is there. */
const onCases = caseCommands.filter((row) => !row.in.includes('new') && !isInternal(row));
const named = (rows: readonly AnyCaseRow[]): [string, AnyCaseRow][] =>
  rows.map((row) => [row.command.name, row]);

test('the table has one row for each command, and each has its sample and its occasion', () => {
  const names = caseCommands.map(({ command }) => command.name);
  expect([...new Set(names)]).toEqual(names);
  expect(samples.map(({ constructor }) => constructor.name).sort()).toEqual(names.sort());
  expect(Object.keys(occasions).sort()).toEqual(names);
});

describe.each(named(caseCommands))('%s', (_, row) => {
  const { past, who, command = sampleOf(row.command) } = occasionOf(row.command);

  test('is allowed on its occasion', () => {
    expect(given(...past).when(command, by(who)).outcome).toEqual([expect.objectContaining({})]);
  });

  test.each(ROLES.filter((role) => !row.roles.includes(role)))('is not for the role %s', (role) => {
    given(...past)
      .when(command, by({ ...(isInternal(row) ? dispatcherQian : who), role }))
      .refused('case/role');
  });

  for (const status of statuses.filter((one) => !row.in.includes(one))) {
    test(`does not happen while ${status}`, () => {
      // On the road of its own occasion: registered and assigned as there.
      const as = (done: PastEvent, n: number) => (past[n]?.event.type === done.event.type ? past[n] : done);
      const then = given(...ways[status].map((done, n) => (n < 2 ? as(done, n) : done)));
      // Before a case is assigned nobody is at the desks that the assignment names.
      const nobody =
        !isInternal(row) &&
        typeof row.at === 'function' &&
        row.at(then.state).every((unit) => unit === undefined);
      const begun = row.in.includes('new') ? 'case/already-registered' : 'case/status';
      then.when(command, by(who)).refused(nobody ? 'case/role' : begun);
    });
  }

  test.each(flags)('knows what the flag %s means for it', (flag) => {
    const { state } = given(...past);
    const act = () => {
      permit(row, { ...state, flags: new Set([...state.flags, flag]) }, who, by(who).facts);
    };
    if (row.flags?.includes(flag)) expect(act).not.toThrow();
    else expect(act).toThrow(new Refusal(`case/flag-${flag}`));
  });
});

describe.each(named(onCases))('%s', (_, row) => {
  const { past, who, command = sampleOf(row.command) } = occasionOf(row.command);

  test('needs a case', () => {
    given().when(command, by(who)).refused('case/unknown');
  });

  test('is unknown to who is out of scope', () => {
    given(...past)
      .when(command, by({ ...who, unit: 'shore-office' }))
      .refused('case/unknown');
  });

  test('is unknown to who is at no unit of the register', () => {
    given(...past)
      .when(command, by({ ...who, unit: 'closed-office' }))
      .refused('case/unknown');
  });

  test('is given at its desk only', () => {
    if (typeof row.at === 'string') return;
    const desks = row.at(given(...past).state);
    const others = ['province-office', 'north-office', 'hill-office', 'hill-works'].filter(
      (unit) => !desks.includes(unit),
    );
    expect(others).not.toEqual([]);
    for (const unit of others) {
      given(...past)
        .when(command, by({ ...who, unit }))
        .refused('case/role');
    }
  });

  test('is not given by who answers for the case, nor below the unit that found it, where others decide', () => {
    const { state } = given(...past);
    const { at } = row;
    if (typeof at === 'function' || at === 'covering') return;
    const lead = [...state.leads, ...state.coUnits];
    const below = at === 'above' ? ['hill-office', 'hill-works'] : [];
    for (const unit of [...lead, ...below]) {
      given(...past)
        .when(command, by({ ...who, unit }))
        .refused('case/role');
    }
  });

  test('is refused to who has not seen the last material event, and to nobody else', () => {
    const { state, when } = given(...past);
    when(command, by(who, { seen: state.basis - 1 })).refused('case/stale', { basis: state.basis });
    expect(when(command, by(who, { seen: state.basis })).outcome).not.toBeInstanceOf(Refusal);
    expect(when(command, by(who, { seen: past.length - 1 })).outcome).not.toBeInstanceOf(Refusal);
  });
});

describe('of several reasons the first is told', () => {
  const nobody = { ...handlerLi, role: 'leader' };

  test.each([
    ['that there is no case', [], { ...nobody, unit: 'shore-office' }, { seen: -2 }, 'case/unknown'],
    ['that the role is another', [registered], nobody, { seen: -2 }, 'case/role'],
    [
      'that nobody out of scope may know of the case',
      [registered],
      { ...dispatcherQian, unit: 'shore-office' },
      { seen: -2 },
      'case/unknown',
    ],
    ['that the caller has not seen enough', until.assigned, dispatcherQian, { seen: 0 }, 'case/stale'],
    ['that the status is another', until.assigned, dispatcherQian, {}, 'case/status'],
  ] as const)('%s', (_, past, who, seen, code) => {
    given(...past)
      .when(assignCase, by(who, seen))
      .refused(code);
  });

  test('a flag before what the person may not do', () => {
    const barredByFlag = given(registered, ...until.assigned.slice(1), returned);
    barredByFlag
      .when(sampleOf({ name: 'AcceptAssignment' }), by(handlerLi))
      .refused('case/flag-returnPending');
  });

  test('who the person is before what the command says', () => {
    given(...verifiedSerious, approved)
      .when(approveClosure, by(post('li', 'province-office', 'approver')))
      .refused('case/approver-rectified');
  });
});

test('a case that is out of scope looks like none at all, whatever the role and the command', () => {
  for (const row of onCases) {
    for (const role of ROLES) {
      given(...occasionOf(row.command).past)
        .when(sampleOf(row.command), by(post('jin', 'shore-office', role)))
        .refused('case/unknown');
    }
  }
});

test('no administrator has any command, and every role of the table is one', () => {
  const roles = new Set(caseCommands.flatMap((row) => row.roles));
  for (const role of ['system-admin', 'security-admin', 'audit-admin', 'auditor'] as const) {
    expect(roles.has(role)).toBe(false);
  }
  expect([...roles].filter((role) => !isAgent(role) && !ROLES.includes(role))).toEqual([]);
});
