import { createHash } from 'node:crypto';
import { type Readable } from 'node:stream';
import { type Caller } from '../../contracts/envelope.js';
import { Refusal, refusals, refuse } from '../../contracts/refusal.js';
import { commandId, holderId } from '../../eventing/ids.js';
import { type Sealer } from '../../sealing/sealer.js';
import { type RegisterBook } from '../book.js';
import { type RegisterWriter } from '../on-register.handler.js';
import { peopleIn, type RowFault } from './people-file.js';
import { judge, type JudgedRow } from './people-judging.js';
import { streamOf } from '../table.js';

/** The largest file, in bytes. */
const MOST_BYTES = 1024 * 1024;
/** Persons whose commands are on their way at once. */
const ABREAST = 16;
/** So long it waits at the end until all of it is in effect here, in milliseconds. */
const PATIENCE = 2000;

/** What became of a row, or would: entered now, all of it so before, or wrong. */
export interface PersonRow {
  row: number;
  outcome: JudgedRow['outcome'];
  column?: string;
  reason?: string;
  message?: string;
}

export interface PeopleImported {
  rows: number;
  new: number;
  known: number;
  wrong: number;
  results: PersonRow[];
}

type NewRow = Extract<JudgedRow, { outcome: 'new' }>;

/** Persons and posts out of a file, each row by the register's own commands. */
export class PeopleImport {
  constructor(
    private readonly writer: RegisterWriter,
    private readonly book: RegisterBook,
    private readonly sealer: Sealer,
    private readonly now: () => string,
  ) {}

  /** Says of each row what would become of it. @throws Refusal */
  async try(content: Readable, caller: Caller): Promise<PeopleImported> {
    const { judged } = await this.#judged(content, caller);
    return told(judged.map(rowTold));
  }

  /**
   * Gives the commands of all rows that are right. Each has a key of its own, made of the file and the row: whoever was
   * cut off sends the file again.
   * @throws Refusal `import/wrong-rows` where there are any, and they are not to be left out
   */
  async commit(
    content: Readable,
    caller: Caller,
    { onlyGood, correlationId }: { onlyGood: boolean; correlationId: string },
  ): Promise<PeopleImported> {
    const { judged, sha256 } = await this.#judged(content, caller);
    if (!onlyGood && judged.some(({ outcome }) => outcome === 'wrong')) refuse('import/wrong-rows');
    const results = new Map(judged.map((row) => [row.row, rowTold(row)]));
    const persons = [...byPerson(judged).values()];
    const work = async (): Promise<void> => {
      for (let rows = persons.shift(); rows; rows = persons.shift())
        for (const row of rows) {
          const key = `people:${sha256}:${row.row}`;
          results.set(row.row, await this.#enter(row, key, caller, correlationId));
        }
    };
    await Promise.all(Array.from({ length: ABREAST }, work));
    return told([...results.values()]);
  }

  async #enter(
    { row, id, commands }: NewRow,
    key: string,
    caller: Caller,
    correlationId: string,
  ): Promise<PersonRow> {
    try {
      let fresh = false;
      for (const body of commands) {
        const { revision, repeated, stream } = await this.writer.give(
          {
            ...{ kind: 'person', id, body, actor: caller, about: { correlationId } },
            commandId: commandId(caller.person, `${key}:${body.constructor.name}`),
          },
          () => this.book.docs,
        );
        fresh ||= !repeated;
        await this.book.reached(stream, revision, PATIENCE);
      }
      return { row, outcome: fresh ? 'new' : 'known' };
    } catch (error) {
      // Somebody else changed the register meanwhile; what the log cannot take is for the whole request to say.
      if (!(error instanceof Refusal) || error.code.startsWith('log/')) throw error;
      return { row, outcome: 'wrong', reason: error.code, message: refusals[error.code] };
    }
  }

  async #judged(content: Readable, caller: Caller): Promise<{ judged: JudgedRow[]; sha256: string }> {
    const bytes = await bytesOf(content);
    const { docs, today } = this.book;
    let byHolder: ReadonlyMap<string, string> | undefined;
    const judged = await judge(peopleIn(bytes), {
      ...{ docs, today, caller, now: this.now() },
      sameAs: (number) => this.sealer.index.of('identity-number', number),
      ownerOf: async (number) => {
        const holder = await this.sealer.meant('identity-number', number);
        if (holder === undefined) return undefined;
        byHolder ??= new Map([...docs.person.keys()].map((id) => [holderId(streamOf('person', id)), id]));
        return byHolder.get(holder) ?? '';
      },
    });
    return { judged, sha256: createHash('sha256').update(bytes).digest('hex') };
  }
}

const rowTold = (judged: JudgedRow): PersonRow => {
  const { row, outcome } = judged;
  const fault: Partial<RowFault> = 'fault' in judged ? judged.fault : {};
  return { row, outcome, ...fault };
};

function told(results: PersonRow[]): PeopleImported {
  const count = (wanted: PersonRow['outcome']): number =>
    results.filter(({ outcome }) => outcome === wanted).length;
  return {
    ...{ rows: results.length, new: count('new'), known: count('known'), wrong: count('wrong') },
    results,
  };
}

/** Posts of one person depend on each other: they are given one after the other. */
function byPerson(judged: readonly JudgedRow[]): ReadonlyMap<string, NewRow[]> {
  const rows = new Map<string, NewRow[]>();
  for (const row of judged) if (row.outcome === 'new') rows.set(row.id, [...(rows.get(row.id) ?? []), row]);
  return rows;
}

async function bytesOf(content: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    length += chunk.length;
    // Heard out, so that whoever sends hears why.
    if (length <= MOST_BYTES) chunks.push(chunk);
    else if (length > 20 * MOST_BYTES) break;
  }
  return length > MOST_BYTES ? refuse('input/too-large') : Buffer.concat(chunks);
}
