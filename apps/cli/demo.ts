import { type PastEvent } from '../../libs/contracts/envelope.js';
import { type Figure } from '../../libs/contracts/ledger.js';
import { type Role } from '../../libs/contracts/roles.js';
import { type RegisterProblem } from '../../libs/contracts/intake.js';
import { readMapping } from '../../libs/intake/mapping/mapping-file.js';
import { type Config } from '../../libs/platform/config.js';
import { readSeed } from '../../libs/register/seed.js';
import { Drive, inspector, outcomeOf, registrar } from './demo-case.js';
import { type Tried, variations } from './demo-refusals.js';
import { type Imported, importFile } from './import.js';
import { join, type Joined } from './join.js';

const FILE = 'config/demo/hpd_violations.csv';
const MAPPING = 'config/mappings/hpd-violations.yaml';
const TOKEN_DAYS = 1;
const ABREAST = 8;

/** Registers 100 real housing violations and takes each to what the data says became of it, over HTTP. */
export async function demo(config: Config): Promise<Joined> {
  console.log('Starting Xiaohao …');
  const joined = await join(config);
  console.log(`${joined.own ? 'Running' : 'Joined the one that runs'} at ${joined.url}\n`);

  const cases: Imported<RegisterProblem>[] = [];
  const manifest = await importFile(FILE, await readMapping(MAPPING), await joined.as(registrar), {
    each: (one) => cases.push(one),
  });
  console.log(
    `Imported ${FILE}: ${manifest.rows} rows, ${manifest.registered} registered, ` +
      `${manifest.known} already known, ${manifest.refusedRows} refused.`,
  );
  cases.sort((a, b) => a.row.row - b.row.row);

  const tried: Tried[] = [];
  const driven = await driveAll(cases, joined, tried);
  await report(joined, driven, tried);
  await tokens(joined, config);
  return joined;
}

/** Cases that were driven: one to be shown, and the last of each of those abreast. */
interface Driven {
  shown: Drive;
  last: Drive[];
}

async function driveAll(cases: Imported<RegisterProblem>[], joined: Joined, tried: Tried[]): Promise<Driven> {
  const special = variations(tried);
  const queue = cases.map(({ row, receipt }) => {
    const outcome = outcomeOf(row.raw);
    const fits =
      outcome === 'closed' && row.command.severity !== 'general' && row.command.divisions[0] === 'manhattan';
    return { outcome, drive: new Drive(joined.as, row, receipt, fits ? special.shift() : undefined) };
  });
  const shown = queue.find(({ outcome }) => outcome === 'reopened') ?? queue[0];
  if (!shown) throw new Error(`${FILE} has no rows`);
  const total = queue.length;
  let done = 0;
  const work = async (): Promise<Drive[]> => {
    let last: Drive | undefined;
    for (let next = queue.shift(); next; next = queue.shift()) {
      await next.drive.to(next.outcome);
      last = next.drive;
      done++;
      if (done % 10 === 0 || done === total)
        console.log(`  ${done} of ${total} cases where the data says they are`);
    }
    return last ? [last] : [];
  };
  const last = await Promise.all(Array.from({ length: ABREAST }, work));
  return { shown: shown.drive, last: last.flat() };
}

async function report(joined: Joined, { shown, last }: Driven, tried: Tried[]): Promise<void> {
  const reader = await joined.as(inspector);
  // The ledger goes in the order of the log: it has all as soon as it has what each of those abreast did last.
  for (const { id, receipt } of last) await reader.get(`/api/v1/cases/${id}`, receipt);
  const { figures } = await reader.get<{ figures: Figure[] }>('/api/v1/figures');
  console.log('\nFigures of the ledger (each opens its cases):');
  for (const { name, cases, filter } of figures) {
    const query = new URLSearchParams(filter as Record<string, string>).toString();
    console.log(
      `  ${name.padEnd(15)} ${String(cases).padStart(4)}   GET /api/v1/cases${query && `?${query}`}`,
    );
  }
  console.log('\nSeparation of duties, tried on purpose:');
  if (tried.length === 0) console.log('  tried in the first run; those cases are closed now');
  for (const { who, what, code } of tried) console.log(`  ${code.padEnd(28)} ${what} by ${who}`);
  const { events } = await reader.get<{ events: PastEvent[] }>(`/api/v1/cases/${shown.id}/history?limit=500`);
  console.log(`\nThe whole history of case ${shown.id}:`);
  for (const { revision, recordedAt, type, actor, leaf } of events) {
    const who = `${actor.role} ${actor.name}, ${actor.unitName}`;
    console.log(
      `  ${String(revision).padStart(2)}  ${recordedAt}  ${type.padEnd(24)} ${who}  ${leaf.slice(0, 12)}`,
    );
  }
}

async function tokens({ url, token }: Joined, { SEED }: Config): Promise<void> {
  const { persons } = await readSeed(SEED);
  const seen = new Set<Role>();
  console.log(`\nA token per role, for one day (Authorization: Bearer …) at ${url}/api/docs:`);
  for (const { id: person, appointments } of persons) {
    for (const { unit, role } of appointments) {
      if (seen.has(role)) continue;
      seen.add(role);
      console.log(
        `  ${role.padEnd(14)} ${await token({ person, unit, role }, TOKEN_DAYS)}  ${person} at ${unit}`,
      );
    }
  }
}
