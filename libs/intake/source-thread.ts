import { Worker } from 'node:worker_threads';
import { type Format } from './mapping/mapping.js';
import { FileRefused, type Problem } from './problem.js';
import { type Merge, type SourceRow } from './rows.js';
import { type Source } from './source.js';

/** The file that a thread reads. */
export interface Subject {
  file: string;
  format: Format;
}

/** What the thread is asked, one after the other; `more` are the next rows since `rows`. */
export type Asked = 'opened' | 'rows' | 'more' | { merges: number };

export type Opened = Pick<Source, 'scan' | 'otherSheets'>;

/** Rows in their order, and whether there are others behind them. */
export interface Piece {
  rows: SourceRow[];
  more: boolean;
}

export type Answered =
  | { answer: unknown }
  | { refused: { problems: Problem[]; row?: number } }
  | { fault: { message: string; code: string } };

const ENDED = 'the thread that reads the file has ended';
const SCRIPT = new URL('./source-thread.main.js', import.meta.url);

/**
 * Opens a file as `openSource` does, in a thread of its own: while its rows are made into commands here, the next ones are
 * inflated and parsed there. The thread lives until the source is closed.
 * @throws FileRefused as `openSource`
 */
export async function openSourceInThread(file: string, format: Format, script = SCRIPT): Promise<Source> {
  const thread = new SourceThread(script, { file, format });
  try {
    const opened = await thread.ask<Opened>('opened');
    return {
      ...opened,
      rows: () => rowsOf(thread),
      merges: (rows) => thread.ask<Merge[] | undefined>({ merges: rows }),
      close: () => thread.end(),
    };
  } catch (error) {
    await thread.end();
    throw error;
  }
}

async function* rowsOf(thread: SourceThread): AsyncGenerator<SourceRow> {
  await thread.ask('rows');
  let next = ahead(thread);
  try {
    for (let more = true; more;) {
      const piece = await next;
      ({ more } = piece);
      if (more) next = ahead(thread);
      yield* piece.rows;
    }
  } finally {
    // Nothing is asked while an answer is on its way: not even where nobody wants it any more.
    await next.catch(() => undefined);
  }
}

/** Asked while the piece before is used: what is wrong with it is told when it is its turn. */
function ahead(thread: SourceThread): Promise<Piece> {
  const piece = thread.ask<Piece>('more');
  piece.catch(() => undefined);
  return piece;
}

class SourceThread {
  readonly #worker: Worker;
  #ended = false;
  #waiting: { resolve: (answer: never) => void; reject: (error: unknown) => void } | undefined;

  constructor(script: URL, subject: Subject) {
    this.#worker = new Worker(script, { workerData: subject });
    this.#worker.on('message', (answered: Answered) => {
      if ('answer' in answered) this.#waiting?.resolve(answered.answer as never);
      else this.#waiting?.reject(errorOf(answered));
    });
    this.#worker.on('error', (error) => this.#waiting?.reject(error));
    this.#worker.on('exit', () => {
      this.#ended = true;
      this.#waiting?.reject(new Error(ENDED));
    });
  }

  ask<Answer>(asked: Asked): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      if (this.#ended) throw new Error(ENDED);
      this.#waiting = { resolve, reject };
      this.#worker.postMessage(asked);
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

function errorOf(answered: Exclude<Answered, { answer: unknown }>): Error {
  if ('refused' in answered) return new FileRefused(answered.refused.problems, answered.refused.row);
  const { message, code } = answered.fault;
  return Object.assign(new Error(message), { code });
}
