import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  accepted,
  assigned,
  by,
  did,
  type PastEvent,
  registration,
  TODAY,
} from '../../../test/support/cases.js';
import { dispatcherQian, handlerLi, registrarGu } from '../../../test/support/province.js';
import { managerAtNorth } from '../../../test/support/split.js';
import { type CaseEvent } from '../../contracts/case-events.js';
import { RecordMoney } from '../../contracts/rectification.js';
import { Refusal } from '../../contracts/refusal.js';
import { SplitCase, SplitResidual } from '../../contracts/split.js';
import { type Actor } from '../../eventing/event.js';
import { decide } from '../../eventing/handle.js';
import { rowOf } from '../commands.js';
import { reactions } from '../manager.js';
import { type CaseState, weightOf } from '../case-state.js';
import { evolve, noCase } from '../state.js';

/** One try on one of the cases: into how many parts, at which places, and how the money is shared out. */
interface Try {
  what: 'split' | 'residual' | 'money';
  which: number;
  cuts: number[];
  money: number[];
}

const tries = fc.array(
  fc.record<Try>({
    what: fc.constantFrom('split', 'residual', 'money'),
    which: fc.nat(50),
    cuts: fc.array(fc.nat(998), { minLength: 1, maxLength: 19 }),
    money: fc.array(fc.nat(2_000_000), { minLength: 20, maxLength: 20 }),
  }),
  { minLength: 1, maxLength: 40, size: 'max' },
);
const amounts = fc.option(fc.nat(5_000_000), { nil: undefined });

/** The tree of cases that grows out of one, as the write path and the process manager would make it grow. */
class Tree {
  readonly cases = new Map<string, CaseState>();
  accepted = 0;

  happened(id: string, ...past: readonly PastEvent[]): CaseState {
    for (const { event, actor, at } of past) {
      const state = this.cases.get(id) ?? noCase;
      const meta = { recordedAt: at, actor, entryMode: 'live' as const };
      const known = { ...meta, commandId: '', requestHash: '', correlationId: '', causationId: '' };
      const recorded = { id: '', stream: `case-${id}`, revision: state.basis + 1, event, meta: known };
      const next = evolve(state, recorded);
      this.cases.set(id, next);
      for (const { case: child, body } of reactions(event, next, [])) {
        this.give(child, managerAtNorth, body);
        // On to where anything can happen to it.
        this.happened(child, assigned, accepted);
      }
    }
    return this.cases.get(id) ?? noCase;
  }

  give(id: string, actor: Actor, body: object): void {
    let events: CaseEvent[];
    try {
      const state = this.cases.get(id) ?? noCase;
      events = decide({ row: rowOf(body), body, actor, seen: undefined }, state, by(actor).facts);
    } catch (error) {
      if (error instanceof Refusal) return;
      throw error;
    }
    this.accepted++;
    this.happened(id, ...events.map((event) => did(actor, event)));
  }
}

/** Parts between cuts; money as drawn, but for the last part, which mostly gets what is left. */
function partsOf({ cuts, money, which }: Try, state: CaseState) {
  const weight = weightOf(state);
  const edges = [...new Set([0, ...cuts.map((cut) => cut % Math.max(weight, 1)), weight])].sort(
    (a, b) => a - b,
  );
  let left = (state.amountFen ?? 0) - state.rectifiedFen;
  return edges.slice(1).map((edge, n) => {
    const last = n === edges.length - 2 && which % 5 > 0;
    const amountFen = last ? left : Math.min((money[n] ?? 0) % 1000, left);
    left -= amountFen;
    return { weight: edge - (edges[n] ?? 0), ...(amountFen > 0 && { amountFen }) };
  });
}

function attempt(tree: Tree, one: Try): void {
  const ids = [...tree.cases.keys()];
  const id = ids[one.which % ids.length] ?? '';
  const state = tree.cases.get(id) ?? noCase;
  const [weight = 1, fen = 1] = [one.cuts[0], one.money[0]];
  if (one.what === 'split') {
    const body = { parts: partsOf(one, state), reason: TODAY };
    tree.give(id, registrarGu, Object.assign(new SplitCase(), body));
  } else if (one.what === 'residual') {
    const share = one.which % 2 === 0 ? { amountFen: fen + 1 } : {};
    const body = { weight: weight + 1, taskText: TODAY, reason: TODAY, ...share };
    tree.give(id, dispatcherQian, Object.assign(new SplitResidual(), body));
  } else {
    tree.give(
      id,
      handlerLi,
      Object.assign(new RecordMoney(), {
        ...{ method: 'recovered', voucher: '1' },
        // Now and then some of it back.
        fen: one.which % 7 === 0 ? -(fen % 1000) - 1 : fen + 1,
      }),
    );
  }
}

test('however a problem is split, and its parts again, no weight and no money is lost or made', () => {
  let [largest, most] = [0, 0];
  fc.assert(
    fc.property(amounts, tries, (amountFen, all) => {
      const tree = new Tree();
      tree.happened('1', did(registrarGu, { ...registration, amountFen }), assigned, accepted);
      for (const one of all) {
        attempt(tree, one);
        const states = [...tree.cases.values()];
        const sum = (of: (state: CaseState) => number) =>
          states.reduce((total, state) => total + of(state), 0);
        expect(sum(weightOf)).toBe(1000);
        expect(sum((state) => state.amountFen ?? 0)).toBe(amountFen ?? 0);
        for (const state of states) {
          expect(state.rectifiedFen).toBeGreaterThanOrEqual(0);
          expect(state.rectifiedFen).toBeLessThanOrEqual(state.amountFen ?? 0);
          expect([state.status === 'split', weightOf(state) === 0]).toEqual(
            state.status === 'split' ? [true, true] : [false, false],
          );
        }
      }
      largest = Math.max(largest, tree.cases.size);
      most = Math.max(most, tree.accepted);
    }),
    { numRuns: 300 },
  );
  // It did grow.
  expect([largest > 30, most > 10]).toEqual([true, true]);
});
