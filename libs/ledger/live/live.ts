import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { type Caller } from '../../contracts/envelope.js';
import { type Uuid } from '../../contracts/values.js';
import { type Bell } from '../../platform/session.js';
import { SQL, type Sql } from '../../platform/sql.js';
import { taken } from '../../platform/taken.js';
import { type Changed, forgetChanges } from '../rows/changes.js';
import { READING } from '../asking/reading.js';
import { LEDGER_BELL } from '../asking/reached.handler.js';
import { Scope } from '../asking/scope.js';

/** Somebody who is told what changes. */
export interface Listener {
  caller: Caller;
  /** Ids and revisions of cases that the listener may see; the number is where it goes on from. */
  changed: (seq: number, cases: { id: Uuid; revision: number }[]) => void;
  /** Too much has changed, or too long ago: everything is to be looked at again. */
  reset: (seq: number) => void;
}

interface Listening extends Listener {
  /** Elements of `reach`; absent: everywhere. */
  among: Set<string> | undefined;
  waiting: Map<Uuid, number>;
  seq: number;
  anew: boolean;
}

/** What happens within this time is told together, in milliseconds. */
const GATHERED_MS = 200;
/** More that waits for one listener than this is not told one by one. */
const MOST = 5000;
const PAGE = 1000;
const FORGET_MS = 600_000;

/** Tells of changes as the ledger writes them. They are read once for all, and only who may see a case hears of it. */
@Injectable()
export class Live implements OnApplicationShutdown {
  readonly #log = new Logger('Live');
  readonly #listening = new Set<Listening>();
  readonly #forgetting: NodeJS.Timeout;
  #seq = 0;
  #reading: Promise<void> | undefined;
  #telling: NodeJS.Timeout | undefined;

  constructor(
    @Inject(SQL) private readonly sql: Sql,
    @Inject(READING) private readonly questions: Sql,
    @Inject(LEDGER_BELL) private readonly bell: Bell,
    private readonly scope: Scope,
  ) {
    bell.on('ring', () => {
      if (this.#listening.size > 0) this.#attend(this.#read());
    });
    this.#forgetting = setInterval(() => {
      this.#attend(forgetChanges(this.sql));
    }, FORGET_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#forgetting);
    clearTimeout(this.#telling);
  }

  /** @param after what the listener was told last; @returns leaves */
  async listen(listener: Listener, after: number | undefined): Promise<() => void> {
    await this.bell.listen();
    const { among } = await this.scope.of(listener.caller);
    const { least, most } = await this.#kept();
    const known = after === undefined || (after >= least - 1 && after <= most);
    const one: Listening = {
      ...listener,
      ...{ among: among && new Set(among), waiting: new Map(), anew: !known },
      seq: known ? (after ?? most) : most,
    };
    if (this.#listening.size === 0) this.#seq = Math.max(this.#seq, most);
    this.#listening.add(one);
    if (known && after !== undefined) await this.#recall(one, most);
    this.#tellSoon();
    return () => {
      this.#listening.delete(one);
    };
  }

  async #kept(): Promise<{ least: number; most: number }> {
    const [found] = await this.sql<{ least: number; most: number }[]>`
      select coalesce(min(seq), 1) as least, coalesce(max(seq), 0) as most from live.changes`;
    return found ?? { least: 1, most: 0 };
  }

  /** What one of them has missed. */
  async #recall(one: Listening, most: number): Promise<void> {
    while (one.seq < most && !one.anew) {
      const page = await this.#changesAfter(one.seq);
      for (const change of page) note(one, change);
      if (page.length < PAGE) break;
    }
  }

  async #changesAfter(seq: number): Promise<Changed[]> {
    const found = await this.sql<Changed[]>`
      select seq, case_id as "caseId", revision, reach from live.changes
      where seq > ${seq} order by seq limit ${PAGE}`;
    return taken(found);
  }

  /** One reading at a time: who rings meanwhile is heard by the next page. */
  #read(): Promise<void> {
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readAll(): Promise<void> {
    for (;;) {
      const page = await this.#changesAfter(this.#seq);
      if (page.length === 0) return;
      this.#seq = page.at(-1)?.seq ?? this.#seq;
      for (const one of this.#listening) for (const change of page) note(one, change);
      this.#tellSoon();
    }
  }

  #tellSoon(): void {
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      this.#attend(Promise.all([...this.#listening].map((one) => this.#tell(one))));
    }, GATHERED_MS);
  }

  async #tell(one: Listening): Promise<void> {
    const { seq, anew, waiting } = one;
    if (anew) {
      one.anew = false;
      one.reset(seq);
      return;
    }
    if (waiting.size === 0) return;
    one.waiting = new Map();
    const { schema, where } = await this.scope.of(one.caller);
    const cases = await this.questions<{ id: Uuid; revision: number }[]>`
      select id, revision from ${schema}.cases
      where id = any (${[...waiting.keys()]}::uuid[]) and ${where} order by seq`;
    if (cases.length > 0 && this.#listening.has(one)) one.changed(seq, [...cases]);
  }

  #attend(doing: Promise<unknown>): void {
    doing.catch((error: unknown) => {
      // Whoever listens is told by the next ring.
      this.#log.error(`not told: ${error instanceof Error ? error.name : 'unknown'}`);
    });
  }
}

function note(one: Listening, { seq, caseId, revision, reach }: Changed): void {
  if (seq <= one.seq) return;
  one.seq = seq;
  const { among } = one;
  if (caseId === null) one.anew = true;
  else if (!among || reach.some((element) => among.has(element))) one.waiting.set(caseId, revision);
  if (one.waiting.size > MOST) one.anew = true;
  if (one.anew) one.waiting.clear();
}
