import { Logger } from '@nestjs/common';
import { type RegisterKind } from '../contracts/register-events.js';
import { type Bell } from '../platform/session.js';
import { type Sql } from '../platform/sql.js';
import { type DocRow, REGISTER } from './projection.js';

/** Reads the docs of the register: all that are there, and again whatever has changed when the bell rings. */
export class DocReader {
  readonly #log = new Logger('Register');
  readonly #pattern: string;
  #ordinal = 0;
  #reading: Promise<void> | undefined;
  #again = false;

  /**
   * @param bell rings when docs were written
   * @param take is given what is new, in order
   * @param kind of which docs are read; of all, where it is not given
   */
  constructor(
    private readonly sql: Sql,
    private readonly bell: Bell,
    private readonly take: (rows: readonly DocRow[]) => Promise<void> | void,
    kind?: RegisterKind,
  ) {
    this.#pattern = kind === undefined ? '%' : `${kind}-%`;
    bell.on('ring', () => {
      this.refresh().catch((error: unknown) => {
        // What is known is kept; the next ring reads all that was missed.
        this.#log.error(`not read: ${error instanceof Error ? error.name : 'unknown'}`);
      });
    });
  }

  /** Listens, and reads all that is there. */
  async open(): Promise<void> {
    await this.bell.listen();
    await this.refresh();
  }

  /** One reading at a time; who asks meanwhile gets the next. */
  async refresh(): Promise<void> {
    this.#again = true;
    this.#reading ??= this.#readAll();
    await this.#reading;
  }

  async #readAll(): Promise<void> {
    try {
      while (this.#again) {
        this.#again = false;
        const rows = await this.sql<DocRow[]>`
          select stream, revision, ordinal, doc from ${this.sql(REGISTER)}.docs
          where ordinal > ${this.#ordinal} and stream like ${this.#pattern} order by ordinal`;
        if (rows.length === 0) continue;
        await this.take(rows);
        this.#ordinal = rows.at(-1)?.ordinal ?? this.#ordinal;
      }
    } finally {
      this.#reading = undefined;
    }
  }
}
