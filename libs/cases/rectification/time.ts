import { endOf } from '../../calendar/terms.js';
import { addWorkingDays, workingDaysBetween } from '../../calendar/working-days.js';
import {
  ExtendMany,
  GrantExtension,
  RefuseExtension,
  RequestExtension,
  ResumeCase,
  ReviewSuspension,
  SuspendCase,
} from '../../contracts/rectification.js';
import { type CaseEvent } from '../../contracts/case-events.js';
import { invalid, refuse } from '../../contracts/refusal.js';
import { type Register, type SourceRule } from '../../contracts/register.js';
import { type Day } from '../../contracts/values.js';
import { type Actor } from '../../eventing/event.js';
import { calendarOf, refusedFor } from '../duty.js';
import { type CaseState } from '../case-state.js';
import { type CaseFacts, phase } from '../table.js';
import { isOfResponsible } from '../posts.js';

/** More time, and time that does not count. */
export const time = phase({
  request: {
    command: RequestExtension,
    refuses: ['case/extension-late', 'case/extension-long', 'case/extension-many'],
    roles: ['handler'],
    at: ({ leads }) => leads,
    in: ['rectifying'],
    flags: ['findingDisputed'],
    may: (state, _, { today, register }) => {
      if (today > state.dueOn) refuse('case/extension-late');
      const most = [register.policy, ...sourcesOf(state, register)].map(
        ({ extensions = Infinity }) => extensions,
      );
      if (state.extensions >= Math.min(...most)) refuse('case/extension-many');
    },
    decide: ({ until, reason }, state, facts) => {
      if (until <= state.dueOn) invalid('until', 'later', 'until is no later than the due day');
      isNoLonger(until, state, facts);
      return [{ type: 'ExtensionRequested', until, reason }];
    },
  },
  grant: {
    command: GrantExtension,
    refuses: [
      ...(['case/extension-missing', 'case/granter-of-lead'] as const),
      ...(['case/extension-ceiling', 'case/extension-long'] as const),
    ],
    roles: ['dispatcher', 'approver'],
    at: ({ assigner }) => [assigner],
    in: ['rectifying'],
    // Not while people are at risk.
    flags: ['findingDisputed', 'extensionPending'],
    may: (state, actor, facts) => {
      isAsked(state);
      isNotOfLead(state, actor, facts);
    },
    decide: ({ until, opinion }, state, facts) => {
      const { dueOn, extensionUntil = '', ceilingOn } = state;
      const granted = until ?? extensionUntil;
      if (granted > extensionUntil) invalid('until', 'asked-for', 'until is later than was asked for');
      if (granted <= dueOn) invalid('until', 'later', 'until is no later than the due day');
      if (ceilingOn !== undefined && granted > ceilingOn) refuse('case/extension-ceiling');
      isNoLonger(granted, state, facts);
      return [{ type: 'DeadlineExtended', from: dueOn, until: granted, opinion }];
    },
  },
  extendMany: {
    command: ExtendMany,
    refuses: ['case/extension-ceiling'],
    roles: ['dispatcher'],
    at: 'above',
    in: ['assigned', 'rectifying'],
    // Whatever waits, the flood has come.
    flags: ['returnPending', 'findingDisputed', 'extensionPending', 'suspended', 'atRisk'],
    decide: ({ until, reason, document }, { dueOn, ceilingOn }) => {
      if (until <= dueOn) invalid('until', 'later', 'until is no later than the due day');
      if (ceilingOn !== undefined && until > ceilingOn) refuse('case/extension-ceiling');
      return [{ type: 'DeadlineExtended', from: dueOn, until, opinion: reason, document }];
    },
  },
  refuse: {
    command: RefuseExtension,
    refuses: ['case/extension-missing', 'case/granter-of-lead'],
    roles: ['dispatcher', 'approver'],
    at: ({ assigner }) => [assigner],
    in: ['rectifying'],
    flags: ['findingDisputed', 'extensionPending', 'atRisk'],
    may: (state, actor, facts) => {
      isAsked(state);
      isNotOfLead(state, actor, facts);
    },
    decide: ({ reason }) => [{ type: 'ExtensionRefused', reason }],
  },
  suspend: {
    command: SuspendCase,
    refuses: ['case/suspension-ground', 'case/suspension-ground-refused', 'case/suspension-long'],
    roles: ['dispatcher'],
    at: ({ assigner }) => [assigner],
    in: ['rectifying'],
    flags: ['findingDisputed'],
    decide: ({ ground, until, document, reason }, state, facts) => {
      const { today, register } = facts;
      const { grounds, refused, most } = register.policy.suspension;
      const why = refusedFor(refused, ground);
      if (why !== undefined) refuse('case/suspension-ground-refused', { why });
      const known = Object.hasOwn(grounds, ground) ? grounds[ground] : undefined;
      if (!known) refuse('case/suspension-ground');
      if (until <= today) invalid('until', 'ahead', 'until does not lie ahead');
      const suspension = { type: 'CaseSuspended', ground, from: today, until, document, reason } as const;
      if (known.most === undefined) return [{ ...suspension, apart: true }];
      const days = Math.min(known.most, most - state.suspendedDays);
      const latest = addWorkingDays(today, days, calendarOf(state, facts));
      if (days <= 0 || until > latest) refuse('case/suspension-long');
      return [suspension];
    },
  },
  review: {
    command: ReviewSuspension,
    refuses: ['case/not-suspended'],
    roles: ['dispatcher'],
    at: ({ assigner }) => [assigner],
    in: ['rectifying'],
    flags: ['findingDisputed', 'suspended', 'atRisk'],
    may: isSuspended,
    decide: ({ holds, reason }, state, facts) => {
      const { suspensionReview } = facts.register.policy.desks;
      const reviewBy = endOf(facts.today, suspensionReview, calendarOf(state, facts));
      return holds
        ? [{ type: 'SuspensionReviewed', holds, reason, reviewBy }]
        : [{ type: 'SuspensionReviewed', holds, reason }, resumption(state, facts, reason)];
    },
  },
  resume: {
    command: ResumeCase,
    refuses: ['case/not-suspended'],
    roles: ['dispatcher'],
    at: ({ assigner }) => [assigner],
    in: ['rectifying'],
    flags: ['findingDisputed', 'suspended', 'atRisk'],
    may: isSuspended,
    decide: ({ reason }, state, facts) => [resumption(state, facts, reason)],
  },
});

