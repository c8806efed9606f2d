import { bearers } from '../../../libs/cases/case-state.js';
import {
  type CaseEvent,
  type RouteStep,
  type Slot,
  type StepName,
} from '../../../libs/contracts/case-events.js';
import { type Recorded } from '../../../libs/eventing/event.js';

/** A history, or part of one. */
export type Past = readonly Recorded<CaseEvent>[];
export type Type = CaseEvent['type'];
export type Act<T extends Type = Type> = Recorded<CaseEvent> & { event: Extract<CaseEvent, { type: T }> };

/** Acts for a responsible unit. */
const RECTIFYING: ReadonlySet<Type> = new Set<Type>([
  ...(['AssignmentAccepted', 'PlanSubmitted', 'ProgressReported', 'InterimSafetyRecorded'] as const),
  ...(['StageCompleted', 'EvidenceAttached', 'ItemRectified', 'MoneyRectified'] as const),
  ...(['EvidenceDeclaredAbsent', 'ItemExcepted'] as const),
  ...(['RectificationSubmitted', 'SubmissionCountersigned', 'PartAccepted', 'PartSubmitted'] as const),
]);

/** What is due at the closing comes from those who rectified, and from others. */
const isRectifying = ({ event, meta }: Recorded<CaseEvent>): boolean =>
  RECTIFYING.has(event.type) || (event.type === 'EvidenceSupplied' && meta.actor.role === 'handler');

export type Office = 'review' | 'verify' | 'approve';
/** To which office an act belongs, whether it passes or rejects. */
export const OFFICES: Partial<Record<Type, Office>> = {
  PlanApproved: 'review',
  PlanRejected: 'review',
  StageReviewed: 'review',
  ReviewPassed: 'review',
  RectificationRejected: 'review',
  VerificationRecorded: 'verify',
  VerificationConfirmed: 'verify',
  VerificationFailed: 'verify',
  AbsenceAccepted: 'approve',
  ClosureApproved: 'approve',
  ClosureRejected: 'approve',
};
/** What a step consists of. */
export const PASSING: Record<StepName, readonly Type[]> = {
  review: ['ReviewPassed'],
  verify: ['VerificationRecorded', 'VerificationConfirmed'],
  approve: ['ClosureApproved'],
  'public-notice': ['PublicNoticeStarted', 'PublicNoticeEnded'],
  'discipline-position': [],
  recognition: ['RecognitionRecorded'],
};
const SENDING_BACK: readonly Type[] = [
  ...(['RectificationWithdrawn', 'RectificationRejected', 'VerificationFailed'] as const),
  ...(['ClosureRejected', 'ObjectionUpheld'] as const),
];

export const those = <T extends Type>(past: Past, ...types: T[]): Act<T>[] =>
  past.filter((one): one is Act<T> => (types as Type[]).includes(one.event.type));

export function since(past: Past, ...types: Type[]): Past {
  return past.slice(past.findLastIndex(({ event }) => types.includes(event.type)) + 1);
}

export const roundOf = (past: Past): Past => since(past, 'CaseReopened');

/** The submission that stands, and what was said of it; nothing where none does. */
export function standingOf(past: Past): Past {
  const from = past.findLastIndex(({ event }) => event.type === 'RectificationSubmitted');
  const standing = from < 0 ? [] : past.slice(from);
  return standing.some(isSentBack) ? [] : standing;
}

export function isSentBack({ event }: Recorded<CaseEvent>): boolean {
  if (event.type === 'RecognitionRecorded') return event.result === 'not-recognised';
  return SENDING_BACK.includes(event.type) || event.type === 'CaseReopened';
}

/** Whoever these acts count for. */
export const personsOf = (acts: Past): Set<string> =>
  new Set(acts.flatMap(({ meta }) => bearers(meta.actor)));

export const meet = (some: ReadonlySet<string>, others: ReadonlySet<string>): boolean =>
  [...some].some((person) => others.has(person));

const limitsIn = (past: Past) => past.flatMap(({ event }) => ('limits' in event && event.limits) || []);

/** Whoever ever rectified, here or in a case that became part of this one. */
export const rectifiersIn = (past: Past): Set<string> =>
  new Set([
    ...personsOf(past.filter(isRectifying)),
    ...limitsIn(past).flatMap(({ rectifiers }) => rectifiers),
  ]);

export const holdersOf = (office: Office, past: Past): Set<string> =>
  personsOf(past.filter(({ event }) => OFFICES[event.type] === office));

/** Whoever rectified, examined or closed. */
export const partakersIn = (past: Past): Set<string> =>
  new Set([
    ...rectifiersIn(past),
    ...personsOf(past.filter(({ event }) => OFFICES[event.type] ?? event.type === 'CaseClosed')),
  ]);

/** Who verified or approved the submission on which a closing rested that turned out false, or closed on it. */
export function barredIn(past: Past): Set<string> {
  const vouched = those(past, 'CaseReopened')
    .filter(({ event }) => event.cause === 'false-rectification')
    .flatMap(({ revision }) => standingOf(past.slice(0, revision)))
    .filter(({ event }) =>
      [...PASSING.verify, ...PASSING.approve, 'AbsenceAccepted', 'CaseClosed'].includes(event.type),
    );
  return new Set([...personsOf(vouched), ...limitsIn(past).flatMap(({ barred }) => barred)]);
}

/** In the order in which it happened: whoever was excluded and let in again may be excluded anew. */
export function excludedIn(past: Past): Set<string> {
  const excluded = new Set<string>();
  for (const one of past) {
    for (const person of limitsIn([one]).flatMap((limits) => limits.excluded)) excluded.add(person);
    if (one.event.type === 'PersonExcluded') excluded.add(one.event.person);
    if (one.event.type === 'ExclusionLifted') excluded.delete(one.event.person);
  }
  return excluded;
}

/** Who leads it; nobody once a return was upheld. */
export function leadsIn(past: Past): readonly string[] {
  let leads: readonly string[] = [];
  for (const { event } of past) {
    if ('leads' in event) ({ leads } = event);
    if (event.type === 'ReturnUpheld') leads = [];
  }
  return leads;
}

export function routeOf(past: Past): readonly RouteStep[] {
  let route: readonly RouteStep[] = [];
  for (const { event } of past) {
    if ('route' in event && event.route) ({ route } = event);
    if (event.type === 'ReviewEscalated') {
      const { unit } = event;
      route = route.map((one) => (one.step === 'review' ? { ...one, unit } : one));
    }
  }
  return route;
}

export const checklistOf = (past: Past): readonly Slot[] =>
  past.reduce<readonly Slot[]>(
    (checklist, { event }) => ('checklist' in event && event.checklist ? event.checklist : checklist),
    [],
  );

export const closerOf = (past: Past): string | undefined =>
  past.reduce<string | undefined>(
    (closer, { event }) => ('closer' in event && event.closer ? event.closer : closer),
    undefined,
  );

export function severityOf(past: Past): string | undefined {
  return past.reduce<string | undefined>(
    (severity, { event }) => ('severity' in event && event.severity ? event.severity : severity),
    undefined,
  );
}
