import { type CaseEvent, placeOf, type Upload } from '../contracts/case-events.js';
import { type UnitId, type Uuid } from '../contracts/values.js';
import { type Actor, type Recorded } from '../eventing/event.js';
import {
  bearers,
  type CaseState,
  type Flag,
  type Instruction,
  type ListedItem,
  nextStep,
} from './case-state.js';

/** What one event changes. */
export type Change<T extends CaseEvent['type']> = (
  state: CaseState,
  event: Extract<CaseEvent, { type: T }>,
  actor: Actor,
  recorded: Recorded,
) => Partial<CaseState>;

/** What each event of a phase changes. */
export type Fold<E extends { type: CaseEvent['type'] }> = { readonly [T in E['type']]: Change<T> };

export const NONE: ReadonlySet<never> = new Set<never>();
export const EMPTY: ReadonlyMap<never, never> = new Map<never, never>();
export const AT_RISK: CaseState['flags'] = new Set(['atRisk'] as const);

/** What nobody has said of a submission yet. */
export const unexamined = {
  evidenceHash: undefined,
  supplied: NONE,
  countersigned: false,
  absenceAccepted: NONE,
  noticeUntil: undefined,
  openObjections: NONE,
  disciplinePosition: undefined,
  passed: NONE,
  recordedBy: NONE,
  vouched: NONE,
} as const;

export function plus<T>(set: ReadonlySet<T>, ...more: T[]): ReadonlySet<T> {
  return more.every((one) => set.has(one)) ? set : new Set([...set, ...more]);
}

export function less<T>(set: ReadonlySet<T>, ...gone: T[]): ReadonlySet<T> {
  return gone.some((one) => set.has(one)) ? new Set([...set].filter((one) => !gone.includes(one))) : set;
}

/** Somebody is in danger: the flag stands until they are safe. */
export const endangered = (flags: CaseState['flags']): Pick<CaseState, 'personsAtRisk' | 'flags'> => ({
  personsAtRisk: true,
  flags: plus(flags, 'atRisk'),
});

/** Instructions that were not carried out go with the case: to the first lead, from units that answer no more. */
export function handedOn(
  { instructions }: CaseState,
  leads: readonly UnitId[],
  coUnits: readonly UnitId[],
): Pick<CaseState, 'instructions'> {
  const [lead] = leads;
  const leaves = (one: Instruction): boolean =>
    one.standing !== 'accepted' && ![...leads, ...coUnits].includes(one.lead);
  if (lead === undefined || ![...instructions.values()].some(leaves)) return { instructions };
  return {
    instructions: new Map([...instructions].map(([n, one]) => [n, leaves(one) ? { ...one, lead } : one])),
  };
}

/** What an assignment and a reopening fix for the round. */
export const fixedBy = ({
  leads,
  coUnits,
  dueOn,
  deadline,
  ceilingOn,
  route,
  closer,
  checklist,
  assignedOn,
  disputeBy,
}: Pick<
  Extract<CaseEvent, { type: 'CaseAssigned' }>,
  | 'leads'
  | 'coUnits'
  | 'dueOn'
  | 'deadline'
  | 'ceilingOn'
  | 'route'
  | 'closer'
  | 'checklist'
  | 'assignedOn'
  | 'disputeBy'
>): Partial<CaseState> => ({
  ...{ leads, coUnits, dueOn, deadline, ceilingOn, route, closer, checklist, assignedOn, disputeBy },
});

/** Whoever acts for a responsible unit is a rectifier from then on. */
export const rectified = (state: CaseState, actor: Actor): Pick<CaseState, 'rectifiers' | 'begun'> => ({
  rectifiers: plus(state.rectifiers, ...bearers(actor)),
  begun: true,
});

/** A slot has a file more. */
export const filled = (
  state: CaseState,
  { slot, file, item }: { slot: string; file: Upload; item?: string },
): Partial<CaseState> => ({
  evidence: new Map([...state.evidence, [file.receipt, { slot, sha256: file.sha256 }]]),
  absent: less(state.absent, slot, placeOf(slot, item)),
  itemEvidence:
    item === undefined ? state.itemEvidence : new Map([...state.itemEvidence, [file.receipt, item]]),
  receipts: plus(state.receipts, file.receipt),
});

export const unsettled = ({ settled: _, ...item }: ListedItem): ListedItem => item;

/** These files show nothing any more. Those of `again` may be attached anew: nothing was said against them. */
export function without(
  { evidence, receipts }: CaseState,
  gone: ReadonlySet<Uuid>,
  again: readonly Uuid[],
): Pick<CaseState, 'evidence' | 'receipts'> {
  return {
    evidence: new Map([...evidence].filter(([receipt]) => !gone.has(receipt))),
    receipts: less(receipts, ...again),
  };
}

/** Nothing that was said of the submission stands any more, nor the papers that came after it. */
export const sentBack = (state: CaseState) =>
  ({
    status: 'rectifying',
    ...without(state, state.supplied, [...state.supplied]),
    ...unexamined,
    flags: less(state.flags, 'noticeRunning', 'objectionOpen', 'awaitingRecognition'),
  }) as const;

/** The steps that are passed now. Once only the recognition is left, the case waits for its source. */
export function stepping(
  { route, flags }: CaseState,
  passed: CaseState['passed'],
): Pick<CaseState, 'passed' | 'flags'> {
  const waits = nextStep({ route, passed }) === 'recognition';
  return { passed, flags: (waits ? plus<Flag> : less<Flag>)(flags, 'awaitingRecognition') };
}

export const examinersOf = (state: CaseState): CaseState['examiners'] =>
  plus(state.examiners, ...state.reviewers, ...state.verifiers, ...state.approvers);
