import { addDays } from '../../calendar/working-days.js';
import { RECTIFICATION_TYPES, SEVERITIES, SUBSTANTIATIONS, VISIBILITIES } from '../../contracts/intake.js';
import { type LedgerFilter } from '../../contracts/ledger.js';
import { type Register } from '../../contracts/register.js';
import { invalid } from '../../contracts/refusal.js';
import { REOPENABLE } from '../../contracts/status.js';
import { STATUSES } from '../../contracts/status.js';
import { type Day, type DivisionId, isDay, isId } from '../../contracts/values.js';
import { type Fragment, type Sql } from '../../platform/sql.js';
import { COLUMNS, SHOWN_NAMES } from '../rows/columns.js';
import { inDivision } from '../rows/places.js';

/**
 * How a column is asked for:
 * word    one of several values, with commas: `status=rectifying,submitted`
 * words   a list that has one of several: `categories=4,7`
 * text    a text that has this in it: `description=漏水`
 * number  a whole number, or from and to: `amountFen=100000..`, `round=2`
 * day     a day, or from and to: `dueOn=..2026-03-31`
 * instant the same, of days in the deployment's zone
 * flag    `true` or `false`
 * All but flags are also asked whether they hold anything at all: `is:filled`, `is:empty`.
 */
export type Kind = 'word' | 'words' | 'text' | 'number' | 'day' | 'instant' | 'flag';

const DAYS = [
  ...(['foundOn', 'occurredFrom', 'occurredTo', 'sourceDueOn', 'knownSince', 'statedClosedOn'] as const),
  ...(['statedDueOn', 'dueOn', 'suspendedUntil', 'reviewBy', 'completedOn', 'notice', 'holdUntil'] as const),
  ...(['lookBackAnswerBy', 'blueFrom', 'yellowFrom', 'redFrom'] as const),
] as const;
const INSTANTS = ['verifiedAt', 'closedAt', 'endedAt', 'heldSince', 'registeredAt', 'changedAt'] as const;
const TEXTS = [
  ...(['sourceDocument', 'caseNumber', 'intakeNumber', 'foundBy', 'address', 'description'] as const),
  ...(['taskText', 'basis', 'fundDocument', 'principal', 'frame', 'batch', 'remark', 'statedUnit'] as const),
  ...(['statedClosureNumber', 'requirement', 'letter', 'progress', 'pending', 'measures'] as const),
  ...(['doneStandard', 'closureNumber', 'endedBy'] as const),
] as const;

function kindOf(name: string, type: string): Kind | undefined {
  const of = (names: readonly string[]): boolean => names.includes(name);
  if (of(DAYS)) return 'day';
  if (of(INSTANTS)) return 'instant';
  if (of(TEXTS)) return 'text';
  if (type.startsWith('text[]')) return 'words';
  if (/^(?:int|bigint)/.test(type)) return 'number';
  if (type.startsWith('boolean')) return 'flag';
  return type.startsWith('json') ? undefined : 'word';
}

/** Every column that is shown, but for those that hold more than values. */
export const FILTERS: ReadonlyMap<string, Kind> = new Map(
  SHOWN_NAMES.flatMap((name) => {
    const kind = kindOf(name, COLUMNS[name]);
    return kind === undefined ? [] : [[name, kind] as const];
  }),
);

export const LIGHTS = ['red', 'yellow', 'blue', 'green', 'grey'];
/** Of columns that hold one of a few words. */
const ONE_OF: Readonly<Record<string, readonly string[]>> = {
  status: Object.keys(STATUSES),
  severity: SEVERITIES,
  rectificationType: RECTIFICATION_TYPES,
  visibility: VISIBILITIES,
  substantiation: SUBSTANTIATIONS,
};
const LONGEST = 2000;
const MOST = 200;

/** Days that nothing is held for. */
const AGES = 100_000;

/** What filters are read with. */
export interface Reading {
  sql: Sql;
  register: Register;
  today: Day;
  /** How it is said whom a case concerns, where it is said otherwise. */
  reaching?: Reaching;
}

/** That a case concerns one of these. */
export type Reaching = (sql: Sql, elements: readonly string[]) => Fragment;
export const reachingOne: Reaching = (sql, elements) => sql`reach && ${[...elements]}`;

