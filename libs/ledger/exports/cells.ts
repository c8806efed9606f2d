import { kindOf } from '../../contracts/deadline.js';
import { type ExportColumn } from '../../contracts/exports.js';
import { dayIn } from '../../calendar/working-days.js';
import { type ListedRow } from '../../contracts/ledger.js';
import { type SheetCell } from '../../platform/xlsx/sheet.js';
import { money } from './money.js';
import { AND, wordOf, type Words } from './words.js';

const some = (count: number): SheetCell => (count === 0 ? undefined : count);

/** The cell of each column. */
export const CELLS: Readonly<Record<ExportColumn, (row: ListedRow, words: Words) => SheetCell>> = {
  seq: ({ seq }) => seq,
  caseNumber: ({ caseNumber }) => caseNumber,
  source: ({ source }, words) => words.source(source),
  sourceDocument: ({ sourceDocument }) => text(sourceDocument),
  batch: ({ batch }) => text(batch),
  intakeNumber: ({ intakeNumber }) => text(intakeNumber),
  foundOn: ({ foundOn }) => text(foundOn),
  foundBy: ({ foundBy }) => text(foundBy),
  area1: ({ divisions }, words) => words.at(1, divisions),
  area2: ({ divisions }, words) => words.at(2, divisions),
  area3: ({ divisions }, words) => words.at(3, divisions),
  area4: ({ divisions }, words) => words.at(4, divisions),
  address: ({ address }) => text(address),
  items: ({ items }) => some(items),
  itemsSettled: ({ items, itemsSettled }) => (items === 0 ? undefined : itemsSettled),
  categories: ({ categories }, words) => words.categories(categories),
  severity: ({ severity }, { catalogue }) => catalogue.severities[severity],
  description: ({ description }) => description,
  amount: ({ amountFen }) => money(amountFen),
  households: ({ householdCount }) => householdCount ?? undefined,
  basis: ({ basis }) => text(basis),
  leads: ({ leads }, words) => words.units(leads),
  coUnits: ({ coUnits }, words) => words.units(coUnits),
  principal: ({ principal }) => text(principal),
  handler: ({ handler }, words) => words.persons(handler === null ? [] : [handler]),
  rectificationType: ({ rectificationType }, { catalogue }) =>
    catalogue.rectificationTypes[rectificationType],
  requirement: ({ requirement }) => text(requirement),
  measures: ({ measures }) => text(measures),
  doneStandard: ({ doneStandard }) => text(doneStandard),
  funds: ({ fundsFen }) => money(fundsFen),
  dueOn: ({ dueOn }) => text(dueOn),
  extensions: ({ extensions }) => extensions,
  returns: ({ returns }) => returns,
  progress: ({ progress }) => text(progress),
  completedOn: ({ completedOn }) => text(completedOn),
  pending: ({ pending }) => text(pending),
  substantiation: ({ substantiation }, words) => wordOf(words.catalogue.values, substantiation),
  verification: ({ verification }, words) => wordOf(words.catalogue.values, verification),
  verifiedOn: ({ verifiedAt }, words) => day(verifiedAt, words),
  verifiers: ({ verifiers }, words) => words.persons(verifiers),
  rectified: ({ amountFen, rectifiedFen }) =>
    money(amountFen === null && rectifiedFen === 0 ? null : rectifiedFen),
  accountability: ({ accountability }) => accountability,
  status: ({ status }, { catalogue }) => catalogue.statuses[status],
  flags: ({ flags }, { catalogue }) => flags.map((flag) => wordOf(catalogue.flags, flag)).join(AND),
  light: ({ light }, { catalogue }) => (light === null ? undefined : catalogue.lights[light]),
  lightOf: ({ lightOf }, { catalogue }) => (lightOf === null ? undefined : catalogue.duties[kindOf(lightOf)]),
  supervision: ({ supervision }, { register }) =>
    supervision.map((rung) => register.policy.ladder[rung]?.title ?? rung).join(AND),
  recognition: ({ recognition }, words) => wordOf(words.catalogue.values, recognition),
  closedOn: ({ closedAt }, words) => day(closedAt, words),
  closureNumber: ({ closureNumber }) => text(closureNumber),
  round: ({ round }) => round,
  heldBy: ({ heldBy }, words) => words.units(heldBy),
  heldDays: ({ heldDays, open }) => (open ? heldDays : undefined),
  stated: ({ statedStatus }, words) => wordOf(words.catalogue.values, statedStatus),
  remark: ({ remark }) => text(remark),
};

const text = (value: string | null): SheetCell => value ?? undefined;

const day = (instant: string | null, { register }: Words): SheetCell =>
  instant === null ? undefined : dayIn(register.zone, instant);
