import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { DOCUMENTS, filesNamed, partsOf, textOf } from './security-tables.js';

/** What runs in production: no specs, no tests. */
const sources = ['libs', 'apps'].flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => `${root}/${file}`),
);
const texts = new Map(sources.map((file) => [file, readFileSync(file, 'utf8')]));
const inventory = partsOf(textOf(DOCUMENTS.inventory));

const having = (pattern: RegExp): string[] => sources.filter((file) => pattern.test(texts.get(file) ?? ''));

/** Files that do so and lie in none of the places that a part of the inventory names. */
function elsewhere(pattern: RegExp, part: string): string[] {
  const places = filesNamed(inventory.get(part) ?? '', DOCUMENTS.inventory);
  return having(pattern).filter(
    (file) => !places.some((place) => file === place || file.startsWith(`${place}/`)),
  );
}

/** A pattern that finds nothing anywhere proves nothing: each is shown to find what it is for. */
const FINDS: readonly [name: string, pattern: RegExp, example: string][] = [
  ['no code is made from texts', /\beval\(|\bnew Function\(|'node:vm'/, 'eval(text)'],
  ['what must not be guessed is not drawn by Math.random', /Math\.random/, 'Math.random()'],
  [
    'headers of a proxy are believed of nobody',
    /trustProxy: true|headers(?:\.|\[')(?:x-forwarded|x-real-ip)|xForwarded/i,
    "headers['x-forwarded-for']",
  ],
  ['no other origin is let in', /enableCors|@fastify\/cors|access-control-allow/i, 'app.enableCors()'],
  [
    'no scripts are taken from elsewhere',
    /<script[^>]+src="?https?:/i,
    '<script src="https://cdn.example/a.js">',
  ],
];

describe('in all that runs', () => {
  test.each(FINDS)('%s', (_, pattern, example) => {
    expect(example).toMatch(pattern);
    expect(having(pattern)).toEqual([]);
  });

  test('programs are started for the embedded database only, never through a shell', () => {
    const starting = having(/'node:child_process'/);
    expect(starting.length).toBeGreaterThan(0);
    for (const file of starting) {
      expect(file).toMatch(/^libs\/platform\/embedded\//);
      expect(texts.get(file)).not.toMatch(
        /import \{[^}]*\b(?:exec|execSync|spawn)\b[^}]*\} from|shell: true/,
      );
    }
  });

  test('cryptography is where the inventory says', () => {
    expect(having(/'node:crypto'/).length).toBeGreaterThan(10);
    expect(elsewhere(/'node:crypto'/, 'Cryptography')).toEqual([]);
  });

  test('and by no other algorithm than it names', () => {
    const calls =
      /\b(?:createHash|createHmac|hash|createCipheriv|createDecipheriv|hkdfSync|pbkdf2\w*|createSign)\(\s*'([^']+)'/g;
    const used = sources.flatMap((file) =>
      [...(texts.get(file) ?? '').matchAll(calls)].map(([, name = '']) => name),
    );
    const named = [...(inventory.get('Cryptography') ?? '').matchAll(/`([^`/]+)`/g)].map(([, name]) => name);
    expect(new Set(used).size).toBeGreaterThan(3);
    expect([...new Set(used)].filter((name) => !named.includes(name))).toEqual([]);
  });

  test('others are spoken to from where the inventory says', () => {
    const speaks =
      /\bfetch\(|import \{[^}]*\b(?:request|connect)\b[^}]*\} from 'node:(?:https?|net|tls|http2)'|from '(?:@eventstore\/db-client|postgres|@aws-sdk\/[^']+|openid-client)'/;
    expect(having(speaks).length).toBeGreaterThan(3);
    expect(elsewhere(speaks, 'Connections')).toEqual([]);
  });
});

test('nothing is changed by asking: no GET takes a body or a key', () => {
  const { paths } = JSON.parse(readFileSync('docs/reference/openapi.json', 'utf8')) as {
    paths: Record<
      string,
      Record<string, { requestBody?: unknown; parameters?: { name?: string; $ref?: string }[] }>
    >;
  };
  const asked = Object.entries(paths).flatMap(([path, { get }]) => (get ? [{ path, get }] : []));
  expect(asked.length).toBeGreaterThan(10);
  const changing = asked.filter(
    ({ get }) =>
      get.requestBody !== undefined || JSON.stringify(get.parameters ?? []).includes('Idempotency-Key'),
  );
  expect(changing.map(({ path }) => path)).toEqual([]);
});
