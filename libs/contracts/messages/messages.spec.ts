import { describe, expect, test } from '@jest/globals';
import 'reflect-metadata';
import { readdir, readFile } from 'node:fs/promises';
import { caseCommands } from '../../cases/commands.js';
import { FLAGS } from '../../cases/case-state.js';
import { registerCommands } from '../../register/commands.js';
import { caseEvents } from '../case-events.js';
import { type Catalogue } from './catalogue.js';
import { en } from './en.js';
import { zhCN } from './zh-CN.js';

/** Every text of a catalogue, with the path to it. */
function textsOf(part: unknown, path: string): [string, string][] {
  if (typeof part === 'string') return [[path, part]];
  return Object.entries(part as object).flatMap(([name, inner]) => textsOf(inner, `${path}.${name}`));
}

const said = (catalogue: Catalogue): [string, string][] => textsOf(catalogue, '').sort();

/** What a Chinese text may say in Latin letters: names of formats and headers. */
const TERMS = /Idempotency-Key|If-Match|ASCII|JSON/g;

describe.each([
  ['English', en],
  ['Chinese', zhCN],
])('the %s catalogue', (_, catalogue) => {
  test('has no empty text, nor one that is not trimmed', () => {
    expect(said(catalogue).filter(([, text]) => text === '' || text !== text.trim())).toEqual([]);
  });

  test('has no place left to be filled', () => {
    expect(said(catalogue).filter(([, text]) => /[{}<>%$]|TODO|TBD|xxx|待译|\?\?/i.test(text))).toEqual([]);
  });

  test('knows every command, event and flag of the program', () => {
    const names = [...caseCommands, ...registerCommands].map(({ command }) => command.name);
    expect(Object.keys(catalogue.commands)).toEqual(expect.arrayContaining(names));
    expect(Object.keys(catalogue.events)).toEqual(expect.arrayContaining(Object.keys(caseEvents)));
    expect(Object.keys(catalogue.flags).sort()).toEqual([...FLAGS].sort());
  });

  test.each(['commands', 'statuses', 'flags', 'roles', 'steps', 'events', 'areas'] as const)(
    'calls no two %s the same',
    (part) => {
      const names = Object.values(catalogue[part]).map((one: string | readonly string[]) =>
        typeof one === 'string' ? one : one[0],
      );
      expect(names.filter((name, n) => names.indexOf(name) !== n)).toEqual([]);
    },
  );
});

test('the Chinese texts are Chinese, but for names of formats and headers', () => {
  const strange = said(zhCN).filter(([, text]) => /[A-Za-z]/.test(text.replace(TERMS, '')));
  expect(strange).toEqual([]);
  expect(said(zhCN).filter(([, text]) => !/\p{Script=Han}/u.test(text))).toEqual([]);
});

test('Chinese sentences end as Chinese sentences do, and have no half-width marks', () => {
  const sentences = [
    ...Object.values(zhCN.refusals),
    ...Object.values(zhCN.commands).map(([, text]) => text),
  ];
  expect(sentences.filter((text) => !text.endsWith('。') || /[,;:!?()]/.test(text))).toEqual([]);
});

test('both catalogues say the same things', () => {
  const paths = (catalogue: Catalogue): string[] => said(catalogue).map(([path]) => path);
  expect(paths(zhCN)).toEqual(paths(en));
});

// To see it fail: change a docstring of a command and not its sentence in en.ts.
test('the English sentence of a command is that of its class', async () => {
  const folder = 'libs/contracts';
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'));
  const sources = await Promise.all(files.map((file) => readFile(`${folder}/${file}`, 'utf8')));
  const documented = /\/\*\*((?:(?!\*\/)[^])*)\*\/\s*export class (\w+)[^{]*\{\s*@Equals\('/g;
  const sentences = sources.flatMap((source) =>
    [...source.matchAll(documented)].map(([, text = '', name = '']): [string, string] => [
      name,
      text.replace(/\s*\n\s*\*?\s*/g, ' ').trim(),
    ]),
  );
  const catalogued = Object.entries(en.commands).map(([name, [, sentence]]) => [name, sentence]);
  expect(sentences.sort()).toEqual(catalogued.sort());
});
