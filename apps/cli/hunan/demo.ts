import { dayIn } from '../../../libs/calendar/working-days.js';
import { type LedgerRow } from '../../../libs/contracts/ledger.js';
import { type Config } from '../../../libs/platform/config.js';
import { readSeed, type Seeded } from '../../../libs/register/seed/seed.js';
import { type Api } from '../api.js';
import { join, type Joined } from '../join.js';
import { type Page, toned } from '../showing/page.js';
import { show } from '../showing/showing.js';
import { Places } from './places.js';
import { type Problem, problemsOf } from './problems.js';
import { hasSettled, isPlayed, showSet } from './report.js';
import { beginning, type Deed, ROADS, type StageName, STAGES } from './roads.js';
import { type Story, Walk } from './walk.js';

const TEXT = 'xiaohao/hunan/300';
/** Cases of the set; those that splits make of some are among them. */
const CASES = 300;
const SPLIT_OFF = 12;
const ABREAST = 8;
const DAY_MS = 86_400_000;
/** Of the day on which a stage is played: ten in the morning there. */
const MORNING = 'T02:00:00.000Z';

/** Whose people see and decide for the whole province. */
const PROVINCE = 'province-430000';
const SEED = 'config/hunan/demo.yaml';

/** The demo of a province: 300 made-up problems in every status, over HTTP, by the made-up people of its seed. */
export async function demoHunan(config: Config, page: Page): Promise<Joined> {
  const began = Date.now();
  page.head('Starting Xiaohao with the divisions of Hunan …');
  const joined = await join(Object.assign(config, { SEED }));
  page.head(`${joined.own ? 'Running' : 'Joined the one that runs'} at `, toned('cool', joined.url));
  const started = Date.now();

  const seeded = await readSeed(SEED);
  const places = new Places(seeded);
  const inspector = places.bearer(PROVINCE, 'inspector');
  const reader = await joined.as(inspector);
  const { walks, story, settle } = await prepared(joined, seeded, places, reader);
  const [first] = walks;
  if (!first) throw new Error('the set is empty');
  if (await isPlayed(reader, walks)) {
    await playAll(walks, ({ outcome }) => [beginning(outcome)]);
    await settle('later');
  } else {
    for (const stage of Object.keys(STAGES) as StageName[]) {
      page.head(
        `${await playAll(walks, ({ outcome }) => ROADS[outcome][stage])} cases carried on (${stage})`,
      );
      await settle(stage);
    }
  }
  const seconds = (from: number, to: number): string => ((to - from) / 1000).toFixed(0);
  const known = walks.filter(({ fresh }) => !fresh).length;
  page.head(`${walks.length} problems: ${walks.length - known} registered, ${known} already known.`);
  page.head(`It took ${seconds(began, started)} s to start and ${seconds(started, Date.now())} s to play.`);
  await showSet(page, reader);
  await show(page, joined, config, {
    ...{ inspector, tried: story.tried },
    registrar: places.bearer(PROVINCE, 'registrar'),
    worker: places.bearer(PROVINCE, 'approver'),
    filter: { status: 'rectifying', light: 'red,yellow' },
    search: '渗漏',
    // What was split off weighs less than a problem that was found, and is registered by its parent only.
    goesOut: { weight: '1000' },
    told: walks.find(({ problem }) => problem.outcome === 'false-rectification')?.id ?? first.id,
  });
  return joined;
}

interface Prepared {
  walks: Walk[];
  story: Story;
  /** Waits until all that follows of a stage has followed, and moves the time on to the next. */
  settle: (stage: StageName) => Promise<void>;
}

async function prepared(joined: Joined, seeded: Seeded, places: Places, reader: Api): Promise<Prepared> {
  let begin = '';
  let offset = 0;
  const after = (days: number): string => dayAfter(begin, offset + days);
  const targets: Walk[] = [];
  const story: Story = {
    ...{ places, after, tried: [] },
    speak: joined.as,
    today: () => after(0),
    target: (n) => targets[n % targets.length]?.id ?? '',
  };
  const walks = problemsOf(TEXT, CASES - SPLIT_OFF, places).map((problem) => new Walk(story, problem));
  const takesUp = ({ outcome, body }: Problem): boolean =>
    outcome === 'overdue' && body.severity === 'serious' && body.categories.join() === '4';
  targets.push(...walks.filter(({ problem }) => takesUp(problem)));
  const tries = walks.find(
    ({ lead, problem: { body, leads } }) =>
      lead === 'county-430121' &&
      leads.length === 1 &&
      body.severity === 'serious' &&
      body.source.code !== 'SC',
  );
  if (tries) tries.tries = true;

  // The day on which the set began is that of its first case, also when it is played again.
  const [one] = walks;
  await one?.begin();
  const { registeredAt } = await reader.get<LedgerRow>(`/api/v1/cases/${one?.id ?? ''}`, one?.receipt);
  begin = dayIn(seeded.zone, registeredAt);

  const operator = await joined.as(places.bearer(PROVINCE, 'system-admin'));
  const settle = async (stage: StageName): Promise<void> => {
    const stages = Object.keys(STAGES) as StageName[];
    const next = stages[stages.indexOf(stage) + 1];
    await hasSettled(reader, walks, after(0), stage === 'last' ? CASES : undefined);
    if (next === undefined || STAGES[next] === offset) return;
    offset = STAGES[next];
    const to = `${after(0)}${MORNING}`;
    const { now } = await operator.get<{ now: string }>('/api/v1/clock');
    if (now < to) await operator.moveClock(to);
    console.log(`Day ${offset} of the story: ${after(0)}`);
    await hasSettled(reader, walks, after(0));
  };
  return { walks, story, settle };
}

/** @returns how many there were */
async function playAll(
  walks: readonly Walk[],
  deedsOf: (problem: Problem) => readonly Deed[] | undefined,
): Promise<number> {
  const queue = walks.flatMap((walk) => {
    const deeds = deedsOf(walk.problem);
    return deeds ? [{ walk, deeds }] : [];
  });
  const total = queue.length;
  const play = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) await played(next.walk, next.deeds);
  };
  await Promise.all(Array.from({ length: ABREAST }, play));
  return total;
}

async function played(walk: Walk, deeds: readonly Deed[]): Promise<void> {
  for (const deed of deeds) await deed(walk);
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}
