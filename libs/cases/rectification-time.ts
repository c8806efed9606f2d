import { addWorkingDays, workingDaysBetween } from '../calendar/working-days.js';
import {
  GrantExtension,
  RefuseExtension,
  RequestExtension,
  ResumeCase,
  SuspendCase,
} from '../contracts/rectification.js';
import { invalid, refuse } from '../contracts/refusal.js';
import { type Actor } from '../eventing/event.js';
import { responsible } from './duty.js';
import { isAt } from './separation.js';
import { bearers, type CaseState } from './state.js';
import { type CaseFacts, phase } from './table.js';

/** More time, and time that does not count. */
export const time = phase({
  request: {
    command: RequestExtension,
    refuses: ['case/extension-late', 'case/extension-many'],
    roles: ['handler'],
    at: ({ leads }) => leads,
    in: ['rectifying'],
    may: ({ dueOn, extensions }, _, { today, register }) => {
      if (today > dueOn) refuse('case/extension-late');
      if (extensions >= register.policy.extensions) refuse('case/extension-many');
    },
    decide: ({ until, reason }, { dueOn }) => {
      if (until <= dueOn) invalid('until', 'later', 'until is no later than the due day');
      return [{ type: 'ExtensionRequested', until, reason }];
    },
  },
  grant: {
    command: GrantExtension,
    refuses: ['case/extension-missing', 'case/granter-of-lead'],
    roles: ['dispatcher', 'approver'],
    at: ({ assigner }) => [assigner],
    in: ['rectifying'],
    // Not while people are at risk.
    flags: ['extensionPending'],
    may: (state, actor, facts) => {
      isAsked(state);
      isNotOfLead(state, actor, facts);
    },
    decide: ({ until, opinion }, { dueOn, extensionUntil = '' }) => {
      const granted = until ?? extensionUntil;
      if (granted > extensionUntil) invalid('until', 'asked-for', 'until is later than was asked for');
      if (granted <= dueOn) invalid('until', 'later', 'until is no later than the due day');
      return [{ type: 'DeadlineExtended', from: dueOn, until: granted, opinion }];
    },
  },
  refuse: {
    command: RefuseExtension,
    refuses: ['case/extension-missing', 'case/granter-of-lead'],
    roles: ['dispatcher', 'approver'],
    at: ({ assigner }) => [assigner],
    in: ['rectifying'],
    flags: ['extensionPending', 'atRisk'],
    may: (state, actor, facts) => {
      isAsked(state);
      isNotOfLead(state, actor, facts);
    },
    decide: ({ reason }) => [{ type: 'ExtensionRefused', reason }],
  },
  suspend: {
    command: SuspendCase,
    refuses: ['case/suspension-ground', 'case/suspension-long'],
    roles: ['dispatcher'],
    at: ({ assigner }) => [assigner],
    in: ['rectifying'],
    decide: ({ ground, until, document, reason }, { suspendedDays }, { today, register }) => {
      const { grounds, most } = register.policy.suspension;
      const known = Object.hasOwn(grounds, ground) ? grounds[ground] : undefined;
      if (!known) refuse('case/suspension-ground');
      if (until <= today) invalid('until', 'ahead', 'until does not lie ahead');
      const days = Math.min(known.most, most - suspendedDays);
      if (days <= 0 || until > addWorkingDays(today, days, register.calendar)) refuse('case/suspension-long');
      return [{ type: 'CaseSuspended', ground, from: today, until, document, reason }];
    },
  },
  resume: {
    command: ResumeCase,
    refuses: ['case/not-suspended'],
    roles: ['dispatcher'],
    at: ({ assigner }) => [assigner],
    in: ['rectifying'],
    flags: ['suspended', 'atRisk'],
    may: ({ flags }) => {
      if (!flags.has('suspended')) refuse('case/not-suspended');
    },
    decide: ({ reason }, { suspendedFrom, dueOn }, { today, register }) => {
      const days = workingDaysBetween(suspendedFrom ?? today, today, register.calendar);
      return [{ type: 'CaseResumed', days, dueOn: addWorkingDays(dueOn, days, register.calendar), reason }];
    },
  },
});

function isAsked({ flags }: CaseState): void {
  if (!flags.has('extensionPending')) refuse('case/extension-missing');
}

/** The granter of an extension is not of the unit that asks. */
function isNotOfLead(state: CaseState, actor: Actor, { register }: CaseFacts): void {
  const units = responsible(state);
  if (bearers(actor).some((person) => isAt(units, person, register))) refuse('case/granter-of-lead');
}
