import { type Merge, type SourceRow } from '../rows.js';
import { Archive } from './archive.js';
import { type Shared } from './cell.js';
import { dayStyles } from './days.js';
import { mergesOf } from './merges.js';
import { type Part, partsOf } from './parts.js';
import { refusal } from './refusal.js';
import { sheetRows } from './sheet.js';
import { SharedTexts } from './texts.js';
import { readAll } from './xml.js';

interface Sheet {
  name: string;
  path: string;
  hidden: boolean;
}

/** One sheet of a workbook. Nothing outside of the file is ever asked for, whatever it refers to. */
export class Workbook {
  private constructor(
    private readonly file: string,
    private readonly shared: Shared,
    private readonly sheet: Sheet,
    /** Other sheets that people see, by name: they are not read. */
    readonly others: readonly string[],
  ) {}

  /**
   * @param wanted name of the sheet; without it, the first that is not hidden
   * @throws FileRefused `sheet-missing`, `workbook-kind`, `workbook-damaged`, `workbook-too-large`, `workbook-doctype`,
   *   `workbook-encrypted`
   */
  static async open(file: string, wanted?: string): Promise<Workbook> {
    const archive = await Archive.open(file);
    try {
      const main = (await partsOf(archive, '')).find(({ kind }) => kind === 'officeDocument');
      if (!main?.path.endsWith('.xml') || !archive.has(main.path)) throw otherKind();
      const parts = await partsOf(archive, main.path);
      const { sheets, from1904 } = await sheetsOf(archive, main.path, parts);
      const sheet = sheets.find(({ name, hidden }) =>
        wanted === undefined ? !hidden : name.trim() === wanted,
      );
      if (!sheet) throw missing(wanted, sheets);
      const pathOf = (kind: string): string | undefined => parts.find((part) => part.kind === kind)?.path;
      const texts = await SharedTexts.of(archive, pathOf('sharedStrings'));
      const shared = { texts, from1904, dayStyles: await dayStyles(archive, pathOf('styles')) };
      const others = sheets.filter((other) => other !== sheet && !other.hidden).map(({ name }) => name);
      return new Workbook(file, shared, sheet, others);
    } finally {
      archive.close();
    }
  }

  /** What is read of it. */
  get name(): string {
    return this.sheet.name;
  }

  /** @throws FileRefused as `sheetRows` */
  async *rows(): AsyncGenerator<SourceRow> {
    const archive = await Archive.open(this.file);
    try {
      yield* sheetRows(archive, this.sheet.path, this.shared);
    } finally {
      archive.close();
    }
  }

  /** Cells that were made one within the first rows. */
  async merges(rows: number): Promise<Merge[]> {
    const archive = await Archive.open(this.file);
    try {
      return await mergesOf(archive, this.sheet.path, rows);
    } finally {
      archive.close();
    }
  }
}

async function sheetsOf(
  archive: Archive,
  path: string,
  parts: readonly Part[],
): Promise<{ sheets: Sheet[]; from1904: boolean }> {
  const found = { sheets: [] as Sheet[], from1904: false, isWorkbook: false };
  await readAll(archive, path, {
    open: (element, attributes) => {
      if (element === 'workbook') found.isWorkbook = true;
      if (element === 'workbookPr') found.from1904 = ['1', 'true'].includes(attributes.date1904 ?? '');
      if (element !== 'sheet') return;
      const part = parts.find(({ id }) => id === idOf(attributes));
      // Charts and macros are sheets too, in words; they hold no rows.
      if (part?.kind !== 'worksheet') return;
      const { name = '', state = 'visible' } = attributes;
      found.sheets.push({ name, path: part.path, hidden: state !== 'visible' });
    },
  });
  if (!found.isWorkbook) throw otherKind();
  return found;
}

/** `r:id`, under whatever prefix; `sheetId` is another thing. */
function idOf(attributes: Readonly<Record<string, string>>): string | undefined {
  return Object.entries(attributes).find(([name]) => name.endsWith(':id'))?.[1];
}

function otherKind(): Error {
  return refusal('workbook-kind', 'The file is an archive, but no .xlsx workbook.');
}

function missing(wanted: string | undefined, sheets: readonly Sheet[]): Error {
  const there = sheets
    .map(({ name }) => name)
    .join(', ')
    .slice(0, 200);
  return refusal(
    'sheet-missing',
    `There is no sheet ${wanted ?? 'that is not hidden'}; there are: ${there}.`,
  );
}
