import { type FoundProblem } from '../contracts/intake.js';
import { type SheetCell } from '../platform/xlsx/sheet.js';
import { type Field, type FromColumns, type Mapping } from './mapping/mapping.js';
import { type Value } from './mapping/targets.js';

/**
 * Writes a problem as the row that a mapping would read it from, in the order of the mapping's columns: what is written so
 * is read back as it was. For mappings whose fields have a column each, as that of our own export.
 */
export function rowWriter(mapping: Mapping): (problem: FoundProblem) => SheetCell[] {
  // Worked out once: a file has a hundred thousand rows.
  const fields = mapping.fields.flatMap((field) => ('columns' in field ? [fieldWriter(field)] : []));
  // Of two fields with one column the later is written.
  const writers = mapping.columns.map((column) => fields.findLast((field) => field.column === column));
  return (problem) => writers.map((writer) => writer?.write(problem));
}

interface FieldWriter {
  column: string | undefined;
  write: (problem: FoundProblem) => SheetCell;
}

function fieldWriter({ target, columns: [column], ...field }: Field & FromColumns): FieldWriter {
  const [first = '', ...further] = target.split('.');
  const cell = cellWriter(field);
  const write = (problem: FoundProblem): SheetCell => {
    let value = (problem as unknown as Record<string, unknown>)[first];
    for (const step of further) value = (value as Record<string, unknown> | undefined)?.[step];
    return value === undefined ? undefined : cell(value as Value);
  };
  return { column, write };
}

function cellWriter({ reading, split }: Pick<FromColumns, 'reading' | 'split'>): (value: Value) => SheetCell {
  if (reading.as === 'lookup') {
    // What several words mean is written by the first of them.
    const words = new Map([...reading.values].reverse().map(([word, meant]) => [meant, word]));
    return (value) => words.get(value);
  }
  const scale = reading.as === 'whole' ? reading.scale : 0;
  return (value) => {
    if (typeof value === 'number') return decimal(value, scale);
    if (typeof value !== 'object') return String(value);
    // What is sealed is an object here, and stays sealed.
    return Array.isArray(value) ? value.join(split?.[0] ?? ' ') : undefined;
  };
}

/** Digits are moved, not divided. A number that a workbook would not keep stays a text. */
function decimal(value: number, scale: number): SheetCell {
  const digits = String(Math.abs(value)).padStart(scale + 1, '0');
  const point = digits.length - scale;
  const text = `${value < 0 ? '-' : ''}${digits.slice(0, point)}${scale > 0 ? '.' : ''}${digits.slice(point)}`;
  return digits.length <= 15 ? { decimal: text } : text;
}
