import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { after, another, before, by, registration, TWIN, visit, voucher } from '../../test/support/cases.js';
import { sampleOf } from '../../test/support/samples.js';
import { post, provinceWith, theClock } from '../../test/support/province.js';
import { caseEvents, type CaseEvent, type Upload } from '../contracts/case-events.js';
import { EndPublicNotice } from '../contracts/examination-notice.js';
import { Refusal } from '../contracts/refusal.js';
import { isAgent } from '../contracts/roles.js';
import { canonical, hashOf, storable } from '../eventing/canonical.js';
import { decoder } from '../eventing/decode.js';
import { type Actor, type Recorded, type StoredEvent } from '../eventing/event.js';
import { decide, permit } from '../eventing/handle.js';
import { validated } from '../platform/validated.js';
import { caseCommands } from './commands.js';
import { withDuties } from './duties.js';
import { bearers, type CaseState, evolve, noCase } from './state.js';
import { type AnyCaseRow, type CaseFacts, codesOf } from './table.js';

/**
 * Ten people who take every post at every unit in turn: what they may not do, only the history of the case forbids.
 * Two of them hold a post at the responsible unit as the register stands, and two one in which facts are checked.
 */
const PEOPLE = ['an', 'bo', 'cui', 'deng', 'fan', 'gao', 'hou', 'jia', 'kang', 'lu'];
const CHECKING = { unit: 'north-office', role: 'verifier' };
const register = provinceWith({
  persons: PEOPLE.map((id, n) => ({
    ...{ id, name: id },
    appointments: n < 2 ? [{ unit: 'hill-office', role: 'handler' }] : n < 4 ? [CHECKING] : [],
  })),
});
const POSTS = {
  registrar: ['north-office'],
  dispatcher: ['north-office'],
  handler: ['hill-office', 'hill-works'],
  reviewer: ['hill-office', 'north-office'],
  verifier: ['north-office'],
  approver: ['province-office', 'north-office'],
  inspector: ['province-office'],
  leader: ['hill-office', 'north-office'],
  clock: [''],
  manager: ['north-office'],
  evaluator: ['north-office', 'province-office'],
} as const;
const decode = decoder<CaseEvent>(caseEvents);

/** From one try to the next, so that terms run out now and then. */
const HOURS = 8;

/** One try: whoever it is, on behalf of whom, of which command, and in which of its forms. */
interface Try {
  /** A command that brings the case on, or one that does not, by somebody who may give it; or any by anybody. */
  way: 'onwards' | 'back' | 'wild';
  row: number;
  who: number;
  unit: number;
  behalf: number | null;
  form: number;
}

const tries = fc.array(
  fc.record<Try>({
    way: fc.integer({ min: 0, max: 19 }).map((n) => (n > 4 ? 'onwards' : n > 1 ? 'back' : 'wild')),
    row: fc.nat(99),
    who: fc.nat(9),
    unit: fc.nat(1),
    behalf: fc.oneof({ weight: 7, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat(9) }),
    form: fc.nat(99),
  }),
  { minLength: 10, maxLength: 70, size: 'max' },
);
const severities = fc.constantFrom('general', 'serious', 'major');

/** What brings a case on from where it stands. */
const ONWARDS = new Set([
  ...['RegisterProblem', 'AssignCase', 'AcceptAssignment', 'UpholdReturn', 'RejectReturn'],
  ...['AttachEvidence', 'SubmitRectification', 'PassReview', 'RecordVerification'],
  ...['ConfirmVerification', 'ApproveClosure', 'CloseCase', 'ReopenCase', 'ResumeCase'],
  ...['SubmitPlan', 'ApprovePlan', 'AnswerInstruction', 'AcceptAnswer', 'UndoMerge'],
  ...['CompleteStage', 'HoldTermination', 'RecordLookBack', 'RefuseReopening'],
  ...['UpholdFinding', 'AmendFinding', 'AcceptPart', 'SubmitPart', 'PassPart'],
  ...['CountersignSubmission', 'AcceptAbsence', 'StartPublicNotice', 'EndPublicNotice', 'DismissObjection'],
  ...['UpholdObjection', 'StateDisciplinePosition', 'RecordRecognition', 'GrantExtension', 'RefuseExtension'],
  ...['EstablishFacts', 'RectifyItem'],
]);

