import { once } from 'node:events';
import { dayIn } from '../calendar/working-days.js';
import { type Register } from '../contracts/register.js';
import { type RegisterKind } from '../contracts/register-events.js';
import { type Sealed } from '../contracts/sealing.js';
import { type Bell } from '../platform/session.js';
import { type Sql } from '../platform/sql.js';
import { Erased } from '../sealing/errors.js';
import { type Sealer } from '../sealing/sealer.js';
import { viewIn } from './at.js';
import { type Doc, type Docs, noDocs, type PersonDoc } from './docs.js';
import { DocReader } from './doc-reader.js';
import { type DocRow } from './projection.js';
import { entryOf } from './table.js';

/** The register in memory: read once, and again whatever has changed when the bell rings. */
export class RegisterBook {
  readonly #revisions = new Map<string, number>();
  readonly #view: ReturnType<typeof viewIn>;
  readonly #reader: DocReader;
  #docs: Docs<string> = noDocs();
  readonly #told: (() => void)[] = [];

  /**
   * @param bell rings when docs were written
   * @param now ISO 8601 UTC
   */
  constructor(
    sql: Sql,
    private readonly bell: Bell,
    private readonly sealer: Sealer,
    private readonly zone: string,
    private readonly now: () => string,
  ) {
    this.#view = viewIn(zone);
    this.#reader = new DocReader(sql, bell, (rows) => this.#take(rows));
  }

  /** Listens, and reads all that is there. */
  async open(): Promise<void> {
    await this.#reader.open();
  }

  get docs(): Docs<string> {
    return this.#docs;
  }

  /** The day it is, in the deployment's zone. */
  get today(): string {
    return dayIn(this.zone, this.now());
  }

  /** As it stands today. @throws Error where nothing has been entered yet */
  get register(): Register {
    return this.#view(this.#docs, this.today);
  }

  /** Tells from now on whenever something has changed. */
  onChange(told: () => void): void {
    this.#told.push(told);
  }

  /** Whether an entry has reached a revision here, after at most so many milliseconds. */
  async reached(stream: string, revision: number, ms: number): Promise<boolean> {
    const signal = AbortSignal.timeout(ms);
    while ((this.#revisions.get(stream) ?? -1) < revision) {
      if (signal.aborted) return false;
      const rung = once(this.bell, 'ring', { signal }).catch(() => undefined);
      await this.refresh();
      if ((this.#revisions.get(stream) ?? -1) < revision) await rung;
    }
    return true;
  }

  /** A name that was opened before it was erased is shown no more. */
  forget(person: string): void {
    const doc = this.#docs.person.get(person);
    if (!doc) return;
    const names = doc.names.map(({ from }) => ({ from, is: '' }));
    this.#docs = { ...this.#docs, person: new Map(this.#docs.person).set(person, { ...doc, names }) };
    for (const told of this.#told) told();
  }

  async refresh(): Promise<void> {
    await this.#reader.refresh();
  }

  /** Only the kinds that changed get a new map: what is made of the others stays. */
  async #take(rows: readonly DocRow[]): Promise<void> {
    const changed: Partial<Record<RegisterKind, Map<string, Doc<string>>>> = {};
    const opened = await Promise.all(rows.map((row) => this.#opened(row)));
    for (const [n, { stream, revision }] of rows.entries()) {
      const entry = entryOf(stream);
      if (!entry) continue;
      const docs = (changed[entry.kind] ??= new Map<string, Doc<string>>(this.#docs[entry.kind]));
      docs.set(entry.id, opened[n] as Doc<string>);
      this.#revisions.set(stream, revision);
    }
    this.#docs = { ...this.#docs, ...changed } as Docs<string>;
    for (const told of this.#told) told();
  }

  async #opened({ stream, doc }: DocRow): Promise<Doc<string>> {
    if (entryOf(stream)?.kind !== 'person') return doc as Doc<string>;
    const { names, ...rest } = doc as PersonDoc<Sealed>;
    return {
      ...rest,
      names: await Promise.all(
        names.map(async ({ from, is }) => ({ from, is: await this.#name(is, stream) })),
      ),
    };
  }

  /** Of somebody whose name was erased nothing is shown. */
  async #name(sealed: Sealed, stream: string): Promise<string> {
    try {
      return await this.sealer.openText(sealed, { stream, field: 'name' });
    } catch (error) {
      if (!(error instanceof Erased)) throw error;
      return '';
    }
  }
}
