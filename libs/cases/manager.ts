import { type CaseEvent, type Child } from '../contracts/case-events.js';
import { type Item } from '../contracts/items.js';
import { AbsorbCase, UndoMerge } from '../contracts/merge.js';
import { type RefusalCode } from '../contracts/refusal.js';
import { RegisterPart } from '../contracts/split.js';
import { type Uuid } from '../contracts/values.js';
import { type CaseState, type Registration } from './case-state.js';

/** A command by which what happened in one case is carried to another. */
export interface Reaction {
  case: Uuid;
  body: object;
  /** Given where the rules refuse it. */
  otherwise?: { case: Uuid; body: (code: RefusalCode) => object };
}

type Answers = {
  [T in CaseEvent['type']]?: (
    event: Extract<CaseEvent, { type: T }>,
    state: CaseState,
    past: readonly CaseEvent[],
  ) => Reaction[];
};

const answers = {
  CaseSplit: ({ children }, state, past) => children.map((child) => partOf(child, state, past)),
  ResidualSplit: ({ child }, state, past) => [partOf(child, state, past)],
  CaseMerged: ({ into }, state) => [
    {
      case: into,
      body: Object.assign(new AbsorbCase(), {
        from: state.id,
        caseNumber: state.registration?.caseNumber,
        weight: state.registration?.weight,
        sources: state.sources,
        severity: state.severity,
        categories: state.categories,
        visibility: state.visibility,
        divisions: state.divisions,
        items: [...state.items.keys()],
        ...(state.sourceDueOn !== undefined && { sourceDueOn: state.sourceDueOn }),
        ...(state.amountFen !== undefined && {
          amountFen: Math.max(state.amountFen - state.rectifiedFen, 0),
        }),
        atRisk: state.flags.has('atRisk'),
        limits: limitsOf(state),
      }),
      otherwise: { case: state.id, body: (code) => Object.assign(new UndoMerge(), { into, code }) },
    },
  ],
} as const satisfies Answers;

/** The events that are answered. */
export const ANSWERED: ReadonlySet<string> = new Set(Object.keys(answers));

/**
 * What an event of a case leads to in others, in order. Pure.
 * @param state of the case right after the event
 * @param past what happened in the case up to the event: what it says of items (`ofItems`) is enough
 */
export function reactions(event: CaseEvent, state: CaseState, past: readonly CaseEvent[]): Reaction[] {
  // One table entry a name: the entry found under an event's name takes that event.
  return (answers as Answers)[event.type]?.(event as never, state, past) ?? [];
}

/** Decisions need to know little of an item; a part takes over all that was listed of it. */
export const ofItems = ({ type }: CaseEvent): boolean => type === 'ItemsListed' || type === 'ItemsDealt';

/** A part takes the registration of the whole as it stands, with what differs. What counts something is not taken twice. */
function partOf(
  { case: id, taskText, ...differs }: Child,
  whole: CaseState,
  past: readonly CaseEvent[],
): Reaction {
  const limits = limitsOf(whole);
  const furtherSources = whole.sources.slice(1);
  const problem = {
    ...unsealed(whole.registration),
    caseNumber: undefined,
    amountFen: undefined,
    householdCount: undefined,
    personsAtRisk: whole.personsAtRisk,
    visibility: whole.visibility,
    parent: whole.id,
    finder: whole.finder,
    furtherSources: furtherSources.length > 0 ? furtherSources : undefined,
    limits: Object.values(limits).some((persons) => persons.length > 0) ? limits : undefined,
    ...(taskText !== undefined && { taskText }),
    ...differs,
  };
  const items = dealtTo(id, past);
  return {
    case: id,
    body: Object.assign(new RegisterPart(), { problem, ...(items.length > 0 && { items }) }),
  };
}

/** Items as they were listed in the whole, with what is sealed of them. */
function dealtTo(part: Uuid, past: readonly CaseEvent[]): Item[] {
  const dealt = past.flatMap((one) => (one.type === 'ItemsDealt' && one.case === part ? one.items : []));
  const ids = new Set(dealt);
  const listed = past.flatMap((one) => (one.type === 'ItemsListed' ? one.items : []));
  // An id that was dealt out earlier may have been listed anew.
  return [...new Map(listed.filter(({ id }) => ids.has(id)).map((item) => [item.id, item])).values()];
}

/** What is sealed of a registration is of those who speak in the whole: it stays there. */
function unsealed(registration: Registration | undefined): Partial<Registration> {
  const isSealed = (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    (('holder' in value && 'alg' in value) || Object.values(value).some(isSealed));
  return Object.fromEntries(Object.entries(registration ?? {}).filter(([, value]) => !isSealed(value)));
}

const limitsOf = ({ rectifiers, barred, excluded }: CaseState) => ({
  rectifiers: [...rectifiers],
  barred: [...barred],
  excluded: [...excluded],
});
