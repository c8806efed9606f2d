import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { PostgresKeys } from '../../../libs/adapters/postgres-keys/postgres-keys.js';
import { type StoredEvent } from '../../../libs/eventing/event.js';
import { type Feed } from '../../../libs/eventing/store.js';
import { Arriving } from '../../../libs/evidence/arriving/arriving.js';
import { type Files } from '../../../libs/evidence/files.js';
import { type Config } from '../../../libs/platform/config.js';
import { type Database } from '../../../libs/platform/database.js';
import { StartFault } from '../../../libs/platform/fault.js';
import { type Tx } from '../../../libs/platform/sql.js';
import { Highest } from '../../../libs/register/numbers/highest.js';
import { Numbers } from '../../../libs/register/numbers/numbers.js';
import { type Seeded } from '../../../libs/register/seed/seed.js';
import { REGISTER_STREAMS } from '../../../libs/register/table.js';
import { type Erasure } from '../../../libs/sealing/keys.js';
import { filesOf } from '../../standalone/files.js';
import { type Log } from '../../standalone/log.js';
import { RESTORING } from '../../standalone/start.js';
import { eventIn, Lines } from './log-lines.js';
import { isFile, isTable, LOG, type Manifest, tableOf } from './manifest.js';
import { type Archive, type Entry } from './reader.js';
import { named, tablesIn } from './tables.js';

type Told = (done: number, of: number) => void;

/** What was learnt of the log as it was put in. */
export interface Loaded {
  events: number;
  /** Of those how many are of the register. */
  ofRegister: number;
  /** Keys that were in the archive although their holders had been erased. */
  erased: number;
}

export class Restore {
  readonly #folder: string;
  readonly #files: Files;
  readonly #arriving: Arriving;
  readonly #highest: Highest;

  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly log: Log,
    { numbers, zone }: Pick<Seeded, 'numbers' | 'zone'>,
  ) {
    this.#folder = join(config.DATA_DIR, 'files');
    this.#files = filesOf(config);
    this.#arriving = new Arriving(join(config.DATA_DIR, 'arriving'));
    this.#highest = new Highest(numbers, zone);
  }

  /**
   * Whether the archive may be put in here; nothing is changed.
   * @throws StartFault
   */
  async assertFits({ deployment, tables }: Manifest): Promise<void> {
    const { sql } = this.database;
    if (deployment !== this.config.DEPLOYMENT) {
      throw new StartFault(
        `The backup is of the deployment ${deployment}, this is ${this.config.DEPLOYMENT}: set DEPLOYMENT, or take another.`,
      );
    }
    const here = await tablesIn(sql);
    for (const [name, { columns }] of Object.entries(tables)) {
      const known = here.find((table) => table.name === name)?.columns ?? [];
      if (columns.some((column) => !known.includes(column))) {
        throw new StartFault(`The backup was made by another version (${name}): restore it with that one.`);
      }
    }
    for (const { name } of here) {
      const [row] = await sql.unsafe(`select from ${name} limit 1`);
      if (row) throw notEmpty(name);
    }
    const files = await readdir(this.#folder).catch(() => []);
    if (files.some((name) => name !== 'arriving')) throw notEmpty(this.#folder);
    if (this.config.STORE !== 'postgres' && !(await isEmpty(this.log))) throw notEmpty('EventStoreDB');
  }

  /** Puts everything in. Until `done` the place is marked, so that nobody serves half of it. */
  async load(
    archive: Archive,
    manifest: Manifest,
    erasures: readonly Erasure[],
    told: Told,
  ): Promise<Loaded> {
    const { sql } = this.database;
    await sql`create schema ${sql(RESTORING)}`;
    const owner = this.database.owner();
    const loaded = { events: 0, ofRegister: 0 };
    try {
      await sql.begin((tx) =>
        owner.begin(async (log) => {
          const loading = new Loading(manifest, {
            tx,
            log: this.config.STORE === 'postgres' ? log : undefined,
          });
          for await (const entry of archive.entries()) {
            if (isFile(entry.name)) await this.#file(entry);
            else if (isTable(entry.name)) await loading.take(entry, (event) => this.#heard(event, loaded));
            told(loaded.events, manifest.ordinal);
          }
          await loading.end();
          await this.#trim(tx, manifest.ordinal);
        }),
      );
    } finally {
      await owner.end();
    }
    await Numbers.raise(sql, this.#highest.found);
    return { ...loaded, erased: await new PostgresKeys(sql).reapply(erasures) };
  }

  async done(): Promise<void> {
    await this.database.sql`drop schema ${this.database.sql(RESTORING)}`;
  }

  async #heard(event: StoredEvent, loaded: { events: number; ofRegister: number }): Promise<void> {
    const { stream, revision, data, meta, id, type } = event;
    const { recordedAt = '' } = JSON.parse(meta) as { recordedAt?: string };
    this.#highest.hear(data, recordedAt);
    loaded.events++;
    if (REGISTER_STREAMS.some((prefix) => stream.startsWith(prefix))) loaded.ofRegister++;
    if (this.config.STORE !== 'postgres') {
      // One after the other: the order of all is what ordinals count.
      await this.log.append(stream, revision - 1, [{ id, type, data, meta }]);
    }
  }

  async #file({ content }: Entry): Promise<void> {
    await this.#files.keep(await this.#arriving.receive(content, Infinity));
  }

  /** What was noted of events that came after the end of the log in the archive. */
  async #trim(tx: Tx, ordinal: number): Promise<void> {
    await tx`delete from proof.log_index where ordinal > ${ordinal}`;
    await tx`delete from manager.due where ordinal > ${ordinal}`;
  }
}

const notEmpty = (what: string): StartFault =>
  new StartFault(`There is data here already (${what}): restore into an empty place.`);

/** An engine that tells nothing for this long has nothing to tell, in milliseconds. */
const SILENCE_MS = 3000;

async function isEmpty(log: Feed): Promise<boolean> {
  for await (const { events } of log.follow(undefined, AbortSignal.timeout(SILENCE_MS))) {
    if (events.length > 0) return false;
  }
  return true;
}

/** Pieces of tables on their way into the database, one table after the other. */
class Loading {
  readonly #lines = new Lines();
  #at = '';
  #sink: Writable | undefined;

  constructor(
    private readonly manifest: Manifest,
    /** log: as its owner, where it is in this database */
    private readonly into: { tx: Tx; log: Tx | undefined },
  ) {}

  async take({ name, content }: Entry, heard: (event: StoredEvent) => Promise<void>): Promise<void> {
    const table = tableOf(name);
    if (table !== this.#at) await this.#begin(table);
    for await (const chunk of content) {
      if (this.#sink?.write(chunk) === false) await once(this.#sink, 'drain');
      if (table === LOG) for (const line of this.#lines.of(chunk)) await heard(eventIn(line));
    }
  }

  async end(): Promise<void> {
    this.#sink?.end();
    if (this.#sink) await finished(this.#sink);
    this.#sink = undefined;
  }

  async #begin(name: string): Promise<void> {
    await this.end();
    this.#at = name;
    const { tx, log } = this.into;
    const into = name === LOG ? log : tx;
    const columns = this.manifest.tables[name]?.columns ?? [];
    this.#sink = await into?.unsafe(`copy ${named({ name, columns })} from stdin`).writable();
  }
}

/** Of all tables. */
export const rowsIn = ({ tables }: Manifest): number =>
  Object.values(tables).reduce((sum, { rows }) => sum + rows, 0);
