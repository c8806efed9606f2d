import { type Status } from '../../libs/contracts/status.js';
import { type Register } from '../../libs/contracts/register.js';
import { type DivisionId } from '../../libs/contracts/values.js';
import { NAMES, quoted } from '../../libs/ledger/rows/columns.js';
import { writeDeltas } from '../../libs/ledger/rows/deltas.js';
import { type World, whereabouts } from '../../libs/ledger/rows/places.js';
import { ledgerProjection } from '../../libs/ledger/rows/projection.js';
import { type Row } from '../../libs/ledger/rows/row.js';
import { TEXT_NAMES, writeTexts } from '../../libs/ledger/rows/search-text.js';
import { type Sql } from '../../libs/platform/sql.js';
import { rowWith } from '../support/ledger-rows.js';

/** Words that stand in so many of the texts: 30 %, 1 % and one in ten thousand. */
export const WORDS = { frequent: '墙体', some: '渗漏', rare: '蚁蛀' };
export const LONG_WORDS = { frequent: '墙体开裂', some: '屋面渗漏', rare: '梁柱蚁蛀' };
/** Of a hundred cases so many are still on their way. */
const OPEN = 4;
/** So many rows are worked out; a ledger of more has each of them several times, under other numbers. */
const MADE = 10_000;
/** Rows of one transaction. */
const AT_ONCE = 5000;
/** Far behind what a log gives out that has only a register in it. */
const BEFORE = 10_000_000;

const UNDERWAY = ['registered', 'assigned', 'rectifying', 'submitted', 'rectified', 'verified'] as const;
const DAY = 86_400_000;

/** Whatever is asked for comes about as often in a small ledger as in a large one. */
function textOf(n: number): string {
  const rare = n % 10_000 === 7 ? LONG_WORDS.rare : '';
  const some = n % 100 === 3 ? LONG_WORDS.some : '';
  const frequent = n % 10 < 3 ? LONG_WORDS.frequent : '';
  const words = [rare, some, frequent].filter(Boolean).join('，');
  return `农户${n}户的住房${words || '台账与实际不符'}，入户核查时发现，需要在${(n % 28) + 1}日前说明`;
}

/** Where and as of when rows are made up. */
interface Scene {
  places: readonly { division: DivisionId; lead: string }[];
  world: World;
  /** So many days ago, as a day. */
  ago: (days: number) => string;
}

/** A made-up row; the same for the same number. */
function rowOf(n: number, { places, world, ago }: Scene): Row {
  // A step that shares no factor with the number of places: neighbours lie far apart.
  const { division, lead } = places[(n * 7919) % places.length] ?? { division: '', lead: '' };
  const open = n % 100 < OPEN;
  const hundreds = Math.floor(n / 100);
  const status: Status = open ? (UNDERWAY[hundreds % UNDERWAY.length] ?? 'registered') : 'closed';
  // What is open has been found lately, and half of it is late.
  const age = open ? 1 + ((hundreds * 37) % 120) : 1 + (n % 900);
  const due = ago(age - 60);
  const whole: Row = {
    ...rowWith(n),
    ...{ seq: BEFORE + n, tickOn: null },
    ...{ status, open, divisions: [division], leads: [lead], heldBy: open ? [lead] : [], finder: lead },
    ...{
      caseNumber: `问2026-${n}`,
      description: textOf(n),
      foundOn: ago(age),
      amountFen: (n % 997) * 100_000,
    },
    ...{ dueOn: due, redFrom: open ? due : null, yellowFrom: open ? ago(age - 50) : null },
    ...{ categories: [String((n % 9) + 1)], severity: n % 10 === 0 ? 'major' : 'general' },
    ...{ heldSince: `${ago(age)}T01:00:00.000Z`, closedAt: open ? null : `${ago(age / 2)}T01:00:00.000Z` },
    closures: open ? 0 : 1,
    ...{ flags: n % 1000 === 1 ? ['atRisk'] : [], openInstructions: n % 1000 === 3 ? 1 : 0 },
    ...{ reopened: n % 500 === 2 ? 1 : 0, completedOn: n % 500 === 0 ? ago(age) : null },
    ...(n % 2500 === 50 && { lookBack: 'failed', lookBackAnswerBy: ago(-7) }),
  };
  return { ...whole, ...whereabouts(whole, world.places) };
}

