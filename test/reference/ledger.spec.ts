import 'reflect-metadata';
import { expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { LEDGER_SORTS } from '../../libs/contracts/ledger.js';
import { FILTERS, type Kind, OTHER_FILTERS } from '../../libs/ledger/asking/filters.js';
import { MEASURES } from '../../libs/ledger/rows/measures.js';
import { SORTS } from '../../libs/ledger/asking/sorts.js';
import { WORKLISTS, worklistsOf } from '../../libs/ledger/asking/worklists.js';
import { READERS } from '../../libs/contracts/roles.js';

const FILE = 'docs/reference/ledger.md';

const WAYS: Readonly<Record<Kind, readonly [how: string, example: string]>> = {
  word: ['one of several values, with commas', 'status=rectifying,submitted'],
  words: ['a list that has one of several values', 'categories=4,7'],
  text: ['a text that has this in it, as it stands', 'description=漏水'],
  number: ['a whole number, or from..to', 'amountFen=100000..'],
  day: ['a day, or from..to', 'dueOn=..2026-03-31'],
  instant: ['a day of the deployment’s zone, or from..to', 'closedAt=2026-03-01..2026-03-31'],
  flag: ['true or false', 'open=true'],
};

const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

function pageOf(): string {
  const kinds = (Object.keys(WAYS) as Kind[]).map((kind) => {
    const [how, example] = WAYS[kind];
    const names = [...FILTERS].filter(([, of]) => of === kind).map(([name]) => name);
    return `- **${kind}**: ${how}, as \`${example}\`. ${code(names)}`;
  });
  const keys = LEDGER_SORTS.map(
    (sort) =>
      `- \`${sort}\`${sort === 'seq' ? '' : `: ${SORTS[sort].key}${SORTS[sort].index === 'own' ? '' : ', of what is under way: with `open=true`'}`}`,
  );
  const measures = Object.entries(MEASURES).map(
    ([name, { filter }]) => `- \`${name}\`: \`${new URLSearchParams(filter).toString() || 'everything'}\``,
  );
  const lists = READERS.map((role) => `- ${role}: ${code(worklistsOf(role).map(({ name }) => name))}`);
  return `# The ledger's filters, orders, figures and worklists

Made from the code by \`WRITE=1 npm test -- test/reference\`.

## Filters

Each is a parameter of \`GET /api/v1/cases\`, of its count and its exports, and a field of \`filter\` in a search; all that
are given must hold. All but flags are also asked \`is:filled\` or \`is:empty\`. What is none of these, or has no such
value, is refused with \`input/invalid\` and the name of the field.

${kinds.join('\n')}

Besides columns: ${code(OTHER_FILTERS)}. \`division\` takes in all that lies within, as divisions stand now; \`lead\`,
\`holder\` and \`part\` take in what these units carry on; \`light\` is of the duty that presses most, today; \`heldDays\` are
full days in the present hands; \`completed\` is struck off, or waiting for its source only.

## Orders

\`sort\`, with \`-\` before it the other way round; the default is \`-seq\`. What has no value stands where its key puts it.
A page's \`next\` is the \`after\` of the next one; it belongs to this filter and order. Each order has an index that finds the
first rows; an export, which reads all rows anyway, takes every order.

${keys.join('\n')}

## Figures

Each counts exactly the cases that its filter lists.

${measures.join('\n')}

## Worklists

${code(WORKLISTS)}; by role, in this order:

${lists.join('\n')}
`;
}

test('docs/reference/ledger.md is what filters, orders, figures and worklists are', () => {
  const made = pageOf();
  if (process.env.WRITE === '1') writeFileSync(FILE, made);
  expect(readFileSync(FILE, 'utf8')).toBe(made);
});
