import { expect, test } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

/** Rooms that decide, fold, count and show. */
const ROOMS = ['cases', 'contracts', 'eventing', 'ledger', 'calendar', 'intake', 'evidence', 'identity'];

/** Files that may say a word of a deployment, and why. */
const ALLOWED: Readonly<Record<string, string>> = {
  'libs/intake/xlsx/cell.ts': 'a flag of a workbook is 1 or 0',
  'libs/intake/xlsx/workbook.ts': 'a flag of a workbook is 1 or true',
  'libs/intake/xlsx/decimals.ts': 'a digit that is rounded',
};

/** What no deployment but one's own would call so. */
const WORDS = /\b(?:provinc\w+|city|cities|county|counties|village\w*|district\w*|hunan|xiangxi)\b|[省市县]/i;

interface Rules {
  sources: object;
  categories: object;
}

/** Codes of sources and ids of categories, as some code would have to name them: in quotes. */
async function names(): Promise<RegExp> {
  const policies = ['config/hunan/policy.yaml', 'config/example/policy.yaml'].map(
    async (file) => parse(await readFile(file, 'utf8')) as Rules,
  );
  const { policy } = parse(await readFile('config/demo.yaml', 'utf8')) as { policy: Rules };
  const all = [policy, ...(await Promise.all(policies))].flatMap(({ sources, categories }) => [
    ...Object.keys(sources),
    ...Object.keys(categories),
  ]);
  return new RegExp(`['"\`](?:source:)?(?:${[...new Set(all)].join('|')})['"\`]`);
}

// To see it fail: let some rule say `state.source === 'PT'`, or `level === 'county'`.
test.each(ROOMS)('libs/%s knows no level, source or category of any deployment', async (room) => {
  const folder = join('libs', room);
  const files = (await readdir(folder, { recursive: true })).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'),
  );
  expect(files).not.toEqual([]);
  const named = await names();
  const said: string[] = [];
  for (const file of files.map((one) => join(folder, one)).filter((one) => !Object.hasOwn(ALLOWED, one))) {
    for (const [n, line] of (await readFile(file, 'utf8')).split('\n').entries()) {
      // What a comment gives as an example decides nothing.
      const code = line.replace(/^\s*(?:\/?\*|\/\/).*|\s\/\/\s.*$/, '');
      if (WORDS.test(code) || named.test(code)) said.push(`${file}:${n + 1}: ${line.trim()}`);
    }
  }
  expect(said).toEqual([]);
});
