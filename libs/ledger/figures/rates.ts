import { REOPEN_CAUSES } from '../../contracts/afterwards.js';
import { type Figure, type Rate } from '../../contracts/ledger.js';

/** Every way out beside the closing rate, so that none can hide behind another. */
const WAYS_OUT = [
  ...(['closed', 'completed', 'recognised', 'adopted-closed', 'unsubstantiated'] as const),
  ...(['terminated', 'transferred-out', 'merged', 'split', 'voided'] as const),
] as const;

/** Rates by name: of which figure which share. What is divided is always part of what it is divided by. */
const RATES: Readonly<Record<string, readonly [numerator: string, denominator: string]>> = {
  ...Object.fromEntries(WAYS_OUT.map((way) => [way, [way, 'all']])),
  reopened: ['reopened', 'ended'],
  ...Object.fromEntries(REOPEN_CAUSES.map((cause) => [`reopened-${cause}`, [`reopened-${cause}`, 'ended']])),
  'passed-first': ['passed-first', 'first-verified'],
  extended: ['extended', 'all'],
  returned: ['returned', 'all'],
};

/** Fewer cases say nothing that could be compared. */
const FEW = 10;

export function ratesOf(figures: readonly Figure[]): Rate[] {
  const byName = new Map(figures.map((figure) => [figure.name, figure]));
  return Object.entries(RATES).flatMap(([name, [above, below]]) => {
    const [numerator, denominator] = [byName.get(above), byName.get(below)];
    if (!numerator || !denominator) return [];
    const { cases: n, weight } = denominator;
    const value = weight === 0 ? null : Math.round((numerator.weight * 1000) / weight);
    return [{ name, numerator, denominator, n, value, few: n < FEW }];
  });
}
