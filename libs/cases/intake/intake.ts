import { AdoptCase, type FoundProblem, RegisterProblem } from '../../contracts/intake.js';
import { invalid, refuse } from '../../contracts/refusal.js';
import { type Actor } from '../../eventing/event.js';
import { type Registration } from '../case-state.js';
import { type CaseFacts, phase } from '../table.js';

export const intake = phase({
  register: {
    command: RegisterProblem,
    refuses: ['case/state-secret'],
    roles: ['registrar'],
    at: 'covering',
    in: ['new'],
    origin: ({ source }) => source,
    number: { series: 'case', owner: (caseId) => caseId },
    may: isAtUnit,
    decide: ({ type: _, ...problem }, __, facts, actor) => [
      { type: 'ProblemRegistered', ...entered(problem, facts, actor) },
    ],
  },
  adopt: {
    command: AdoptCase,
    refuses: ['case/state-secret'],
    roles: ['registrar'],
    at: 'covering',
    in: ['new'],
    origin: ({ source }) => source,
    number: { series: 'case', owner: (caseId) => caseId },
    may: isAtUnit,
    decide: ({ type: _, stated, file, ...problem }, __, facts, actor) => {
      isNoSecret(stated);
      const { status, closedOn, closureNumber } = stated;
      if (status === 'open' && closedOn !== undefined)
        invalid('stated.closedOn', 'closed', 'what is open has no day of closing');
      if (status === 'open' && closureNumber !== undefined)
        invalid('stated.closureNumber', 'closed', 'what is open has no closure number');
      if (closedOn !== undefined && closedOn > facts.today)
        invalid('stated.closedOn', 'not-ahead', 'stated.closedOn lies ahead');
      return [{ type: 'CaseAdopted', ...entered(problem, facts, actor), stated, file }];
    },
  },
});

function isAtUnit(_: unknown, { unit }: Actor, { register }: CaseFacts): void {
  if (!register.unit(unit)) refuse('case/role');
}

/** A problem under its number, as it may be entered. */
function entered({ secret, ...problem }: FoundProblem, facts: CaseFacts, actor: Actor): Registration {
  if (secret === true) refuse('case/state-secret');
  isNoSecret(problem);
  const { register, number } = facts;
  if (!Object.hasOwn(register.policy.sources, problem.source.code))
    invalid('source.code', 'known-source', 'source.code is no source of the policy');
  problem.divisions.forEach((division, n) => {
    const field = `divisions.${n}`;
    if (!register.division(division))
      invalid(field, 'known-division', `${field} is no division of the register`);
    const home = register.unit(actor.unit)?.division ?? '';
    if (!register.covers(home, division)) refuse('case/role');
  });
  knowsCategories(problem.categories, facts);
  const wrong = wrongDay(problem, facts);
  if (wrong) invalid(...wrong);
  const { code, document } = problem.source;
  const says = document === undefined ? undefined : register.source(code, document);
  // Recorded with the case: what is said of the document later changes no case that is there.
  const sourceDueOn = problem.sourceDueOn ?? says?.dueOn;
  return { caseNumber: number, ...problem, ...(sourceDueOn !== undefined && { sourceDueOn }) };
}

export function knowsCategories(categories: readonly string[], { register }: CaseFacts): void {
  categories.forEach((category, n) => {
    const field = `categories.${n}`;
    if (!Object.hasOwn(register.policy.categories, category)) {
      invalid(field, 'known-category', `${field} is no category of the policy`);
    }
  });
}

type Days = Pick<Registration, 'foundOn' | 'knownSince' | 'occurredFrom' | 'occurredTo' | 'fiscalYear'>;

/** What is wrong with the days of a problem: field, rule, message. */
export function wrongDay(
  { foundOn, knownSince, occurredFrom, occurredTo, fiscalYear }: Days,
  { today }: Pick<CaseFacts, 'today'>,
): [string, string, string] | undefined {
  if (foundOn !== undefined && foundOn > today) return ['foundOn', 'not-ahead', 'foundOn lies ahead'];
  if (knownSince !== undefined && knownSince > today)
    return ['knownSince', 'not-ahead', 'knownSince lies ahead'];
  if (occurredFrom !== undefined && occurredTo !== undefined && occurredTo < occurredFrom)
    return ['occurredTo', 'not-before', 'occurredTo lies before occurredFrom'];
  // The next year's money is given out before the year begins.
  if (fiscalYear !== undefined && fiscalYear > Number(today.slice(0, 4)) + 1)
    return ['fiscalYear', 'not-ahead', 'fiscalYear lies ahead'];
  return undefined;
}

/** How a classified document is marked: 绝密★, 机密★, 秘密★. */
const CLASSIFIED = /[绝机秘]密★/;

/** Texts that carry the mark of a state secret are refused, wherever they stand. */
export function isNoSecret(value: unknown): void {
  if (typeof value === 'string' && CLASSIFIED.test(value)) refuse('case/state-secret');
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(isNoSecret);
}
