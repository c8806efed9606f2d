import { type LedgerFilter, type LedgerOrder } from '../../contracts/ledger.js';
import { type Role } from '../../contracts/roles.js';
import { type Day, type UnitId } from '../../contracts/values.js';
import { addDays } from '../../calendar/working-days.js';

/** Cases that wait for somebody, by what is to be done with them, most pressing first. */
export interface Worklist {
  /** Of the catalogues of messages: `worklists`. */
  name: WorklistName;
  filter: (unit: UnitId, today: Day) => LedgerFilter;
  order: LedgerOrder;
}

export const WORKLISTS = [
  ...(['to-check', 'to-assign', 'returns', 'extensions', 'sent-back', 'due-soon', 'to-accept'] as const),
  ...(['in-hand', 'parts', 'to-review', 'to-verify', 'to-approve', 'notices', 'objections'] as const),
  ...(['positions', 'look-backs', 'reopened', 'overdue', 'instructions', 'at-risk'] as const),
] as const;
export type WorklistName = (typeof WORKLISTS)[number];

/** SQL: the columns that filters and orders of worklists read. */
export const READ = `id, seq, open, status, flags, leads, "heldBy", "heldSince", "dueOn", "completedOn", "partUnits",
  "disciplinePosition", "lookBack", "lookBackAnswerBy", "closedAt", reopened, "redFrom", "openInstructions"`;

/** Days ahead that count as soon. */
const SOON = 3;

const lists = {
  'to-check': { filter: (unit) => ({ status: 'checking', holder: unit }), order: 'heldSince' },
  'to-assign': { filter: () => ({ status: 'registered,checking' }), order: 'seq' },
  returns: { filter: (unit) => ({ flags: 'returnPending', holder: unit }), order: 'heldSince' },
  extensions: { filter: () => ({ flags: 'extensionPending' }), order: 'dueOn' },
  'sent-back': {
    // It has been submitted in this round, and is in their hands again.
    filter: (unit) => ({ status: 'rectifying', lead: unit, completedOn: 'is:filled' }),
    order: 'dueOn',
  },
  'due-soon': {
    filter: (unit, today) => ({ status: 'rectifying', lead: unit, dueOn: `..${addDays(today, SOON)}` }),
    order: 'dueOn',
  },
  'to-accept': { filter: (unit) => ({ status: 'assigned', lead: unit }), order: 'heldSince' },
  'in-hand': { filter: (unit) => ({ status: 'rectifying,sustaining', lead: unit }), order: 'dueOn' },
  parts: { filter: (unit) => ({ status: 'rectifying', part: unit }), order: 'dueOn' },
  'to-review': { filter: (unit) => ({ status: 'submitted', holder: unit }), order: 'heldSince' },
  'to-verify': { filter: (unit) => ({ status: 'rectified', holder: unit }), order: 'heldSince' },
  'to-approve': { filter: (unit) => ({ status: 'verified', holder: unit }), order: 'heldSince' },
  notices: { filter: () => ({ flags: 'noticeRunning' }), order: 'heldSince' },
  objections: { filter: () => ({ flags: 'objectionOpen' }), order: 'heldSince' },
  positions: {
    filter: (unit) => ({ status: 'verified', disciplinePosition: 'is:empty', holder: unit }),
    order: 'heldSince',
  },

  // They are closed: reopened, or not, with reasons.
  'look-backs': {
    filter: () => ({ lookBack: 'failed', lookBackAnswerBy: 'is:filled', open: 'false' }),
    order: '-closedAt',
  },
  reopened: { filter: () => ({ reopened: '1..' }), order: 'dueOn' },
  overdue: { filter: () => ({ light: 'red' }), order: 'dueOn' },
  instructions: { filter: () => ({ openInstructions: '1..' }), order: 'dueOn' },
  'at-risk': { filter: () => ({ flags: 'atRisk' }), order: 'seq' },
} as const satisfies Record<WorklistName, Omit<Worklist, 'name'>>;

/** What a role looks at every day, in this order. Administrators have no business here. */
const BY_ROLE: Partial<Record<Role, readonly WorklistName[]>> = {
  registrar: ['to-check', 'to-assign', 'returns'],
  dispatcher: ['at-risk', 'to-assign', 'returns', 'extensions', 'overdue'],
  handler: ['sent-back', 'due-soon', 'to-accept', 'parts', 'in-hand'],
  reviewer: ['to-review'],
  verifier: ['to-verify', 'to-check'],
  approver: ['to-approve', 'notices', 'objections', 'look-backs'],
  inspector: ['positions', 'look-backs', 'reopened', 'overdue', 'at-risk'],
  leader: ['overdue', 'reopened', 'instructions', 'at-risk'],
  auditor: ['reopened', 'overdue'],
  evaluator: ['to-check'],
};

export const worklistsOf = (role: string): Worklist[] =>
  (BY_ROLE[role as Role] ?? []).map((name) => ({ name, ...lists[name] }));
