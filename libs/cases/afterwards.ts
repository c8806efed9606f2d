import { ReopenCase } from '../contracts/afterwards.js';
import { refuse } from '../contracts/refusal.js';
import { checklistFor, closerOf, completionFor, objections, routeFor } from './duty.js';
import { phase } from './table.js';

export const afterwards = phase({
  reopen: {
    command: ReopenCase,
    refuses: ['case/due-late', 'case/due-past', 'case/no-desk', 'case/no-policy'],
    roles: ['approver', 'inspector'],
    at: 'covering',
    in: ['closed'],
    may: (state, { role, unit }) => {
      // An approver takes up again what their unit closed; an inspector, whatever lies in their scope.
      if (role === 'approver' && unit !== state.closer) refuse('case/role');
    },
    decide: ({ cause, reason, dueOn }, state, facts, actor) => {
      const leads = [...state.leads];
      const coUnits = [...state.coUnits];
      const route = routeFor(state, leads, coUnits, facts);
      return [
        {
          type: 'CaseReopened',
          round: state.round + 1,
          ...{ cause, reason, leads, coUnits },
          ...completionFor(state, facts, dueOn),
          route,
          closer: closerOf(route, state.assigner ?? actor.unit),
          checklist: checklistFor(state, facts),
          assignedOn: facts.today,
          disputeBy: objections(state, facts).disputeBy,
        },
      ];
    },
  },
});