/** Filters that are no column, and what they ask. */
const OTHERS: Readonly<Record<string, (value: string, reading: Reading) => Fragment>> = {
  /** In one of these divisions, or in what lies in them. */
  division: (value, { sql, reaching = reachingOne }) => reaching(sql, ids('division', value).map(inDivision)),
  /** The first of its categories, under which figures count it. */
  category: (value, { sql }) => sql`categories[1] = any (${list('category', value)})`,
  /** One of these units leads, or what they carry on did. */
  lead: (value, { sql, register }) =>
    sql`leads && ${ids('lead', value).flatMap((unit) => [...register.carried(unit)])}`,
  /** In whose hands it lies. */
  holder: (value, { sql, register }) =>
    sql`"heldBy" && ${ids('holder', value).flatMap((unit) => [...register.carried(unit)])}`,
  /** One of these units has a part of it. */
  part: (value, { sql, register }) => {
    const units = ids('part', value).flatMap((unit) => [...register.carried(unit)]);
    return sql`"partUnits"::jsonb @> any (${units.map((unit) => JSON.stringify([{ unit }]))}::text[]::jsonb[])`;
  },
  light: (value, reading) =>
    any(
      reading.sql,
      list('light', value, LIGHTS).map((one) => lit(one, reading)),
    ),
  /** So many days in the present hands, counted in full days. */
  heldDays: (value, { sql, today }) => {
    const [from, to] = range('heldDays', value, wholeOf);
    const day = (days: number): Day => addDays(today, -Math.max(-AGES, Math.min(AGES, days)));
    // An instant is no less than its own day and less than the next one, as texts are: to cut a day out of every row costs more.
    const begun = from === undefined ? sql`true` : sql`"heldSince" < ${addDays(day(from), 1)}`;
    const lasts = to === undefined ? sql`true` : sql`"heldSince" >= ${day(to)}`;
    return sql`${begun} and ${lasts}`;
  },
  /** All is done of it that the province asks: struck off, or waiting for its source only. */
  completed: (value, { sql }) => {
    const done = sql`("closedAt" is not null or flags && array['awaitingRecognition'])`;
    return flagOf('completed', value) ? done : sql`not ${done}`;
  },
  /** It could be taken up again, or was. */
  ended: (value, { sql }) => {
    const ended = sql`(status = any (${[...REOPENABLE]}) or reopened > 0)`;
    return flagOf('ended', value) ? ended : sql`not ${ended}`;
  },
};

/** The divisions that a filter names. @throws Refusal input/invalid */
export const divisionsIn = ({ division }: LedgerFilter): DivisionId[] | undefined =>
  division === undefined ? undefined : ids('division', division);

export const OTHER_FILTERS = Object.keys(OTHERS);
export const isFilter = (name: string): boolean => FILTERS.has(name) || Object.hasOwn(OTHERS, name);

/** The conditions of a filter, all of which must hold. @throws Refusal input/invalid, naming the field */
export function conditionsOf(filter: LedgerFilter, reading: Reading): Fragment[] {
  return Object.entries(filter).map(([name, value]) => {
    if (value.length > LONGEST) return invalid(name, 'maxLength', `${name} is longer than ${LONGEST}`);
    const kind = FILTERS.get(name);
    if (kind !== undefined) return conditionOf(name, kind, value, reading);
    const other = Object.hasOwn(OTHERS, name) ? OTHERS[name] : undefined;
    return other ? other(value, reading) : invalid(name, 'unknown', `${name} is no filter`);
  });
}

