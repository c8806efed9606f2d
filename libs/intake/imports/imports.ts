import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type CommandBus, type QueryBus } from '@nestjs/cqrs';
import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { type Caller } from '../../contracts/envelope.js';
import {
  type CommitImport,
  type ImportProgress,
  type ReceivedImport,
  type TriedImport,
  type TryImport,
  type WrongRow,
} from '../../contracts/imports.js';
import { KnownSources, type Source } from '../../contracts/intake.js';
import { CurrentRegister, type Register } from '../../contracts/register.js';
import { Refusal, refuse } from '../../contracts/refusal.js';
import { isUuid, type Uuid } from '../../contracts/values.js';
import { codeOf } from '../../platform/fault.js';
import { dryRun } from '../dry-run.js';
import { guessMappingOf, shippedMappings } from '../guess.js';
import { type ImportOptions } from '../import.js';
import { type Intake, type Mapping } from '../mapping/mapping.js';
import { FileRefused, problem } from '../problem.js';
import { registerNames } from '../register-names.js';
import { sheetsOf } from '../source.js';
import { openSourceInThread } from '../source-thread.js';
import { wrongRowsWorkbook } from '../wrong-rows.js';
import { arrive } from './arrival.js';
import { readBy } from './asked.js';
import { carryOut } from './job.js';
import { type ImportStore, type StoredImport } from './store.js';

/** So many wrong rows are told; all of them stand in the workbook. */
const MOST_TOLD = 200;
const SWEEP_MS = 60 * 60 * 1000;

