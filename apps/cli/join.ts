import { type Config } from '../../libs/platform/config.js';
import { type Database, openDatabase } from '../../libs/platform/database.js';
import { Bell } from '../../libs/platform/session.js';
import { type Bearer, Tokens } from '../../libs/identity/sessions/tokens.js';
import { startStandalone } from '../standalone/start.js';
import { Api, runningAt } from './api.js';

/** A server to speak to: the one that runs on this data already, or one started for as long as it is needed. */
export interface Joined {
  url: string;
  /** Whether it was started here, and ends with `leave`. */
  own: boolean;
  database: Database;
  /** Speaks as an appointment, with a token of its own. */
  as: (bearer: Bearer) => Promise<Api>;
  token: (bearer: Bearer, days: number) => Promise<string>;
  leave: () => Promise<void>;
}

/** @throws StartFault */
export async function join(config: Config): Promise<Joined> {
  const url = await runningAt(config.DATA_DIR);
  if (url === undefined) {
    const own = await startStandalone(config, (fault) => {
      process.stderr.write(`${fault.message}\n`);
      process.exit(1);
    });
    return { ...speaking(own.url, own.database), own: true, database: own.database, leave: own.close };
  }
  const database = await openDatabase(config);
  return { ...speaking(url, database), own: false, database, leave: database.close };
}

function speaking(url: string, database: Database): Pick<Joined, 'url' | 'as' | 'token'> {
  // Tokens are made, not read, here: nothing is heard that could have been withdrawn.
  const tokens = new Tokens(database.sql, new Bell(database.address, 'identity'));
  const apis = new Map<string, Promise<Api>>();
  return {
    url,
    token: (bearer, days) => tokens.issue(bearer, days),
    as: (bearer) => {
      const key = Object.values(bearer).join();
      const api = apis.get(key) ?? tokens.issue(bearer, 1).then((token) => new Api(url, token));
      apis.set(key, api);
      return api;
    },
  };
}
