import { LEDGER, SHOWN } from '../../libs/ledger/rows/columns.js';
import { AGEING_FILTERS } from '../../libs/ledger/rows/measures.js';
import { SORTS } from '../../libs/ledger/asking/sorts.js';
import { type Sql } from '../../libs/platform/sql.js';
import { type Asker } from './asker.js';
import { LONG_WORDS, WORDS } from './ledger-rows.js';

/** What is asked of a ledger, and by hand the SQL that answers it for somebody who may see all that the SQL finds. */
export interface Question {
  /** `list`, `search` and so on: what is wanted of all of a kind. */
  kind: string;
  name: string;
  ours: () => Promise<unknown>;
  byHand: () => Promise<unknown>;
}

const DIVISION = '430121';
const LEADER = 'sample-changsha-county-leader';
const HANDLER = 'sample-changsha-county-handler';
const PROVINCE_LEADER = 'sample-province-leader';
const PROVINCE_INSPECTOR = 'sample-province-inspector';
const UNIT = `county-${DIVISION}`;
const PAGE = 50;
const GROUP = 20;

/** Whose questions they are, and what the rows of theirs meet. */
interface Area {
  name: 'county' | 'province';
  person: string;
  /** SQL. */
  near: string;
}

const AREAS: readonly Area[] = [
  { name: 'county', person: LEADER, near: `reach && array['d:${DIVISION}']` },
  { name: 'province', person: PROVINCE_LEADER, near: 'true' },
];

/** Where the next page begins, as a cursor says it. */
type Place = [value: string | number, seq: number];

export async function questionsOf(
  asker: Asker,
  sql: Sql,
  caseId: string,
  today: string,
): Promise<Question[]> {
  const lists: Question[] = [];
  // The asker asks one thing at a time.
  for (const area of AREAS) lists.push(...(await listsOf(asker, sql, area)));
  return [
    ...lists,
    ...AREAS.flatMap((area) => searchesOf(asker, sql, area)),
    ...worklistsOf(asker, sql, today),
    ...AREAS.map((area) => figuresOf(asker, sql, area, today)),
    {
      ...{ kind: 'case page', name: 'case page' },
      ours: () => asker.get(LEADER, `/api/v1/cases/${caseId}`),
      byHand: () =>
        Promise.all([
          sql.unsafe(`select ${SHOWN} from ${LEDGER}.cases where id = $1`, [caseId]),
          sql.unsafe(`select type, data, meta from log.events where stream = $1 order by revision`, [
            `case-${caseId}`,
          ]),
        ]),
    },
  ];
}

async function listsOf(asker: Asker, sql: Sql, { name, person, near }: Area): Promise<Question[]> {
  const page = (where: string, order: string, values: (string | number)[] = []) =>
    sql.unsafe(
      `select ${SHOWN} from ${LEDGER}.cases where ${near} and ${where} order by ${order} limit ${PAGE + 1}`,
      values,
    );
  const three = 'status=closed&severity=major&amountFen=1000000..50000000';
  const threeByHand = `status = 'closed' and severity = 'major' and "amountFen" between 1000000 and 50000000`;
  const { after, at } = await farOn(asker, person);
  const due = SORTS.dueOn.key;
  return [
    {
      ...{ kind: 'list', name: `list by seq, ${name}` },
      ours: () => asker.get(person, '/api/v1/cases'),
      byHand: () => page('true', 'seq desc'),
    },
    // What is under way is not as much in every ledger: its pages are no list of equal size.
    ...Object.entries(SORTS).map(([sort, { key, index }]) => ({
      ...{ kind: index === 'own' ? 'list' : 'list of what is under way', name: `list by ${sort}, ${name}` },
      ours: () => asker.get(person, `/api/v1/cases?sort=${sort}${index === 'own' ? '' : '&open=true'}`),
      byHand: () => page(index === 'own' ? 'true' : 'open', `${key}, seq`),
    })),
    {
      ...{ kind: 'deep page', name: `deep page, ${name}` },
      ours: () => asker.get(person, `/api/v1/cases?sort=-dueOn&after=${after}`),
      byHand: () => page(`(${due}, seq) < ($1, $2::bigint)`, `${due} desc, seq desc`, at),
    },
    {
      ...{ kind: 'three filters', name: `three filters, ${name}` },
      ours: () => asker.get(person, `/api/v1/cases?${three}`),
      byHand: () => page(threeByHand, 'seq desc'),
    },
  ];
}

/** Twenty pages on, or where a small ledger ends before. */
async function farOn(asker: Asker, person: string): Promise<{ after: string; at: Place }> {
  let after = '';
  for (let n = 0; n < 5; n++) {
    const path = `/api/v1/cases?sort=-dueOn&limit=200${after === '' ? '' : `&after=${after}`}`;
    const { next } = JSON.parse(await asker.get(person, path)) as { next?: string };
    if (next === undefined) break;
    after = next;
  }
  if (after === '') {
    const { next } = JSON.parse(await asker.get(person, '/api/v1/cases?sort=-dueOn&limit=1')) as {
      next?: string;
    };
    after = next ?? '';
  }
  const [text = ''] = after.split('.');
  return { after, at: JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Place };
}