/** What happens to a case now and then only: too much of it, and hardly one would come to its end. */
const RARE = new Set([
  ...['AdoptCase', 'CorrectRegistration', 'ClassifyCase', 'StartFactCheck', 'VoidCase', 'ListItems'],
]);

interface Run {
  log: Recorded<CaseEvent>[];
  state: CaseState;
  /** What the engine itself got wrong. */
  faults: string[];
}

/** Carries out the tries, as the one write path does: decide, write, read back, fold. */
function run(rows: readonly AnyCaseRow[], severity: string, all: readonly Try[]): Run {
  // Most tries are refused, and where is of no interest: it would take most of the time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return carriedOut(rows, severity, all);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function carriedOut(rows: readonly AnyCaseRow[], severity: string, all: readonly Try[]): Run {
  const result: Run = { log: [], state: noCase, faults: [] };
  for (const [minute, one] of all.entries()) {
    const [row, actor] = chosen(rows, result.state, one);
    // A notice takes days: often enough the clock ends it when they are over.
    const days = row.command === EndPublicNotice && one.form % 3 > 0 ? 20 : 1;
    const at = new Date(Date.UTC(2026, 8, days, HOURS * minute)).toISOString();
    const body = bodyOf(row, { severity, form: one.form, minute, state: result.state });
    const { facts } = by(actor, { at, register, uploads: uploadsAt(minute) });
    try {
      const events = decide({ row, body, actor, seen: undefined }, result.state, facts);
      for (const event of withDuties(events, result.state, facts, actor)) {
        const recorded = throughTheLog(event, actor, at, result.log.length);
        result.log.push(recorded);
        result.state = evolve(result.state, recorded);
        if (result.state.basis > recorded.revision)
          result.faults.push(`basis ${result.state.basis} is ahead`);
      }
    } catch (error) {
      const said = error instanceof Refusal ? error.code : 'input/invalid';
      if (!(error instanceof Refusal)) result.faults.push(`${row.command.name} threw ${String(error)}`);
      else if (said !== 'input/invalid' && !codesOf(row).includes(said))
        result.faults.push(`${row.command.name} refused with ${said}, which its row does not say`);
    }
  }
  return result;
}

/** Uploads of this moment only, so that every one is new. */
function uploadsAt(minute: number): Upload[] {
  const mark = String(minute).padStart(4, '0');
  return [before, after, visit, another, voucher].map((file) => ({
    ...file,
    receipt: file.receipt.replace(/^0000/, mark),
  }));
}

interface Form {
  severity: string;
  form: number;
  minute: number;
  state: CaseState;
}

