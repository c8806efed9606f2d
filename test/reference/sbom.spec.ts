import { expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

interface Locked {
  version: string;
  integrity?: string;
  dev?: boolean;
  optional?: boolean;
  peer?: boolean;
}
interface Component {
  name: string;
  version: string;
  hashes?: { alg: string; content: string }[];
}

const FOLDER = 'node_modules/';

// To see it fail: leave out what tests use (`--omit dev`), and what they share with the program is missing.
test('`npm run sbom` lists every package that runs, with version and hash', async () => {
  const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'sbom'], { maxBuffer: 16_777_216 });
  const { bomFormat, components } = JSON.parse(stdout) as { bomFormat: string; components: Component[] };
  expect(bomFormat).toBe('CycloneDX');
  const told = new Map(components.map((one) => [`${one.name}@${one.version}`, one]));
  const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
    packages: Record<string, Locked>;
  };
  const run = Object.entries(packages).filter(
    ([path, { dev, optional, peer }]) => path !== '' && !dev && !optional && !peer,
  );
  expect(run.length).toBeGreaterThan(100);
  for (const [path, { version }] of run) {
    const name = path.slice(path.lastIndexOf(FOLDER) + FOLDER.length);
    const one = told.get(`${name}@${version}`);
    expect([name, version, one?.hashes?.[0]?.alg]).toEqual([name, version, 'SHA-512']);
  }
});
