import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type QueryBus } from '@nestjs/cqrs';
import 'reflect-metadata';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { until } from '../../../test/support/cases.js';
import { inspectorChen, inspectorDong, province } from '../../../test/support/province.js';
import { ClosedIn, Frame } from '../../contracts/draws.js';
import { type Actor } from '../../eventing/event.js';
import { ClosedInHandler } from './closed-in.handler.js';
import { validated } from '../../platform/validated.js';
import { Scope } from './scope.js';
import { Served } from '../versions/served.js';
import { placesOf, whereabouts } from '../rows/places.js';
import { ledgerProjection, migrateLedger } from '../rows/projection.js';
import { foldRow, type Row } from '../rows/row.js';

const queries = { execute: () => Promise.resolve(province) } as unknown as QueryBus;
const ids = [1, 2, 3].map((n) => `00000000-0000-4000-8000-00000000000${n}`);
/** The first two were closed, the second one as the first of March began in the province. */
const CLOSED = ['2026-02-10T04:00:00.000Z', '2026-02-28T16:00:00.000Z', null];

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
  await migrateLedger(database.sql);
  const rows = ids.map((id, n) => ({ ...rowOf(id, CLOSED[n] ?? null), seq: n + 1 }));
  await database.sql.begin((tx) => ledgerProjection().save(tx, rows));
});
afterAll(() => database.drop());

function rowOf(id: string, closedAt: string | null): Row {
  const row = until.closed.slice(0, closedAt === null ? -1 : undefined).reduce<Row | undefined>(
    (folded, { event, actor }, revision) =>
      foldRow(
        folded,
        {
          ...{ id: '', stream: `case-${id}`, revision, event },
          meta: {
            ...{ recordedAt: '', commandId: '', requestHash: '', correlationId: '', causationId: '' },
            ...{ actor, entryMode: 'live' },
          },
        },
        1,
      ),
    undefined,
  );
  return {
    ...(row as Row),
    closedAt,
    ...whereabouts(
      row as Row,
      placesOf(() => province),
    ),
  };
}

const found = (frame: ClosedIn['frame'], who: Actor = inspectorChen): Promise<string[]> =>
  new ClosedInHandler(database.sql, new Scope(database.sql, queries, new Served(database.sql))).execute(
    new ClosedIn(who, frame),
  );

test('closed cases are found by the days of the deployment, both included, and by nobody out of scope', async () => {
  expect(await found({ from: '2026-02-10', until: '2026-03-01' })).toEqual(ids.slice(0, 2));
  expect(await found({ from: '2026-02-10', until: '2026-02-28' })).toEqual(ids.slice(0, 1));
  expect(await found({ from: '2026-03-01', until: '2026-12-31', division: 'north' })).toEqual([ids[1]]);
  expect(await found({ from: '2026-01-01', until: '2026-12-31', lead: 'lake-office' })).toEqual([]);
  expect(await found({ from: '2026-01-01', until: '2026-12-31' }, inspectorDong)).toEqual([]);
  const whole = validated(Frame, { from: '2026-02-10', until: '2026-02-28' });
  expect(await found(whole)).toEqual(ids.slice(0, 1));
});
