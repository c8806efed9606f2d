import { createHash } from 'node:crypto';
import * as give from './assigning.js';
import * as examine from './examining.js';
import { type Outcome } from './outcomes.js';
import * as mend from './rectifying.js';
import { type Walk } from './walk.js';

export type Deed = (walk: Walk) => Promise<void>;

/** Days after the first, on which the time of the demo is moved on. `last` is the same day as `today`. */
export const STAGES = { first: 0, later: 9, today: 63, last: 63 } as const;
export type StageName = keyof typeof STAGES;

type Road = Partial<Record<StageName, readonly Deed[]>>;

const begun: Deed = (w) => w.begin();
const adopted =
  (status: 'open' | 'closed'): Deed =>
  (w) =>
    w.begin({
      stated: {
        ...{ status, unit: '样例县住建局（旧台账所记）' },
        ...(status === 'closed' && { closedOn: '2025-08-31', closureNumber: `旧销${w.problem.n}号` }),
      },
      file: { sha256: createHash('sha256').update('旧台账（样例）').digest('hex'), row: w.problem.n + 2 },
    });

const given = [begun, give.assigned] as const;
const accepted = [...given, mend.accepted] as const;
const submitted = [...accepted, mend.rectified, mend.submitted] as const;
const rectified = [...submitted, examine.reviewed] as const;
const verified = [...rectified, examine.verified] as const;
const closing = [...verified, examine.approved, examine.published, examine.closedUnlessPublished] as const;
const struckOff = { first: closing, later: [examine.closedIfPublished] } as const;

/** What is done for each outcome, at each stage. */
export const ROADS: Readonly<Record<Outcome, Road>> = {
  closed: struckOff,
  'closed-after-notice': struckOff,
  'looked-back': { first: closing, later: [examine.closedIfPublished, examine.lookedBack('passed')] },
  'false-rectification': {
    first: closing,
    later: [
      ...[examine.closedIfPublished, examine.lookedBack('failed')],
      ...[examine.reopened('false-rectification'), examine.heldToAccount],
    ],
  },
  relapsed: { ...struckOff, today: [examine.reopened('relapse')] },
  overdue: { first: accepted, today: [give.supervised] },
  silent: { first: given, today: [give.supervised] },
  sustaining: { first: [...accepted, mend.safe, mend.planned, mend.staged] },
  terminated: { first: accepted, today: [give.terminated] },
  held: { first: accepted, today: [give.terminated, give.held] },
  'transferred-out': { first: [begun, give.transferredOut] },
  voided: { first: [begun, give.voided] },
  unsubstantiated: { first: [begun, give.unsubstantiated] },
  merged: { first: [begun], last: [give.merged] },
  split: { first: [begun, give.split] },
  residual: { first: [...accepted, mend.underway, give.leftOver] },
  'adopted-open': { first: [adopted('open')] },
  'adopted-closed': { first: [adopted('closed')] },
  registered: { today: [begun] },
  checking: { today: [begun, give.checking] },
  assigned: { today: given },
  returned: { today: [...given, give.returned] },
  disputed: { today: [...accepted, give.disputed] },
  rectifying: { today: [...accepted, mend.underway, give.instructed] },
  extension: { today: [...accepted, give.extended] },
  suspended: { today: [...accepted, give.suspended] },
  submitted: { today: submitted },
  objected: { today: [...submitted, examine.objected] },
  rectified: { today: rectified },
  failed: { today: [...rectified, examine.failed] },
  verified: { today: verified },
  notice: { today: [...verified, examine.approved, examine.published] },
  recognition: { today: verified },
};

/** By which a case comes into being. */
export function beginning(outcome: Outcome): Deed {
  const [deed] = Object.values(ROADS[outcome]).flat();
  if (!deed) throw new Error(`nothing is done for ${outcome}`);
  return deed;
}
