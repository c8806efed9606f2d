import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { readFile } from 'node:fs/promises';
import { MemoryLog } from '../../../test/doubles/memory-log.js';
import { xesFaults } from '../../../test/support/schemas/xes.js';
import { caseEvents } from '../../contracts/case-events.js';
import { type StoredEvent } from '../../eventing/event.js';
import { type Feed, type Page } from '../../eventing/store.js';
import { ocel } from './ocel.js';
import { xes } from './xes.js';

/** A log that ends, in pages of a few events. */
class PastLog extends MemoryLog implements Feed {
  async *follow(): AsyncGenerator<Page> {
    for (let from = 0; from < this.all.length; from += 7) {
      const events = this.all.slice(from, from + 7);
      yield await Promise.resolve({ events, next: String(from + 7), more: from + 7 < this.all.length });
    }
  }
}

interface Ocel {
  events: { id: string; type: string; attributes: Pair[]; relationships: { objectId: string }[] }[];
  objects: { id: string; type: string }[];
  eventTypes: { name: string; attributes: { name: string; type: string }[] }[];
}
interface Pair {
  name: string;
  value: string;
}

/** Every shape of event that was ever stored, with sealed texts and whatever people wrote. */
async function history(): Promise<PastLog> {
  const log = new PastLog();
  const text = await readFile('test/history/case-events.jsonl', 'utf8');
  log.all.push(
    ...text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as StoredEvent),
  );
  return log;
}

async function written(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

const HAN = /\p{Script=Han}/u;

/** Sealed texts of an event, wherever they stand in it. */
const sealedIn = (data: string): string[] =>
  [...data.matchAll(/"holder":"([^"]+)"/g)].map(([, holder]) => holder ?? '');

describe('the log as OCEL 2.0', () => {
  test('is valid, and names every event and all that it is about', async () => {
    const log = await history();
    const told = JSON.parse(await written(ocel(log))) as Ocel;
    const ajv = new Ajv({ allErrors: true });
    formats.default(ajv);
    const schema = JSON.parse(await readFile('test/support/schemas/ocel.json', 'utf8')) as object;
    ajv.validate(schema, told);
    expect(ajv.errors ?? []).toEqual([]);

    expect(told.events.map(({ id }) => id)).toEqual(log.all.map(({ id }) => id));
    expect(told.eventTypes.map(({ name }) => name).sort()).toEqual(Object.keys(caseEvents).sort());
    expect(new Set(told.objects.map(({ id }) => id)).size).toBe(told.objects.length);
    expect(new Set(told.objects.map(({ type }) => type))).toEqual(
      new Set(['case', 'unit', 'division', 'person']),
    );
  });

  test('declares the attributes of its events, with their types', async () => {
    const told = JSON.parse(await written(ocel(await history()))) as Ocel;
    const types = new Map(told.eventTypes.map((one) => [one.name, one.attributes]));
    const spelt: Record<string, RegExp> = { string: /^/, integer: /^-?\d+$/, boolean: /^(?:true|false)$/ };
    for (const { type, attributes } of told.events)
      for (const { name, value } of attributes) {
        const declared = types.get(type)?.find((one) => one.name === name);
        expect(value).toMatch(spelt[declared?.type ?? 'none'] ?? /^$/);
      }
    const assigned = told.events.find(({ type }) => type === 'CaseAssigned');
    expect(assigned?.attributes).toContainEqual({ name: 'dueOn', value: '2026-09-28' });
    expect(assigned?.relationships).toContainEqual({ objectId: 'unit:hill-office', qualifier: 'lead' });
  });
});

describe('the log as XES', () => {
  test('is valid, with a trace for each case and its events in order', async () => {
    const log = await history();
    const text = await written(xes(log));
    expect(xesFaults(text)).toEqual([]);
    const cases = new Set(log.all.map(({ stream }) => stream.replace('case-', '')));
    expect(text.match(/<trace>/g)).toHaveLength(cases.size);
    expect(text.match(/<event>/g)).toHaveLength(log.all.length);
    const [first = ''] = /<trace>.*?<\/trace>/s.exec(text) ?? [];
    const names = [...first.matchAll(/<event><string key="concept:name" value="(\w+)"/g)].map(
      ([, name]) => name,
    );
    const [begun] = log.all;
    expect(names).toEqual(log.of(begun?.stream ?? '').map(({ type }) => type));
    expect(first).toContain(
      '<string key="org:resource" value="gu"/><string key="org:role" value="registrar"/>',
    );
  });

  test.each([
    [
      'an element that is none',
      '<log xes.version="1" xes.features="" xmlns="http://www.xes-standard.org/"><case/></log>',
    ],
    [
      'events before attributes',
      '<log xes.version="1" xes.features="" xmlns="http://www.xes-standard.org/"><trace><event/><string key="a" value=""/></trace></log>',
    ],
    [
      'a day in place of an instant',
      '<log xes.version="1" xes.features="" xmlns="http://www.xes-standard.org/"><event><date key="a" value="2026-01-01"/></event></log>',
    ],
    ['no version', '<log xes.features="" xmlns="http://www.xes-standard.org/"></log>'],
  ])('would not be, with %s', (_, text) => {
    expect(xesFaults(text)).not.toEqual([]);
  });
});

describe.each([
  ['OCEL', ocel],
  ['XES', xes],
])('in %s', (_, write) => {
  test('nothing is told that a person wrote, sealed or not', async () => {
    const log = await history();
    const text = await written(write(log));
    expect(text).not.toMatch(HAN);
    const holders = log.all.flatMap(({ data }) => sealedIn(data));
    expect(holders.length).toBeGreaterThan(0);
    for (const holder of holders) expect(text).not.toContain(holder);
  });

  test('an empty log is a log', async () => {
    class NoLog extends PastLog {
      override async *follow(): AsyncGenerator<Page> {
        yield await Promise.resolve({ events: [], next: '0', more: false });
      }
    }
    expect(await written(write(new NoLog()))).not.toBe('');
  });
});
