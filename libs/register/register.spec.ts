import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import * as register from '../../test/support/register.js';
import { type Happened } from '../../test/support/register.js';
import { handlerLi, province, registrarGu, SEED } from '../../test/support/province.js';
import { type RegisterKind } from '../contracts/register-events.js';
import { isAgent, ROLES } from '../contracts/roles.js';
import { type Actor } from '../eventing/event.js';
import { registerCommands, rowOf } from './commands.js';

const { securityAdmin, systemAdmin, when } = register;
const FROM = '2026-09-01';
const amended = <C extends object>(body: C, changes: object): C =>
  Object.assign(Object.create(Object.getPrototypeOf(body) as object), body, changes) as C;
const bare = (body: object): object => JSON.parse(JSON.stringify({ ...body, type: undefined })) as object;

/** A command on an entry to which it may happen, and what it decides. */
const occasions: readonly [string, object, RegisterKind, string, Actor, string, Happened?][] = [
  ['opens', register.openDivision, 'division', 'isle', systemAdmin, 'DivisionOpened'],
  ['renames', register.renameDivision, 'division', 'hill', systemAdmin, 'DivisionRenamed'],
  ['moves', register.moveDivision, 'division', 'hill', systemAdmin, 'DivisionMoved'],
  ['merges', register.mergeDivision, 'division', 'hill', systemAdmin, 'DivisionMerged'],
  [
    ...(['closes', register.closeDivision, 'division', 'isle', systemAdmin, 'DivisionClosed'] as const),
    { 'division-isle': [{ type: 'DivisionOpened', name: '岛', level: 'county', from: FROM }] },
  ],
  ['opens', register.openUnit, 'unit', 'isle-office', systemAdmin, 'UnitOpened'],
  ['renames', register.renameUnit, 'unit', 'hill-office', systemAdmin, 'UnitRenamed'],
  ['moves', register.moveUnit, 'unit', 'hill-works', systemAdmin, 'UnitMoved'],
  ['abolishes', register.abolishUnit, 'unit', 'hill-works', systemAdmin, 'UnitAbolished'],
  ['enters', register.enterPerson, 'person', 'lu', securityAdmin, 'PersonEntered'],
  ['renames', register.renamePerson, 'person', 'li', securityAdmin, 'PersonRenamed'],
  ['appoints', register.appointPerson, 'person', 'wang', securityAdmin, 'PersonAppointed'],
  ['ends a post', register.endAppointment, 'person', 'li', securityAdmin, 'AppointmentEnded'],
  ['delegates', register.giveDelegation, 'person', 'li', securityAdmin, 'DelegationGiven'],
  [
    ...(['ends', register.endDelegation, 'person', 'li', securityAdmin, 'DelegationEnded'] as const),
    {
      'person-li': [
        {
          ...{ type: 'DelegationGiven', to: 'xu', unit: 'hill-office', role: 'handler' },
          ...{ from: FROM, until: FROM },
        },
      ],
    },
  ],
  ['goes', register.takeLeave, 'person', 'li', securityAdmin, 'LeaveTaken'],
  [
    ...(['comes back', register.endLeave, 'person', 'li', securityAdmin, 'LeaveEnded'] as const),
    { 'person-li': [{ type: 'LeaveTaken', from: FROM, until: '2026-09-30' }] },
  ],
  ['publishes', register.publishPolicy, 'policy', 'rules', securityAdmin, 'PolicyPublished'],
  ['publishes', register.publishCalendar, 'calendar', 'national', systemAdmin, 'CalendarPublished'],
  ['records', register.recordSource, 'source', 's-1', registrarGu, 'SourceRecorded'],
  ['opens', register.openBatch, 'batch', 'b-1', registrarGu, 'BatchOpened'],
  [
    ...(['closes', register.closeBatch, 'batch', 'b-1', registrarGu, 'BatchClosed'] as const),
    { 'batch-b-1': [{ type: 'BatchOpened', file: 'f', rows: 7 }] },
  ],
];

// Every row has all its columns: a test that is given fewer than it takes waits to be called back.
const OCCASIONS = occasions.map(
  ([does, body, kind, id, by, type, happened = {}]) =>
    [`${body.constructor.name} ${does}`, body, kind, id, by, type, happened] as const,
);

