import { invalid, refuse } from '../../contracts/refusal.js';
import { type Policy } from '../../contracts/register.js';
import {
  CloseBatch,
  OpenBatch,
  PublishCalendar,
  PublishPolicy,
  RecordSource,
} from '../../contracts/register-commands.js';
import { type Day } from '../../contracts/values.js';
import { documentOf, inEffect } from '../at.js';
import { type Docs, type Versions } from '../docs.js';
import { checkUnit } from '../places.js';
import { policyOf } from './policy.js';
import { commandsOn } from '../table.js';

/** A version is what it is for good: events name it. */
function checkVersion<E>(id: string, docs: ReadonlyMap<string, Versions<E & { id: string }>>): void {
  for (const { versions } of docs.values()) {
    if (versions.some((version) => (version as { id: string }).id === id))
      refuse('register/version-published');
  }
}

/** Levels that divisions have, or had. */
export const levelsIn = ({ division }: Pick<Docs, 'division'>): ReadonlySet<string> =>
  new Set([...division.values()].flatMap((doc) => doc.levels.map(({ is }) => is)));

/** @throws Refusal saying which rule is wrong */
function readPolicy(id: string, file: object, docs: Docs): Policy {
  try {
    return { ...policyOf(file, levelsIn(docs)), id };
  } catch (error) {
    // What the rules ask of rules is said in words; all else only shows that they are none.
    const said = error instanceof Error && error.constructor === Error ? error.message : 'this is no policy';
    return invalid('policy', 'policy', said);
  }
}

export const policies = commandsOn('policy', {
  publish: {
    command: PublishPolicy,
    roles: ['security-admin', 'seed'],
    in: ['new', 'open'],
    byDraft: true,
    refuses: ['register/version-published'],
    decide: ({ id, policy, from }, { versions }, { docs }) => {
      checkVersion(id, docs.policy);
      checkVersion(id, new Map([['', { versions }]]));
      return [{ type: 'PolicyPublished', id, policy: readPolicy(id, policy, docs), from }];
    },
  },
});

/** @throws Refusal where a day is off and worked */
function checkDays(field: string, { holidays, moved }: { holidays: Day[]; moved: Day[] }): void {
  const both = moved.find((day) => holidays.includes(day));
  if (both !== undefined) invalid(`${field}moved`, 'not-off', `${both} is off and worked`);
}

export const calendars = commandsOn('calendar', {
  publish: {
    command: PublishCalendar,
    roles: ['system-admin', 'seed'],
    in: ['new', 'open'],
    refuses: ['register/version-published'],
    decide: ({ type: _, ...calendar }, { versions }, { docs }) => {
      const { id, divisions = [] } = calendar;
      checkVersion(id, docs.calendar);
      checkVersion(id, new Map([['', { versions }]]));
      checkDays('', calendar);
      divisions.forEach((days, n) => {
        checkDays(`divisions.${n}.`, days);
        const field = `divisions.${n}.division`;
        if (!docs.division.has(days.division))
          invalid(field, 'known-division', `${days.division} is no division`);
      });
      return [{ type: 'CalendarPublished', ...calendar }];
    },
  },
});

export const sources = commandsOn('source', {
  record: {
    command: RecordSource,
    roles: ['registrar'],
    in: ['new'],
    refuses: ['register/source-recorded'],
    decide: ({ type: _, ...source }, __, { docs, today }) => {
      if (!Object.hasOwn(inEffect('policy', docs.policy, today).policy.sources, source.code))
        invalid('code', 'known-source', 'code is no source of the policy');
      if (source.date > today) invalid('date', 'not-ahead', 'date lies ahead');
      const document = documentOf(source.code, source.number);
      if ([...docs.source.values()].some(({ code, number }) => documentOf(code, number) === document))
        refuse('register/source-recorded');
      if (source.recogniserUnit !== undefined)
        checkUnit('recogniserUnit', source.recogniserUnit, today, docs);
      return [{ type: 'SourceRecorded', ...source }];
    },
  },
});

export const batches = commandsOn('batch', {
  open: {
    command: OpenBatch,
    roles: ['registrar'],
    in: ['new'],
    decide: ({ file, rows }) => [{ type: 'BatchOpened', file, rows }],
  },
  close: {
    command: CloseBatch,
    roles: ['registrar'],
    in: ['open'],
    refuses: ['register/manifest'],
    decide: ({ registered, known, refused = [] }, { rows }) => {
      const told = new Set(refused.flatMap((one) => one.rows));
      if (registered + known + told.size !== rows) refuse('register/manifest');
      return [{ type: 'BatchClosed', registered, known, refused }];
    },
  },
});
