import { type FoundProblem } from '../contracts/intake.js';
import { type SheetCell } from '../platform/xlsx/sheet.js';
import { type Field, type FromColumns, type Mapping } from './mapping/mapping.js';
import { type Value } from './mapping/targets.js';

/**
 * A problem as the row that a mapping would read it from, in the order of the mapping's columns: what is written so is read
 * back as it was. For mappings whose fields have a column each, as that of our own export.
 */
export function exportedRow(mapping: Mapping, problem: FoundProblem): SheetCell[] {
  const cells = new Map<string, SheetCell>();
  for (const field of mapping.fields) {
    if (!('columns' in field)) continue;
    const [column = ''] = field.columns;
    cells.set(column, cellOf(field, valueAt(problem, field)));
  }
  return mapping.columns.map((column) => cells.get(column));
}

function valueAt(problem: FoundProblem, { target }: Field): Value | undefined {
  return target
    .split('.')
    .reduce<unknown>((value, step) => (value as Record<string, unknown> | undefined)?.[step], problem) as
    Value | undefined;
}

function cellOf({ reading, split }: FromColumns, value: Value | undefined): SheetCell {
  // What is sealed is an object here, and stays sealed.
  if (value === undefined || (typeof value === 'object' && !Array.isArray(value))) return undefined;
  if (reading.as === 'lookup') return [...reading.values].find(([, meant]) => meant === value)?.[0];
  if (Array.isArray(value)) return value.join(split?.[0] ?? ' ');
  if (typeof value === 'number') return decimal(value, reading.as === 'whole' ? reading.scale : 0);
  return String(value);
}

/** Digits are moved, not divided. A number that a workbook would not keep stays a text. */
function decimal(value: number, scale: number): SheetCell {
  const digits = String(Math.abs(value)).padStart(scale + 1, '0');
  const point = digits.length - scale;
  const text = `${value < 0 ? '-' : ''}${digits.slice(0, point)}${scale > 0 ? '.' : ''}${digits.slice(point)}`;
  return digits.length <= 15 ? { decimal: text } : text;
}
