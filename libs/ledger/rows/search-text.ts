import { type Beside } from '../../eventing/project.js';
import { type Tx } from '../../platform/sql.js';
import { BETWEEN, recordWriter } from '../../platform/record-text.js';
import { type Uuid } from '../../contracts/values.js';
import { type Row, touching } from './row.js';
import { PLACE } from './whereabouts.js';

/** What people look for, which hardly changes once a case is registered: each change costs a hundred entries of an index. Sealed texts are not among it: names are found by their blind index, exactly. */
const SOUGHT = [
  ...(['caseNumber', 'intakeNumber', 'sourceDocument', 'batch'] as const),
  ...(['description', 'taskText', 'address', 'foundBy', 'principal'] as const),
  ...(['basis', 'fundDocument', 'statedUnit', 'remark'] as const),
] as const satisfies readonly (keyof Row)[];

/** A case as it is found: in a table of its own, as an index over texts would cost every write of the row. */
interface Sought {
  caseId: Uuid;
  atSeq: number;
  said: string;
  /** As PostgreSQL writes a list: letters and digits stand in it as they are. */
  grams: string;
  /** Whom it concerns, as its row has it: what is said of many is found within a county. */
  reach: string[];
  /** Where it is counted, as its row has it. */
  place: string | null;
}

/** Width and case make no difference. */
export const plain = (text: string): string => text.normalize('NFKC').toLowerCase();

/** Pairs of neighbouring letters or digits of a plain text, each once: two characters are enough to find a word. */
export function gramsOf(text: string): string[] {
  const grams = new Set<string>();
  let before: number | undefined;
  for (let at = 0, after; at < text.length; at = after) {
    const code = text.codePointAt(at) ?? 0;
    after = at + (code < BASIC ? 1 : 2);
    const is = isLetter(code);
    if (is && before !== undefined) grams.add(text.slice(before, after));
    before = is ? at : undefined;
  }
  return [...grams];
}

const LETTER = /[\p{L}\p{N}]/u;
/** So many codes has the basic plane, in which nearly all is. */
const BASIC = 0x10000;
/** Of each: 1 what is a letter or digit, 2 what is none, 0 what nobody has asked for. */
const KINDS = new Uint8Array(BASIC);

const isLetter = (code: number): boolean =>
  code < BASIC ? (KINDS[code] ||= kindOf(code)) === 1 : kindOf(code) === 1;
const kindOf = (code: number): number => (LETTER.test(String.fromCodePoint(code)) ? 1 : 2);

const isSought = touching(SOUGHT);

type Saying = Pick<Row, 'id' | 'seq' | 'reach' | 'place' | (typeof SOUGHT)[number]>;

function soughtOf(row: Saying): Sought {
  const texts = SOUGHT.map((name) => row[name]).filter((text) => text !== null);
  const said = plain(texts.join('\n'));
  return {
    caseId: row.id,
    atSeq: row.seq,
    said,
    grams: `{${gramsOf(said).join()}}`,
    reach: row.reach,
    place: row.place,
  };
}

const COLUMNS: { [C in keyof Sought]: string } = {
  caseId: 'uuid primary key',
  atSeq: 'bigint not null',
  said: 'text not null',
  grams: 'text[] not null',
  reach: 'text[] not null',
  place: 'text',
};
export const TEXT_NAMES = Object.keys(COLUMNS);
const NAMES = TEXT_NAMES.map((name) => `"${name}"`);
const textOf = recordWriter<Sought>({ ...COLUMNS, grams: 'text' });

export const searchTable = (schema: string): string => `
  create table if not exists ${schema}.search
    (${Object.entries(COLUMNS)
      .map(([name, type]) => `"${name}" ${type}`)
      .join(', ')});
  alter table ${schema}.search alter grams set statistics 2000;`;

/** By name. */
export const SEARCH_INDEXES = {
  search_grams: 'search using gin (grams, reach)',
  search_seq: `search ("atSeq", (${PLACE}))`,
} as const;

/** Rows in one statement. */
const STATEMENT = 500;

/** What rows say, as it is looked for. */
export const writeTexts = (tx: Tx, schema: string, rows: readonly Saying[]): Promise<void> =>
  writeSought(tx, schema, rows.map(soughtOf));

async function writeSought(tx: Tx, schema: string, sought: readonly Sought[]): Promise<void> {
  const insert = `insert into ${schema}.search (${NAMES.join(', ')})
    select ${NAMES.map((name) => `(s.written).${name}`).join(', ')}
    from (select t::${schema}.search as written from unnest(string_to_array($1, E'\\x1e')) t offset 0) s
    on conflict ("caseId") do update
      set said = excluded.said, grams = excluded.grams, reach = excluded.reach, place = excluded.place`;
  for (let from = 0; from < sought.length; from += STATEMENT) {
    const texts = sought.slice(from, from + STATEMENT).map(textOf);
    await tx.unsafe(insert, [texts.join(BETWEEN)], { prepare: true });
  }
}

type Whereabouts = Pick<Row, 'id' | 'reach' | 'place'>;

/** Whom rows concern, and where they lie, where that and nothing else has changed of what is looked for. */
export async function writeReach(tx: Tx, schema: string, rows: readonly Whereabouts[]): Promise<void> {
  if (rows.length === 0) return;
  const all = JSON.stringify(rows.map(({ id, reach, place }) => ({ id, reach, place })));
  await tx`
    update ${tx(schema)}.search s set reach = n.reach, place = n.place
    from json_to_recordset(${all}::text::json) n(id uuid, reach text[], place text) where s."caseId" = n.id`;
}

/** What is written: all of a case, or whom it concerns alone. */
interface Noted {
  texts: Map<Uuid, Sought>;
  reach: Map<Uuid, Whereabouts>;
}

/** Written only where what people look for has changed, or among whom they do. */
export const searchTexts = (schema: string): Beside<Noted, Row> => ({
  nothing: () => ({ texts: new Map(), reach: new Map() }),
  note: ({ texts, reach }, _, moved) => {
    if (!moved) return;
    const { before, change } = moved;
    if (before && !isSought(change)) {
      const { reach: among, place = before.place } = change;
      if (among === undefined || (place === before.place && among.join() === before.reach.join())) return;
      const [{ id }, sought] = [before, texts.get(before.id)];
      if (sought) texts.set(id, { ...sought, reach: among, place });
      else reach.set(id, { id, reach: among, place });
      return;
    }
    // Where it begins the change is all of the row; copying it takes longer than what is read of it.
    const sought = soughtOf((before ? { ...before, ...change } : change) as Row);
    texts.set(sought.caseId, sought);
    reach.delete(sought.caseId);
  },
  write: async (tx, { texts, reach }) => {
    await writeSought(tx, schema, [...texts.values()]);
    await writeReach(tx, schema, [...reach.values()]);
  },
});
