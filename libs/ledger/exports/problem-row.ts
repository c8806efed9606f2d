import { type FoundProblem } from '../../contracts/intake.js';
import { type ListedRow } from '../../contracts/ledger.js';
import { type SheetCell } from '../../platform/xlsx/sheet.js';

/** By which Nest finds how a problem is written that can be registered again. */
export const PROBLEM_ROW = Symbol('PROBLEM_ROW');

/** How a problem is written so that an import reads it back: the headings, and the cells under them. */
export interface ProblemRow {
  headings: readonly string[];
  cells: (problem: FoundProblem) => SheetCell[];
}

/** What the ledger knows of a problem as it was registered, undefined where there is nothing; sealed texts are none of it. */
export function problemOf(row: ListedRow): FoundProblem {
  return filled({
    source: filled({
      code: row.source,
      document: row.sourceDocument,
      line: row.sourceLine,
      part: row.sourcePart,
    }),
    location: filled({ address: row.address, place: placeOf(row) }),
    categories: row.categories,
    divisions: row.divisions,
    severity: row.severity,
    rectificationType: row.rectificationType,
    description: row.description,
    taskText: row.taskText,
    problemType: row.problemType,
    foundOn: row.foundOn,
    foundBy: row.foundBy,
    intakeNumber: row.intakeNumber,
    householdCount: row.householdCount,
    occurredFrom: row.occurredFrom,
    occurredTo: row.occurredTo,
    knownSince: row.knownSince,
    sourceDueOn: row.sourceDueOn,
    basis: row.basis,
    amountFen: row.amountFen,
    fundDocument: row.fundDocument,
    fiscalYear: row.fiscalYear,
    principal: row.principal,
    visibility: row.visibility,
    circularId: row.circularId,
    campaignId: row.campaignId,
    frame: row.frame,
    batch: row.batch,
    remark: row.remark,
    personsAtRisk: row.personsAtRisk,
    weight: row.weight,
  }) as unknown as FoundProblem;
}

function placeOf({ latitudeE7, longitudeE7, datum }: ListedRow): object | null {
  return latitudeE7 === null ? null : { latitudeE7, longitudeE7, datum };
}

/** In its place: an object made of its entries takes as long as all the cells that are read from it. */
function filled(fields: Record<string, unknown>): Record<string, unknown> {
  for (const name in fields) if (fields[name] === null) fields[name] = undefined;
  return fields;
}