function conditionOf(name: string, kind: Kind, value: string, { sql, register }: Reading): Fragment {
  const column = sql(name);
  if (value === 'is:filled' || value === 'is:empty') {
    const empty = kind === 'words' ? sql`${column} = '{}'` : sql`${column} is null`;
    return value === 'is:empty' ? empty : sql`not (${empty})`;
  }
  switch (kind) {
    case 'word': {
      const words = list(name, value, ONE_OF[name]);
      const [first = '', ...others] = words;
      // One is compared in half the time of a list of one.
      return others.length === 0 ? sql`${column}::text = ${first}` : sql`${column}::text = any (${words})`;
    }
    case 'words':
      return sql`${column} && ${list(name, value)}`;
    case 'text':
      return sql`${column} like ${containing(value)}`;
    case 'flag':
      // As an index with a condition wants it.
      return flagOf(name, value) ? sql`${column}` : sql`not ${column}`;
    case 'number':
      return within(sql, column, range(name, value, wholeOf));
    case 'day':
      return within(sql, column, range(name, value, dayOf));
    case 'instant': {
      const [from, to] = range(name, value, dayOf);
      const begins = (day: Day, later: number): Fragment =>
        sql`to_char(((${day}::text::date + ${later}::int)::timestamp at time zone ${register.zone}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
      const conditions = [
        from === undefined ? sql`true` : sql`${column} >= ${begins(from, 0)}`,
        to === undefined ? sql`true` : sql`${column} < ${begins(to, 1)}`,
      ] as const;
      return sql`(${conditions[0]} and ${conditions[1]})`;
    }
  }
}

/** One bound there is; what is empty is neither above nor below any. */
function within(sql: Sql, column: unknown, [from, to]: Range<string | number>): Fragment {
  const name = column as Fragment;
  if (from === undefined) return sql`${name} <= ${to ?? ''}`;
  return to === undefined ? sql`${name} >= ${from}` : sql`(${name} >= ${from} and ${name} <= ${to})`;
}

/** What a light shows on a day, of a case that is on its way: the same as `lightOf`. */
function lit(light: string, { sql, today }: Reading): Fragment {
  const red = sql`coalesce("redFrom" <= ${today}, false)`;
  const yellow = sql`coalesce("yellowFrom" <= ${today}, false)`;
  const blue = sql`coalesce("blueFrom" <= ${today}, false)`;
  const grey = sql`("redFrom" is null and flags && array['suspended'])`;
  const own = {
    red,
    yellow: sql`not ${red} and ${yellow}`,
    blue: sql`not ${red} and not ${yellow} and ${blue}`,
    grey,
    green: sql`not ${red} and not ${yellow} and not ${blue} and not ${grey}`,
  }[light];
  return sql`(open and ${own ?? sql`false`})`;
}

const any = (sql: Sql, conditions: readonly Fragment[]): Fragment =>
  conditions.reduce((all, one) => sql`(${all} or ${one})`, sql`false`);

/** A text as a pattern that finds it anywhere, whatever signs it has. */
export const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

type Range<T> = [from: T | undefined, to: T | undefined];

function range<T>(name: string, value: string, read: (name: string, text: string) => T): Range<T> {
  const [from = '', to, ...more] = value.split('..');
  if (more.length > 0 || (from === '' && (to ?? '') === ''))
    invalid(name, 'range', `${name} is a value, or two with .. between them`);
  const least = from === '' ? undefined : read(name, from);
  if (to === undefined) return [least, least];
  return [least, to === '' ? undefined : read(name, to)];
}

function wholeOf(name: string, text: string): number {
  const number = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? number : invalid(name, 'isInt', `${name} must be a whole number`);
}

const dayOf = (name: string, text: string): Day =>
  isDay(text) ? text : invalid(name, 'isDay', `${name} must be a day, such as 2026-03-31`);

function flagOf(name: string, value: string): boolean {
  if (value !== 'true' && value !== 'false') invalid(name, 'isBoolean', `${name} must be true or false`);
  return value === 'true';
}

/** Values with commas. @throws Refusal input/invalid */
export function list(name: string, value: string, among?: readonly string[]): string[] {
  const values = value.split(',').map((one) => one.trim());
  if (values.length > MOST) invalid(name, 'arrayMaxSize', `${name} has more than ${MOST} values`);
  if (values.some((one) => one === '')) invalid(name, 'isNotEmpty', `${name} has an empty value`);
  const strange = among && values.find((one) => !among.includes(one));
  if (strange !== undefined) invalid(name, 'isIn', `${name} must be of ${among?.join(', ') ?? ''}`);
  return values;
}

function ids(name: string, value: string): string[] {
  const values = list(name, value);
  if (!values.every(isId)) invalid(name, 'isId', `${name} is no id, or several with commas`);
  return values;
}
