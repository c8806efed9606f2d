import { readFileSync } from 'node:fs';

/** What a row may say of a requirement. */
export const STANDINGS = ['met', 'operator', 'n/a', 'open'] as const;
export type Standing = (typeof STANDINGS)[number];

export interface Requirement {
  /** As the standard numbers it. */
  number: string;
  /** Where the standard has levels. */
  level?: string;
  about: string;
  standing: string;
  control: string;
  test: string;
}

export interface Chapter {
  /** How it is called where it is counted. */
  name: string;
  /** Requirements of the standard, asked for here or not. */
  ofAll: number;
  rows: Requirement[];
}

export const DOCUMENTS = {
  entry: 'docs/security.md',
  asvs: 'docs/security/asvs.md',
  grade: 'docs/security/gb-t-22239.md',
  law: 'docs/security/pipl.md',
  threats: 'docs/security/threat-model.md',
  inventory: 'docs/security/inventory.md',
} as const;

export const textOf = (file: string): string => readFileSync(file, 'utf8');

/** The cells of every table below a heading, without the rows of heads and lines. */
export function cellsOf(text: string): string[][] {
  const rows = text.split('\n').map((line) =>
    line.startsWith('|')
      ? line
          .slice(1, line.lastIndexOf('|'))
          .split(/(?<!\\)\|/)
          .map((cell) => cell.trim())
      : [],
  );
  const isLine = (cells: readonly string[] | undefined): boolean =>
    cells?.every((cell) => /^:?-+:?$/.test(cell)) === true && cells.length > 0;
  return rows.filter((cells, n) => cells.length > 0 && !isLine(cells) && !isLine(rows[n + 1]));
}

/** The parts of a page, by the words of their headings of the second level. */
export function partsOf(text: string): Map<string, string> {
  const [, ...parts] = text.split(/^## /m);
  return new Map(parts.map((part) => [part.split('\n', 1)[0] ?? '', part]));
}

/** The files that a text names in backticks or links to, from the root of the checkout. */
export function filesNamed(text: string, from: string): string[] {
  const named = [...text.matchAll(/`((?:libs|apps|test|docs|config|\.ci)\/[^`*…{}<>]*)`/g)].map(
    ([, path = '']) => path,
  );
  const linked = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, path = '']) =>
    new URL(path, `file:///${from}`).pathname.slice(1),
  );
  return [...named, ...linked];
}

/** The tests that a cell names: a file, and the title of one in it where only that one is meant. */
export const testsNamed = (cell: string): { file: string; title: string | undefined }[] =>
  [...cell.matchAll(/`([^`]+)`(?: “([^”]+)”)?/g)].map(([, file = '', title]) => ({ file, title }));
