import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { dayIn } from '../../calendar/working-days.js';
import { caseEvents, type CaseEvent } from '../../contracts/case-events.js';
import { LedgerCaseAsOf, type LedgerCaseThen, type LedgerRow } from '../../contracts/ledger.js';
import { type Register } from '../../contracts/register.js';
import { invalid } from '../../contracts/refusal.js';
import { type Day } from '../../contracts/values.js';
import { decoder } from '../../eventing/decode.js';
import { type Recorded, type StoredEvent } from '../../eventing/event.js';
import { type EventStore, STORE } from '../../eventing/store.js';
import { type Sql } from '../../platform/sql.js';
import { SHOWN_NAMES } from '../rows/columns.js';
import { lookedAt } from './lights.js';
import { READING } from './reading.js';
import { foldRow, type Row } from '../rows/row.js';
import { Scope } from './scope.js';

const decode = decoder<CaseEvent>(caseEvents);
const PAGE = 500;

type Then = LedgerCaseAsOf['then'];

/** How a case stands now, for whoever sees it. */
interface Now {
  seq: number;
  haltedAt: number | null;
  /** The last ordinal that the ledger has dealt with. */
  upTo: number;
}

/** Folds the events of a case anew, up to a moment that is over. */
@QueryHandler(LedgerCaseAsOf)
export class LedgerCaseAsOfHandler implements IQueryHandler<LedgerCaseAsOf> {
  constructor(
    @Inject(READING) private readonly sql: Sql,
    @Inject(STORE) private readonly store: EventStore,
    private readonly scope: Scope,
  ) {}

  /** @throws Refusal input/invalid; Unavailable */
  async execute({ caller, caseId, then }: LedgerCaseAsOf): Promise<LedgerCaseThen | null> {
    const { sql } = this;
    const stream = `case-${caseId}`;
    const { schema, where, register } = await this.scope.of(caller);
    const [now] = await sql<Now[]>`
      select seq, (select h.revision from ${schema}.halted h where h.stream = ${stream}) as "haltedAt",
        (select ordinal from ${schema}.checkpoint) as "upTo"
      from ${schema}.cases where id = ${caseId} and ${where}`;
    if (!now) return null;
    mustBeOver(then, now, register);
    const row = await this.#folded(
      stream,
      now,
      'day' in then ? byDay(then.day, register) : this.#by(then, now),
    );
    if (!row) return null;
    const day = 'day' in then ? then.day : dayIn(register.zone, row.changedAt);
    return { ...lookedAt(shown(row), day), haltedAt: now.haltedAt, asOf: day };
  }

  async #folded(stream: string, { seq, haltedAt }: Now, upTo: UpTo): Promise<Row | undefined> {
    let row: Row | undefined;
    for (let from = 0; ; from += PAGE) {
      const page = await this.store.read(stream, from, PAGE);
      const isPast = await upTo(page);
      for (const stored of page) {
        if (stored.revision === haltedAt) return row;
        const recorded = decode(stored);
        if (!isPast(recorded)) return row;
        row = foldRow(row, recorded, seq);
      }
      if (page.length < PAGE) return row;
    }
  }

  /** Looked for from the registration on: an index of events would cost every write twice as much as it does. */
  #by({ ordinal }: { ordinal: number }, { seq }: Now): UpTo {
    return async (page) => {
      const found = await this.sql<{ id: string }[]>`
        select event_id as id from proof.log_index
        where event_id = any (${page.map(({ id }) => id)}::uuid[]) and ordinal between ${seq} and ${ordinal}`;
      const past = new Set(found.map(({ id }) => id));
      return ({ id }) => past.has(id);
    };
  }
}

/** Of a page of events, which of them are over. */
type UpTo = (page: readonly StoredEvent[]) => Promise<(recorded: Recorded) => boolean>;

const byDay =
  (day: Day, { zone }: Register): UpTo =>
  () =>
    Promise.resolve(({ meta }) => dayIn(zone, meta.recordedAt) <= day);

/** @throws Refusal input/invalid */
function mustBeOver(then: Then, { upTo }: Now, { today }: Register): void {
  if ('day' in then && then.day > today) invalid('asOf', 'future', `asOf is after ${today}`);
  if ('ordinal' in then && then.ordinal > upTo)
    invalid('ordinal', 'future', `the log has been read up to ordinal ${upTo}`);
}

const shown = (row: Row): LedgerRow =>
  Object.fromEntries(SHOWN_NAMES.map((name) => [name, row[name]])) as unknown as LedgerRow;