function searchesOf(asker: Asker, sql: Sql, { name, person, near }: Area): Question[] {
  const of = (text: string, characters: number, share: string): Question => {
    const grams = Array.from({ length: characters - 1 }, (_, n) => `'${text.slice(n, n + 2)}'`);
    return {
      ...{ kind: 'search', name: `search ${characters} characters in ${share}, ${name}` },
      ours: () => asker.post(person, '/api/v1/cases/search', { text }),
      byHand: () =>
        sql.unsafe(`select ${SHOWN}
          from (select "caseId", "atSeq" from ${LEDGER}.search
            where ${near} and grams @> array[${grams.join(', ')}] and said like '%${text}%') s
          join ${LEDGER}.cases on id = "caseId" order by "atSeq" desc limit ${PAGE + 1}`),
    };
  };
  const shares = [
    ['rare', '0.01 %'],
    ['some', '1 %'],
    ['frequent', '30 %'],
  ] as const;
  return [
    ...shares.map(([word, share]) => of(WORDS[word], 2, share)),
    ...shares.map(([word, share]) => of(LONG_WORDS[word], 4, share)),
  ];
}

function worklistsOf(asker: Asker, sql: Sql, today: string): Question[] {
  const groups = (near: string, lists: [where: string, order: string][]) =>
    Promise.all(
      lists.map(([where, order]) =>
        sql.unsafe(
          `select ${SHOWN}, count(*) over () as total from ${LEDGER}.cases
           where open and ${near} and ${where} order by ${order}, seq limit ${GROUP}`,
        ),
      ),
    );
  const due = SORTS.dueOn.key;
  const soon = new Date(Date.parse(today) + 3 * 86_400_000).toISOString().slice(0, 10);
  const led = `leads && array['${UNIT}']`;
  const inHand = `status = 'rectifying' and ${led}`;
  const inCounty = AREAS[0]?.near ?? '';
  return [
    {
      ...{ kind: 'worklist', name: 'worklists, county handler' },
      ours: () => asker.get(HANDLER, '/api/v1/worklists'),
      byHand: () =>
        groups(inCounty, [
          [`${inHand} and "completedOn" is not null`, due],
          [`${inHand} and "dueOn" <= '${soon}'`, due],
          [`status = 'assigned' and ${led}`, '"heldSince"'],
          [`status = 'rectifying' and "partUnits"::jsonb @> '[{"unit":"${UNIT}"}]'`, due],
          [`status in ('rectifying', 'sustaining') and ${led}`, due],
        ]),
    },
    {
      ...{ kind: 'worklist', name: 'worklists, province leader' },
      ours: () => asker.get(PROVINCE_LEADER, '/api/v1/worklists'),
      byHand: () =>
        groups('true', [
          [`"redFrom" <= '${today}'`, due],
          ['reopened >= 1', due],
          ['"openInstructions" >= 1', due],
          [`flags && array['atRisk']`, 'seq'],
        ]),
    },
    {
      ...{ kind: 'worklist', name: 'worklists, province inspector' },
      ours: () => asker.get(PROVINCE_INSPECTOR, '/api/v1/worklists'),
      byHand: () =>
        Promise.all([
          groups('true', [
            [
              `status = 'verified' and "disciplinePosition" is null and "heldBy" && array['province-430000']`,
              '"heldSince"',
            ],
            ['reopened >= 1', due],
            [`"redFrom" <= '${today}'`, due],
            [`flags && array['atRisk']`, 'seq'],
          ]),
          sql.unsafe(
            `select ${SHOWN}, count(*) over () as total from ${LEDGER}.cases
             where not open and "lookBack" = 'failed' and "lookBackAnswerBy" is not null
             order by "closedAt" desc, seq desc limit ${GROUP}`,
          ),
        ]),
    },
  ];
}

const SUMS = ['count(*)', 'sum(weight)', 'sum("amountFen")', 'sum("rectifiedFen")'];

/** Figures are kept of counties and what is wider: what is to be counted is what is on its way. */
function figuresOf(asker: Asker, sql: Sql, { name, person, near }: Area, today: string): Question {
  const red = `"redFrom" <= '${today}'`;
  const light = `case when ${red} then 'red' when "yellowFrom" <= '${today}' then 'yellow'
    when "blueFrom" <= '${today}' then 'blue' when flags && array['suspended'] then 'grey' else 'green' end`;
  const days = `('${today}'::date - left("heldSince", 10)::date)`;
  const bounds = Object.keys(AGEING_FILTERS).map((bucket) => bucket.split('-')[0]);
  const age = `width_bucket(${days}, array[${bounds.join(', ')}])`;
  const places = name === 'county' ? `where place = '${DIVISION}'` : '';
  return {
    ...{ kind: 'figures', name: `figures, ${name}` },
    ours: () => asker.get(person, '/api/v1/figures'),
    byHand: () =>
      Promise.all([
        sql.unsafe(`select measure, sum(cases), sum(weight), sum("amountFen"), sum("rectifiedFen")
          from ${LEDGER}.totals ${places} group by measure`),
        sql.unsafe(`select ${light} as light, ${age} as age, ${SUMS.join(', ')} from ${LEDGER}.cases
          where open and ${near} group by 1, 2`),
      ]),
  };
}