function bodyOf({ command }: AnyCaseRow, { severity, form, minute, state }: Form): object {
  const [first, second] = uploadsAt(minute);
  const slots = [...state.checklist.map(({ id }) => id), 'before'];
  const reasons = [{ slot: form % 7 === 0 ? 'unheard-of' : slots[0], reason: 'not enough' }];
  const objection = [...state.openObjections][0] ?? 1;
  const forms: Record<string, object> = {
    // Mostly in vain, or hardly a case would be brought to its end.
    SplitCase: { parts: [{ weight: 400 }, { weight: form % 20 === 0 ? 600 : 599, amountFen: 1_250_000 }] },
    MergeCase: { into: form % 20 === 0 ? TWIN : before.receipt },
    AbsorbCase: { atRisk: form % 20 === 0 },
    RegisterPart: { problem: { ...registration, severity, personsAtRisk: false } },
    RegisterProblem: {
      severity,
      source: { code: form % 5 === 1 ? 'AU' : 'PC' },
      categories: [form % 4 === 1 ? 'money' : 'roof'],
      personsAtRisk: form % 5 === 0,
      rectificationType: form % 8 === 0 ? 'sustained' : form % 4 === 0 ? 'phased' : 'immediate',
    },
    NoteDeadline: { duty: [...state.duties.keys()][form % state.duties.size] ?? 'review' },
    // Most cases are real ones; a void one is over.
    AdoptCase: {
      ...{ severity, stated: { status: form % 3 === 0 ? 'closed' : 'open' } },
    },
    CorrectRegistration: { to: `corrected ${minute}` },
    ClassifyCase: { severity: form % 2 === 0 ? 'serious' : severity, categories: ['roof'] },
    StartFactCheck: { checkers: ['cui', 'deng'] },
    EstablishFacts: {
      substantiation: form % 5 === 0 ? 'none' : 'full',
      ...{ taskText: undefined, photos: [first?.receipt] },
    },
    ListItems: { items: [{ id: `house-${minute}`, kind: 'household' }] },
    RectifyItem: { item: itemOf(state, form), receipts: undefined },
    ExceptItem: { item: itemOf(state, form) },
    WithdrawEvidence: { receipt: [...state.evidence.keys()][form % state.evidence.size] ?? first?.receipt },
    GrantExtension: { until: undefined },
    DisputeFinding: { receipts: [first?.receipt] },
    AmendFinding: { severity: pick(['general', 'serious', 'major'], form) },
    ReassignCase: {
      leads: state.leads.length > 1 ? ['hill-office'] : ['hill-office', 'hill-works'],
      ...{ coUnits: [], dueOn: undefined },
    },
    ChangeCoUnits: { coUnits: state.coUnits.length > 0 ? [] : ['hill-works'] },
    NameHandler: { person: pick(['an', 'bo'], form) },
    AssignPart: {
      part: form % 3 === 0 && state.lastPart > 0 ? state.lastPart : undefined,
      unit: form % 2 === 0 ? 'hill-works' : 'hill-office',
    },
    ...Object.fromEntries(
      ['AcceptPart', 'ReturnPart', 'PassPart', 'RejectPart'].map((name) => [
        name,
        { part: partOf(form, state) },
      ]),
    ),
    SubmitPart: { part: partOf(form, state), receipts: [second?.receipt] },
    ExcludePerson: { person: pick(PEOPLE, form) },
    AssignCase: { dueOn: undefined, final: form % 4 === 0, coUnits: form % 3 === 0 ? [] : ['hill-works'] },
    AttachEvidence: { slot: missingSlot(state) ?? 'before', receipt: first?.receipt, item: undefined },
    DeclareAbsent: { slot: pick(slots, form) },
    AcceptAbsence: { slot: [...state.absent][form % state.absent.size] ?? slots[0] },
    // In whose name is told by the form, as the role is.
    RaiseObjection: { by: form % 3 === 2 ? 'inspector' : 'public' },
    DismissObjection: { objection },
    StateDisciplinePosition: { position: form % 4 === 0 ? 'hold' : 'no-objection' },
    RecordRecognition:
      form % 4 === 0 ? { result: 'not-recognised', reasons } : { result: 'recognised', reasons: undefined },
    RecordVerification: {
      method: form % 5 === 0 ? 'on-paper' : 'on-site',
      photos: [second?.receipt],
      checked: undefined,
    },
    ReopenCase: {
      dueOn: undefined,
      cause: pick(['false-rectification', 'relapse', 'new-evidence'], form),
    },
    CompleteStage: { stage: state.stagesDone + 1, receipts: undefined },
    ReviewStage: { outcome: form % 2 === 0 ? 'holding' : 'slipping' },
    RecordLookBack: {
      draw: undefined,
      photos: [second?.receipt],
      ...(form % 2 === 0 ? { outcome: 'passed', reasons: undefined } : { reasons }),
    },
    ChangeVisibility: { to: form % 2 === 0 ? 'normal' : 'restricted' },
    ...Object.fromEntries(['RejectRectification', 'RejectClosure'].map((name) => [name, { reasons }])),
    FailVerification: { reasons, failed: undefined },
    UpholdObjection: { objection, reasons },
  };
  return validated(command, { ...sampleOf(command), ...forms[command.name] });
}

/** An item that is open, or any. */
function itemOf({ items }: CaseState, form: number): string {
  const open = [...items].filter(([, { settled }]) => settled === undefined);
  const among = open.length > 0 ? open : [...items];
  return among.length === 0 ? 'unheard-of' : pick(among, form)[0];
}

/** From one try's person and unit to all others. */
const OTHERS = PEOPLE.flatMap((_, shift) => [0, 1].map((unit) => ({ shift, unit })));

function missingSlot({ checklist, evidence }: CaseState): string | undefined {
  const filled = new Set([...evidence.values()].map(({ slot }) => slot));
  return checklist.find(({ id }) => !filled.has(id))?.id;
}

/** One of the parts that are not passed; the first, where there is none. */
function partOf(form: number, { parts }: CaseState): number {
  const open = [...parts].filter(([, { standing }]) => standing !== 'passed');
  return open.length === 0 ? 1 : pick(open, form)[0];
}

