import { type ReopenCause, ReopenCase } from '../../contracts/afterwards.js';
import { refuse } from '../../contracts/refusal.js';
import { REOPENABLE } from '../../contracts/status.js';
import { type UnitId } from '../../contracts/values.js';
import {
  areNoLeads,
  checklistFor,
  checkUnits,
  closerOf,
  completionFor,
  objections,
  routeFor,
} from '../duty.js';
import { noCheckerIsOf } from '../intake/facts.js';
import { FLAGS } from '../case-state.js';
import { carriesOn, phase } from '../table.js';

/** What was never closed can neither have been closed falsely nor fall back. */
const OF_CLOSED: readonly ReopenCause[] = ['false-rectification', 'relapse'];

export const afterwards = phase({
  reopen: {
    command: ReopenCase,
    refuses: [
      'case/checker-of-lead',
      'case/due-late',
      'case/due-past',
      'case/lead-outside',
      'case/leads-missing',
      'case/no-desk',
      'case/no-policy',
      'case/reopen-cause',
    ],
    roles: ['approver', 'inspector'],
    at: 'outside',
    in: REOPENABLE,
    // What waited when it ended waits for nobody any more.
    flags: FLAGS,
    may: ({ closer }, { role, unit }, { register }) => {
      // An approver takes up again what their unit closed; an inspector, whatever lies in their scope.
      if (role === 'approver' && closer !== undefined && !carriesOn(unit, [closer], register))
        refuse('case/role');
    },
    decide: (command, state, facts, actor) => {
      const { cause, reason, dueOn, personsAtRisk } = command;
      if (state.status !== 'closed' && OF_CLOSED.includes(cause)) refuse('case/reopen-cause');
      checkUnits(command.leads ?? [], command.coUnits ?? [], actor, facts.register);
      const present = (units: readonly UnitId[]): UnitId[] => [
        ...new Set(units.map((unit) => facts.register.present(unit))),
      ];
      const leads = command.leads ?? present(state.leads);
      if (leads.length === 0) refuse('case/leads-missing');
      // Who leads it now is no co-unit any more.
      const coUnits = command.coUnits ?? present(state.coUnits).filter((unit) => !leads.includes(unit));
      areNoLeads(coUnits, leads);
      noCheckerIsOf([...leads, ...coUnits], state, facts);
      const route = routeFor(state, leads, coUnits, facts);
      return [
        {
          type: 'CaseReopened',
          round: state.round + 1,
          ...{ cause, reason, personsAtRisk, leads, coUnits },
          ...completionFor(state, facts, dueOn),
          route,
          closer: closerOf(route, state.assigner ?? actor.unit),
          checklist: checklistFor(
            { ...state, personsAtRisk: state.personsAtRisk || personsAtRisk === true },
            facts,
            state.circumstances,
          ),
          assignedOn: facts.today,
          disputeBy: objections(state, facts).disputeBy,
        },
      ];
    },
  },
});
