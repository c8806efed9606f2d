import { READERS, type Role, ROLES } from '../../../libs/contracts/roles.js';
import { type Who } from '../deployments.js';
import * as people from '../people.js';
import { type TestServer } from '../server.js';

/** How somebody stands to the case: at a unit of its division, of another, or kept out of it. */
export const RELATIONS = ['own division', 'other division', 'excluded'] as const;
export type Relation = (typeof RELATIONS)[number];

const UNITS = {
  'own division': 'bronx-office',
  'other division': 'queens-office',
  excluded: 'bronx-office',
} as const satisfies Record<Relation, string>;

export const personOf = (role: Role, relation: Relation): Who => [
  `${role}-${relation.replace(' ', '-')}`,
  UNITS[relation],
  role,
];

/** Somebody in every role and relation; those who are to be kept out of the case are, each for themselves. */
export async function appointEverybody(server: TestServer, one: people.Journey): Promise<void> {
  const token = await server.token(...people.securityAdmin);
  for (const relation of RELATIONS)
    for (const role of ROLES) {
      const [person, unit] = personOf(role, relation);
      const path = `/api/v1/register/persons/${person}`;
      const from = '2026-01-01';
      const tell = (command: string, body: object) =>
        server.send(token, 'POST', `${path}/${command}`, body, { 'Idempotency-Key': `${person}/${command}` });
      await expectDone(tell('enter-person', { name: `演示${role}`, from }));
      await expectDone(tell('appoint-person', { unit, role, from }));
      if (relation === 'excluded' && isReader(role))
        await expectDone(
          one.give(people.inspector, 'exclude-person', { person, reason: '与当事人有亲属关系' }),
        );
    }
}

async function expectDone(answer: Promise<{ status: number; body: { code?: string } }>): Promise<void> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status} ${String(body.code)}`);
}

/** Whether somebody in the role reads cases at all. */
const isReader = (role: Role): boolean => (READERS as readonly Role[]).includes(role);
