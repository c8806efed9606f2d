import { type PastEvent } from '../../contracts/envelope.js';
import { type ListedRow } from '../../contracts/ledger.js';
import { type FormName } from '../../contracts/messages/forms.js';
import { type SheetCell } from '../../platform/xlsx/sheet.js';
import { CELLS } from './cells.js';
import { type Exhibit, exhibitsOf, pictured, short } from './dossier.js';
import { type Words } from './words.js';

type Row = (row: ListedRow, number: number, events: readonly PastEvent[], words: Words) => SheetCell[];

/** The rows of the real forms, in the order of `FORM_HEADINGS`. */
export const FORM_ROWS: Readonly<Record<FormName, Row>> = {
  notice: (row, number, events, words) => [
    ...begun(row, number, words),
    hashes(pictured(exhibitsOf(events), 'before')),
    row.requirement ?? row.measures ?? undefined,
    row.dueOn ?? undefined,
    CELLS.handler(row, words),
    CELLS.funds(row, words),
    CELLS.verifiedOn(row, words),
    CELLS.status(row, words),
    CELLS.verifiers(row, words),
    row.remark ?? undefined,
  ],
  'closure-application': (row, number, events, words) => [
    ...begun(row, number, words),
    row.measures ?? undefined,
    row.dueOn ?? undefined,
    CELLS.handler(row, words),
    CELLS.status(row, words),
    row.completedOn ?? undefined,
    CELLS.verifiers(row, words),
    hashes(pictured(exhibitsOf(events), 'before')),
    hashes(pictured(exhibitsOf(events), 'after')),
  ],
};

const begun = (row: ListedRow, number: number, words: Words): SheetCell[] => [
  number,
  words.units(row.leads) || row.divisions.map((division) => words.lineage(division)).join('、'),
  row.address ?? undefined,
  words.categories(row.categories),
  row.description,
];

/** Which files they are: whoever has one can tell whether it is this. */
const hashes = (exhibits: readonly Exhibit[]): string =>
  exhibits.map(({ title, file }) => `${title} ${short(file.sha256)}`).join('\n');