function chosen(rows: readonly AnyCaseRow[], state: CaseState, one: Try): [AnyCaseRow, Actor] {
  const any = pick(rows, one.row);
  if (one.way === 'wild') return [any, actorFor(any, one)];
  const status = state.status ?? 'new';
  const offers = rows.flatMap((row): [AnyCaseRow, Actor][] => {
    if (onwards(row, state) !== (one.way === 'onwards') || !row.in.includes(status)) return [];
    if (RARE.has(row.command.name) && one.form % 10 !== 0) return [];
    // Other leads come early, so that enough cases come to an end.
    if (row.command.name === 'ReassignCase' && status !== 'assigned') return [];
    for (const { shift, unit } of OTHERS) {
      const actor = actorFor(row, {
        ...{ ...one, who: (one.who + shift) % PEOPLE.length },
        unit: one.unit + unit,
      });
      if (!isAt(row, state, actor)) continue;
      const code = refusalOf(row, state, actor);
      if (code === undefined) return [[row, actor]];
      // Of the post or the case, not of the person: nobody else may either.
      if (code.startsWith('case/flag')) return [];
    }
    return [];
  });
  return offers.length === 0 ? [any, actorFor(any, one)] : pick(offers, one.row);
}

/** What is there already, or not needed, brings nothing on. */
function onwards({ command: { name } }: AnyCaseRow, state: CaseState): boolean {
  const { plan, rectificationType, severity, passed, items, parts } = state;
  if (name === 'AttachEvidence') return missingSlot(state) !== undefined;
  if (name === 'AssignPart') return severity === 'general' && parts.size === 0;
  if (name === 'RectifyItem' && ![...items.values()].some(({ settled }) => settled === undefined))
    return false;
  if (name === 'SubmitPlan' && (plan !== 'none' || rectificationType === 'immediate')) return false;
  if (name === 'CountersignSubmission' && severity !== 'major') return false;
  if (name === 'StateDisciplinePosition' && passed.has('discipline-position')) return false;
  return ONWARDS.has(name);
}

const FACTS = by(post('an', 'north-office', 'registrar'), { register }).facts;
const LATER = by(post('an', 'north-office', 'registrar'), { register, on: '2026-09-20' }).facts;

/** Said before the rest is asked, which takes its time. */
const isAt = ({ at }: AnyCaseRow, state: CaseState, { unit }: Actor): boolean =>
  at === 'covering' || at(state).includes(unit);

function refusalOf(row: AnyCaseRow, state: CaseState, actor: Actor): string | undefined {
  try {
    permit(row, state, actor, row.command === EndPublicNotice ? LATER : FACTS);
    return undefined;
  } catch (error) {
    return error instanceof Refusal ? error.code : String(error);
  }
}

function actorFor({ roles }: AnyCaseRow, { who, unit, behalf, form }: Try): Actor {
  const role = pick(roles, form) as keyof typeof POSTS;
  if (isAgent(role)) return theClock;
  const actor = post(pick(PEOPLE, who), pick(POSTS[role], unit), role);
  return behalf === null ? actor : { ...actor, onBehalfOf: pick(PEOPLE, behalf) };
}

function pick<T>(list: readonly T[], n: number): T {
  return list[n % list.length] as T;
}

function throughTheLog(
  { type, ...data }: CaseEvent,
  actor: Actor,
  recordedAt: string,
  revision: number,
): Recorded<CaseEvent> {
  const meta = {
    ...{ recordedAt, actor, commandId: `${revision}`, requestHash: '', correlationId: '', causationId: '' },
    entryMode: 'live',
  };
  const stored: StoredEvent = {
    ...{ id: `${revision}`, stream: 'case-1', revision, type },
    data: storable(data),
    meta: storable(meta),
  };
  const decoded = decode(stored);
  const { type: name, ...again } = decoded.event;
  if (name !== type || canonical(again) !== stored.data)
    throw new Error(`${type} does not come back as it was`);
  return decoded;
}

