import { type Status } from '../../libs/contracts/status.js';
import { type Register } from '../../libs/contracts/register.js';
import { type DivisionId } from '../../libs/contracts/values.js';
import { difference, writeDeltas } from '../../libs/ledger/deltas.js';
import { type World, whereabouts } from '../../libs/ledger/places.js';
import { ledgerProjection } from '../../libs/ledger/projection.js';
import { type Row } from '../../libs/ledger/row.js';
import { writeTexts } from '../../libs/ledger/search-text.js';
import { type Sql } from '../../libs/platform/sql.js';
import { rowWith } from '../support/ledger-rows.js';

/** Words that stand in so many of the texts: 30 %, 1 % and one in ten thousand. */
export const WORDS = { frequent: '墙体', some: '渗漏', rare: '蚁蛀' };
export const LONG_WORDS = { frequent: '墙体开裂', some: '屋面渗漏', rare: '梁柱蚁蛀' };
/** Of a hundred cases so many are still on their way. */
const OPEN = 4;
/** Rows of one transaction. */
const AT_ONCE = 5000;

const UNDERWAY = ['registered', 'assigned', 'rectifying', 'submitted', 'rectified', 'verified'] as const;
const DAY = 86_400_000;
const day = (n: number): string => new Date(Date.UTC(2024, 0, 1) + n * DAY).toISOString().slice(0, 10);

/** Whatever is asked for comes about as often in a small ledger as in a large one. */
function textOf(n: number): string {
  const rare = n % 10_000 === 7 ? LONG_WORDS.rare : '';
  const some = n % 100 === 3 ? LONG_WORDS.some : '';
  const frequent = n % 10 < 3 ? LONG_WORDS.frequent : '';
  const words = [rare, some, frequent].filter(Boolean).join('，');
  return `农户${n}户的住房${words || '台账与实际不符'}，入户核查时发现，需要在${(n % 28) + 1}日前说明`;
}

/** A made-up row; the same for the same number. */
function rowOf(n: number, places: readonly { division: DivisionId; lead: string }[], world: World): Row {
  // A step that shares no factor with the number of places: neighbours lie far apart.
  const { division, lead } = places[(n * 7919) % places.length] ?? { division: '', lead: '' };
  const open = n % 100 < OPEN;
  const status: Status = open ? (UNDERWAY[n % UNDERWAY.length] ?? 'registered') : 'closed';
  const on = day(n % 900);
  const whole: Row = {
    ...rowWith(n),
    ...{ status, open, divisions: [division], leads: [lead], heldBy: open ? [lead] : [], finder: lead },
    ...{ caseNumber: `问2026-${n}`, description: textOf(n), foundOn: on, amountFen: (n % 997) * 100_000 },
    ...{ dueOn: day((n % 900) + 60), redFrom: open ? day((n % 900) + 61) : null },
    ...{ categories: [String((n % 9) + 1)], severity: n % 10 === 0 ? 'major' : 'general' },
    ...{ heldSince: `${on}T01:00:00.000Z`, closedAt: open ? null : `${day((n % 900) + 40)}T01:00:00.000Z` },
    closures: open ? 0 : 1,
  };
  return { ...whole, ...whereabouts(whole, world.places) };
}

/** Fills a ledger that is empty; all that belongs to the rows is there. */
export async function fill(
  sql: Sql,
  schema: string,
  count: number,
  register: Register,
  world: World,
): Promise<void> {
  const places = register
    .within(register.roots[0] ?? '')
    .filter((id) => register.division(id)?.level === 'village')
    .map((division) => ({ division, lead: `county-${countyOf(division, register)}` }));
  const { save } = ledgerProjection(schema, world);
  for (let from = 1; from <= count; from += AT_ONCE) {
    const length = Math.min(AT_ONCE, count - from + 1);
    const rows = Array.from({ length }, (_, k) => rowOf(from + k, places, world));
    await sql.begin(async (tx) => {
      await save(tx, rows);
      await writeTexts(tx, schema, rows);
      await writeDeltas(
        tx,
        schema,
        rows.map((row) => difference(undefined, row, row.foundOn ?? day(0))),
      );
    });
  }
  await sql.unsafe(`vacuum (analyze) ${schema}.cases; `);
  await sql.unsafe(`vacuum (analyze) ${schema}.search`);
  await sql.unsafe(`vacuum (analyze) ${schema}.totals`);
}

function countyOf(division: DivisionId, register: Register): DivisionId {
  let at = register.division(division);
  while (at && at.level !== 'county') at = register.division(at.parent ?? '');
  return at?.id ?? '';
}
