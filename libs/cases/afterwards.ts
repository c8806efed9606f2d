import { ReopenCase } from '../contracts/afterwards.js';
import { refuse } from '../contracts/refusal.js';
import { type UnitId } from '../contracts/values.js';
import { checklistFor, closerOf, dueDay, routeFor } from './duty.js';
import { carriesOn, phase } from './table.js';

export const afterwards = phase({
  reopen: {
    command: ReopenCase,
    refuses: ['case/due-late', 'case/due-past', 'case/no-desk', 'case/no-policy'],
    roles: ['approver', 'inspector'],
    at: 'covering',
    in: ['closed'],
    may: (state, { role, unit }, { register }) => {
      // An approver takes up again what their unit closed; an inspector, whatever lies in their scope.
      if (role === 'approver' && !carriesOn(unit, [state.closer], register)) refuse('case/role');
    },
    decide: ({ cause, reason, dueOn }, state, facts, actor) => {
      const present = (units: readonly UnitId[]): UnitId[] => [
        ...new Set(units.map((unit) => facts.register.present(unit))),
      ];
      const leads = present(state.leads);
      const coUnits = present(state.coUnits).filter((unit) => !leads.includes(unit));
      const route = routeFor(state, leads, coUnits, facts);
      return [
        {
          type: 'CaseReopened',
          round: state.round + 1,
          ...{ cause, reason, leads, coUnits },
          dueOn: dueDay(state, facts, dueOn),
          route,
          closer: closerOf(route, state.assigner ?? actor.unit),
          checklist: checklistFor(state, facts),
        },
      ];
    },
  },
});
