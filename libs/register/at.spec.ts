import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import { type Happened, provinceAt, docsAfter } from '../../test/support/register.js';
import { addDays } from '../calendar/working-days.js';
import { type DivisionEvent, registerEvents } from '../contracts/register-events.js';
import { registerAt, viewIn } from './at.js';
import { type DivisionDoc } from './docs.js';

const DAY = '2026-09-01';
const before = addDays(DAY, -1);
const after = addDays(DAY, 1);
const seen = new Set<string>();

/** What is asked of the register the day before it takes effect, and on that day. */
function asked<T>(happened: Happened, ask: (register: ReturnType<typeof provinceAt>) => T): T[] {
  for (const event of Object.values(happened).flat()) seen.add(event.type);
  return [before, DAY].map((day) => ask(provinceAt(day, happened)));
}

describe('a division', () => {
  test.each<[string, Happened, (register: ReturnType<typeof provinceAt>) => unknown, unknown[]]>([
    [
      'opens',
      {
        'division-isle': [
          { type: 'DivisionOpened', name: '岛', level: 'county', parent: 'south', from: DAY },
        ],
      },
      ({ division, within }) => [division('isle')?.name, within('south').includes('isle')],
      [
        [undefined, false],
        ['岛', true],
      ],
    ],
    [
      'is renamed, and rises',
      { 'division-hill': [{ type: 'DivisionRenamed', name: '山市', level: 'city', from: DAY }] },
      ({ division, unit }) => [division('hill')?.name, unit('hill-office')?.level],
      [
        ['山县', 'county'],
        ['山市', 'city'],
      ],
    ],
    [
      'moves, with all that lies in it',
      { 'division-hill': [{ type: 'DivisionMoved', parent: 'south', from: DAY }] },
      ({ covers }) => [covers('north', 'hill'), covers('south', 'hill')],
      [
        [true, false],
        [false, true],
      ],
    ],
    [
      'is merged: what lay in it lies in its successor, in any number of steps',
      {
        'division-hill': [{ type: 'DivisionMerged', into: 'lake', from: DAY }],
        'division-lake': [{ type: 'DivisionMerged', into: 'shore', from: DAY }],
        'division-dale': [
          { type: 'DivisionOpened', name: '谷', level: 'town', parent: 'hill', from: before },
        ],
      },
      ({ covers, within, division }) => [
        covers('north', 'dale'),
        covers('shore', 'dale'),
        covers('hill', 'lake'),
        within('shore'),
        division('hill')?.successor,
      ],
      [
        [true, false, false, ['shore'], undefined],
        [false, true, false, ['shore', 'lake', 'hill', 'dale'], 'lake'],
      ],
    ],
    [
      'is closed, and keeps its name',
      { 'division-lake': [{ type: 'DivisionClosed', from: DAY }] },
      ({ division }) => division('lake')?.name,
      ['湖县', '湖县'],
    ],
  ])('%s', (_, happened, ask, expected) => {
    expect(asked(happened, ask)).toEqual(expected);
  });
});

describe('a unit', () => {
  test('opens, is renamed and moves, each from its day', () => {
    const happened: Happened = {
      'unit-isle-office': [
        { type: 'UnitOpened', name: '岛局', division: 'lake', from: before },
        { type: 'UnitRenamed', name: '岛住建局', from: DAY },
        { type: 'UnitMoved', division: 'shore', parent: 'south-office', from: DAY },
      ],
    };
    expect(
      asked(happened, ({ unit, unitsIn }) => [unit('isle-office'), unitsIn('shore').map(({ id }) => id)]),
    ).toEqual([
      [{ id: 'isle-office', name: '岛局', division: 'lake', level: 'county' }, ['shore-office']],
      [
        {
          ...{ id: 'isle-office', name: '岛住建局', division: 'shore', level: 'county' },
          parent: 'south-office',
        },
        ['isle-office', 'shore-office'],
      ],
    ]);
  });

  test('that is abolished is carried on, in any number of steps; nobody holds a post there', () => {
    const happened: Happened = {
      'unit-hill-works': [{ type: 'UnitAbolished', successor: 'hill-office', from: before }],
      'unit-hill-office': [{ type: 'UnitAbolished', successor: 'lake-office', from: DAY }],
    };
    expect(
      asked(happened, ({ present, carried, unitsIn, person }) => [
        present('hill-works'),
        carried('lake-office'),
        unitsIn('hill').map(({ id }) => id),
        person('li')?.appointments,
        person('he')?.appointments,
      ]),
    ).toEqual([
      ['hill-office', ['lake-office'], ['hill-office'], [{ unit: 'hill-office', role: 'handler' }], []],
      ['lake-office', ['lake-office', 'hill-office', 'hill-works'], [], [], []],
    ]);
  });

  test('has above it who carries on the unit above', () => {
    const above = ({ unit }: ReturnType<typeof provinceAt>) => unit('hill-works')?.parent;
    const by = (successor: string): Happened => ({
      'unit-hill-office': [{ type: 'UnitAbolished', successor, from: DAY }],
    });
    expect(asked(by('lake-office'), above)).toEqual(['hill-office', 'lake-office']);
    expect(asked(by('hill-works'), above)).toEqual(['hill-office', 'north-office']);
  });
});

