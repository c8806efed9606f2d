import { type StoredEvent } from '../../../libs/eventing/event.js';

/** Columns of the log, as lines have them: PostgreSQL's text of COPY, whichever engine the events come from. */
export const LOG_COLUMNS = ['position', 'stream', 'revision', 'id', 'type', 'data', 'meta'];

const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const PLAIN: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v' };

export function lineOf(ordinal: number, { stream, revision, id, type, data, meta }: StoredEvent): string {
  const texts = [stream, String(revision), id, type, data, meta];
  const escaped = texts.map((text) => text.replace(/[\\\n\r\t]/g, (char) => ESCAPES[char] ?? char));
  return `${[ordinal, ...escaped].join('\t')}\n`;
}

export function eventIn(line: string): StoredEvent {
  const [, stream = '', revision = '', id = '', type = '', data = '', meta = ''] = line
    .split('\t')
    .map((text) => text.replace(/\\(.)/g, (_, char: string) => PLAIN[char] ?? char));
  return { stream, revision: Number(revision), id, type, data, meta };
}

/** Puts lines together again that come in pieces. */
export class Lines {
  #rest: Buffer = Buffer.alloc(0);

  *of(chunk: Buffer): Generator<string> {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    let from = 0;
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
      yield bytes.toString('utf8', from, at);
      from = at + 1;
    }
    this.#rest = bytes.subarray(from);
  }
}
