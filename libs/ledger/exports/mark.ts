import { type Caller } from '../../contracts/envelope.js';
import { type LedgerFilter } from '../../contracts/ledger.js';
import { type Words } from './words.js';

/** Of what a file is made. */
export interface Origin {
  caller: Caller;
  filter: LedgerFilter;
  ordinal: number;
  cases: number;
  /** ISO 8601 in UTC. */
  at: string;
}

/** Who took a file out of the system: name, unit, and for whom they stand in. */
export function takenBy({ person, unit, onBehalfOf }: Caller, words: Words): string {
  const names = words.persons([person, ...(onBehalfOf === undefined ? [] : [onBehalfOf])]);
  return `${names}（${words.units([unit])}）`;
}

/** Where a file comes from, in one line: it stands in the file itself, whoever passes it on. */
export function markOf({ caller, filter, ordinal, cases, at }: Origin, words: Words): string {
  const { marks } = words.catalogue;
  const asked = Object.entries(filter).map(([name, value]) => `${name}=${value}`);
  const parts = [
    [marks.by, takenBy(caller, words)],
    [marks.at, minuteIn(words.register.zone, at)],
    [marks.asOf, String(ordinal)],
    [marks.cases, String(cases)],
    [marks.filter, asked.join('&') || marks.none],
  ];
  return [...parts.map(([name, value]) => `${name}：${value}`), marks.careful].join('；');
}

/** 2026-01-05 10:00 in the deployment's zone. */
export const minuteIn = (zone: string, instant: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(
    new Date(instant),
  );
