import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type QueryBus } from '@nestjs/cqrs';
import 'reflect-metadata';
import { assigning, did, given, registered } from '../../../test/support/cases.js';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { dispatcherQian, post, province } from '../../../test/support/province.js';
import { VisibleCases } from '../../cases/case.queries.js';
import { sees } from '../../cases/table.js';
import { VISIBILITIES, type Visibility } from '../../contracts/intake.js';
import { LedgerCase, LedgerFigures, LedgerList } from '../../contracts/ledger.js';
import { READERS } from '../../contracts/roles.js';
import { type Actor } from '../../eventing/event.js';
import { LEDGER } from '../rows/columns.js';
import { writeDeltas } from '../rows/deltas.js';
import { LedgerFiguresHandler } from '../figures/figures.handler.js';
import { Frequencies } from './frequencies.js';
import { LedgerCaseHandler, LedgerListHandler } from './list.handlers.js';
import { placesOf, whereabouts, type World } from '../rows/places.js';
import { ledgerProjection, migrateLedger } from '../rows/projection.js';
import { foldRow, type Row } from '../rows/row.js';
import { Scope } from './scope.js';
import { Served } from '../versions/served.js';

/** A case of Hill County: its lead, a co-unit elsewhere, who found and assigned it, a unit above it all, and another. */
const PLACES = {
  lead: 'hill-office',
  coUnit: 'lake-office',
  finder: 'north-office',
  above: 'province-office',
  elsewhere: 'shore-office',
} as const;
type Place = keyof typeof PLACES;
/** The one handler who was named for it. */
const NAMED = 'li';
const ALL = [...READERS, 'named'] as const;
type Who = (typeof ALL)[number];

const MAY_SEE: Record<Visibility, Record<Place, readonly Who[]>> = {
  normal: { lead: ALL, coUnit: ALL, finder: ALL, above: ALL, elsewhere: [] },
  restricted: {
    ...{ lead: ALL, coUnit: ALL, finder: ALL, elsewhere: [] },
    above: ['inspector', 'leader', 'auditor'],
  },
  discipline: {
    lead: ['inspector', 'named'],
    coUnit: ['named'],
    finder: ['registrar', 'inspector', 'named'],
    above: ['inspector'],
    elsewhere: [],
  },
};

const past = [registered, did(dispatcherQian, { ...assigning, coUnits: ['lake-office'] })];
const ID = '00000000-0000-4000-8000-000000000001';

function rowOf(visibility: Visibility): Row {
  const row = past.reduce<Row | undefined>((folded, { event, actor, at }, revision) => {
    const meta = {
      ...{ recordedAt: at, commandId: '', requestHash: '', correlationId: '', causationId: '' },
      ...{ actor, entryMode: 'live' as const },
    };
    return foldRow(folded, { id: '', stream: `case-${ID}`, revision, event, meta }, 1);
  }, undefined);
  const placed = whereabouts(
    row as Row,
    placesOf(() => province),
  );
  return { ...(row as Row), visibility, handler: NAMED, ...placed };
}

const table = VISIBILITIES.flatMap((visibility) =>
  (Object.keys(PLACES) as Place[]).flatMap((place) =>
    ALL.map((who) => ({ visibility, place, who, may: MAY_SEE[visibility][place].includes(who) })),
  ),
);

const callerAt = (place: Place, who: Who): Actor =>
  post(who === 'named' ? NAMED : 'jin', PLACES[place], who === 'named' ? 'handler' : who);

const world: World = { places: placesOf(() => province), zone: province.zone };

/** One bus, and one register. */
const queries = { execute: () => Promise.resolve(province) } as unknown as QueryBus;

let stood: Row | undefined;
let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await migrateLedger(database.sql);
});
afterAll(() => database.drop());

describe.each(VISIBILITIES)('a case that is %s', (visibility) => {
  const state = { ...given(...past).state, visibility, handler: NAMED };
  const ours = table.filter((one) => one.visibility === visibility);
  const sought = ours.map(({ place, who, may }) => `${place} ${who} ${String(may)}`);

  test('is decided on by who may see it, and its history read', async () => {
    const visible = new VisibleCases({ load: () => Promise.resolve({ state }) } as never, queries);
    const found = await Promise.all(
      ours.map(async ({ place, who }) => {
        const caller = callerAt(place, who);
        const read = await visible.get(ID, caller).then(
          () => true,
          () => false,
        );
        expect(read).toBe(sees(state, caller, province));
        return `${place} ${who} ${String(read)}`;
      }),
    );
    expect(found).toEqual(sought);
  });

  test('stands in their lists and figures, and in nobody else’s', async () => {
    const { sql } = database;
    const row = rowOf(visibility);
    await sql.begin((tx) => ledgerProjection().save(tx, [row]));
    await sql.begin((tx) => writeDeltas(tx, LEDGER, [{ before: stood, after: row, day: '2026-08-31' }]));
    stood = row;
    const served = new Served(sql);
    const scope = new Scope(sql, queries, served);
    const frequencies = new Frequencies(sql, served);
    const [list, one, figures] = [
      new LedgerListHandler(sql, sql, scope, frequencies),
      new LedgerCaseHandler(sql, scope),
      new LedgerFiguresHandler(sql, sql, scope, world, frequencies),
    ];
    const found: string[] = [];
    for (const { place, who } of ours) {
      const caller = callerAt(place, who);
      const { rows } = await list.execute(new LedgerList(caller, {}, 10));
      const detail = await one.execute(new LedgerCase(caller, ID));
      expect(detail !== null).toBe(rows.length === 1);
      // Whoever sees it as a party only finds it in no figure of their own division.
      const [all] = (await figures.execute(new LedgerFigures(caller))).figures;
      const behind = await list.execute(new LedgerList(caller, all?.filter ?? {}, 10));
      expect(all?.cases).toBe(behind.rows.length);
      found.push(`${place} ${who} ${String(rows.length === 1)}`);
    }
    expect(found).toEqual(sought);
  });
});

test('who is excluded does not see it, named or not', () => {
  const state = { ...given(...past).state, handler: NAMED, excluded: new Set([NAMED]) };
  for (const visibility of VISIBILITIES) {
    expect(sees({ ...state, visibility }, callerAt('lead', 'named'), province)).toBe(false);
  }
});
