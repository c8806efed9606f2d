import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import ts from 'typescript';
import { storable } from '../../libs/eventing/canonical.js';
import { mask } from '../../libs/sealing/masks.js';

/**
 * Every regular expression of the program against texts of 50 KB that nearly match. None may go on and on: that is a bound
 * for a fault, no measure. What grows with the square of a text is refused by the linter (`regexp/no-super-linear-*`).
 */
const LENGTH = 50_000;
const LIMIT_MS = 20_000;

const SEEDS = [
  ...[
    'a',
    'A',
    '0',
    '9',
    ' ',
    '_',
    '-',
    '.',
    '/',
    '\\',
    '"',
    "'",
    '中',
    '年',
    '\n',
    '@',
    ':',
    ',',
    '(',
    '[',
    '{',
  ],
  ...['a.', 'a-', 'a ', 'a,', 'a/', 'a=', '0.', ' 0', '0,', '"a', '\\u', '\\\\', '{"a":', '&#x', '<a', '%E4'],
  ...['000,', 'a@a.', '中a', 'u0000', '**', '()', '[]', '""'],
];
const hostile = SEEDS.flatMap((seed) => {
  const text = seed.repeat(Math.ceil(LENGTH / seed.length)).slice(0, LENGTH);
  return [`${text}\u0000`, `${text}!`, `\u0000${text}`];
});

/** As they stand in the source. */
function expressionsIn(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const files = ['apps', 'libs'].flatMap((room) =>
  readdirSync(room, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => join(room, file)),
);
const expressions = [...new Set(files.flatMap(expressionsIn))];

test('there are some, and they are found', () => {
  expect(expressions.length).toBeGreaterThan(80);
});

test.each(expressions)('%s comes to an end', (expression) => {
  const context = createContext({ hostile });
  const code = `const tried = ${expression}; for (const text of hostile) { tried.lastIndex = 0; tried.test(text); }`;
  expect(() => void runInContext(code, context, { timeout: LIMIT_MS })).not.toThrow();
});

describe('what is made from several', () => {
  test.each(hostile.map((text, n) => [n, text] as const))('comes to an end on text %i', (_, text) => {
    for (const kind of ['name', 'phone', 'identity-number', 'address'] as const)
      expect(mask(kind, text).length).toBeLessThanOrEqual(text.length + 10);
    const without = text.replaceAll('\u0000', '');
    expect(JSON.parse(storable({ without }))).toEqual({ without });
  });
});
