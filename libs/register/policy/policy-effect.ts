import {
  RECTIFICATION_TYPES,
  type RectificationType,
  SEVERITIES,
  type Severity,
} from '../../contracts/intake.js';
import { type Touched } from '../../contracts/ledger.js';
import { canonical } from '../../eventing/canonical.js';
import { isObject } from './policy-shape.js';

/** A rule that differs. */
export interface Difference {
  path: readonly string[];
  inForce?: unknown;
  draft?: unknown;
}

/** Where two policies, as they are read, differ: down to single rules; a list and a term are one rule each. */
export function differences(inForce: unknown, draft: unknown, path: readonly string[] = []): Difference[] {
  if (inForce !== undefined && draft !== undefined && canonical(inForce) === canonical(draft)) return [];
  if (!isBranch(inForce) || !isBranch(draft))
    return [{ path, ...(inForce !== undefined && { inForce }), ...(draft !== undefined && { draft }) }];
  const names = [...new Set([...Object.keys(inForce), ...Object.keys(draft)])];
  return names.flatMap((name) =>
    inForce[name] === undefined && draft[name] === undefined
      ? []
      : differences(inForce[name], draft[name], [...path, name]),
  );
}

const isBranch = (value: unknown): value is Record<string, unknown> =>
  isObject(value) && !('n' in value && 'unit' in value);

/** Which cases a rule is about, by where it stands: what names no kind of case is about all of them. */
export function touchedBy([part, one = '', two = '']: readonly string[]): Touched {
  if (part === 'sources') return { source: one };
  if (part === 'categories') return { category: one };
  if (part === 'completion' && isType(one) && isSeverity(two))
    return { rectificationType: one, severity: two };
  if (part === 'completion' && isType(one)) return { rectificationType: one };
  if (part === 'desks' && one === 'verification' && isSeverity(two)) return { severity: two };
  if (part === 'desks' && ['accept', 'return'].includes(one) && two !== 'other' && two !== '')
    return { source: two };
  return {};
}

const isType = (text: string): text is RectificationType =>
  (RECTIFICATION_TYPES as readonly string[]).includes(text);
const isSeverity = (text: string): text is Severity => (SEVERITIES as readonly string[]).includes(text);
