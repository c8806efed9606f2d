import { type DutyName, type SingleDuty, type Term } from '../contracts/deadline.js';
import { type Policy, type Register } from '../contracts/register.js';
import { type Day, type UnitId } from '../contracts/values.js';
import { type CaseState, deskOf, nextStep } from './case-state.js';
import { bySource } from './duty.js';
import { finderOrAbove } from './posts.js';

/** One thing that a case may wait for. */
export interface Rule {
  waits: (state: CaseState) => boolean;
  /** Who must do it. */
  units: (state: CaseState, register: Register) => readonly (UnitId | undefined)[];
  /** How long it may take from the day it begins, where no day is fixed; without either it is no duty. */
  term?: (policy: Policy, state: CaseState) => Term | undefined;
  /** The day, where it is fixed. */
  until?: (state: CaseState) => Day | undefined;
}

const awaits = (state: CaseState, status: CaseState['status'], step: string | undefined): boolean =>
  state.status === status && nextStep(state) === step;
const assigner = (state: CaseState) => [state.assigner];
const leads = (state: CaseState) => state.leads;
const raised =
  (flag: string) =>
  ({ flags }: CaseState): boolean =>
    (flags as ReadonlySet<string>).has(flag);

const rules: { [D in SingleDuty]: Rule } = {
  accept: {
    waits: ({ status, flags }) => status === 'assigned' && !flags.has('returnPending'),
    units: leads,
    term: ({ desks }, { source }) => bySource(desks.accept, source),
  },
  'return-ruling': {
    waits: raised('returnPending'),
    units: assigner,
    term: ({ desks }) => desks.returnRuling,
  },
  'dispute-ruling': {
    waits: raised('findingDisputed'),
    units: (state, register) => [finderOrAbove(state, register)],
    term: ({ desks }) => desks.disputeRuling,
  },
  'interim-safety': {
    waits: (state) => raised('atRisk')(state) && state.leads.length > 0,
    units: leads,
    term: ({ desks }) => desks.interimSafety,
  },
  plan: {
    waits: ({ status, rectificationType, plan }) =>
      status === 'rectifying' && rectificationType !== 'immediate' && plan === 'none',
    units: leads,
    term: ({ completion }, { rectificationType, severity }) => completion[rectificationType][severity].plan,
  },
  complete: {
    waits: ({ status }) => status === 'assigned' || status === 'rectifying',
    units: leads,
    until: ({ dueOn }) => dueOn,
  },
  'extension-ruling': {
    waits: raised('extensionPending'),
    units: assigner,
    term: ({ desks }) => desks.extensionRuling,
  },
  'suspension-review': {
    waits: raised('suspended'),
    units: assigner,
    until: ({ suspensionReviewBy }) => suspensionReviewBy,
    term: ({ desks }) => desks.suspensionReview,
  },
  'suspension-end': {
    waits: raised('suspended'),
    units: assigner,
    until: ({ suspendedUntil }) => suspendedUntil,
  },
  review: {
    waits: ({ status }) => status === 'submitted',
    units: (state) => [deskOf(state, 'review')],
    term: ({ desks }) => desks.review,
  },
  verify: {
    waits: ({ status }) => status === 'rectified',
    units: (state) => [deskOf(state, 'verify')],
    term: ({ desks }, { severity }) => desks.verification[severity],
  },
  approve: {
    waits: (state) => awaits(state, 'verified', 'approve'),
    units: (state) => [deskOf(state, 'approve')],
    term: ({ desks }) => desks.approval,
  },
  'public-notice': {
    waits: (state) => awaits(state, 'verified', 'public-notice') && !raised('noticeRunning')(state),
    units: (state) => [deskOf(state, 'public-notice')],
    term: ({ desks }) => desks.approval,
  },
  'notice-end': {
    waits: raised('noticeRunning'),
    units: (state) => [deskOf(state, 'public-notice')],
    until: ({ noticeUntil }) => noticeUntil,
  },
  'objection-ruling': {
    waits: raised('objectionOpen'),
    units: ({ closer }) => [closer],
    term: ({ desks }) => desks.objection,
  },
  'discipline-position': {
    waits: (state) => awaits(state, 'verified', 'discipline-position'),
    units: (state) => [deskOf(state, 'discipline-position')],
    term: ({ desks }) => desks.disciplinePosition,
  },
  recognition: {
    waits: raised('awaitingRecognition'),
    units: (state) => [deskOf(state, 'recognition')],
    term: ({ desks }) => desks.recognitionReminder,
  },
  'stage-review': {
    waits: ({ status }) => status === 'sustaining',
    units: (state) => [deskOf(state, 'review')],
    until: ({ reviewBy }) => reviewBy,
  },
  'look-back-answer': {
    waits: ({ status, lookBackAnswerBy }) => status === 'closed' && lookBackAnswerBy !== undefined,
    units: ({ closer }) => [closer],
    until: ({ lookBackAnswerBy }) => lookBackAnswerBy,
  },
  close: {
    waits: (state) => awaits(state, 'verified', undefined),
    units: ({ closer }) => [closer],
    term: ({ desks }) => desks.approval,
  },
  'first-action': {
    waits: ({ status, begun, flags }) => status === 'rectifying' && !begun && !flags.has('suspended'),
    units: leads,
    term: ({ completion }, { rectificationType, severity }) =>
      completion[rectificationType][severity].firstAction,
  },
  // Silence passes nothing, and it does not stay with who is silent.
  'discipline-reminder': {
    waits: (state) =>
      awaits(state, 'verified', 'discipline-position') && isNoted('discipline-position', state),
    units: (state, register) => [
      register.unit(register.present(deskOf(state, 'discipline-position') ?? ''))?.parent,
    ],
    term: ({ desks }) => desks.disciplinePosition,
  },
};

const SINGLE = Object.entries(rules) as [SingleDuty, Rule][];
export const isSingle = (name: string): name is SingleDuty => Object.hasOwn(rules, name);

/** All that a case may wait for: what there is one of, each open part, and each open instruction. */
export function rulesOf({ parts, instructions }: CaseState): readonly (readonly [DutyName, Rule])[] {
  // Most cases have neither.
  if (parts.size + instructions.size === 0) return SINGLE;
  const ofParts = [...parts]
    .filter(([, { standing }]) => standing === 'assigned' || standing === 'accepted')
    .map(
      ([n, { dueOn, unit }]) =>
        [`part-${n}`, onDay(dueOn, unit, ({ status }) => status === 'rectifying')] as const,
    );
  const ofInstructions = [...instructions]
    .filter(([, { standing }]) => standing === 'open')
    .map(([n, { dueOn, lead }]) => [`instruction-${n}`, onDay(dueOn, lead, () => true)] as const);
  return [...SINGLE, ...ofParts, ...ofInstructions];
}

/** What somebody does by a day that was said. */
const onDay = (day: Day, unit: UnitId, waits: Rule['waits']): Rule => ({
  waits,
  units: () => [unit],
  until: () => day,
});

/** Whether the day by which it had to be done passed without it. */
function isNoted(name: DutyName, { duties, noted }: CaseState): boolean {
  const standing = duties.get(name);
  return standing !== undefined && noted.get(name)?.due === standing.due;
}
