import { zhCN } from '../../../libs/contracts/messages/zh-CN.js';
import { type Role } from '../../../libs/contracts/roles.js';
import { readSeed } from '../../../libs/register/seed/seed.js';
import { type Line, toned } from './page.js';
import { type Showing } from './tale.js';

const DAYS = 1;

/** A token of the first person of each role, for whoever wants to go on by hand. */
export async function showTokens({ page, joined, config, words }: Showing): Promise<void> {
  const { persons } = (await readSeed(config.SEED)).file;
  const seen = new Set<Role>();
  const rows: Line[] = [];
  for (const { id: person, appointments } of persons)
    for (const { unit, role } of appointments) {
      if (seen.has(role)) continue;
      seen.add(role);
      const token = await joined.token({ person, unit, role }, DAYS);
      const who = `${words.persons([person])}（${words.units([unit])}）`;
      rows.push([zhCN.roles[role], role, toned('cool', token), who]);
    }
  page.part('令牌', `A token per role, for one day (Authorization: Bearer …) at ${joined.url}/api/docs`);
  page.table(rows);
}
