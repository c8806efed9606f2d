import { AmendFinding, DisputeFinding, UpholdFinding } from '../../contracts/assignment.js';
import { invalid, refuse } from '../../contracts/refusal.js';
import { type Actor } from '../../eventing/event.js';
import { closerOf, filesOf, routeFor, united } from '../duty.js';
import { type CaseState, FLAGS, partUnits } from '../case-state.js';
import { carriesOn, type CaseFacts, phase } from '../table.js';
import { finderOrAbove, isOfResponsible } from '../posts.js';

/** Whoever must put it right may say once that the finding is wrong; whoever found it rules on that. */
export const dispute = phase({
  dispute: {
    command: DisputeFinding,
    refuses: ['case/dispute-late', 'case/dispute-ruled', 'case/receipt-unknown', 'case/receipt-used'],
    roles: ['handler'],
    at: ({ leads }) => leads,
    in: ['assigned', 'rectifying'],
    // The days for it run on while the clock of the case stands.
    flags: ['extensionPending', 'suspended', 'atRisk'],
    uploads: ({ receipts = [] }) => receipts,
    may: ({ findingRuled, disputeBy }, _, { today }) => {
      if (findingRuled) refuse('case/dispute-ruled');
      if (disputeBy !== undefined && today > disputeBy) refuse('case/dispute-late');
    },
    decide: ({ grounds, receipts = [] }, state, facts) => [
      { type: 'FindingDisputed', grounds, files: filesOf(receipts, state, facts) },
    ],
  },
  uphold: {
    command: UpholdFinding,
    refuses: ['case/dispute-missing', 'case/finder-of-lead'],
    roles: ['registrar', 'dispatcher', 'inspector'],
    at: rulers,
    in: ['assigned', 'rectifying'],
    flags: FLAGS,
    may: mayRule,
    decide: ({ reason }) => [{ type: 'FindingUpheld', reason }],
  },
  amend: {
    command: AmendFinding,
    refuses: ['case/dispute-missing', 'case/finder-of-lead', 'case/money-over', 'case/no-desk'],
    roles: ['registrar', 'dispatcher', 'inspector'],
    at: rulers,
    in: ['assigned', 'rectifying'],
    flags: FLAGS,
    may: mayRule,
    decide: ({ reason, taskText, amountFen, severity, householdCount }, state, facts, { unit }) => {
      const amended = { taskText, amountFen, severity, householdCount };
      if (Object.values(amended).every((fact) => fact === undefined))
        invalid('taskText', 'amends', 'nothing of the finding is amended');
      if (amountFen !== undefined && amountFen < state.rectifiedFen) refuse('case/money-over');
      if (severity === undefined) return [{ type: 'FindingAmended', reason, ...amended }];
      const helpers = [...state.coUnits, ...partUnits(state)];
      const route = united(state.route, routeFor({ ...state, severity }, state.leads, helpers, facts));
      const closer = closerOf(route, state.assigner ?? unit);
      return [{ type: 'FindingAmended', reason, ...amended, route, closer }];
    },
  },
});

function rulers({ finder, assigner }: CaseState): (string | undefined)[] {
  return [finder, assigner];
}

/** Nobody of a responsible unit rules. */
function mayRule(state: CaseState, actor: Actor, { register }: CaseFacts): void {
  if (!state.flags.has('findingDisputed')) refuse('case/dispute-missing');
  if (!carriesOn(register.present(actor.unit), [finderOrAbove(state, register)], register))
    refuse('case/role');
  if (isOfResponsible(state, actor, register)) refuse('case/finder-of-lead');
}