test('every command has its sample and its occasion here', () => {
  const names = registerCommands.map(({ command }) => command.name);
  expect([...new Set(names)]).toEqual(names);
  expect(OCCASIONS.map(([, body]) => body.constructor.name)).toEqual(names);
  expect(register.registerSamples.map(({ constructor }) => constructor.name)).toEqual(names);
});

test.each(OCCASIONS)('%s', (_, body, kind, id, by, type, happened) => {
  const { events } = when(body, kind, id, by, happened);
  const said = type === 'PolicyPublished' ? { id: 'rules@2', from: FROM } : bare(body);
  expect(events).toEqual([expect.objectContaining({ ...said, type })]);
});

test.each(OCCASIONS)('%s, for its roles only', (_, body, kind, id, by, __, happened) => {
  const { roles } = rowOf(body);
  for (const role of ROLES.filter((one) => !roles.includes(one)))
    expect([role, when(body, kind, id, { ...by, role }, happened).events]).toEqual([role, 'auth/forbidden']);
  expect(roles.filter((role) => !isAgent(role))).toHaveLength(1);
});

describe('places', () => {
  const on = (body: object, kind: 'division' | 'unit', id: string, happened?: Happened) =>
    when(body, kind, id, systemAdmin, happened);

  test('a division or unit is there once', () => {
    expect(on(register.openDivision, 'division', 'hill').events).toBe('register/entered-already');
    expect(on(register.openUnit, 'unit', 'hill-office').events).toBe('register/entered-already');
    expect(on(register.renameUnit, 'unit', 'isle-office').events).toBe('register/unknown');
  });

  test('what is named is there on that day', () => {
    const later: Happened = {
      'division-isle': [{ type: 'DivisionOpened', name: '岛', level: 'county', from: '2026-09-02' }],
      'unit-lake-office': [{ type: 'UnitAbolished', successor: 'north-office', from: FROM }],
    };
    for (const parent of ['west', 'isle'])
      expect(on(amended(register.openDivision, { parent }), 'division', 'new', later).fields).toEqual([
        'parent',
      ]);
    for (const parent of ['west-office', 'lake-office'])
      expect(on(amended(register.openUnit, { parent }), 'unit', 'new', later).fields).toEqual(['parent']);
    expect(on(amended(register.openUnit, { division: 'west' }), 'unit', 'new').fields).toEqual(['division']);
    expect(
      on(amended(register.abolishUnit, { successor: 'lake-office' }), 'unit', 'hill-works', later).fields,
    ).toEqual(['successor']);
  });

  test('nothing lies in itself, neither on the day nor when all has taken effect', () => {
    const circle = 'register/circle';
    expect(on(amended(register.moveDivision, { parent: 'hill' }), 'division', 'north').events).toBe(circle);
    expect(on(amended(register.mergeDivision, { into: 'hill' }), 'division', 'north').events).toBe(circle);
    expect(on(amended(register.mergeDivision, { into: 'hill' }), 'division', 'hill').events).toBe(circle);
    expect(on(amended(register.moveUnit, { parent: 'hill-works' }), 'unit', 'hill-office').events).toBe(
      circle,
    );
    expect(on(amended(register.abolishUnit, { successor: 'hill-works' }), 'unit', 'hill-works').events).toBe(
      circle,
    );
    const planned: Happened = {
      'division-south': [{ type: 'DivisionMoved', parent: 'hill', from: '2027-01-01' }],
      'unit-hill-office': [{ type: 'UnitAbolished', successor: 'hill-works', from: '2027-01-01' }],
    };
    expect(on(register.moveDivision, 'division', 'hill', planned).events).toBe(circle);
    expect(on(register.abolishUnit, 'unit', 'hill-works', planned).events).toBe(circle);
  });

  test('what has ended, or will, ends no second time', () => {
    const ended: Happened = {
      'division-hill': [{ type: 'DivisionMerged', into: 'lake', from: '2027-01-01' }],
      'unit-hill-works': [{ type: 'UnitAbolished', successor: 'hill-office', from: '2027-01-01' }],
    };
    expect(on(register.mergeDivision, 'division', 'hill', ended).events).toBe('register/ended');
    expect(on(register.abolishUnit, 'unit', 'hill-works', ended).events).toBe('register/ended');
  });

  test('a division is closed when nothing lies in it', () => {
    expect(on(register.closeDivision, 'division', 'north').events).toBe('register/not-empty');
    expect(on(register.closeDivision, 'division', 'lake').events).toBe('register/not-empty');
  });

  test('nothing takes effect before the entry begins', () => {
    const late: Happened = {
      'unit-new': [{ type: 'UnitOpened', name: '新', division: 'hill', from: '2026-09-02' }],
    };
    expect(on(register.renameUnit, 'unit', 'new', late).fields).toEqual(['from']);
  });
});

