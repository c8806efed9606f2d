import { type ListedRow } from '../../contracts/ledger.js';
import { type FormName } from '../../contracts/messages/forms.js';
import { type Picture } from '../../platform/xlsx/drawing.js';
import { type RowCell, type SheetCell } from '../../platform/xlsx/sheet.js';
import { CELLS } from './cells.js';
import { type Exhibit, pictured, short } from './dossier.js';
import { type Words } from './words.js';

/** The files of a case, and those of them that can be shown, by their hash. */
export interface Shown {
  exhibits: readonly Exhibit[];
  pictures: ReadonlyMap<string, Picture>;
}

type Row = (row: ListedRow, number: number, shown: Shown, words: Words) => RowCell[];

/** The columns of the forms that hold pictures, by their heading, and how wide they are. */
export const PICTURED = ['问题或隐患图片', '整改前图片', '整改后图片'];
export const PICTURED_WIDTH = 54;
/** Side by side in one cell. */
const MOST = 3;

/** The rows of the real forms, in the order of `FORM_HEADINGS`. */
export const FORM_ROWS: Readonly<Record<FormName, Row>> = {
  notice: (row, number, shown, words) => [
    ...begun(row, number, words),
    photos(shown, 'before'),
    row.requirement ?? row.measures ?? undefined,
    row.dueOn ?? undefined,
    CELLS.handler(row, words),
    CELLS.funds(row, words),
    CELLS.verifiedOn(row, words),
    CELLS.status(row, words),
    CELLS.verifiers(row, words),
    row.remark ?? undefined,
  ],
  'closure-application': (row, number, shown, words) => [
    ...begun(row, number, words),
    row.measures ?? undefined,
    row.dueOn ?? undefined,
    CELLS.handler(row, words),
    CELLS.status(row, words),
    row.completedOn ?? undefined,
    CELLS.verifiers(row, words),
    photos(shown, 'before'),
    photos(shown, 'after'),
  ],
};

const begun = (row: ListedRow, number: number, words: Words): SheetCell[] => [
  number,
  words.units(row.leads) || row.divisions.map((division) => words.lineage(division)).join('、'),
  row.address ?? undefined,
  words.categories(row.categories),
  row.description,
];

/** What they show, and which files they are: whoever has one can tell whether it is this. */
function photos({ exhibits, pictures }: Shown, when: 'before' | 'after'): RowCell {
  const wanted = pictured(exhibits, when);
  return {
    text: wanted.map(({ title, file }) => `${title} ${short(file.sha256)}`).join('\n'),
    pictures: wanted.flatMap(({ file }) => pictures.get(file.sha256) ?? []).slice(0, MOST),
  };
}