/** Files on their way into cases: received, tried, and entered row by row, each for the registrar who brought it. */
export class Imports implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #log = new Logger('Imports');
  /** One after the other: reading a file is work. */
  #queue: Promise<void> = Promise.resolve();
  #sweeping: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    private readonly store: ImportStore,
    private readonly folder: string,
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.#sweep();
    this.#sweeping = setInterval(() => {
      this.#sweep().catch((error: unknown) => {
        this.#failed(error);
      });
    }, SWEEP_MS).unref();
    for (const stored of await this.store.running()) this.#start(stored);
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#sweeping);
    await this.#queue;
  }

  /** @throws Refusal input/too-large; FileRefused where it is no file that is read */
  async receive(
    { person, unit }: Caller,
    name: string | undefined,
    content: Readable,
  ): Promise<ReceivedImport> {
    const id = randomUUID();
    const file = this.#file(id);
    try {
      await arrive(content, file);
      const { sheets, scan } = await sheetsOf(file);
      const { sha256, bytes } = scan;
      if (bytes === 0) throw new FileRefused([problem('file-empty', 'The file is empty.')], 1);
      const mappings = (await guessMappingOf(file, await shippedMappings())).map(
        ({ mapping, missing, ofAll }) => ({ mapping: mapping.name, missing, ofAll }),
      );
      await this.store.add({ id, person, unit, sha256, name: name ?? null });
      return { import: id, sha256, bytes, sheets, mappings };
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    }
  }

  /** Says what would become of each row. @throws Refusal; FileRefused */
  async try(id: Uuid, caller: Caller, asked: TryImport): Promise<TriedImport> {
    await this.#mine(id, caller);
    const { mapping, options } = await this.#reading(asked);
    const run = await dryRun(this.#file(id), mapping, (sources) => this.#known(sources), {
      ...options,
      open: openSourceInThread,
    });
    const wrongRows: WrongRow[] = [];
    try {
      for await (const row of run.rows()) {
        if ('refused' in row && wrongRows.length < MOST_TOLD)
          wrongRows.push(...row.refused.map((one) => ({ row: row.row, ...one })));
      }
    } finally {
      await run.close();
    }
    await this.store.tried(id, asked);
    const { missing, unread } = run.header;
    return {
      ...run.counts,
      missing,
      unread,
      otherSheets: run.otherSheets,
      wrongRows: wrongRows.slice(0, MOST_TOLD),
    };
  }

  /** The wrong rows as a workbook, read as the last dry run or the commit did. @throws Refusal */
  async wrong(id: Uuid, caller: Caller): Promise<Readable> {
    const { asked } = await this.#mine(id, caller);
    if (!asked) return refuse('import/untried');
    const { mapping, options } = await this.#reading(asked);
    const out = new PassThrough();
    wrongRowsWorkbook(this.#file(id), mapping, out, options).catch((error: unknown) => {
      out.destroy(error as Error);
    });
    return out;
  }

  /** Has the rows entered; how far it has come is asked for. @throws Refusal */
  async commit(id: Uuid, caller: Caller, asked: CommitImport): Promise<ImportProgress> {
    await this.#mine(id, caller);
    await this.#reading(asked);
    if (!(await this.store.begin(id, asked, { ...caller, via: 'import' }))) refuse('import/begun');
    const stored = await this.#mine(id, caller);
    this.#start(stored);
    return shown(stored);
  }

  async of(id: Uuid, caller: Caller): Promise<ImportProgress> {
    return shown(await this.#mine(id, caller, true));
  }

  /** Whoever did not bring it, in this very post, knows of no such import. */
  async #mine(id: Uuid, { person, unit }: Caller, swept = false): Promise<StoredImport> {
    const stored = await this.store.get(id);
    if (stored?.person !== person || stored.unit !== unit) return refuse('import/unknown');
    if (stored.swept && !swept) return refuse('import/expired');
    return stored;
  }

  async #reading(asked: TryImport): Promise<{ mapping: Mapping<Intake>; options: ImportOptions }> {
    const { mapping, given } = await readBy(asked);
    const register = await this.queries.execute<CurrentRegister, Register>(new CurrentRegister());
    return {
      mapping,
      options: { given, names: registerNames(register), known: (sources) => this.#known(sources) },
    };
  }

  #known(sources: readonly Source[]): Promise<boolean[]> {
    return this.queries.execute<KnownSources, boolean[]>(new KnownSources(sources));
  }

  #file(id: Uuid): string {
    return join(this.folder, id);
  }

  #start(stored: StoredImport): void {
    this.#queue = this.#queue
      .then(() => this.#carryOut(stored))
      .catch((error: unknown) => {
        // What is left waits for the next start.
        if (!this.#stopped) this.#failed(error);
      });
  }

  async #carryOut(stored: StoredImport): Promise<void> {
    const { id, asked, caller } = stored;
    if (!asked || !caller || this.#stopped) return;
    try {
      const { mapping, options } = await this.#reading(asked);
      const onlyGood = 'onlyGood' in asked && asked.onlyGood;
      const mayGoOn = (): Promise<void> => this.#mayGoOn(caller);
      const job = { stored, caller, file: this.#file(id), mapping, options, onlyGood, mayGoOn };
      await carryOut(job, this.store, this.commands);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      await this.store.ended(id, error.code);
    }
  }

  /** Who has lost the post meanwhile enters nothing more. */
  async #mayGoOn({ person, onBehalfOf, unit, role }: Caller): Promise<void> {
    if (this.#stopped) throw new Error('the process ends');
    const register = await this.queries.execute<CurrentRegister, Register>(new CurrentRegister());
    const { appointments = [], delegations = [] } = register.person(person) ?? {};
    const posts =
      onBehalfOf === undefined ? appointments : delegations.filter(({ from }) => from === onBehalfOf);
    if (!posts.some((post) => post.unit === unit && post.role === role)) refuse('case/role');
  }

  /** Deletes files that were kept long enough, and what belongs to no import. */
  async #sweep(): Promise<void> {
    await this.store.expire();
    const kept = await this.store.unswept();
    for (const name of await readdir(this.folder).catch(() => []))
      if (await this.#isStray(name, kept)) await rm(join(this.folder, name), { force: true });
  }

  async #isStray(name: string, kept: ReadonlySet<Uuid>): Promise<boolean> {
    if (kept.has(name)) return false;
    // Nothing arrives before the first sweep: it was left over. Later, what is not on the list may be about to be.
    return this.#sweeping === undefined || (isUuid(name) && (await this.store.get(name)) !== undefined);
  }

  #failed(error: unknown): void {
    this.#log.error(`${error instanceof Error ? error.name : 'unknown'} ${codeOf(error)}`);
  }
}

function shown({
  id,
  state,
  sha256,
  name,
  asked,
  rows,
  row,
  registered,
  known,
  refused,
  code,
}: StoredImport): ImportProgress {
  return {
    ...{ import: id, state, sha256, row, registered, known, refused },
    ...(name !== null && { name }),
    ...(asked && { mapping: asked.mapping }),
    ...(rows !== null && { rows }),
    ...(code !== null && { code }),
  };
}