describe('people', () => {
  const on = (body: object, id: string, happened?: Happened) =>
    when(body, 'person', id, securityAdmin, happened);
  const { appointPerson, giveDelegation, takeLeave } = register;

  test('a person is entered once', () => {
    expect(on(register.enterPerson, 'li').events).toBe('register/entered-already');
  });

  test('who has the identity number of somebody who was entered is not entered as somebody else', () => {
    for (const [body, id] of [
      [register.enterPerson, 'lu'],
      [register.renamePerson, 'li'],
    ] as const) {
      const { outcome } = when(body, 'person', id, securityAdmin, {}, { namesake: { person: 'xu' } });
      expect(outcome).toMatchObject({ code: 'register/already-entered', details: { person: 'xu' } });
    }
  });

  test('the same post is not held twice in the same time', () => {
    expect(on(appointPerson, 'li').events).toBe('register/appointment-overlaps');
    const ended: Happened = {
      'person-li': [{ type: 'AppointmentEnded', unit: 'hill-office', role: 'handler', from: FROM }],
    };
    expect(on(appointPerson, 'li', ended).events).toHaveLength(1);
  });

  test('a post that is not held is neither ended nor lent', () => {
    expect(on(amended(register.endAppointment, { role: 'leader' }), 'li').events).toBe(
      'register/appointment-missing',
    );
    expect(on(amended(giveDelegation, { role: 'leader' }), 'li').events).toBe('register/appointment-missing');
  });

  test('periods end on or after the day they begin, and units are known', () => {
    const until = '2026-08-31';
    for (const body of [appointPerson, giveDelegation, takeLeave])
      expect(on(amended(body, { until }), 'wang').fields).toEqual(['until']);
    expect(on(amended(appointPerson, { unit: 'west-office' }), 'li').fields).toEqual(['unit']);
  });

  test('somebody else who is known stands in, once in a time', () => {
    expect(on(amended(giveDelegation, { to: 'li' }), 'li').fields).toEqual(['to']);
    expect(on(amended(giveDelegation, { to: 'nobody' }), 'li').fields).toEqual(['to']);
    const { type: _, ...given } = giveDelegation;
    const lent: Happened = { 'person-li': [{ type: 'DelegationGiven', ...given }] };
    expect(on(giveDelegation, 'li', lent).events).toBe('register/delegation-overlaps');
    expect(on(register.endDelegation, 'li').events).toBe('register/delegation-missing');
  });

  test('three administrators are apart from each other and from all business, in another’s place too', () => {
    const admin = amended(appointPerson, { role: 'audit-admin' });
    expect(on(admin, 'li').events).toBe('register/administrator-apart');
    const system = { type: 'PersonAppointed', unit: 'province-office', role: 'system-admin' } as const;
    const lu: Happened = {
      'person-lu': [
        { type: 'PersonEntered', name: '鲁', from: FROM },
        { ...system, from: FROM },
      ],
    };
    for (const role of ['audit-admin', 'security-admin', 'handler'])
      expect(on(amended(appointPerson, { role }), 'lu', lu).events).toBe('register/administrator-apart');
    expect(on(amended(appointPerson, { role: 'system-admin' }), 'lu', lu).events).toHaveLength(1);
    expect(on(amended(giveDelegation, { to: 'lu' }), 'li', lu).events).toBe('register/administrator-apart');
    const lent: Happened = {
      'person-lu': [{ type: 'PersonEntered', name: '鲁', from: FROM }],
      'person-li': [
        {
          ...{ type: 'DelegationGiven', to: 'lu', unit: 'hill-office', role: 'handler' },
          ...{ from: FROM, until: FROM },
        },
      ],
    };
    expect(on(admin, 'lu', lent).events).toBe('register/administrator-apart');
  });

  test('nobody is on leave twice, or comes back who was not away', () => {
    const away: Happened = { 'person-li': [{ type: 'LeaveTaken', from: '2026-12-31', until: '2027-01-31' }] };
    expect(on(takeLeave, 'li', away).events).toBe('register/leave-overlaps');
    expect(on(register.endLeave, 'li', away).events).toBe('register/leave-missing');
  });
});

