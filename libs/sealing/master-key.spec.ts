import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { NotGenuine, Unusable } from './errors.js';
import { MasterKey } from './master-key.js';

const HOLDER = '6f1c1f0e-0000-4000-8000-000000000001';
const TEXT = randomBytes(32).toString('base64');
const master = MasterKey.fromText(TEXT);

describe('as a text', () => {
  test.each([
    ['too short', randomBytes(31).toString('base64')],
    ['too long', randomBytes(33).toString('base64')],
    ['empty', ''],
    ['not base64', `${TEXT.slice(0, 10)}*${TEXT.slice(11)}`],
    ['hex', randomBytes(32).toString('hex')],
    ['one byte repeated', Buffer.alloc(32).toString('base64')],
  ])('a key that is %s is refused, and not shown', (_, text) => {
    const read = (): unknown => MasterKey.fromText(text);
    expect(read).toThrow(Unusable);
    if (text !== '') expect(read).not.toThrow(text);
  });

  test('it shows itself neither printed nor as JSON', () => {
    const shown = inspect(master, { depth: 9, showHidden: true }) + JSON.stringify({ master });
    expect(shown).not.toContain(TEXT.slice(0, 8));
    expect(shown).not.toContain(Buffer.from(TEXT, 'base64').toString('hex').slice(0, 8));
  });
});

describe('in a file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'master-key-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const file = async (text: string, mode: number): Promise<string> => {
    const path = join(folder, randomBytes(4).toString('hex'));
    await writeFile(path, text);
    await chmod(path, mode);
    return path;
  };

  test.each([[0o400], [0o600], [0o440]])('a key that others cannot read is taken (%i)', async (mode) => {
    const read = await MasterKey.fromFile(await file(`${TEXT}\n`, mode));
    expect(() => read.unwrap(master.newKey(HOLDER, 1))).not.toThrow();
  });

  test.each([[0o644], [0o604], [0o602], [0o666]])(
    'one that everybody can read or write is refused (%i)',
    async (mode) => {
      await expect(MasterKey.fromFile(await file(TEXT, mode))).rejects.toThrow(/open to everybody/);
    },
  );

  test('a file that is missing, a folder, empty, too long or of another length is refused', async () => {
    const bad = [
      join(folder, 'missing'),
      await file('', 0o600),
      await file(TEXT.repeat(50), 0o600),
      await file(TEXT.slice(4), 0o600),
    ];
    for (const path of bad) await expect(MasterKey.fromFile(path)).rejects.toThrow(Unusable);
    await chmod(folder, 0o700);
    await expect(MasterKey.fromFile(folder)).rejects.toThrow(Unusable);
  });
});

describe('wrapping', () => {
  test('a key unwraps for its holder and version only', () => {
    const key = master.newKey(HOLDER, 1);
    expect(master.unwrap(key).symmetricKeySize).toBe(32);
    expect(() => master.unwrap({ ...key, holder: '6f1c1f0e-0000-4000-8000-000000000002' })).toThrow(
      NotGenuine,
    );
    expect(() => master.unwrap({ ...key, version: 2 })).toThrow(NotGenuine);
  });

  test('a change of any byte is noticed, of the first eight as another master key', () => {
    const key = master.newKey(HOLDER, 1);
    for (let at = 0; at < key.bytes.length; at++) {
      const bytes = Buffer.from(key.bytes);
      bytes.writeUInt8((bytes[at] ?? 0) ^ 0x10, at);
      expect(() => master.unwrap({ ...key, bytes })).toThrow(at < 8 ? Unusable : NotGenuine);
    }
    for (const length of [0, 8, 36, 67]) {
      expect(() => master.unwrap({ ...key, bytes: key.bytes.subarray(0, length) })).toThrow(NotGenuine);
    }
  });

  test('keys of two purposes differ, and a purpose always has the same', () => {
    expect(master.derive('one').equals(master.derive('other'))).toBe(false);
    expect(master.derive('one').equals(MasterKey.fromText(TEXT).derive('one'))).toBe(true);
  });
});
