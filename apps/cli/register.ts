import { dayIn } from '../../libs/calendar/working-days.js';
import { type Appointment, type Register } from '../../libs/contracts/register.js';
import { READERS } from '../../libs/contracts/roles.js';
import { type Bearer } from '../../libs/identity/sessions/tokens.js';
import { StartFault } from '../../libs/platform/fault.js';
import { type Sql } from '../../libs/platform/sql.js';
import { registerAt } from '../../libs/register/at.js';
import { openDocs, postsOf } from '../../libs/register/projection.js';
import { type Seeded } from '../../libs/register/seed/seed.js';

/** Divisions, units and rules of today; of persons it knows nothing. */
export async function registerToday(sql: Sql, zone: string): Promise<Register> {
  return registerAt(await openDocs(sql), dayIn(zone, new Date().toISOString()), zone);
}

/**
 * The post as a registrar in which somebody imports; without a person, that of the only registrar of the deployment.
 * @throws StartFault
 */
export async function registrarOf(seeded: Seeded, sql: Sql, person: string | undefined): Promise<Bearer> {
  if (person !== undefined) {
    const posts = [...(seeded.person(person)?.appointments ?? []), ...(await postsOf(sql, person))];
    const post = posts.find(isRegistrar);
    if (!post) throw new StartFault(`${person} is no registrar.`);
    return { person, unit: post.unit, role: 'registrar' };
  }
  const [one, ...others] = seeded.persons.flatMap(({ id, appointments }) =>
    appointments.filter(isRegistrar).map(({ unit }) => ({ person: id, unit, role: 'registrar' as const })),
  );
  if (one && others.length === 0) return one;
  throw new StartFault('There are several registrars, or none: say by --as who imports.');
}

const isRegistrar = ({ role }: Pick<Appointment, 'unit'> & { role: string }): boolean => role === 'registrar';

/**
 * The post in which somebody reads cases; who has several says the role.
 * @throws StartFault
 */
export async function readerOf(seeded: Seeded, sql: Sql, person: string, role?: string): Promise<Bearer> {
  const all = [...(seeded.person(person)?.appointments ?? []), ...(await postsOf(sql, person))];
  const posts = all.flatMap(({ unit, role: held }) => {
    const reads = READERS.find((one) => one === held);
    return reads === undefined || (role !== undefined && reads !== role)
      ? []
      : [{ person, unit, role: reads }];
  });
  const [one, ...others] = posts;
  if (!one)
    throw new StartFault(`${person} has no post that reads cases${role === undefined ? '' : ` as ${role}`}.`);
  if (others.some(({ unit, role: held }) => unit !== one.unit || held !== one.role))
    throw new StartFault(`${person} has several posts: say by --role which it is.`);
  return one;
}
