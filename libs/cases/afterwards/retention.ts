import { dayIn } from '../../calendar/working-days.js';
import { yearsAfter } from '../../calendar/years.js';
import { refuse } from '../../contracts/refusal.js';
import { EndRetention } from '../../contracts/retention.js';
import { ENDS } from '../../contracts/status.js';
import { isDay } from '../../contracts/values.js';
import { type CaseState, FLAGS, isInstructed } from '../case-state.js';
import { type CaseFacts, phase } from '../table.js';

/**
 * A case keeps its personal data for whole years after its end. Whether they are over is decided here, in its own stream:
 * whoever takes it up again meanwhile was first, or finds it decided. The ledger asks the same of its rows.
 */
export const retention = phase({
  end: {
    command: EndRetention,
    refuses: ['case/not-due'],
    roles: ['manager'],
    at: () => [],
    in: ENDS,
    flags: FLAGS,
    decide: ({ request, askedBy, approvedBy }, state, facts) => {
      const { zone, policy } = facts.register;
      const { endedAt } = state;
      const { retention: years } = policy;
      if (endedAt === undefined || years === undefined || isWaiting(state, facts))
        return refuse('case/not-due');
      const endedOn = isDay(endedAt) ? endedAt : dayIn(zone, endedAt);
      if (facts.today < yearsAfter(endedOn, years)) refuse('case/not-due');
      return [{ type: 'RetentionEnded', request, askedBy, approvedBy, endedOn, years }];
    },
  },
});

/** Somebody still does something about it: answers a look-back or a leader, or may hold a termination. */
const isWaiting = (state: CaseState, { today }: CaseFacts): boolean =>
  state.duties.size > 0 ||
  state.lookBackAnswerBy !== undefined ||
  isInstructed(state) ||
  (state.termination !== undefined && today <= state.termination.holdUntil);
