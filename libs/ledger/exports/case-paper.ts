import { type PastEvent } from '../../contracts/envelope.js';
import { type ListedRow } from '../../contracts/ledger.js';
import { PAPER, PAPER_SIGNATURES } from '../../contracts/messages/forms.js';
import { type SheetCell } from '../../platform/xlsx/sheet.js';
import { CELLS } from './cells.js';
import { type Exhibit, short } from './dossier.js';
import { minuteIn } from './mark.js';
import { type Paper } from './paper.js';
import { type Words } from './words.js';

/** What is printed of one case. */
export type CasePaper = keyof typeof PAPER_SIGNATURES;

export interface Printed {
  row: ListedRow;
  events: readonly PastEvent[];
  exhibits: readonly Exhibit[];
  /** Of those that can be shown small. */
  pictures: readonly { bytes: Buffer; name: string }[];
}

const FACTS = [
  ...(['source', 'sourceDocument', 'foundOn', 'foundBy', 'categories', 'severity'] as const),
  ...(['amount', 'households', 'leads', 'coUnits', 'handler', 'rectificationType'] as const),
] as const;
const DEMANDS = ['dueOn', 'status', 'funds', 'round'] as const;
const OUTCOME = [
  'completedOn',
  'verifiedOn',
  'verification',
  'verifiers',
  'rectified',
  'recognition',
] as const;
type Column = keyof typeof CELLS;

/** What was said with a decision, by the field that holds it. */
const SAID = ['opinion', 'reason', 'measures', 'findings', 'requirement', 'document'] as const;
/** What is listed apart, or goes on too often for a form. */
const APART = new Set(['EvidenceAttached', 'EvidenceWithdrawn', 'ProgressReported', 'ProgressCorrected']);

export function print(paper: Paper, form: CasePaper, printed: Printed, words: Words): void {
  const { row } = printed;
  const { columns, exports } = words.catalogue;
  const closed = form === 'closure-form' ? `　${PAPER.closureNumber}：${row.closureNumber ?? ''}` : '';
  paper.title(exports[form], `${PAPER.number}：${row.caseNumber}${closed}`);
  paper.heading(PAPER.facts);
  pairs(paper, FACTS, row, words);
  const where = row.divisions.map((division) => words.lineage(division)).join('、');
  const whole: [string, string][] = [
    [columns.address, `${where}${row.address === null ? '' : `　${row.address}`}`],
    [columns.description, row.description],
    [columns.basis, row.basis ?? ''],
  ];
  paper.table([1, 6], whole, 'columns');
  if (form === 'closure-form') outcome(paper, row, words);
  else demands(paper, row, words);
  paper.heading(PAPER.route);
  const head = [PAPER.when, PAPER.what, PAPER.who, PAPER.said];
  paper.table([3, 3, 4, 6], [head, ...printed.events.filter(decided).map((one) => step(one, words))], 'row');
  evidence(paper, printed);
  paper.heading(PAPER.signatures);
  paper.boxes(PAPER_SIGNATURES[form], PAPER.unsigned);
}

function outcome(paper: Paper, row: ListedRow, words: Words): void {
  const { columns } = words.catalogue;
  paper.heading(PAPER.outcome);
  pairs(paper, [...OUTCOME, 'closedOn', 'closureNumber'], row, words);
  paper.table([1, 6], [[columns.measures, row.measures ?? '']], 'columns');
}

function demands(paper: Paper, row: ListedRow, words: Words): void {
  const { columns } = words.catalogue;
  paper.heading(PAPER.demands);
  pairs(paper, DEMANDS, row, words);
  const said: [string, string][] = [
    [columns.requirement, row.requirement ?? ''],
    [columns.measures, row.measures ?? ''],
  ];
  paper.table([1, 6], said, 'columns');
}

/** Two columns a line, each with its name. */
function pairs(paper: Paper, names: readonly Column[], row: ListedRow, words: Words): void {
  const all = names.map((name) => [words.catalogue.columns[name], textOf(CELLS[name](row, words))]);
  const lines = all.flatMap((pair, n) => (n % 2 === 0 ? [[...pair, ...(all[n + 1] ?? ['', ''])]] : []));
  paper.table([2, 5, 2, 5], lines, 'columns');
}

function evidence(paper: Paper, { exhibits, pictures }: Printed): void {
  if (exhibits.length === 0) return;
  paper.heading(PAPER.evidence);
  const head = [PAPER.slot, PAPER.file, PAPER.hash];
  const rows = exhibits.map(({ title, file }) => [
    title,
    `${file.mediaType}　${Math.ceil(file.bytes / 1024)} KB`,
    short(file.sha256),
  ]);
  paper.table([3, 3, 3], [head, ...rows], 'row');
  paper.pictures(pictures);
}

const decided = ({ type }: PastEvent): boolean => !APART.has(type);

function step({ type, recordedAt, entry, actor, data }: PastEvent, words: Words): string[] {
  const { catalogue, register } = words;
  const name = (catalogue.events as Readonly<Record<string, string>>)[type] ?? type;
  const role = (catalogue.roles as Readonly<Record<string, string>>)[actor.role] ?? actor.role;
  const who = [actor.name || actor.person, actor.unitName, `（${role}）`].filter((one) => one !== '');
  const fields = data as Readonly<Record<string, unknown>>;
  const said = SAID.flatMap((field) => (typeof fields[field] === 'string' ? [fields[field]] : []));
  return [entry?.effectiveOn ?? minuteIn(register.zone, recordedAt), name, who.join(' '), said.join('；')];
}

const textOf = (cell: SheetCell): string =>
  cell === undefined ? '' : typeof cell === 'object' ? cell.decimal : String(cell);
