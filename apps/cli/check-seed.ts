import { SEVERITIES } from '../../libs/contracts/intake.js';
import { type Desk, type Policy, type RouteRule } from '../../libs/contracts/register.js';
import { readSeedFile, type SeedFile } from '../../libs/register/seed/seed-file.js';
import { readSeed } from '../../libs/register/seed/seed.js';

/**
 * What a seed file makes of a deployment, in lines to be read by whoever wrote it.
 * @throws StartFault saying what is wrong, and where
 */
export async function checkSeed(file: string): Promise<string[]> {
  const { policy } = await readSeed(file);
  return [`${file} is sound.`, ...summaryOf(await readSeedFile(file), policy)];
}

function summaryOf({ divisions, units, persons, calendar, zone, demo }: SeedFile, policy: Policy): string[] {
  const levels = new Map(divisions.map(({ id, level }) => [id, level]));
  const { until = 'for good', id, divisions: own = {} } = calendar;
  const posts = persons.flatMap(({ appointments }) => appointments.map(({ role }) => role));
  const { sources, categories, routes } = policy;
  return [
    ['zone', `${zone}${demo === true ? ', a demo' : ''}`],
    ['calendar', `${id}, settled up to ${until}`],
    ...Object.keys(own).map((division) => ['', `${division} has days of its own`]),
    ['divisions', counted(divisions.map(({ level }) => level))],
    ['units', counted(units.map(({ division }) => levels.get(division) ?? ''))],
    ['persons', `${persons.length}, as ${counted(posts)}`],
    ['policy', policy.id],
    ['sources', Object.keys(sources).join(', ')],
    ['categories', Object.keys(categories).join(', ')],
    ['routes', ''],
    ...SEVERITIES.map((severity) => [
      `  ${severity}`,
      stepsOf(
        routes.filter(({ when }) => whatever(when) && (when?.severities ?? [severity]).includes(severity)),
      ),
    ]),
    ...routes
      .filter(({ when }) => !whatever(when))
      .map((rule) => ['  besides', `${conditionOf(rule)}: ${stepsOf([rule])}`]),
  ].map(([what = '', said = '']) => `${what.padEnd(12)}${said}`.trimEnd());
}

/** Whether it depends on the severity at most. */
const whatever = (when: RouteRule['when']): boolean => !when?.categories && !when?.sources && !when?.levels;

const conditionOf = ({ when = {} }: RouteRule): string =>
  Object.entries(when)
    .map(([what, list]) => `${what} ${list.join(', ')}`)
    .join(' and ');

const stepsOf = (rules: readonly RouteRule[]): string =>
  [...new Map(rules.flatMap(({ steps }) => steps.map(({ step, by }) => [step, by])))]
    .map(([step, by]) => `${step} by ${deskName(by)}`)
    .join(', ');

const deskName = (desk: Desk): string => (typeof desk === 'string' ? desk : desk.level);

function counted(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, n]) => `${n} ${name}`).join(', ');
}
