import { type RegisterProblem } from '../../libs/contracts/intake.js';
import { readMapping } from '../../libs/intake/mapping/mapping-file.js';
import { type Config } from '../../libs/platform/config.js';
import { Drive, inspector, outcomeOf, registrar } from './demo-case.js';
import { variations } from './demo-refusals.js';
import { type Imported, importFile } from './import.js';
import { join, type Joined } from './join.js';
import { progress } from './progress.js';
import { type Page, toned } from './showing/page.js';
import { type Tried } from './showing/tale.js';
import { show } from './showing/showing.js';

const FILE = 'config/demo/hpd_violations.csv';
const MAPPING = 'config/mappings/hpd-violations.yaml';
const ABREAST = 8;

/** Registers 100 real housing violations, takes each to what the data says became of it, and shows them, over HTTP. */
export async function demo(config: Config, page: Page): Promise<Joined> {
  page.head('Starting Xiaohao …');
  const joined = await join(config);
  page.head(`${joined.own ? 'Running' : 'Joined the one that runs'} at `, toned('cool', joined.url));

  const cases: Imported<RegisterProblem>[] = [];
  const manifest = await importFile(FILE, await readMapping(MAPPING), await joined.as(registrar), {
    each: (one) => cases.push(one),
  });
  page.head(
    `Imported ${FILE}: ${manifest.rows} rows, ${manifest.registered} registered, ` +
      `${manifest.known} already known, ${manifest.refusedRows} refused.`,
  );
  cases.sort((a, b) => a.row.row - b.row.row);

  const tried: Tried[] = [];
  const { shown, last } = await driveAll(cases, joined, tried);
  page.head(`${cases.length} cases taken to where the data says they are.`);
  const reader = await joined.as(inspector);
  // The ledger goes in the order of the log: it has all as soon as it has what each of those abreast did last.
  for (const { id, receipt } of last) await reader.get(`/api/v1/cases/${id}`, receipt);
  await show(page, joined, config, {
    ...{ inspector, registrar, tried, told: shown.id },
    worker: { person: 'brooklyn-handler', unit: 'brooklyn-office', role: 'handler' },
    filter: { status: 'rectifying' },
    search: 'paint',
    goesOut: {},
  });
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
  const driven = progress('cases');
  let done = 0;
  const work = async (): Promise<Drive[]> => {
    let last: Drive | undefined;
    for (let next = queue.shift(); next; next = queue.shift()) {
      await next.drive.to(next.outcome);
      last = next.drive;
      driven(++done, total);
    }
    return last ? [last] : [];
  };
  const last = await Promise.all(Array.from({ length: ABREAST }, work));
  return { shown: shown.drive, last: last.flat() };
}
