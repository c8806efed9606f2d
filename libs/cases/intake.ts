import { RegisterProblem } from '../contracts/intake.js';
import { invalid, refuse } from '../contracts/refusal.js';
import { phase } from './table.js';

export const intake = phase({
  register: {
    command: RegisterProblem,
    roles: ['registrar'],
    at: 'covering',
    in: ['new'],
    number: { series: 'case', owner: (caseId) => caseId },
    may: (_, actor, { register }) => {
      if (!register.unit(actor.unit) || register.present(actor.unit) !== actor.unit) refuse('case/role');
    },
    decide: ({ type: _, ...problem }, __, { register, today, number }, actor) => {
      if (!Object.hasOwn(register.policy.sources, problem.source.code))
        invalid('source.code', 'known-source', 'source.code is no source of the policy');
      problem.divisions.forEach((division, n) => {
        const field = `divisions.${n}`;
        if (!register.division(division))
          invalid(field, 'known-division', `${field} is no division of the register`);
        const home = register.unit(actor.unit)?.division ?? '';
        if (!register.covers(home, division)) refuse('case/role');
      });
      problem.categories.forEach((category, n) => {
        const field = `categories.${n}`;
        if (!Object.hasOwn(register.policy.categories, category)) {
          invalid(field, 'known-category', `${field} is no category of the policy`);
        }
      });
      const { foundOn, occurredFrom, occurredTo } = problem;
      if (foundOn !== undefined && foundOn > today) invalid('foundOn', 'not-ahead', 'foundOn lies ahead');
      if (occurredFrom !== undefined && occurredTo !== undefined && occurredTo < occurredFrom) {
        invalid('occurredTo', 'not-before', 'occurredTo lies before occurredFrom');
      }
      return [{ type: 'ProblemRegistered', caseNumber: number, ...problem }];
    },
  },
});