describe('a person', () => {
  const at = { unit: 'hill-office', role: 'handler' } as const;

  test('has the name and the posts of the day: not tomorrow’s, not yesterday’s', () => {
    const happened: Happened = {
      'person-lu': [
        { type: 'PersonEntered', name: '鲁', from: before },
        { type: 'PersonRenamed', name: '鲁某', from: DAY },
        { type: 'PersonAppointed', ...at, from: before, until: before },
        { type: 'PersonAppointed', ...at, role: 'reviewer', from: DAY, until: DAY, acting: true },
        { type: 'PersonAppointed', ...at, role: 'leader', from: after },
      ],
      'person-li': [{ type: 'AppointmentEnded', ...at, from: DAY }],
    };
    expect(
      asked(happened, ({ person }) => [
        person('lu')?.name,
        person('lu')?.appointments,
        person('li')?.appointments,
      ]),
    ).toEqual([
      ['鲁', [at], [at]],
      ['鲁某', [{ ...at, role: 'reviewer' }], []],
    ]);
  });

  test('fills the post of another for the time of the delegation, as long as the other holds it', () => {
    const given = { type: 'DelegationGiven', to: 'duan', ...at, until: after } as const;
    const lent = ({ person }: ReturnType<typeof provinceAt>) => person('duan')?.delegations;
    const from = [{ ...at, from: 'li' }];
    expect(asked({ 'person-li': [{ ...given, from: DAY }] }, lent)).toEqual([[], from]);
    const ended = { type: 'DelegationEnded', to: 'duan', ...at, from: DAY } as const;
    expect(asked({ 'person-li': [{ ...given, from: before }, ended] }, lent)).toEqual([from, []]);
    const lost = { type: 'AppointmentEnded', ...at, from: DAY } as const;
    expect(asked({ 'person-li': [{ ...given, from: before }, lost] }, lent)).toEqual([from, []]);
  });

  test('is on leave from its first to its last day, or to the day of coming back', () => {
    const away = ({ person }: ReturnType<typeof provinceAt>) => person('li')?.onLeave;
    const taken = { type: 'LeaveTaken', until: after } as const;
    expect(asked({ 'person-li': [{ ...taken, from: DAY }] }, away)).toEqual([false, true]);
    expect(asked({ 'person-li': [{ ...taken, from: before, until: before }] }, away)).toEqual([true, false]);
    const back = { type: 'LeaveEnded', from: DAY } as const;
    expect(asked({ 'person-li': [{ ...taken, from: before }, back] }, away)).toEqual([true, false]);
  });
});

