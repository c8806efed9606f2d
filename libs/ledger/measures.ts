import { REOPEN_CAUSES } from '../contracts/afterwards.js';
import { type LedgerFilter } from '../contracts/ledger.js';
import { STATUSES, type Status } from '../contracts/status.js';
import { type Row } from './row.js';

/** What is counted of cases: which rows count, and the filter that lists exactly these. A test compares the two. */
export interface Measure {
  filter: LedgerFilter;
  counts: (row: Row) => boolean;
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
    { filter: { reopenCauses: cause }, counts: (row: Row) => row.reopenCauses.includes(cause) },
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
