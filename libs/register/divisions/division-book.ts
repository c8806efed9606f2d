import { type Bell } from '../../platform/session.js';
import { type DivisionId } from '../../contracts/values.js';
import { type Sql } from '../../platform/sql.js';
import { type Divisions, divisionsAt, remembering } from '../at.js';
import { type DivisionDoc, type Docs } from '../docs.js';
import { DocReader } from '../doc-reader.js';
import { type DocRow } from '../projection.js';
import { entryOf } from '../table.js';

/** Of the register in memory the divisions alone: for a thread that needs to know no more. */
export class DivisionBook {
  readonly #view = remembering(divisionsAt);
  readonly #reader: DocReader;
  readonly #told: (() => void)[] = [];
  #docs: Docs['division'] = new Map();

  /**
   * @param bell rings when docs were written
   * @param today in the deployment's zone
   */
  constructor(
    sql: Sql,
    bell: Bell,
    private readonly today: () => string,
  ) {
    this.#reader = new DocReader(
      sql,
      bell,
      (rows) => {
        this.#take(rows);
      },
      'division',
    );
  }

  async open(): Promise<void> {
    await this.#reader.open();
  }

  /** As they lie today. */
  get divisions(): Divisions {
    return this.#view(this.#docs, this.today());
  }

  #take(rows: readonly DocRow[]): void {
    const docs = new Map<DivisionId, DivisionDoc>(this.#docs);
    for (const { stream, doc } of rows) {
      const entry = entryOf(stream);
      if (entry) docs.set(entry.id, doc as DivisionDoc);
    }
    this.#docs = docs;
    for (const told of this.#told) told();
  }

  /** Tells from now on whenever something has changed. */
  onChange(told: () => void): void {
    this.#told.push(told);
  }
}