describe('the rules', () => {
  test('are those of the version in effect, of the same day the one published last', () => {
    const policy = { ...provinceAt(DAY, {}).policy };
    const version = (id: string, from: string) =>
      ({ type: 'PolicyPublished', id, policy: { ...policy, id }, from }) as const;
    const happened: Happened = {
      'policy-rules': [version('rules@2', DAY), version('rules@3', DAY), version('rules@4', after)],
    };
    expect(asked(happened, ({ policy: { id } }) => id)).toEqual(['rules@1', 'rules@3']);
  });

  test('working days of a division come on top of those it lies in', () => {
    const happened: Happened = {
      'calendar-national': [
        {
          ...{ type: 'CalendarPublished', id: 'national@2027', holidays: ['2026-10-01'], moved: [] },
          ...{ until: '2027-12-31', from: DAY },
          divisions: [
            { division: 'north', holidays: ['2026-11-04'], moved: [] },
            { division: 'hill', holidays: ['2026-11-05'], moved: ['2026-11-07'] },
          ],
        },
      ],
    };
    const days = ({ calendarOf, calendar }: ReturnType<typeof provinceAt>) =>
      [calendar, ...['hill', 'lake', 'shore', 'nowhere'].map(calendarOf)].map(({ id, holidays, until }) => [
        id,
        [...holidays].filter((day) => day > '2026-10-31'),
        until,
      ]);
    const national = ['national@2026', [], undefined];
    const next = ['national@2027', [], '2027-12-31'];
    expect(asked(happened, days)).toEqual([
      Array.from({ length: 5 }, () => national),
      [
        next,
        ['national@2027/hill', ['2026-11-04', '2026-11-05'], '2027-12-31'],
        ['national@2027/north', ['2026-11-04'], '2027-12-31'],
        next,
        next,
      ],
    ]);
  });
});

test('sources and batches are kept as they were told', () => {
  const source = { code: 'PC', number: '7', issuer: '省', date: before, lines: 3 };
  const docs = docsAfter({
    'source-7': [{ type: 'SourceRecorded', ...source }],
    'batch-7': [
      { type: 'BatchOpened', file: 'f', rows: 2 },
      { type: 'BatchClosed', registered: 1, known: 1, refused: [] },
    ],
  });
  for (const name of ['SourceRecorded', 'BatchOpened', 'BatchClosed']) seen.add(name);
  expect(docs.source.get('7')).toEqual(source);
  expect(docs.batch.get('7')).toEqual({
    ...{ file: 'f', rows: 2 },
    closed: { registered: 1, known: 1, refused: [] },
  });
});

test('every event was folded here', () => {
  for (const entry of ['AppointmentEnded', 'LeaveEnded']) expect(seen).toContain(entry);
  expect(
    Object.values(registerEvents)
      .flatMap((names) => Object.keys(names))
      .sort(),
  ).toEqual([...seen].sort());
});

test('a circle, should one ever stand in the log, ends the walk', () => {
  const { covers, within, present } = provinceAt(DAY, {
    'division-province': [{ type: 'DivisionMoved', parent: 'hill', from: DAY }],
    'unit-hill-works': [{ type: 'UnitAbolished', successor: 'hill-office', from: DAY }],
    'unit-hill-office': [{ type: 'UnitAbolished', successor: 'hill-works', from: DAY }],
  });
  expect(covers('shore', 'hill')).toBe(false);
  expect(within('hill')).toHaveLength(6);
  expect(['hill-works', 'hill-office']).toContain(present('hill-works'));
});

describe('a province of 32,000 divisions', () => {
  const opened = (id: string, parent?: string): [string, DivisionDoc] => {
    const event: DivisionEvent = { type: 'DivisionOpened', name: id, level: 'any', from: DAY };
    const at = [{ from: event.from, is: id }];
    return [id, { opened: DAY, names: at, levels: at, parents: [{ from: DAY, is: parent ?? null }] }];
  };
  const division = new Map([
    opened('top'),
    ...Array.from({ length: 320 }, (_, n) => opened(`t${n}`, 'top')),
    ...Array.from({ length: 32_000 }, (_, n) => opened(`v${n}`, `t${n % 320}`)),
  ]);

  test('is made in well under a second, and not made again for a change of one person', () => {
    const docs = { ...docsAfter(), division };
    const view = viewIn('Asia/Shanghai');
    const first = view(docs, DAY);
    expect(first.within('top')).toHaveLength(32_321);
    const again = view({ ...docs, person: new Map(docs.person) }, DAY);
    expect(again.division).toBe(first.division);
    expect(again.person).not.toBe(first.person);
    expect(registerAt(docs, DAY, 'Asia/Shanghai').covers('top', 'v31999')).toBe(true);
    const started = performance.now();
    registerAt({ ...docs, division: new Map(division) }, after, 'Asia/Shanghai');
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
