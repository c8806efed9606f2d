import { once } from 'node:events';
import { type Credentials } from '../../../libs/platform/embedded/folder.js';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Speak } from '../../../apps/cli/demo-case.js';
import { Tokens } from '../../../libs/identity/sessions/tokens.js';
import { APP } from '../../../libs/platform/embedded/server.js';
import { Bell } from '../../../libs/platform/session.js';
import { type Address, connect, type Sql } from '../../../libs/platform/sql.js';
import { type Acknowledged, PatientApi } from './patient.js';
import {
  databasePid,
  type Ended,
  EndedByItself,
  servedBy,
  STANDALONE,
  start,
  type Started,
  stop,
  until,
} from './processes.js';

/** What it says where the database is killed while it starts. */
const GONE = /^The (?:database went away|database cannot be reached|schema of the log cannot)/m;

/** A standalone on a folder that is killed and started again, and how to speak to it whatever happens to it. */
export class Application {
  #running: Started;
  #killed = false;
  #fault: Error | undefined;

  constructor(
    readonly dataDir: string,
    private readonly acknowledged: (one: Acknowledged) => void,
  ) {
    this.#running = this.#start();
  }

  /** @throws EndedByItself */
  url(): Promise<string> {
    if (this.#fault) throw this.#fault;
    return servedBy(this.#running, this.dataDir);
  }

  async killAndStart(): Promise<void> {
    this.#killed = true;
    const { child } = this.#running;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    this.#running = this.#start();
  }

  async killDatabase(): Promise<void> {
    const pid = await until('database server', () => {
      if (this.#fault) throw this.#fault;
      return databasePid(this.dataDir);
    });
    process.kill(pid, 'SIGKILL');
  }

  stop(): Promise<Ended> {
    this.#killed = true;
    return stop(this.#running);
  }

  /** For a test that has failed. */
  async kill(): Promise<void> {
    this.#killed = true;
    this.#running.child.kill('SIGKILL');
    await this.#running.ended;
  }

  /** What the application itself connects with; to be ended by whoever asks. */
  async sql(): Promise<Sql> {
    return connect(await addressIn(this.dataDir), 1);
  }

  /** Everybody speaks with a token of their own, got before anything is killed. */
  async speech(bearers: readonly Parameters<Speak>[0][]): Promise<Speak> {
    const address = await addressIn(this.dataDir);
    const sql = connect(address, 1);
    const bell = new Bell(address, 'identity');
    const tokens = new Tokens(sql, bell);
    const apis = new Map<string, PatientApi>();
    for (const bearer of bearers) {
      const token = await tokens.issue(bearer, 1);
      const speaker = { person: bearer.person, token };
      apis.set(keyOf(bearer), new PatientApi(() => this.url(), speaker, this.acknowledged));
    }
    await sql.end();
    await bell.end();
    return (bearer) => {
      const api = apis.get(keyOf(bearer));
      return api ? Promise.resolve(api) : Promise.reject(new Error(`${keyOf(bearer)} has no token`));
    };
  }

  #start(): Started {
    const started = start([STANDALONE], { DATA_DIR: this.dataDir });
    this.#killed = false;
    void started.ended.then((end) => {
      if (this.#killed || started !== this.#running) return;
      // Whoever watches over it starts it again.
      if (end.stdout === '' && GONE.test(end.stderr)) this.#running = this.#start();
      else this.#fault = new EndedByItself(end);
    });
    return started;
  }
}

/** Where the application itself connects to. */
export async function addressIn(dataDir: string): Promise<Address> {
  const { app } = JSON.parse(await readFile(join(dataDir, 'database.json'), 'utf8')) as Credentials;
  const path = join(dataDir, 'postgres', '.s.PGSQL.5432');
  return { path, user: APP, password: app, database: 'xiaohao' };
}

const keyOf = (bearer: object): string => Object.values(bearer).join();
