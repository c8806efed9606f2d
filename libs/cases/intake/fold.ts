import {
  type IntakeEvent,
  itemOf,
  type Limits,
  type MergeEvent,
  type SplitEvent,
} from '../../contracts/case-events.js';
import { type Correctable } from '../../contracts/intake.js';
import { type Day, type PlainValue, type UnitId } from '../../contracts/values.js';
import { type CaseState, type Registration, weightOf } from '../case-state.js';
import { AT_RISK, endangered, type Fold, NONE, plus, stepping } from '../folding.js';

const NO_LIMITS: Limits = { rectifiers: [], barred: [], excluded: [] };
const NOBODY = { rectifiers: NONE, barred: NONE, excluded: NONE };

/** Whom another case's history keeps out is kept out here. */
const limited = (
  state: Pick<CaseState, keyof Limits>,
  { rectifiers, barred, excluded }: Limits = NO_LIMITS,
): Pick<CaseState, keyof Limits> => ({
  rectifiers: plus(state.rectifiers, ...rectifiers),
  barred: plus(state.barred, ...barred),
  excluded: plus(state.excluded, ...excluded),
});

/** A problem that was entered: at the desk of the unit that did. */
function begun(registration: Registration, unit: UnitId): Partial<CaseState> {
  const { categories, divisions, severity, rectificationType, sourceDueOn, personsAtRisk } = registration;
  return {
    ...{ registration, categories, divisions, severity, rectificationType, sourceDueOn },
    status: 'registered',
    visibility: registration.visibility ?? 'normal',
    finder: registration.finder ?? unit,
    source: registration.source.code,
    sources: [registration.source, ...(registration.furtherSources ?? [])],
    ...limited(NOBODY, registration.limits),
    personsAtRisk,
    amountFen: registration.amountFen,
    flags: personsAtRisk ? AT_RISK : NONE,
  };
}

/** What a registration says in one of its fields. */
export function correctable(registration: Registration, field: Correctable): PlainValue | undefined {
  return field === 'address' ? registration.location?.address : registration[field];
}

/** The registration with one field put right. */
export function corrected(
  { location, ...registration }: Registration,
  field: Correctable,
  to: PlainValue | undefined,
): Registration {
  if (field !== 'address') return { ...registration, ...(location && { location }), [field]: to };
  return { ...registration, location: { place: location?.place, address: to as string | undefined } };
}

/** Of days that may not be fixed. */
export const earlier = (one: Day | undefined, other: Day | undefined): Day | undefined =>
  one === undefined || (other !== undefined && other < one) ? other : one;

const weighing = ({ registration }: CaseState, weight: number): Pick<CaseState, 'registration'> => ({
  registration: registration && { ...registration, weight },
});

export const intakeFold: Fold<IntakeEvent | SplitEvent | MergeEvent> = {
  ProblemRegistered: (_, { type: __, ...registration }, { unit }) => begun(registration, unit),
  CaseAdopted: (_, { type: __, stated, file: ___, ...registration }, { unit }) => ({
    ...begun(registration, unit),
    adopted: true,
    // Who took its closing over answers for it.
    ...(stated.status === 'closed' && { status: 'closed', flags: NONE, closer: unit }),
  }),
  RegistrationCorrected: ({ registration, flags }, { field, to }) => ({
    registration: registration && corrected(registration, field, to ?? undefined),
    ...(field === 'sourceDueOn' && { sourceDueOn: to === null ? undefined : String(to) }),
    ...(field === 'personsAtRisk' && endangered(flags)),
  }),
  CaseClassified: (
    state,
    { categories, severity, rectificationType, route, closer, checklist, dueOn, deadline, ceilingOn },
  ) => ({
    ...{ categories, severity, rectificationType },
    registration: state.registration && { ...state.registration, categories, severity, rectificationType },
    ...(route && closer !== undefined && { route, closer }),
    // What was added may come before the recognition that it waited for.
    ...(route && state.status === 'verified' && stepping({ ...state, route }, state.passed)),
    ...(checklist && { checklist }),
    // How it came about goes with the day: sustained has no ceiling.
    ...(dueOn !== undefined && { dueOn, deadline, ceilingOn }),
  }),
  ItemsListed: ({ items }, { items: listed }) => ({
    items: new Map([
      ...items,
      ...listed.map(
        ({ id, kind, division }) => [id, { kind, ...(division !== undefined && { division }) }] as const,
      ),
    ]),
  }),
  ItemsDealt: ({ items, absent }, { items: dealt }) => {
    const gone = new Set<string | undefined>(dealt);
    return {
      items: new Map([...items].filter(([id]) => !gone.has(id))),
      absent: new Set([...absent].filter((place) => !gone.has(itemOf(place)))),
    };
  },
  FactCheckStarted: ({ checkerUnits }, { checkers, units }) => ({
    status: 'checking',
    substantiation: undefined,
    checkers: new Set(checkers),
    checkerUnits: [...new Set([...checkerUnits, ...units])],
  }),
  FactsEstablished: (
    { registration, receipts, flags },
    { substantiation, photos, taskText, personsAtRisk },
  ) => ({
    substantiation,
    receipts: plus(receipts, ...photos.map(({ receipt }) => receipt)),
    registration: taskText === undefined ? registration : registration && { ...registration, taskText },
    ...(personsAtRisk && endangered(flags)),
    // What is not so endangers nobody.
    ...(substantiation === 'none' && { status: 'unsubstantiated', flags: NONE }),
  }),
  CaseVoided: () => ({ status: 'voided', flags: NONE }),
  CaseSplit: (state, { children }) => ({
    status: 'split',
    // Whoever is at risk is so in a part now.
    flags: NONE,
    children: state.children + children.length,
    ...weighing(state, 0),
    // What was put right stays where it was.
    ...(state.amountFen !== undefined && { amountFen: state.rectifiedFen }),
  }),
  ResidualSplit: (state, { child }) => ({
    children: state.children + 1,
    ...weighing(state, weightOf(state) - child.weight),
    ...(state.amountFen !== undefined && { amountFen: state.amountFen - (child.amountFen ?? 0) }),
  }),
  CaseMerged: ({ status }) => ({ status: 'merged', mergedFrom: status }),
  CaseAbsorbed: (state, { sources, atRisk, limits, sourceDueOn, route, closer, checklist }) => ({
    sources: [...state.sources, ...sources],
    sourceDueOn: earlier(state.sourceDueOn, sourceDueOn),
    ...(route && { route }),
    ...(closer !== undefined && { closer }),
    ...(checklist && { checklist }),
    ...(atRisk && endangered(state.flags)),
    ...limited(state, limits),
  }),
  MergeUndone: (_, { status }) => ({ status, mergedFrom: undefined }),
};
