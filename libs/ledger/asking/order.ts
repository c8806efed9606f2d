import { createHash } from 'node:crypto';
import {
  type LedgerFilter,
  type LedgerOrder,
  type LedgerRow,
  type LedgerSort,
} from '../../contracts/ledger.js';
import { invalid } from '../../contracts/refusal.js';
import { type Fragment, type Sql } from '../../platform/sql.js';
import { type Sort, SORTS } from './sorts.js';

/** The last row of a page: where the next one goes on. */
export type Place = readonly [value: string | number, seq: number];

const sortOf = (order: LedgerOrder): LedgerSort => order.replace(/^-/, '') as LedgerSort;
const isDown = (order: LedgerOrder): boolean => order.startsWith('-');

/** What rows are put in order by, besides `seq`; nothing for `seq` itself. */
function keyOf(order: LedgerOrder): Sort | undefined {
  const sort = sortOf(order);
  return sort === 'seq' ? undefined : SORTS[sort];
}

/** What changes nothing of a value, and keeps its index from being seen. */
const UNSEEN = { text: ` || ''`, bigint: ' + 0' } as const;

/** @param by `rows`: not by going through an index, but by putting in order what was found */
export function orderBy(sql: Sql, order: LedgerOrder, by: 'index' | 'rows' = 'index'): Fragment {
  const way = isDown(order) ? 'desc' : 'asc';
  const key = keyOf(order);
  const unseen = by === 'rows' ? UNSEEN[key?.type ?? 'bigint'] : '';
  return sql.unsafe(key ? `${key.key}${unseen} ${way}, seq ${way}` : `seq${unseen} ${way}`);
}

/** @throws Refusal input/invalid where no index finds the first rows of a list in this order */
export function mustBeIndexed(order: LedgerOrder, filter: LedgerFilter): void {
  if (keyOf(order)?.index === 'open' && filter.open !== 'true')
    invalid('sort', 'open', `sort=${order} is for what is under way: with open=true`);
}

/** Where a row stands in an order. */
export const placeOf = (row: LedgerRow, order: LedgerOrder): Place => [
  keyOf(order)?.of(row) ?? row.seq,
  row.seq,
];

/** The rows behind a place. */
export function behind(sql: Sql, order: LedgerOrder, [value, seq]: Place): Fragment {
  const sign = sql.unsafe(isDown(order) ? '<' : '>');
  const key = keyOf(order);
  if (!key) return sql`seq ${sign} ${seq}`;
  const typed = key.type === 'bigint' ? sql`${value}::bigint` : sql`${String(value)}::text`;
  return sql`(${sql.unsafe(key.key)}, seq) ${sign} (${typed}, ${seq}::bigint)`;
}

/** A cursor: the place, and what shows that it is of this very list. */
export function cursorOf(place: Place, order: LedgerOrder, filter: LedgerFilter): string {
  const text = Buffer.from(JSON.stringify(place)).toString('base64url');
  return `${text}.${digest(text, order, filter)}`;
}

const LONGEST = 200;

/** @throws Refusal input/invalid where it is none, or of another list */
export function placeIn(cursor: string, order: LedgerOrder, filter: LedgerFilter): Place {
  const [text = '', sum] = cursor.length > LONGEST ? [] : cursor.split('.');
  if (sum !== digest(text, order, filter))
    return invalid('after', 'cursor', 'after is no cursor of this list: begin at its first page');
  const place: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  return isPlace(place, order) ? place : invalid('after', 'cursor', 'after is no cursor');
}

/** The digest keeps lists apart; it keeps nobody from making up a place of their own. */
function isPlace(place: unknown, order: LedgerOrder): place is Place {
  if (!Array.isArray(place) || place.length !== 2) return false;
  const [value, seq] = place as unknown[];
  const ofKind = keyOf(order)?.type === 'text' ? typeof value === 'string' : Number.isSafeInteger(value);
  return ofKind && Number.isSafeInteger(seq);
}

function digest(text: string, order: LedgerOrder, filter: LedgerFilter): string {
  const list = Object.entries(filter).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([text, order, list]))
    .digest('base64url')
    .slice(0, 16);
}
