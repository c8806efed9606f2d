import { type CaseEvent, type Child } from '../contracts/case-events.js';
import { AbsorbCase, UndoMerge } from '../contracts/merge.js';
import { type RefusalCode } from '../contracts/refusal.js';
import { RegisterPart } from '../contracts/split.js';
import { type Uuid } from '../contracts/values.js';
import { type CaseState, type Registration } from './state.js';

/** A command by which what happened in one case is carried to another. */
export interface Reaction {
  case: Uuid;
  body: object;
  /** Given where the rules refuse it. */
  otherwise?: { case: Uuid; body: (code: RefusalCode) => object };
}

type Answers = {
  [T in CaseEvent['type']]?: (event: Extract<CaseEvent, { type: T }>, state: CaseState) => Reaction[];
};

const answers = {
  CaseSplit: ({ children }, state) => children.map((child) => partOf(child, state)),
  ResidualSplit: ({ child }, state) => [partOf(child, state)],
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

/** What an event of a case leads to in others, in order. Pure. @param state of the case right after the event */
export function reactions(event: CaseEvent, state: CaseState): Reaction[] {
  // One table entry a name: the entry found under an event's name takes that event.
  return (answers as Answers)[event.type]?.(event as never, state) ?? [];
}

/** A part takes the registration of the whole as it stands, with what differs. What counts something is not taken twice. */
function partOf({ case: id, taskText, ...differs }: Child, whole: CaseState): Reaction {
  const limits = limitsOf(whole);
  const furtherSources = whole.sources.slice(1);
  const problem = {
    ...unsealed(whole.registration),
    caseNumber: undefined,
    amountFen: undefined,
    householdCount: undefined,
    personsAtRisk: whole.personsAtRisk,
    parent: whole.id,
    finder: whole.finder,
    furtherSources: furtherSources.length > 0 ? furtherSources : undefined,
    limits: Object.values(limits).some((persons) => persons.length > 0) ? limits : undefined,
    ...(taskText !== undefined && { taskText }),
    ...differs,
  };
  return { case: id, body: Object.assign(new RegisterPart(), { problem }) };
}

/** A sealed text opens in its own case only: it stays with the whole. */
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
