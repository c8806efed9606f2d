import { type CaseEvent } from '../../contracts/case-events.js';
import { invalid, refuse } from '../../contracts/refusal.js';
import { type Register } from '../../contracts/register.js';
import { type SplitPart, type SplitResidual } from '../../contracts/split.js';
import { type Uuid } from '../../contracts/values.js';
import { type CaseState } from '../case-state.js';

/** Items that a refusal names. */
const TOLD = 20;

/** Every item goes to one part, whose divisions it lies in: no household is lost on the way, and none counted twice. */
export function dealtOut(
  parts: readonly (SplitPart & { case: Uuid })[],
  { items, divisions: whole }: CaseState,
  register: Register,
): CaseEvent[] {
  const left = new Set(items.keys());
  parts.forEach(({ items: dealt = [], divisions = whole }, n) => {
    dealt.forEach((id, k) => {
      const item = items.get(id) ?? refuse('case/item-unknown');
      const at = `parts.${n}.items.${k}`;
      if (!left.delete(id)) invalid(at, 'once', `${at} goes to another part already`);
      const { division } = item;
      if (division !== undefined && !divisions.some((outer) => register.covers(outer, division)))
        invalid(at, 'of-part', `${at} lies in no division of the part`);
    });
  });
  if (left.size > 0) refuse('case/items-undealt', { items: [...left].slice(0, TOLD) });
  return parts.flatMap((part) => given(part.case, part.items, 0));
}

/** What is settled stays: only what is open can be left over. */
export function leftOver(part: Uuid, dealt: SplitResidual['items'], { items }: CaseState): CaseEvent[] {
  dealt?.forEach((id, n) => {
    const { settled } = items.get(id) ?? refuse('case/item-unknown');
    if (settled !== undefined) invalid(`items.${n}`, 'open', `items.${n} is settled here`);
  });
  if (new Set(dealt).size === items.size && items.size > 0) refuse('case/residual-whole');
  const settled = [...items.values()].filter((item) => item.settled !== undefined);
  return given(part, dealt, settled.length);
}

const given = (part: Uuid, items: string[] | undefined, settled: number): CaseEvent[] =>
  items ? [{ type: 'ItemsDealt', case: part, items, settled }] : [];
