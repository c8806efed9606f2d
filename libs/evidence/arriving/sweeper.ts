import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type QueryBus } from '@nestjs/cqrs';
import { setTimeout as pause } from 'node:timers/promises';
import { ReceiptsUsed } from '../../contracts/evidence.js';
import { type Uuid } from '../../contracts/values.js';
import { codeOf } from '../../platform/fault.js';
import { type Sql } from '../../platform/sql.js';
import { type Files } from '../files.js';
import { type ResumableStore } from './resumable-store.js';
import { FILE_LOCK } from '../rows.js';

const LOCK = 7_815_007;
/** In milliseconds. */
const BETWEEN_MS = 3_600_000;
const AT_ONCE = 200;
/** Pages of one round: what is left waits for the next. */
const PAGES = 50;

export interface Ages {
  /** Days after which a file that no command used is given up. */
  unattachedDays: number;
  /** Days after which an upload that did not go on is given up. */
  unfinishedDays: number;
}

/**
 * Clears away what nobody will use: uploads that did not go on, and files that no command used. A file is first given up,
 * so that no command takes it any more, and goes a day later: by then every command that had taken it has been written.
 */
export class Sweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #stop = new AbortController();
  readonly #log = new Logger('Sweeper');
  #running: Promise<void> | undefined;

  constructor(
    private readonly sql: Sql,
    private readonly files: Files,
    private readonly resumable: ResumableStore,
    private readonly queries: QueryBus,
    private readonly ages: Ages,
  ) {}

  onApplicationBootstrap(): void {
    this.#running = this.#run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** One round; of several processes one sweeps at a time. */
  async sweep(): Promise<void> {
    await this.sql.begin(async (tx) => {
      const [lock] = await tx<{ mine: boolean }[]>`select pg_try_advisory_xact_lock(${LOCK}) as mine`;
      if (lock?.mine !== true) return;
      await this.#inPages(() => this.#unfinished());
      await this.#inPages(() => this.#giveUp());
      await this.#inPages(() => this.#remove());
    });
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.sweep().catch((error: unknown) => {
        // The name only: it goes on with the next round.
        this.#log.error(`${error instanceof Error ? error.name : 'unknown'} ${codeOf(error)}`);
      });
      await pause(BETWEEN_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** @param page answers whether there may be more */
  async #inPages(page: () => Promise<boolean>): Promise<void> {
    for (let n = 0; n < PAGES && !this.#stop.signal.aborted; n++) if (!(await page())) return;
  }

  async #unfinished(): Promise<boolean> {
    const rows = await this.sql<{ id: Uuid }[]>`
      select id from evidence.arriving where made_at < now() - make_interval(days => ${this.ages.unfinishedDays})
      order by made_at limit ${AT_ONCE}`;
    for (const { id } of rows) await this.resumable.forget(id);
    return rows.length === AT_ONCE;
  }

  async #giveUp(): Promise<boolean> {
    const rows = await this.sql<Loose[]>`
      select receipt, case_id as "caseId", sha256 from evidence.uploads
      where not attached and left_at is null and made_at < now() - make_interval(days => ${this.ages.unattachedDays})
      order by made_at limit ${AT_ONCE}`;
    const unused = await this.#unused(rows);
    await this.sql`update evidence.uploads set left_at = now()
      where receipt = any (${unused.map(({ receipt }) => receipt)}::uuid[])
        and made_at < now() - make_interval(days => ${this.ages.unattachedDays})`;
    return rows.length === AT_ONCE;
  }

  async #remove(): Promise<boolean> {
    const rows = await this.sql<Loose[]>`
      select receipt, case_id as "caseId", sha256 from evidence.uploads
      where not attached and left_at < now() - interval '1 day' order by left_at limit ${AT_ONCE}`;
    for (const { receipt, sha256 } of await this.#unused(rows)) {
      await this.sql`delete from evidence.uploads where receipt = ${receipt} and left_at is not null`;
      await this.#drop(sha256);
    }
    return rows.length === AT_ONCE;
  }

  /** Those that no command used; the others are marked, and not looked at again. */
  async #unused(rows: readonly Loose[]): Promise<Loose[]> {
    const used = new Set<Uuid>();
    for (const caseId of new Set(rows.map((row) => row.caseId))) {
      const receipts = rows.filter((row) => row.caseId === caseId).map(({ receipt }) => receipt);
      const ask = new ReceiptsUsed(caseId, receipts);
      for (const one of await this.queries.execute<ReceiptsUsed, Uuid[]>(ask)) used.add(one);
    }
    await this.sql`update evidence.uploads set attached = true, left_at = null
      where receipt = any (${[...used]}::uuid[])`;
    return rows.filter(({ receipt }) => !used.has(receipt));
  }

  /** The content goes with the last row that has its hash, and the pictures that were made of it with it. */
  async #drop(sha256: string): Promise<void> {
    const pictures = await this.sql.begin(async (tx): Promise<{ sha256: string }[]> => {
      await tx`select pg_advisory_xact_lock(${FILE_LOCK}, hashtext(${sha256}))`;
      const [kept] = await tx`select from evidence.uploads where sha256 = ${sha256}
        union all select from evidence.pictures where sha256 = ${sha256} limit 1`;
      if (kept) return [];
      await this.files.remove(sha256);
      return await tx<
        { sha256: string }[]
      >`delete from evidence.pictures where of_sha256 = ${sha256} returning sha256`;
    });
    for (const picture of pictures) await this.#drop(picture.sha256);
  }
}

interface Loose {
  receipt: Uuid;
  caseId: Uuid;
  sha256: string;
}
