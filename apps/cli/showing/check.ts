import { openLog } from '../../standalone/log.js';
import { checked } from '../upkeep.js';
import { toned } from './page.js';
import { type Showing } from './tale.js';

const HASH = 16;

/** The log is replayed and compared with what was shown, as `xiaohao check` does it. */
export async function showCheck({ page, config, joined }: Showing): Promise<void> {
  const log = openLog(config, joined.database.address);
  try {
    const { events, cases, ledger, replay, fault, entry } = await checked(config, log, joined.database);
    page.part('核对', `Check: ${events} events replayed into ${cases} cases`, 1);
    const wrong = fault ?? (entry === undefined ? undefined : `entry ${entry} of the log of accesses`);
    const verdict = wrong === undefined ? toned('good', '✓ no difference') : toned('bad', wrong);
    page.line(`ledger ${ledger.slice(0, HASH)}  replay ${replay.slice(0, HASH)}  `, verdict);
  } finally {
    await log.close();
  }
}
