import { EstablishFacts, StartFactCheck } from '../../contracts/intake.js';
import { invalid, refuse } from '../../contracts/refusal.js';
import { type Role } from '../../contracts/roles.js';
import { type UnitId } from '../../contracts/values.js';
import { isNoSecret } from './intake.js';
import { isAt } from '../posts.js';
import { filesOf } from '../receipts.js';
import { bearers, type CaseState } from '../case-state.js';
import { type CaseFacts, phase } from '../table.js';

/** Who may be named to check facts. */
const CHECKERS = ['evaluator', 'dispatcher', 'verifier', 'inspector'] as const satisfies readonly Role[];

export const facts = phase({
  start: {
    command: StartFactCheck,
    refuses: ['case/facts-established'],
    roles: ['dispatcher'],
    at: 'above',
    in: ['registered', 'checking'],
    flags: ['atRisk'],
    may: ({ status, substantiation }) => {
      if (status === 'checking' && substantiation !== undefined) refuse('case/facts-established');
    },
    decide: ({ checkers, reason }, { excluded, status }, { register }) => {
      if (status === 'checking' && reason === undefined)
        invalid('reason', 'anew', 'reason is wanted where others were named before');
      const units = checkers.flatMap((checker, n) => {
        const posts = register.person(checker)?.appointments ?? [];
        const desks = posts.filter(({ role }) => CHECKERS.some((one) => one === role));
        if (desks.length === 0 || excluded.has(checker))
          invalid(`checkers.${n}`, 'known-checker', `checkers.${n} has no post in which facts are checked`);
        return desks.map(({ unit }) => unit);
      });
      return [
        {
          ...{ type: 'FactCheckStarted', checkers, units: [...new Set(units)] },
          ...(reason !== undefined && { reason }),
        },
      ];
    },
  },
  establish: {
    command: EstablishFacts,
    refuses: [
      ...(['case/facts-established', 'case/not-checker', 'case/receipt-unknown'] as const),
      ...(['case/receipt-used', 'case/state-secret'] as const),
    ],
    roles: CHECKERS,
    at: ({ checkerUnits }) => checkerUnits,
    in: ['checking'],
    flags: ['atRisk'],
    uploads: ({ photos }) => photos,
    may: ({ checkers, substantiation }, actor) => {
      if (!bearers(actor).some((person) => checkers.has(person))) refuse('case/not-checker');
      if (substantiation !== undefined) refuse('case/facts-established');
    },
    decide: ({ type: _, photos, ...found }, state, known) => {
      isNoSecret(found);
      const { substantiation, place, visitedOn, taskText, personsAtRisk } = found;
      if (visitedOn !== undefined && visitedOn > known.today)
        invalid('visitedOn', 'not-ahead', 'visitedOn lies ahead');
      if (taskText !== undefined && substantiation !== 'partial')
        invalid('taskText', 'partial', 'only what is partly so is narrowed');
      if (substantiation === 'none') {
        if (personsAtRisk) invalid('personsAtRisk', 'so', 'what is not so endangers nobody');
        if (place === undefined) invalid('place', 'visited', 'what is not so was looked for on the spot');
        if (visitedOn === undefined)
          invalid('visitedOn', 'visited', 'what is not so was looked for on the spot');
        if (photos.length === 0) invalid('photos', 'photo-of-visit', 'a visit is shown by a photo');
      }
      return [{ type: 'FactsEstablished', ...found, photos: filesOf(photos, state, known) }];
    },
  },
});

/** Before a case is given to a unit: a check that was begun is over, and one that its source asks for was made. */
export function factsAreEstablished(state: CaseState, { register }: CaseFacts): void {
  const wanted = state.sources.some(({ code }) => register.policy.sources[code]?.factCheck === true);
  const asked = wanted || state.status === 'checking';
  if (asked && state.substantiation === undefined) refuse('case/facts-unestablished');
}

/** Who checked the facts of a case holds no post at a unit that is to answer for it. */
export function noCheckerIsOf(units: readonly UnitId[], state: CaseState, { register }: CaseFacts): void {
  if ([...state.checkers].some((person) => isAt(units, person, register))) refuse('case/checker-of-lead');
}
