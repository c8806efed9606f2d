import { Logger } from '@nestjs/common';
import { EventStoreDbLog } from '../../libs/adapters/eventstoredb/eventstoredb-log.js';
import { PostgresLog } from '../../libs/adapters/postgres-log/postgres-log.js';
import { type EventStore, type Feed } from '../../libs/eventing/store.js';
import { type Config } from '../../libs/platform/config.js';
import { StartFault } from '../../libs/platform/fault.js';
import { type Ears } from '../../libs/platform/session.js';
import { type Address } from '../../libs/platform/sql.js';

export type Log = EventStore & Feed & { close: () => Promise<void> };

/** The log that STORE names. */
export function openLog(
  config: Pick<Config, 'STORE' | 'EVENTSTOREDB_URL'>,
  address: Address,
  ears?: Ears,
): Log {
  if (config.STORE === 'postgres') return new PostgresLog(address, undefined, ears);
  const logger = new Logger('EventStoreDB');
  const onDrop = (reason: Error | undefined): void => {
    logger.warn(`the line was lost and is taken up again (${reason?.name ?? 'closed'})`);
  };
  try {
    return new EventStoreDbLog({ url: config.EVENTSTOREDB_URL ?? '', onDrop });
  } catch (error) {
    throw new StartFault(`EVENTSTOREDB_URL cannot be used: ${(error as Error).message}`, { cause: error });
  }
}
