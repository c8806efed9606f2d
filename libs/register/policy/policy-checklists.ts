import {
  asObject,
  byId,
  checkFlags,
  checkId,
  checkTitle,
  fieldsOf,
  type Loose,
  shown,
} from './policy-shape.js';

/**
 * The common checklist and that of each category. A case may be of several categories, and shows a slot that they
 * share once: so the same id is the same slot.
 * @throws Error naming the checklist and the slot
 */
export function checkChecklists({ checklist, categories, circumstances, sources }: Loose): void {
  const conditions = conditionsOf(circumstances, sources);
  const common = slotsOf('the common checklist', checklist, conditions);
  const shared = new Map<string, { slot: Loose; path: string }>();
  const all = byId('categories', categories);
  if (all.length === 0) throw new Error('categories has none');
  for (const [category, value] of all) {
    const path = `the category ${category}`;
    const rule = fieldsOf(path, value, 'title', 'checklist', 'done?', 'madeGood?');
    const { title, checklist: own } = rule;
    checkTitle(path, title);
    checkFlags(path, rule, 'madeGood');
    const slots = slotsOf(path, own, conditions);
    if (slots.size === 0) throw new Error(`${path} needs a checklist of at least one slot`);
    for (const [id, slot] of slots) {
      if (common.has(id)) throw new Error(`${path}: the slot ${id} stands in the common checklist already`);
      const other = shared.get(id);
      if (other && ALIKE.some((field) => other.slot[field] !== slot[field])) {
        throw new Error(
          `${path}: the slot ${id} is another one in ${other.path}; give one of them another id`,
        );
      }
      shared.set(id, { slot, path });
    }
  }
}

/** In what a slot is the same in every category. */
const ALIKE = ['title', 'each', 'due'] as const;

/** What a slot may depend on. */
function conditionsOf(circumstances: unknown, sources: unknown): ReadonlySet<unknown> {
  const named = byId('circumstances', circumstances);
  for (const [id, title] of named) {
    checkTitle(`circumstances.${id}`, title);
    if (id === AT_RISK) throw new Error(`circumstances: ${AT_RISK} is one that every case has`);
  }
  const ofSources = Object.keys(asObject('sources', sources)).map((code) => `source:${code}`);
  return new Set([AT_RISK, ...named.map(([id]) => id), ...ofSources]);
}

const AT_RISK = 'at-risk';

function slotsOf(path: string, value: unknown, conditions: ReadonlySet<unknown>): ReadonlyMap<string, Loose> {
  if (!Array.isArray(value)) throw new Error(`${path} needs a checklist: a list of slots`);
  const slots = new Map<string, Loose>();
  for (const one of value as unknown[]) {
    const slot = fieldsOf(`${path}: a slot`, one, 'id', 'title', 'each?', 'due?', 'when?');
    const { id, title, when } = slot;
    checkId(`${path}: a slot`, id);
    const here = `${path}: the slot ${id}`;
    checkTitle(here, title);
    checkFlags(here, slot, 'each');
    if (slot.due !== undefined && slot.due !== 'closing')
      throw new Error(`${here} is due at the submission, or else: due: closing`);
    if (slots.has(id)) throw new Error(`${here} stands twice`);
    slots.set(id, slot);
    if (when === undefined) continue;
    const any: unknown[] = Array.isArray(when) ? when : [when];
    if (any.length === 0) throw new Error(`${here} depends on an empty list`);
    for (const condition of any) {
      if (!conditions.has(condition))
        throw new Error(`${here} depends on ${shown(condition)}, which is not there`);
    }
  }
  return slots;
}
