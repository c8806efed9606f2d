import { REOPEN_CAUSES } from '../../contracts/afterwards.js';
import { type Light } from '../../contracts/deadline.js';
import { type LedgerFilter } from '../../contracts/ledger.js';
import { REOPENABLE, STATUSES, type Status } from '../../contracts/status.js';
import { type DivisionId } from '../../contracts/values.js';
import { type Row } from './row.js';

/** What figures are made of: who changes nothing of it changes no figure. */
export const COUNTED = [
  ...(['source', 'categories', 'place', 'visibility', 'excluded'] as const),
  ...(['weight', 'amountFen', 'rectifiedFen', 'status', 'open', 'adopted', 'flags', 'recognition'] as const),
  ...(['firstVerification', 'closures', 'closedAt', 'reopened', 'reopenCauses', 'extended'] as const),
  'returns',
] as const satisfies readonly (keyof Row)[];
export type CountedRow = Pick<Row, (typeof COUNTED)[number]>;

/** What is counted of cases: which rows count, and the filter that lists exactly these. A test compares the two. */
export interface Measure {
  filter: LedgerFilter;
  counts: (row: CountedRow) => boolean;
}

const ofStatus = (status: Status): Measure => ({
  // What an old ledger says was closed is no proven closure.
  filter: status === 'closed' ? { status, closedAt: 'is:filled' } : { status },
  counts: (row) => row.status === status && (status !== 'closed' || row.closedAt !== null),
});

const statuses = Object.fromEntries(
  (Object.keys(STATUSES) as Status[]).map((status) => [status, ofStatus(status)]),
) as Record<Status, Measure>;

const causes = Object.fromEntries(
  REOPEN_CAUSES.map((cause) => [
    `reopened-${cause}`,
    { filter: { reopenCauses: cause }, counts: (row: CountedRow) => row.reopenCauses.includes(cause) },
  ]),
);

/** By name. Completed, recognised and struck off are three counts, and every other way out has its own. */
export const MEASURES: Readonly<Record<string, Measure>> = {
  all: { filter: {}, counts: () => true },
  open: { filter: { open: 'true' }, counts: ({ open }) => open },
  ...statuses,
  'adopted-closed': {
    filter: { status: 'closed', closedAt: 'is:empty' },
    counts: ({ status, closedAt }) => status === 'closed' && closedAt === null,
  },
  adopted: { filter: { adopted: 'true' }, counts: ({ adopted }) => adopted },
  completed: {
    filter: { completed: 'true' },
    counts: ({ closedAt, flags }) => closedAt !== null || flags.includes('awaitingRecognition'),
  },
  recognised: {
    filter: { recognition: 'recognised' },
    counts: ({ recognition }) => recognition === 'recognised',
  },
  'ever-closed': { filter: { closures: '1..' }, counts: ({ closures }) => closures > 0 },
  ended: {
    filter: { ended: 'true' },
    counts: ({ status, reopened }) => reopened > 0 || REOPENABLE.some((end) => end === status),
  },
  reopened: { filter: { reopened: '1..' }, counts: ({ reopened }) => reopened > 0 },
  ...causes,
  'first-verified': {
    filter: { firstVerification: 'is:filled' },
    counts: ({ firstVerification }) => firstVerification !== null,
  },
  'passed-first': {
    filter: { firstVerification: 'passed' },
    counts: ({ firstVerification }) => firstVerification === 'passed',
  },
  extended: { filter: { extended: '1..' }, counts: ({ extended }) => extended > 0 },
  returned: { filter: { returns: '1..' }, counts: ({ returns }) => returns > 0 },
};

export const MEASURE_NAMES = Object.keys(MEASURES);
/** In the order of `MEASURE_NAMES`. */
export const COUNTS = Object.values(MEASURES).map(({ counts }) => counts);

/** A row whose figures are kept; it lies in one place. */
export type PlainRow = CountedRow & { place: DivisionId };

/** Whether its figures are kept; what not everybody sees, or what lies in several places, is counted from its row. */
export const isPlain = (row: CountedRow): row is PlainRow =>
  row.visibility === 'normal' && row.excluded.length === 0 && row.place !== null;

/** The others, in SQL; `cases_special` finds them. */
export const SPECIAL = `(visibility <> 'normal' or excluded <> '{}' or place is null)`;

const LIGHTS: readonly Light[] = ['red', 'yellow', 'blue', 'green', 'grey'];

/** Of what is on its way, by day: counted from the rows. */
export const LIGHT_FILTERS: Readonly<Record<string, LedgerFilter>> = Object.fromEntries(
  LIGHTS.map((light) => [light, { open: 'true', light }]),
);

/** By days in the present hands. */
export const AGEING_FILTERS: Readonly<Record<string, LedgerFilter>> = Object.fromEntries(
  Object.entries({ '0-7': '..7', '8-30': '8..30', '31-90': '31..90', '91-': '91..' }).map(
    ([name, heldDays]) => [name, { open: 'true', heldDays }],
  ),
);
