import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import {
  accepted,
  assigned,
  attachedAfter,
  by,
  did,
  excluded,
  given,
  registered,
  returned,
  until,
} from '../../test/support/cases.js';
import { absent } from '../../test/support/examination.js';
import {
  approverWu,
  handlerDuan,
  handlerLi,
  inspectorDong,
  leaderLin,
  post,
  SEED,
} from '../../test/support/province.js';
import { provinceAt } from '../../test/support/register.js';
import { occasions, ways } from '../../test/support/samples.js';
import { type ActionOffer, ActionsOn, type Caller } from '../contracts/envelope.js';
import { Refusal, refusals } from '../contracts/refusal.js';
import { type Register } from '../contracts/register.js';
import { READERS, ROLES } from '../contracts/roles.js';
import { ActionsOnHandler, VisibleCases } from './case.queries.js';
import { caseCommands, pathOf } from './commands.js';
import { offersTo } from './offers.js';
import { isInternal, sees } from './table.js';

type Past = (typeof ways)[keyof typeof ways];

const offers = (past: Past, who: Caller, register?: Register): ActionOffer[] =>
  offersTo(who, given(...past).state, by(who, register && { register }).facts);

const offered = (command: string, ...asked: Parameters<typeof offers>): ActionOffer | undefined =>
  offers(...asked).find((one) => one.command === command);

describe('of a case somebody is told', () => {
  test('what they may do now', () => {
    expect(offered('accept-assignment', until.assigned, handlerLi)).toEqual({
      command: 'accept-assignment',
      allowed: true,
    });
  });

  test('of what others do why not, in which role, and at which unit, by its name', () => {
    expect(offered('accept-assignment', until.assigned, leaderLin)).toEqual({
      ...{ command: 'accept-assignment', allowed: false, code: 'case/role', roles: ['handler'] },
      ...{ units: ['hill-office'], unitNames: ['山县局'] },
    });
  });

  test('of what has to wait what it waits for', () => {
    expect(offered('accept-assignment', [...until.assigned, returned], handlerLi)).toMatchObject({
      ...{ allowed: false, code: 'case/flag-returnPending' },
    });
    expect(offered('submit-rectification', until.assigned, handlerLi)).toMatchObject({ code: 'case/status' });
  });

  test('where any will do that covers the case, the unit that has it in hand', () => {
    expect(offered('assign-case', until.registered, handlerLi)).toMatchObject({
      ...{ code: 'case/role', units: ['north-office'], unitNames: ['北市局'] },
    });
    expect(offered('exclude-person', until.rectifying, handlerLi)).toMatchObject({ units: ['north-office'] });
  });

  test('or else the nearest above that can: none that answers for it, none below who found it', () => {
    const found = (unit: string): Past => [did(post('wei', unit, 'registrar'), registered.event)];
    const units = (command: string, past: Past): unknown => offered(command, past, handlerLi)?.units;
    expect(units('assign-case', found('hill-office'))).toEqual(['hill-office']);
    expect(units('exclude-person', found('shore-office'))).toEqual(['hill-office']);
    expect(units('assign-case', found('shore-office'))).toEqual(['province-office']);
    const led = [...found('hill-office'), did(post('tang', 'province-office', 'dispatcher'), assigned.event)];
    expect(units('exclude-person', led)).toEqual(['province-office']);
  });

  test('which slots are missing, where it is theirs to give, and nobody else', () => {
    const past = [
      ...[registered, assigned, accepted, absent, attachedAfter],
      ...until.verified.slice(5),
    ] as Past;
    expect(offered('close-case', past, approverWu)).toMatchObject({
      ...{ code: 'case/absence-open', slots: ['before'] },
    });
    for (const who of [handlerLi, leaderLin, post('wu', 'lake-office', 'approver')])
      expect(offered('close-case', past, who)?.slots).toBeUndefined();
  });

  test('the unit that carries on one that was abolished, and once only', () => {
    const register = provinceAt('2026-09-01', {
      'unit-hill-works': [{ type: 'UnitAbolished', successor: 'hill-office', from: '2026-09-01' }],
    });
    expect(offered('attach-evidence', until.rectifying, leaderLin, register)).toMatchObject({
      ...{ units: ['hill-office'], unitNames: ['山县局'] },
    });
  });
});

describe('whatever the case and the role', () => {
  const all = Object.values(ways).flatMap((past) =>
    READERS.flatMap((role) => offers(past, post('jin', 'north-office', role))),
  );

  test('every command on a case that is there is offered or explained, and nothing that the system does by itself', () => {
    const names = caseCommands.filter((row) => !row.in.includes('new') && !isInternal(row)).map(pathOf);
    expect([...new Set(all.map(({ command }) => command))]).toEqual(names);
    expect(names).not.toContain('note-deadline');
    expect(names).not.toContain('absorb-case');
    const roles = new Set(all.flatMap((one) => one.roles ?? []));
    expect([...roles].filter((role) => !(ROLES as readonly string[]).includes(role))).toEqual([]);
  });

  test('no person is named, only roles and units', () => {
    const known = new Set<string>([
      ...ROLES,
      ...Object.keys(refusals),
      ...SEED.units.flatMap(({ id, name }) => [id, name]),
    ]);
    const told = new Set(
      all.flatMap(
        ({ code, roles = [], units = [], unitNames = [], slots: _, command: __, allowed: ___, ...more }) => [
          ...[code ?? 'case/role', ...roles, ...units, ...unitNames],
          ...Object.keys(more),
        ],
      ),
    );
    expect([...told].filter((word) => !known.has(word))).toEqual([]);
  });
});

describe('who does not see a case is told nothing of it:', () => {
  /** Asks as the API does. */
  const ask = (past: Past, caller: Caller): Promise<ActionOffer[]> => {
    const { state } = given(...past);
    const { facts } = by(caller);
    const visible = new VisibleCases(
      { load: () => Promise.resolve({ state, revision: past.length - 1 }) } as never,
      { execute: () => Promise.resolve(facts.register) } as never,
    );
    const clock = { now: () => facts.now, simulated: false };
    const openings = { note: () => Promise.resolve() };
    const handler = new ActionsOnHandler(visible, clock as never, openings as never);
    return handler.execute(new ActionsOn('1', caller));
  };
  const nothing = new Refusal('case/unknown');

  test('somebody excluded hears what is said of a case that is not there', async () => {
    const { person } = excluded.event as { person: string };
    const who = post(person, 'north-office', 'verifier');
    expect(await ask(until.rectifying, who)).not.toEqual([]);
    await expect(ask([...until.rectifying, excluded], who)).rejects.toEqual(nothing);
    await expect(ask([], who)).rejects.toEqual(nothing);
  });

  test.each([
    ['a handler of another unit', handlerDuan],
    ['an inspector of another place', inspectorDong],
    ['an administrator of no unit', post('xi', 'nowhere', 'system-admin')],
  ])('neither is %s', async (_, who) => {
    for (const { past } of Object.values(occasions)) {
      if (sees(given(...past).state, who, by(who).facts.register)) continue;
      await expect(ask(past, who)).rejects.toEqual(nothing);
    }
    await expect(ask(until.rectifying, who)).rejects.toEqual(nothing);
  });
});
