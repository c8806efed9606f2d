/**
 * The rows that a statement found, of which nothing is left where they came from: for where they are many, or wide. What else
 * postgres.js tells of a result, as `count`, stays behind.
 *
 * Every query of postgres.js is held by functions that V8 makes among what lasts: so what it found outlives it until the
 * whole heap is gone through, and every short collection until then copies it (docs/decisions/0033).
 */
export function taken<R>(found: R[]): R[] {
  const rows = Array.from(found);
  found.length = 0;
  return rows;
}
