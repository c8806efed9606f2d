import { ANSWERED } from '../../../libs/cases/manager.js';
import { noting } from '../../../libs/eventing/project.js';
import { logIndex } from '../../../libs/eventing/project-index.js';
import { Outbox } from '../../../libs/eventing/project-outbox.js';
import { type Feed } from '../../../libs/eventing/store.js';
import { bringTo } from '../../../libs/ledger/versions/bring.js';
import { type World } from '../../../libs/ledger/rows/places.js';
import { standingIn } from '../../../libs/ledger/versions/served.js';
import { wholeLedger } from '../../../libs/ledger/rows/whole.js';
import { type Sql } from '../../../libs/platform/sql.js';
import { registerProjection } from '../../../libs/register/projection.js';
import { type Loaded } from './restore.js';

type Told = (done: number, of: number) => void;

/** The docs of the register and the rows of the ledger, from a log that has just been put in. */
export async function madeAnew(
  log: Feed,
  sql: Sql,
  { events, ofRegister }: Loaded,
  world: () => Promise<World>,
  told: Told,
): Promise<void> {
  await bringTo(registerProjection(), log, sql, { position: null, ordinal: ofRegister });
  const { schema } = await standingIn(sql);
  const rows = noting(noting(wholeLedger(schema, await world()), logIndex(log)), Outbox.of(ANSWERED));
  await bringTo(rows, log, sql, { position: null, ordinal: events }, ({ ordinal }) => {
    told(ordinal, events);
  });
}
