import libheif from 'libheif-js/libheif-wasm/libheif-bundle.js';
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { type Asked, type Told } from './heic.js';

/** Lets libheif look at one photo. Whatever becomes of it, this thread and its memory end with it. */

interface Memory {
  readonly buffer: ArrayBuffer;
  grow: (this: Memory, pages: number) => number;
}
declare const WebAssembly: { readonly Memory: { prototype: Memory } };

const PAGE = 64 * 1024;
const [RGB, INTERLEAVED_RGB, INTERLEAVED] = [1, 10, 10];
/** No camera writes more; a JPEG has no room for more. */
const MOST_EXIF = 64 * 1024;

const { photo, unpack, mostPixels, mostMemory } = workerData as Asked;

// What libheif asks for is asked for here. A thread's limits do not hold for it, and those of libheif do not hold for the
// decoders in it.
const grow = WebAssembly.Memory.prototype.grow;
WebAssembly.Memory.prototype.grow = function (this: Memory, pages: number): number {
  if (this.buffer.byteLength + pages * PAGE > mostMemory)
    throw new RangeError('a photo wants too much memory');
  return grow.call(this, pages);
};

const nothing = (): void => undefined;
const heif = libheif({ print: nothing, printErr: nothing });
/** Where it writes answers: an error, and behind it one number. */
const answer = heif._malloc(32);
const [place, text] = [answer + 16, answer + 24];
const isSound = (): boolean => heif.HEAPU32[answer >> 2] === 0;
const written = (): number => heif.HEAPU32[place >> 2] ?? 0;

function told(): Told {
  const bytes = typeof photo === 'string' ? readFileSync(photo) : photo;
  const from = heif._malloc(bytes.length);
  if (from === 0) return {};
  heif.HEAPU8.set(bytes, from);
  const context = heif._heif_context_alloc();
  heif._heif_context_read_from_memory_without_copy(answer, context, from, bytes.length, 0);
  if (!isSound()) return {};
  heif._heif_context_get_primary_image_handle(answer, context, place);
  if (!isSound()) return {};
  const handle = written();
  // A part may be cut out of it: unpacked is the whole.
  const pixels = Math.max(
    heif._heif_image_handle_get_width(handle) * heif._heif_image_handle_get_height(handle),
    heif._heif_image_handle_get_ispe_width(handle) * heif._heif_image_handle_get_ispe_height(handle),
  );
  if (!unpack || pixels > mostPixels) return { pixels, ...exifOf(handle) };
  heif._heif_context_set_maximum_image_size_limit(context, Math.floor(Math.sqrt(mostPixels)));
  heif._heif_decode_image(answer, handle, place, RGB, INTERLEAVED_RGB, 0);
  return isSound() ? { pixels, picture: pictureIn(written()) } : { pixels };
}

/** From the head of TIFF on. */
function exifOf(handle: number): Pick<Told, 'exif'> {
  heif.HEAPU8.set([...Buffer.from('Exif\0')], text);
  if (heif._heif_image_handle_get_list_of_metadata_block_IDs(handle, text, place, 1) !== 1) return {};
  const id = written();
  const size = heif._heif_image_handle_get_metadata_size(handle, id);
  if (size < 4 || size > MOST_EXIF) return {};
  const to = heif._malloc(size);
  heif._heif_image_handle_get_metadata(answer, handle, id, to);
  if (!isSound()) return {};
  const block = heif.HEAPU8.slice(to, to + size);
  // Before it stands how much there is before it.
  return { exif: block.subarray(4 + new DataView(block.buffer).getUint32(0)) };
}

function pictureIn(image: number): Told['picture'] {
  const from = heif._heif_image_get_plane_readonly2(image, INTERLEAVED, place);
  const [width, height] = [
    heif._heif_image_get_width(image, INTERLEAVED),
    heif._heif_image_get_height(image, INTERLEAVED),
  ];
  if (from === 0 || width * height > mostPixels) return undefined;
  const stride = written();
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const at = from + row * stride;
    data.set(heif.HEAPU8.subarray(at, at + width * 3), row * width * 3);
  }
  return { data, width, height };
}

let found: Told = {};
try {
  found = told();
} catch (error) {
  // A trap of libheif is about the photo; a file that is not there is not.
  if (error instanceof Error && 'syscall' in error) throw error;
}
parentPort?.postMessage(found, found.picture ? [found.picture.data.buffer as ArrayBuffer] : []);
