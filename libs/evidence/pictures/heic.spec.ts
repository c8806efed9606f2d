import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import * as sample from '../../../test/support/evidence-files.js';
import { looked, type Told } from './heic.js';

const MIB = 1024 * 1024;
const built = new URL('../../../dist/libs/evidence/pictures/heic-thread.main.js', import.meta.url);
const limits = { patienceMs: 60_000, mostMemory: 512 * MIB, script: built };
const unpacked = (photo: Buffer, changed: Partial<typeof limits> = {}): Promise<Told> =>
  looked({ photo, unpack: true }, { ...limits, ...changed });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xiaohao-heic-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a HEIC', () => {
  test('is unpacked upright, and is the picture that it was made of', async () => {
    const { pixels, picture } = await unpacked(await sample.heic());
    expect([pixels, picture?.width, picture?.height]).toEqual([640 * 480, 640, 480]);
    const wanted = await sample.scene(60).raw().toBuffer();
    const raw = { width: 640, height: 480, channels: 3 } as const;
    const found = await sharp(picture?.data, { raw }).toBuffer();
    const off = found.reduce((sum, value, at) => sum + Math.abs(value - (wanted[at] ?? 0)), 0) / found.length;
    expect(off).toBeLessThan(4);
  });

  test('says of its head what the camera wrote, and is not unpacked for it', async () => {
    const photo = join(folder, 'photo');
    await writeFile(photo, await sample.heic());
    const { pixels, exif, picture } = await looked({ photo, unpack: false }, limits);
    expect([pixels, picture]).toEqual([640 * 480, undefined]);
    expect(Buffer.from(exif ?? []).toString('latin1')).toMatch(/^MM.*2026:01:20 10:11:12/s);
  });
});

describe('a hostile HEIC', () => {
  test('of 60,000 × 60,000 pixels says so, and is not unpacked', async () => {
    const { pixels, picture } = await unpacked(await sample.heicOf(60_000, 60_000));
    expect([pixels, picture]).toEqual([3_600_000_000, undefined]);
  });

  test('that is larger than it says is not unpacked beyond what there is for it', async () => {
    const { pixels, picture } = await unpacked(await sample.heicOf(64, 64, sample.plainHeic()), {
      mostMemory: 24 * MIB,
    });
    expect([pixels, picture]).toEqual([64 * 64, undefined]);
  });

  test('gets no more memory than there is for it', async () => {
    const plain = await sample.plainHeic();
    expect((await unpacked(plain)).picture?.width).toBe(4096);
    expect((await unpacked(plain, { mostMemory: 64 * MIB })).picture).toBeUndefined();
  });

  test('that would be unpacked for minutes is ended', async () => {
    const photo = await sample.heicOfTiles(30, 30);
    expect(photo.length).toBeLessThan(60_000);
    expect(await looked({ photo, unpack: false }, limits)).toEqual({ pixels: 64 * 64 });
    expect((await unpacked(await sample.heicOfTiles(1, 1))).picture?.width).toBe(64);
    expect(await unpacked(photo, { patienceMs: 3000 })).toEqual({});
  });

  test.each<[string, () => Buffer | Promise<Buffer>]>([
    ['nothing', () => Buffer.alloc(0)],
    ['a film under its brand', sample.mp4AsHeic],
    ['one that is cut off in its picture', sample.heicCut],
    ['half a head', async () => (await sample.heic()).subarray(0, 300)],
  ])('is nothing: %s', async (_, make) => {
    expect(await unpacked(await make())).toEqual({});
  });
});

test('a thread that does not begin, and a file that is not there, are no fault of the photo', async () => {
  const script = new URL('./nowhere.js', import.meta.url);
  await expect(unpacked(await sample.heic(), { script })).rejects.toThrow(/nowhere/);
  await expect(looked({ photo: join(folder, 'nowhere'), unpack: true }, limits)).rejects.toThrow(/ENOENT/);
});
