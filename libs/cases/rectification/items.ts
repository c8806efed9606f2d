import { type CaseEvent, itemOf, placeOf, type Slot, slotOf } from '../../contracts/case-events.js';
import { ExceptItem, type Item, ListItems, MOST_ITEMS, RectifyItem } from '../../contracts/items.js';
import { invalid, refuse } from '../../contracts/refusal.js';
import { filesOf } from '../receipts.js';
import { type CaseState } from '../case-state.js';
import { carriesOn, type CaseFacts, phase } from '../table.js';
import { responsible } from '../posts.js';

/** Items of one event. At their longest, with a sealed holder, they stay below the size of an event. */
const EVENT_ITEMS = 25;
/** Items that a refusal names. */
const TOLD = 20;

export const items = phase({
  list: {
    command: ListItems,
    refuses: ['case/items-many'],
    roles: ['registrar', 'dispatcher', 'handler'],
    at: ({ finder, assigner, leads, coUnits }) => [finder, assigner, ...leads, ...coUnits],
    in: ['registered', 'checking', 'assigned', 'rectifying'],
    flags: ['extensionPending', 'atRisk'],
    may: (state, { role, unit }, { register }) => {
      const desks = role === 'handler' ? responsible(state) : [state.finder, state.assigner];
      if (!carriesOn(unit, desks, register)) refuse('case/role');
    },
    decide: ({ items: listed }, state, facts) => {
      if (state.items.size + listed.length > MOST_ITEMS) refuse('case/items-many');
      const known = new Set(state.items.keys());
      listed.forEach((item, n) => {
        if (known.has(item.id)) invalid(`items.${n}.id`, 'unique', `items.${n}.id is listed already`);
        known.add(item.id);
        isSound(item, `items.${n}`, state, facts);
      });
      return listings(listed);
    },
  },
  rectify: {
    command: RectifyItem,
    refuses: ['case/item-unknown', 'case/receipt-unknown', 'case/receipt-used'],
    roles: ['handler'],
    at: responsible,
    in: ['rectifying'],
    flags: ['extensionPending', 'atRisk'],
    uploads: ({ receipts = [] }) => receipts,
    decide: ({ item, measures, completedOn, receipts }, state, facts) => {
      isListed(item, state);
      if (completedOn > facts.today) invalid('completedOn', 'not-ahead', 'completedOn lies ahead');
      const files = receipts && filesOf(receipts, state, facts);
      return [
        { type: 'ItemRectified', item, measures, completedOn, files, settled: settledWith(item, state) },
      ];
    },
  },
  except: {
    command: ExceptItem,
    refuses: ['case/item-unknown'],
    roles: ['handler'],
    at: responsible,
    in: ['rectifying'],
    flags: ['extensionPending', 'atRisk'],
    decide: ({ item, ground, reason }, state) => {
      isListed(item, state);
      return [{ type: 'ItemExcepted', item, ground, reason, settled: settledWith(item, state) }];
    },
  },
});

/** As many events as the items need. */
export function listings(items: readonly Item[]): CaseEvent[] {
  const events = Math.ceil(items.length / EVENT_ITEMS);
  return Array.from({ length: events }, (_, n) => {
    const some = items.slice(n * EVENT_ITEMS, (n + 1) * EVENT_ITEMS);
    return { type: 'ItemsListed', items: some };
  });
}

function isSound(item: Item, field: string, { divisions }: CaseState, { register, today }: CaseFacts): void {
  const { division, startedOn, finishedOn } = item;
  if (division !== undefined && !divisions.some((outer) => register.covers(outer, division)))
    invalid(`${field}.division`, 'of-case', `${field}.division lies in no division of the case`);
  for (const day of ['startedOn', 'finishedOn', 'paidOn'] as const) {
    if ((item[day] ?? '') > today) invalid(`${field}.${day}`, 'not-ahead', `${field}.${day} lies ahead`);
  }
  if (startedOn !== undefined && finishedOn !== undefined && finishedOn < startedOn)
    invalid(`${field}.finishedOn`, 'not-before', `${field}.finishedOn lies before its start`);
}

function isListed(item: string, state: CaseState): void {
  if (!state.items.has(item)) refuse('case/item-unknown');
}

/** How many items are settled when this one is. */
function settledWith(item: string, state: CaseState): number {
  const settled = [...state.items].filter(([id, { settled: how }]) => how !== undefined || id === item);
  return settled.length;
}

/** Every item is rectified or excepted. */
export function itemsAreSettled(state: CaseState): void {
  const open = [...state.items].flatMap(([id, { settled }]) => (settled === undefined ? [id] : []));
  if (open.length > 0) refuse('case/items-open', { items: open.slice(0, TOLD) });
}

/** What a slot still lacks: a file, or one for each of these items. */
type Lacking = (slot: Slot) => 'file' | readonly string[];

/** How full the slots are. One that is wanted for each item is full with a file for every item that was rectified. */
function lackingIn(state: CaseState): Lacking {
  const { items: listed, absent } = state;
  const filled = new Set([...absent, ...shownIn(state)]);
  return ({ id, each }) => {
    if (absent.has(id)) return [];
    if (each !== true || listed.size === 0) return filled.has(id) ? [] : 'file';
    return [...listed].flatMap(([item, { settled }]) =>
      settled === 'rectified' && !filled.has(placeOf(id, item)) ? [item] : [],
    );
  };
}

/** Slots that have a file, and those that have one for an item. */
function shownIn({ evidence, itemEvidence }: CaseState): string[] {
  return [...evidence].flatMap(([receipt, { slot }]) => [slot, placeOf(slot, itemEvidence.get(receipt))]);
}

/** Whether there is a file there already, or was said to be none. */
export function isFilled(slot: string, item: string | undefined, state: CaseState): boolean {
  const filled = new Set([...state.absent, ...shownIn(state)]);
  // What is said of all of them is said of each.
  return filled.has(placeOf(slot, item)) || state.absent.has(slot);
}

/** Every slot that is due by then is full: at the submission, or at the closing. */
export function slotsAreFull(state: CaseState, due?: Slot['due']): void {
  const lackingOf = lackingIn(state);
  const wanted = state.checklist.filter((slot) => slot.due === due);
  const lacking = wanted.map((slot) => ({ id: slot.id, of: lackingOf(slot) }));
  const slots = lacking.filter(({ of }) => of.length > 0);
  if (slots.length === 0) return;
  const of = new Set(slots.flatMap((slot) => (slot.of === 'file' ? [] : slot.of)));
  refuse('case/evidence-missing', {
    slots: slots.map(({ id }) => id),
    ...(of.size > 0 && { items: [...of].slice(0, TOLD) }),
  });
}

/** Every absence of evidence was accepted by name. */
export function noAbsenceOpen({ absent, absenceAccepted }: CaseState): void {
  const open = [...absent].filter((place) => !absenceAccepted.has(place));
  if (open.length === 0) return;
  const of = new Set(open.flatMap((place) => itemOf(place) ?? []));
  refuse('case/absence-open', {
    slots: [...new Set(open.map(slotOf))],
    ...(of.size > 0 && { items: [...of].slice(0, TOLD) }),
  });
}

/** A file in a slot that is wanted for each item says which one it shows; in any other it says none. */
export function isOfItem(slot: Slot, item: string | undefined, state: CaseState): void {
  if (item === undefined) {
    if (slot.each && state.items.size > 0) invalid('item', 'each', 'this slot is filled for each item');
    return;
  }
  if (!slot.each) invalid('item', 'each', 'this slot is not filled for each item');
  isListed(item, state);
}