function isSuspended({ flags }: CaseState): void {
  if (!flags.has('suspended')) refuse('case/not-suspended');
}

/** The time that it stood is added to the due day, to the last of its days: however late that is said. */
export function resumption(
  state: CaseState,
  facts: CaseFacts,
  reason: string,
): Extract<CaseEvent, { type: 'CaseResumed' }> {
  const { suspendedFrom = facts.today, suspendedUntil = facts.today, dueOn } = state;
  const calendar = calendarOf(state, facts);
  const last = facts.today < suspendedUntil ? facts.today : suspendedUntil;
  const days = workingDaysBetween(suspendedFrom, last, calendar);
  return { type: 'CaseResumed', days, dueOn: addWorkingDays(dueOn, days, calendar), reason };
}

/** The rules of all the sources that it was written down in. */
const sourcesOf = ({ sources }: CaseState, { policy }: Register): SourceRule[] =>
  sources.flatMap(({ code }) => policy.sources[code] ?? []);

/** Of the sources that say how long an extension may be, the strictest counts. */
function isNoLonger(until: Day, state: CaseState, facts: CaseFacts): void {
  const calendar = calendarOf(state, facts);
  const long = sourcesOf(state, facts.register).some(
    ({ extendedBy }) => extendedBy && until > endOf(state.dueOn, extendedBy, calendar),
  );
  if (long) refuse('case/extension-long');
}

function isAsked({ flags }: CaseState): void {
  if (!flags.has('extensionPending')) refuse('case/extension-missing');
}

/** The granter of an extension is not of the unit that asks. */
function isNotOfLead(state: CaseState, actor: Actor, { register }: CaseFacts): void {
  if (isOfResponsible(state, actor, register)) refuse('case/granter-of-lead');
}
