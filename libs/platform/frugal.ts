import { setFlagsFromString } from 'node:v8';

let now = false;

/**
 * Collects garbage when the heap is larger by half than what is in use, or when V8 thinks best. For work that goes through
 * much data and is waited for by nobody: V8 would let the heap grow to four times what is in use. Twice as large is no
 * quicker, and what is resident depends then on when it was collected last.
 */
export function frugal(on: boolean): void {
  if (on === now) return;
  now = on;
  setFlagsFromString(`--heap-growing-percent=${on ? 50 : 0}`);
}
