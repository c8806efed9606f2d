import { type AdoptCase } from '../../contracts/intake.js';
import { type Sealed } from '../../contracts/sealing.js';

/** A field's kind of value, as JSON carries it. */
export interface Kinds {
  text: string;
  texts: string[];
  day: string;
  whole: number;
  flag: boolean;
}
export type Kind = keyof Kinds;
export type Value = Kinds[Kind];

interface Target {
  kind: Kind;
  /** A mapping that does not fill it could not register a single row. */
  required?: true;
  /** Only what is adopted has it. */
  adopted?: true;
}

/**
 * Dotted paths to the fields of a command, but for lists of objects: a row has no place for them. What is sealed comes as
 * a text.
 */
type Paths<C> = {
  [K in keyof C & string]-?: NonNullable<C[K]> extends Value | Sealed
    ? K
    : NonNullable<C[K]> extends readonly object[]
      ? never
      : `${K}.${Paths<NonNullable<C[K]>>}`;
}[keyof C & string];

/** Every field a column can be mapped to; one that is missing here does not compile. `file` is the import's to say. */
export const targets: Readonly<Record<Exclude<Paths<AdoptCase>, 'type' | `file.${string}`>, Target>> = {
  'source.code': { kind: 'text', required: true },
  'source.document': { kind: 'text' },
  'source.line': { kind: 'text' },
  'source.part': { kind: 'text' },
  categories: { kind: 'texts', required: true },
  divisions: { kind: 'texts', required: true },
  severity: { kind: 'text', required: true },
  rectificationType: { kind: 'text', required: true },
  description: { kind: 'text', required: true },
  foundOn: { kind: 'day' },
  foundBy: { kind: 'text' },
  'location.address': { kind: 'text' },
  'location.place.latitudeE7': { kind: 'whole' },
  'location.place.longitudeE7': { kind: 'whole' },
  'location.place.datum': { kind: 'text' },
  'petitioner.name': { kind: 'text' },
  'petitioner.phone': { kind: 'text' },
  'petitioner.identityNumber': { kind: 'text' },
  'petitioner.address': { kind: 'text' },
  verbatim: { kind: 'text' },
  accusation: { kind: 'flag' },
  intakeNumber: { kind: 'text' },
  householdCount: { kind: 'whole' },
  occurredFrom: { kind: 'day' },
  occurredTo: { kind: 'day' },
  sourceDueOn: { kind: 'day' },
  basis: { kind: 'text' },
  amountFen: { kind: 'whole' },
  personsAtRisk: { kind: 'flag', required: true },
  weight: { kind: 'whole', required: true },
  taskText: { kind: 'text' },
  problemType: { kind: 'text' },
  knownSince: { kind: 'day' },
  fundDocument: { kind: 'text' },
  fiscalYear: { kind: 'whole' },
  principal: { kind: 'text' },
  visibility: { kind: 'text' },
  circularId: { kind: 'text' },
  campaignId: { kind: 'text' },
  frame: { kind: 'text' },
  batch: { kind: 'text' },
  remark: { kind: 'text' },
  secret: { kind: 'flag' },
  'stated.status': { kind: 'text', required: true, adopted: true },
  'stated.closedOn': { kind: 'day', adopted: true },
  'stated.dueOn': { kind: 'day', adopted: true },
  'stated.unit': { kind: 'text', adopted: true },
  'stated.closureNumber': { kind: 'text', adopted: true },
};

export type TargetPath = keyof typeof targets;

export function isTarget(path: string): path is TargetPath {
  return Object.hasOwn(targets, path);
}