const RECTIFYING = [
  ...['AssignmentAccepted', 'PlanSubmitted', 'ProgressReported', 'InterimSafetyRecorded', 'StageCompleted'],
  ...['EvidenceAttached', 'EvidenceDeclaredAbsent', 'ItemRectified', 'ItemExcepted', 'MoneyRectified'],
  ...['RectificationSubmitted', 'SubmissionCountersigned', 'PartAccepted', 'PartSubmitted'],
];
/** Which step of a route an act belongs to, whether it passed or rejected. */
const OFFICES: Partial<Record<CaseEvent['type'], string>> = {
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
const PASSING: Record<string, readonly CaseEvent['type'][]> = {
  review: ['ReviewPassed'],
  verify: ['VerificationRecorded', 'VerificationConfirmed'],
  approve: ['ClosureApproved'],
  'public-notice': ['PublicNoticeStarted', 'PublicNoticeEnded'],
  recognition: ['RecognitionRecorded'],
};

/** What the regulation says of the log alone: everything that is wrong with each closing in it. */
function wrongs(log: readonly Recorded<CaseEvent>[]): string[] {
  const closings = log
    .filter(({ event }) => event.type === 'CaseClosed')
    .flatMap(({ revision, meta }) => wrongsOf(log.slice(0, revision), meta.actor));
  return [...closings, ...ownLookBacks(log)];
}

/** Nobody looks back at what they rectified, examined or closed, in whichever round. */
function ownLookBacks(log: readonly Recorded<CaseEvent>[]): string[] {
  return log
    .filter(({ event }) => ['LookBackPassed', 'LookBackFailed', 'ReopeningRefused'].includes(event.type))
    .flatMap(({ event, revision, meta }) => {
      const acts = log.slice(0, revision).filter(({ event: { type } }) => {
        return RECTIFYING.includes(type) || type in OFFICES || type === 'CaseClosed';
      });
      return meet(personsOf(acts), new Set(bearers(meta.actor))) ? [`own ${event.type}`] : [];
    });
}

function wrongsOf(past: readonly Recorded<CaseEvent>[], closer: Actor): string[] {
  const found: string[] = [];
  const last = (...types: CaseEvent['type'][]) => past.findLast(({ event }) => types.includes(event.type));
  const round = past.slice((last('CaseReopened')?.revision ?? -1) + 1);
  const standing = past.slice(last('RectificationSubmitted')?.revision ?? past.length);
  const duty = past.findLast(({ event }) => 'route' in event)?.event;
  const route = duty && 'route' in duty ? (duty.route ?? []) : [];
  const rectifiers = personsOf(past.filter(({ event }) => RECTIFYING.includes(event.type)));

  if (route.length === 0) found.push('closed without a route');
  found.push(...unpassed(past));
  if (!standing.some(({ event }) => event.type === 'RectificationSubmitted')) found.push('never submitted');
  for (const { step } of route) {
    for (const type of PASSING[step] ?? []) {
      const taken = standing.filter(({ event }) => event.type === type);
      if (taken.length !== 1) found.push(`${type} stands ${taken.length} times`);
      for (const person of personsOf(taken)) {
        if (rectifiers.has(person)) found.push(`${step} by the rectifier ${person}`);
      }
    }
  }
  const [recorder, confirmer] = ['VerificationRecorded', 'VerificationConfirmed'].map((type) =>
    personsOf(standing.filter(({ event }) => event.type === type)),
  );
  if (recorder && confirmer && meet(recorder, confirmer)) found.push('both verifiers are one');

  const offices = ['review', 'verify', 'approve'] as const;
  const [review, verify, approve] = offices.map((office) =>
    personsOf(round.filter(({ event }) => OFFICES[event.type] === office)),
  ) as [Set<string>, Set<string>, Set<string>];
  if (meet(review, verify)) found.push('a reviewer verified');
  if (meet(review, approve)) found.push('a reviewer approved');
  if (meet(verify, approve)) found.push('a verifier approved');

  found.push(...wrongsBesides(past, round, standing));
  const who = new Set(bearers(closer));
  if (meet(who, rectifiers)) found.push('closed by a rectifier');
  if (meet(who, review)) found.push('closed by a reviewer');
  if (meet(who, verify)) found.push('closed by a verifier');
  if (meet(who, barredIn(past))) found.push('closed by who passed a false rectification');
  if (closer.unit !== (duty && 'closer' in duty ? duty.closer : undefined)) found.push('closed elsewhere');
  return found;
}

type Events = readonly Recorded<CaseEvent>[];

const those = <T extends CaseEvent['type']>(type: T, log: Events) =>
  log.flatMap((one) =>
    one.event.type === type ? [{ ...one, event: one.event as Extract<CaseEvent, { type: T }> }] : [],
  );

/** What the regulation says besides steps and persons: what was said of the standing submission, and of what. */
function wrongsBesides(past: Events, round: Events, standing: Events): string[] {
  const found: string[] = [];
  const route = past.flatMap(({ event }) => ('route' in event ? [event.route] : [])).at(-1) ?? [];
  const positions = those('DisciplinePositionStated', standing).map(({ event }) => event.position);
  if (positions.at(-1) === 'hold') found.push('closed against a hold');
  if (route.some(({ step }) => step === 'discipline-position') && positions.length === 0)
    found.push('closed over a silence');

  const rectifiers = personsOf(past.filter(({ event }) => RECTIFYING.includes(event.type)));
  const saidBy = personsOf(standing.filter(({ event }) => event.type === 'DisciplinePositionStated'));
  if (meet(saidBy, rectifiers)) found.push('a position by a rectifier');

  const open = new Set(those('ObjectionRaised', standing).map(({ event }) => event.objection));
  for (const { event, revision, meta } of those('ObjectionDismissed', standing)) {
    open.delete(event.objection);
    const vouched = round.filter((one) => one.revision < revision && OFFICES[one.event.type] !== undefined);
    if (meet(personsOf(vouched), new Set(bearers(meta.actor)))) found.push('ruled by who had examined');
  }
  if (open.size > 0) found.push('an objection was open');

  const until = those('PublicNoticeStarted', standing).at(-1)?.event.until ?? '';
  for (const { meta } of those('PublicNoticeEnded', standing)) {
    if (meta.recordedAt.slice(0, 10) <= until) found.push('a notice was cut short');
  }

  const accepted = new Set(those('AbsenceAccepted', standing).map(({ event }) => event.slot));
  const absent = new Set<string>();
  for (const { event } of round) {
    if (event.type === 'EvidenceDeclaredAbsent') absent.add(event.slot);
    if (event.type === 'EvidenceAttached') absent.delete(event.slot);
  }
  if ([...absent].some((slot) => !accepted.has(slot))) found.push('an absence was not accepted');

  const major = those('ProblemRegistered', past).some(({ event }) => event.severity === 'major');
  if (major && those('SubmissionCountersigned', standing).length !== 1) found.push('not countersigned');
  return [...found, ...wrongEvidence(round, standing)];
}

/** Whoever passed the submission looked at what it stood on. */
function wrongEvidence(round: Events, standing: Events): string[] {
  const withdrawn = new Set(those('EvidenceWithdrawn', round).map(({ event }) => event.receipt));
  const files = those('EvidenceAttached', round)
    .map(({ event: { slot, file } }) => [slot, file.receipt, file.sha256] as const)
    .filter(([, receipt]) => !withdrawn.has(receipt));
  // Slots and receipts have no character that would come before the separator.
  const set = hashOf(files.sort((a, b) => (a.join(' ') < b.join(' ') ? -1 : 1)));
  const looking = [
    ...['RectificationSubmitted', 'ReviewPassed', 'VerificationRecorded', 'VerificationConfirmed'],
    'ClosureApproved',
  ];
  return standing
    .filter(({ event }) => looking.includes(event.type))
    .filter(({ event }) => !('evidence' in event) || event.evidence !== set)
    .map(({ event }) => `${event.type} names another set of evidence`);
}

/** Parts of the leads and the round that closed it which nobody passed since they were given. */
function unpassed(past: readonly Recorded<CaseEvent>[]): string[] {
  const from = past.findLastIndex(({ event }) => ['CaseReassigned', 'CaseReopened'].includes(event.type));
  const open = new Set<number>();
  for (const { event } of past.slice(from + 1)) {
    if (event.type === 'PartAssigned') open.add(event.part);
    if (event.type === 'PartPassed') open.delete(event.part);
  }
  return [...open].map((part) => `part ${part} was not passed`);
}

function personsOf(acts: readonly Recorded<CaseEvent>[]): Set<string> {
  return new Set(acts.flatMap(({ meta }) => bearers(meta.actor)));
}

function meet(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return [...some].some((person) => others.has(person));
}

/** Who verified or approved the submission on which a closing rested that turned out false. */
function barredIn(past: readonly Recorded<CaseEvent>[]): Set<string> {
  const barred = past.flatMap(({ event, revision }) => {
    if (event.type !== 'CaseReopened' || event.cause !== 'false-rectification') return [];
    const until = past.slice(0, revision);
    const from = until.findLastIndex((done) => done.event.type === 'RectificationSubmitted');
    const passing = [...(PASSING.verify ?? []), ...(PASSING.approve ?? []), 'AbsenceAccepted'];
    return until.slice(from).filter((done) => passing.includes(done.event.type));
  });
  return personsOf(barred);
}

describe('whatever people try, whoever they are', () => {
  const seen = new Map<CaseEvent['type'], number>();
  let runs = 0;

  test('no case is closed but by the whole route since its standing submission, each step by other people', () => {
    fc.assert(
      fc.property(severities, tries, (severity, all) => {
        const { log, faults } = run(caseCommands, severity, all);
        runs++;
        for (const type of new Set(log.map(({ event }) => event.type))) {
          seen.set(type, (seen.get(type) ?? 0) + 1);
        }
        expect([...faults, ...wrongs(log)]).toEqual([]);
      }),
      { numRuns: 900 },
    );
  });

  test('and cases do get closed: a good part of the runs, some of them twice', () => {
    const share = (type: CaseEvent['type']) => (seen.get(type) ?? 0) / runs;
    expect(share('VerificationConfirmed')).toBeGreaterThan(0.2);
    expect(share('ClosureApproved')).toBeGreaterThan(0.05);
    expect(share('CaseClosed')).toBeGreaterThan(0.1);
    expect(share('CaseReopened')).toBeGreaterThan(0.05);
    // No calendar is published in these runs.
    expect([...seen.keys(), 'DeadlineMoved'].sort()).toEqual(Object.keys(caseEvents).sort());
  });
});

/** What moves a problem to another case says nothing of who examines it, and mostly ends the try. */
const MOVING = new Set([
  ...['SplitCase', 'SplitResidual', 'RegisterPart', 'MergeCase', 'AbsorbCase', 'UndoMerge'],
]);
const handling = caseCommands.filter(({ command }) => !MOVING.has(command.name));

/** The table with one rule forgotten: what `may` sees of the state is changed before it judges. */
function forgetting(forgotten: (state: CaseState, facts: CaseFacts) => [CaseState, CaseFacts]): AnyCaseRow[] {
  return handling.map((row) => ({
    ...row,
    ...(row.may && {
      may: (state, actor, facts) => {
        const [dimmed, known] = forgotten(state, facts);
        row.may?.(dimmed, actor, known);
      },
    }),
  }));
}

describe('the property notices when a rule is forgotten:', () => {
  const none = new Set<never>();
  const withoutMay = (command: string) =>
    handling.map((row) => (row.command.name === command ? { ...row, may: () => undefined } : row));

  test.each([
    ['that rectifiers do not examine', forgetting((state, facts) => [{ ...state, rectifiers: none }, facts])],
    ['who reviewed', forgetting((state, facts) => [{ ...state, reviewers: none }, facts])],
    ['who verified', forgetting((state, facts) => [{ ...state, verifiers: none }, facts])],
    ['who approved', forgetting((state, facts) => [{ ...state, approvers: none }, facts])],
    ['who is barred', forgetting((state, facts) => [{ ...state, barred: none }, facts])],
    ['that parts are open', forgetting((state, facts) => [{ ...state, parts: new Map() }, facts])],
    ['who recorded', forgetting((state, facts) => [{ ...state, recordedBy: new Set(['nobody']) }, facts])],
    ['everything that a reviewer may not', withoutMay('PassReview')],
    ['everything that a verifier may not', withoutMay('RecordVerification')],
    ['everything that a second verifier may not', withoutMay('ConfirmVerification')],
    ['everything that an approver may not', withoutMay('ApproveClosure')],
    ['everything that a closer may not', withoutMay('CloseCase')],
    ['everything that an arbiter may not', withoutMay('DismissObjection')],
    ['that a notice has its days', withoutMay('EndPublicNotice')],
    ['what is absent', forgetting((state, facts) => [{ ...state, absenceAccepted: state.absent }, facts])],
    ['everything that who looks back may not', withoutMay('RecordLookBack')],
  ])('%s', (_, rows) => {
    const { failed } = fc.check(
      fc.property(severities, tries, (severity, all) => wrongs(run(rows, severity, all).log).length === 0),
      { numRuns: 3_000, seed: 3, endOnFailure: true },
    );
    expect(failed).toBe(true);
  });
});