describe('rules', () => {
  test('a document is recorded once, however its number is written', () => {
    const { type: _, ...said } = register.recordSource;
    const recorded: Happened = { 'source-s': [{ type: 'SourceRecorded', ...said }] };
    const again = amended(register.recordSource, { number: ` ${said.number}` });
    expect(when(again, 'source', 's-2', registrarGu, recorded).events).toBe('register/source-recorded');
    const other = amended(register.recordSource, { code: 'AU' });
    expect(when(other, 'source', 's-2', registrarGu, recorded).events).toHaveLength(1);
  });

  test('a version is published once, whatever it is called elsewhere', () => {
    const again = amended(register.publishPolicy, { id: 'rules@1' });
    for (const id of ['rules', 'other'])
      expect(when(again, 'policy', id, securityAdmin).events).toBe('register/version-published');
    const days = amended(register.publishCalendar, { id: 'national@2026' });
    expect(when(days, 'calendar', 'national', systemAdmin).events).toBe('register/version-published');
  });

  test('a policy is whole, with terms as texts', () => {
    const { outcome } = when(register.publishPolicy, 'policy', 'rules', securityAdmin);
    const plain = JSON.parse(JSON.stringify(province.policy)) as object;
    expect(outcome).toMatchObject([{ policy: { ...plain, id: 'rules@2', extensions: 3 } }]);
    for (const policy of [{}, { ...SEED.policy, routes: [] }, { ...SEED.policy, desks: { review: 'soon' } }])
      expect(
        when(amended(register.publishPolicy, { policy }), 'policy', 'rules', securityAdmin).fields,
      ).toEqual(['policy']);
  });

  test('no day is off and worked, and divisions are known', () => {
    const days = (changes: object) =>
      when(amended(register.publishCalendar, changes), 'calendar', 'national', systemAdmin).fields;
    expect(days({ moved: ['2027-01-01'] })).toEqual(['moved']);
    const own = { division: 'hill', holidays: ['2027-09-03'], moved: ['2027-09-03'] };
    expect(days({ divisions: [own] })).toEqual(['divisions.0.moved']);
    expect(days({ divisions: [{ ...own, division: 'west', moved: [] }] })).toEqual(['divisions.0.division']);
  });

  test('a source is of a kind of the policy, and a manifest tells of every row once', () => {
    const source = amended(register.recordSource, { code: 'XX' });
    expect(when(source, 'source', 's', registrarGu).fields).toEqual(['code']);
    expect(
      when(amended(register.recordSource, { recogniserUnit: 'west-office' }), 'source', 's', registrarGu)
        .fields,
    ).toEqual(['recogniserUnit']);
    const open: Happened = { 'batch-b': [{ type: 'BatchOpened', file: 'f', rows: 7 }] };
    for (const changes of [{ known: 3 }, { refused: [{ reason: 'x', rows: [4] }] }])
      expect(when(amended(register.closeBatch, changes), 'batch', 'b', registrarGu, open).events).toBe(
        'register/manifest',
      );
    const twice = { known: 1, refused: [4, 4, 6].map((row) => ({ reason: 'x', rows: [row] })) };
    expect(when(amended(register.closeBatch, twice), 'batch', 'b', registrarGu, open).events).toBe(
      'register/manifest',
    );
    const twofold = { refused: ['isIn', 'isLength'].map((reason) => ({ reason, rows: [4, 6] })) };
    expect(when(amended(register.closeBatch, twofold), 'batch', 'b', registrarGu, open).events).toHaveLength(
      1,
    );
    expect(when(register.openBatch, 'batch', 'b', { ...handlerLi, role: 'registrar' }, open).events).toBe(
      'register/entered-already',
    );
  });
});