/**
 * Fills a ledger that is empty, with all that belongs to its rows, and before it has its indexes.
 * @param count a multiple of ten thousand, or less than that
 */
export async function fill(
  sql: Sql,
  schema: string,
  count: number,
  register: Register,
  world: World,
): Promise<void> {
  const made = Math.min(count, MADE);
  if (count % made !== 0) throw new Error(`a ledger has a multiple of ${MADE} cases, or fewer`);
  const places = register
    .within(register.roots[0] ?? '')
    .filter((id) => register.division(id)?.level === 'village')
    .map((division) => ({ division, lead: `county-${countyOf(division, register)}` }));
  const now = Date.parse(register.today);
  const ago = (days: number): string => new Date(now - Math.floor(days) * DAY).toISOString().slice(0, 10);
  const { save } = ledgerProjection(schema, world);
  for (let from = 1; from <= made; from += AT_ONCE) {
    const length = Math.min(AT_ONCE, made - from + 1);
    const rows = Array.from({ length }, (_, k) => rowOf(from + k, { places, world, ago }));
    await sql.begin(async (tx) => {
      await save(tx, rows);
      await writeTexts(tx, schema, rows);
      await writeDeltas(
        tx,
        schema,
        rows.map((row) => ({ before: undefined, after: row, day: row.foundOn ?? register.today })),
      );
    });
  }
  if (count > made) await again(sql, schema, made, count / made);
  for (const table of ['deltas', 'totals'])
    await sql.unsafe(
      `update ${schema}.${table} set ${['cases', 'weight', 'amountFen', 'rectifiedFen']
        .map((sum) => `"${sum}" = "${sum}" * ${count / made}`)
        .join(', ')}`,
    );
  for (const table of ['cases', 'search', 'totals', 'whereabouts'])
    await sql.unsafe(`vacuum ${schema}.${table}`);
}

/**
 * The rows that were made, again and again as later ones. They are in no log of the database's, and their keys are sorted
 * when all stand: that takes half the time.
 */
async function again(sql: Sql, schema: string, made: number, times: number): Promise<void> {
  const [cases, search] = [`${schema}.cases`, `${schema}.search`];
  await sql.begin(async (tx) => {
    await tx.unsafe(`
      alter table ${cases} drop constraint cases_pkey, drop constraint cases_seq_key, set unlogged;
      alter table ${search} drop constraint search_pkey, set unlogged;
      create temporary table made on commit drop as select * from ${cases};
      create temporary table texts on commit drop as
        select s.*, m."caseNumber" as number from ${search} s join made m on m.id = s."caseId"`);
    for (let n = 1; n < times; n++) {
      const id = (of: string): string =>
        `('00000000-0000-4000-8000-' || lpad((right(${of}::text, 12)::bigint + ${n * made})::text, 12, '0'))::uuid`;
      const changed: Readonly<Record<string, string>> = {
        ...{ id: id('id'), seq: `seq + ${n * made}`, caseNumber: `"caseNumber" || '-${n}'` },
        // The number begins the text; its last digits are a pair, or none.
        ...{ caseId: id('"caseId"'), atSeq: `"atSeq" + ${n * made}` },
        said: `number || '-${n}' || substr(said, length(number) + 1)`,
        grams: n < 10 ? 'grams' : `array_append(array_remove(grams, '${n}'), '${n}')`,
      };
      const copied = (table: string, from: string, names: readonly string[], order: string): string =>
        `insert into ${table} (${names.map(quoted).join(', ')})
         select ${names.map((name) => changed[name] ?? quoted(name)).join(', ')} from ${from} order by ${order};`;
      await tx.unsafe(copied(cases, 'made', NAMES, 'seq') + copied(search, 'texts', TEXT_NAMES, '"atSeq"'));
    }
    await tx.unsafe(`
      alter table ${cases} add primary key (id), add unique (seq);
      alter table ${search} add primary key ("caseId")`);
  });
}

function countyOf(division: DivisionId, register: Register): DivisionId {
  let at = register.division(division);
  while (at && at.level !== 'county') at = register.division(at.parent ?? '');
  return at?.id ?? '';
}
