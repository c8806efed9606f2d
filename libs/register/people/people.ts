import { invalid, refuse } from '../../contracts/refusal.js';
import {
  AppointPerson,
  EndAppointment,
  EndDelegation,
  EndLeave,
  EnterPerson,
  GiveDelegation,
  RenamePerson,
  TakeLeave,
} from '../../contracts/register-commands.js';
import { ADMINISTRATORS, type Agent, type Role } from '../../contracts/roles.js';
import { type PersonId } from '../../contracts/values.js';
import { covers, type Docs, overlap, type Period, type PersonDoc, type Post } from '../docs.js';
import { checkUnit } from '../places.js';
import { checkOpened, checkPeriod, commandsOn, type RegisterFacts } from '../table.js';

const roles: readonly (Role | Agent)[] = ['security-admin', 'seed'];

type Place = Pick<Post, 'unit' | 'role'>;
const at = (place: Place) => (one: Place) => one.unit === place.unit && one.role === place.role;

const isAdministrator = (role: Role): boolean => (ADMINISTRATORS as readonly Role[]).includes(role);

/** 三员分立: who administers does that and nothing else, in a post of their own or in somebody's place. */
function checkApart(
  id: PersonId,
  { posts }: Pick<PersonDoc, 'posts'>,
  { role, ...period }: { role: Role } & Period,
  { person }: Docs,
): void {
  const lent = [...person.values()].flatMap(({ delegations }) => delegations.filter(({ to }) => to === id));
  for (const held of [...posts, ...lent]) {
    const apart = isAdministrator(role) || isAdministrator(held.role);
    if (apart && held.role !== role && overlap(held, period)) refuse('register/administrator-apart');
  }
}

/** One human is one person: of two, each could do what is kept apart. */
function isNobodyElse({ namesake }: RegisterFacts): void {
  if (namesake) refuse('register/already-entered', namesake);
}

export const persons = commandsOn('person', {
  enter: {
    command: EnterPerson,
    roles,
    in: ['new'],
    refuses: ['register/already-entered'],
    decide: ({ type: _, ...person }, __, facts) => {
      isNobodyElse(facts);
      return [{ type: 'PersonEntered', ...person }];
    },
  },
  rename: {
    command: RenamePerson,
    roles,
    in: ['open'],
    refuses: ['register/already-entered'],
    decide: ({ type: _, ...renamed }, { entered }, facts) => {
      checkOpened(renamed.from, entered);
      isNobodyElse(facts);
      return [{ type: 'PersonRenamed', ...renamed }];
    },
  },
  appoint: {
    command: AppointPerson,
    roles,
    in: ['open'],
    refuses: ['register/appointment-overlaps', 'register/administrator-apart'],
    decide: ({ type: _, ...post }, doc, { id, docs }) => {
      checkOpened(post.from, doc.entered);
      checkPeriod(post);
      checkUnit('unit', post.unit, post.from, docs);
      if (doc.posts.filter(at(post)).some((held) => overlap(held, post)))
        refuse('register/appointment-overlaps');
      checkApart(id, doc, post, docs);
      return [{ type: 'PersonAppointed', ...post }];
    },
  },
  endAppointment: {
    command: EndAppointment,
    roles,
    in: ['open'],
    refuses: ['register/appointment-missing'],
    decide: ({ type: _, ...post }, { posts }) => {
      if (!posts.filter(at(post)).some((held) => covers(held, post.from)))
        refuse('register/appointment-missing');
      return [{ type: 'AppointmentEnded', ...post }];
    },
  },
  delegate: {
    command: GiveDelegation,
    roles,
    in: ['open'],
    refuses: ['register/appointment-missing', 'register/delegation-overlaps', 'register/administrator-apart'],
    decide: ({ type: _, ...given }, { posts, delegations }, { id, docs }) => {
      const { to, from, until } = given;
      checkPeriod(given);
      const delegate = docs.person.get(to);
      if (!delegate || delegate.entered > from) invalid('to', 'known-person', 'to is no person on this day');
      if (to === id) invalid('to', 'another', 'nobody stands in for themselves');
      if (!posts.filter(at(given)).some((held) => covers(held, from) && covers(held, until)))
        refuse('register/appointment-missing');
      if (delegations.filter(at(given)).some((one) => one.to === to && overlap(one, given)))
        refuse('register/delegation-overlaps');
      checkApart(to, delegate, given, docs);
      return [{ type: 'DelegationGiven', ...given }];
    },
  },
  endDelegation: {
    command: EndDelegation,
    roles,
    in: ['open'],
    refuses: ['register/delegation-missing'],
    decide: ({ type: _, ...given }, { delegations }) => {
      const { to, from } = given;
      if (!delegations.filter(at(given)).some((one) => one.to === to && covers(one, from)))
        refuse('register/delegation-missing');
      return [{ type: 'DelegationEnded', ...given }];
    },
  },
  takeLeave: {
    command: TakeLeave,
    roles,
    in: ['open'],
    refuses: ['register/leave-overlaps'],
    decide: ({ from, until }, { entered, leave }) => {
      checkOpened(from, entered);
      checkPeriod({ from, until });
      if (leave.some((one) => overlap(one, { from, until }))) refuse('register/leave-overlaps');
      return [{ type: 'LeaveTaken', from, until }];
    },
  },
  endLeave: {
    command: EndLeave,
    roles,
    in: ['open'],
    refuses: ['register/leave-missing'],
    decide: ({ from }, { leave }) => {
      if (!leave.some((one) => covers(one, from))) refuse('register/leave-missing');
      return [{ type: 'LeaveEnded', from }];
    },
  },
});
