import { LEDGER_SORTS, type LedgerFilter, type LedgerOrder } from '../../contracts/ledger.js';
import { invalid } from '../../contracts/refusal.js';
import { type Parameter, query } from '../../platform/http/operation.js';
import { FILTERS, isFilter, type Kind, OTHER_FILTERS } from './filters.js';

export const ORDERS = LEDGER_SORTS.flatMap((sort): LedgerOrder[] => [sort, `-${sort}`]);

/** What a query says of columns, and the rest of it. @throws Refusal input/invalid */
export function parted(asked: unknown): { filter: LedgerFilter; rest: object } {
  const filter: Record<string, string> = {};
  const rest: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(asked as Record<string, unknown>)) {
    if (!isFilter(name)) rest[name] = value;
    else if (typeof value === 'string') filter[name] = value;
    else invalid(name, 'isString', `${name} stands more than once`);
  }
  return { filter, rest };
}

const WAYS: Readonly<Record<Kind, string>> = {
  word: 'One of these values, with commas.',
  words: 'With one of these values, with commas.',
  text: 'With this in it.',
  number: 'This number, or from..to.',
  day: 'On this day, or from..to.',
  instant: 'On this day of the deployment’s zone, or from..to.',
  flag: '`true` or `false`.',
};
export const FILTER_PARAMETERS: readonly Parameter[] = [
  ...[...FILTERS].map(([name, kind]) =>
    query(name, kind === 'flag' ? WAYS.flag : `${WAYS[kind]} Or is:filled, is:empty.`, { type: 'string' }),
  ),
  ...OTHER_FILTERS.map((name) => query(name, 'See the reference of the ledger.', { type: 'string' })),
];
