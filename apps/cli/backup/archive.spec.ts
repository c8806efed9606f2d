import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventIn, lineOf, Lines } from './log-lines.js';
import { FORMAT, type Manifest } from './manifest.js';
import { Archive } from './reader.js';
import { ArchiveWriter } from './writer.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xiaohao-archive-'));
});
afterAll(() => rm(folder, { recursive: true }));

const manifest = (pieces: Record<string, string>, overrides: Partial<Manifest> = {}): Manifest => ({
  ...{ made: 'xiaohao', format: FORMAT, at: '', deployment: 'x', store: 'postgres', rows: 1, ordinal: 0 },
  ...{ tables: {}, files: 0, lost: [], pieces, ...overrides },
});

describe('an archive', () => {
  test('that is given up leaves no file', async () => {
    const writer = await ArchiveWriter.create(join(folder, 'given-up'));
    await writer.stream('tables/a/000001', 3, [Buffer.from('abc')]);
    await writer.giveUp();
    expect((await readdir(folder)).filter((name) => name.startsWith('given-up'))).toEqual([]);
  });

  test('cannot be made where nobody may write, nor over a file that is there', async () => {
    await writeFile(join(folder, 'there'), '');
    await expect(ArchiveWriter.create(join(folder, 'there'))).rejects.toThrow('is there already');
    await expect(ArchiveWriter.create(join(folder, 'no', 'where'))).rejects.toThrow(
      'cannot be written (ENOENT)',
    );
  });

  test.each([
    ['of another shape', { format: FORMAT + 1 }, 'was made by another version of Xiaohao'],
    [
      'that misses a piece',
      { pieces: { 'tables/a/000001': 'x', 'tables/b/000001': 'x' } },
      'not as it was written',
    ],
    ['that misses a file', { files: 1 }, 'not as it was written (files)'],
  ])('%s is refused', async (name, overrides, said) => {
    const file = join(folder, name);
    const writer = await ArchiveWriter.create(file);
    await writer.stream('tables/a/000001', 3, [Buffer.from('abc')]);
    writer.pieces['tables/a/000001'] = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    await writer.finish(manifest(writer.pieces, overrides));
    await expect(new Archive(file).verified(() => undefined)).rejects.toThrow(said);
  });
});

test('an event has the same line from either engine, and is read back as it was, wherever a piece ends', () => {
  const event = {
    ...{ stream: 'case-1', revision: 3, id: 'a', type: 'Noted', meta: '{}' },
    data: JSON.stringify({ text: 'a\tb\\n\n"后"\r', path: 'C:\\temp' }),
  };
  const bytes = Buffer.from(lineOf(7, event).repeat(3));
  for (let cut = 1; cut < bytes.length; cut += 5) {
    const lines = new Lines();
    const read = [...lines.of(bytes.subarray(0, cut)), ...lines.of(bytes.subarray(cut))];
    expect(read.map(eventIn)).toEqual([event, event, event]);
  }
});
