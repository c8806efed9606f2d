import { SaxesParser } from 'saxes';
import { codeOf } from '../../platform/fault.js';
import { type Archive } from './archive.js';
import { refusal } from './refusal.js';

/** What happens in a part, in its order. Names come without their prefix. */
export interface Listener {
  open?: (name: string, attributes: Readonly<Record<string, string>>) => void;
  close?: (name: string) => void;
  text?: (text: string) => void;
}

/** Between two tags stands no more than this, in bytes: a cell of the longest text, escaped, is far below. */
const LONGEST_RUN = 4 * 1024 * 1024;

/**
 * Reads a part of XML strictly, and comes back after each piece of at most 64 KiB, so that what was found can be handed
 * on. Entities but XML's own five are errors, and nothing outside of the part is ever asked for.
 * @throws FileRefused `workbook-doctype`, `workbook-damaged`, and those of `Archive.part`
 */
export async function* readXml(archive: Archive, path: string, listener: Listener): AsyncGenerator<void> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const { parser, run } = parserOf(path, listener);
  try {
    for await (const bytes of archive.part(path)) {
      run.bytes += bytes.length;
      parser.write(decoder.decode(bytes, { stream: true }));
      if (run.bytes > LONGEST_RUN)
        throw refusal('workbook-damaged', `The part ${path} has a text longer than is read.`);
      yield;
    }
    parser.write(decoder.decode()).close();
  } catch (error) {
    throw codeOf(error) === 'ERR_ENCODING_INVALID_ENCODED_DATA'
      ? refusal('workbook-damaged', `The part ${path} is no UTF-8 text.`)
      : refusal(error);
  }
  yield;
}

/** Reads a part to its end. */
export async function readAll(archive: Archive, path: string, listener: Listener): Promise<void> {
  for await (const _ of readXml(archive, path, listener));
}

function parserOf(path: string, listener: Listener): { parser: SaxesParser; run: { bytes: number } } {
  const parser = new SaxesParser({ xmlns: false, position: false });
  const run = { bytes: 0 };
  parser.on('doctype', () => {
    throw refusal('workbook-doctype', `The part ${path} declares a document type.`);
  });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    run.bytes = 0;
    listener.open?.(localOf(name), attributes);
  });
  parser.on('closetag', ({ name }) => {
    run.bytes = 0;
    listener.close?.(localOf(name));
  });
  const text = (found: string): void => listener.text?.(found);
  parser.on('text', text);
  parser.on('cdata', text);
  return { parser, run };
}

function localOf(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
