import { type Severity } from '../../contracts/intake.js';
import { type Policy } from '../../contracts/register.js';
import { hashOf } from '../../eventing/canonical.js';

/** Of so many items, how many a verification looks at. */
export function sampleSize(
  count: number,
  severity: Severity,
  { least, percent, allOf }: Policy['sampling'],
): number {
  if (allOf.includes(severity)) return count;
  return Math.min(count, Math.max(least, Math.ceil((count * percent) / 100)));
}

/**
 * Which items are looked at: those whose SHA-256 over the RFC 8785 JSON of [seed, id] comes first. Whoever knows the
 * seed can draw again, whatever order the ids come in. Ids as they are ordered by text.
 */
export function drawn(ids: Iterable<string>, seed: string, size: number): string[] {
  const lots = [...ids].map((id) => ({ id, lot: hashOf([seed, id]) }));
  lots.sort((a, b) => (a.lot < b.lot ? -1 : 1));
  return lots
    .slice(0, size)
    .map(({ id }) => id)
    .sort();
}
