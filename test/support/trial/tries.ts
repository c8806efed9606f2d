import fc from 'fast-check';
import { addDays } from '../../../libs/calendar/working-days.js';
import { type CaseState } from '../../../libs/cases/case-state.js';
import { type AnyCaseRow, type CaseFacts, isAtDesk } from '../../../libs/cases/table.js';
import { Refusal } from '../../../libs/contracts/refusal.js';
import { isAgent } from '../../../libs/contracts/roles.js';
import { type Actor } from '../../../libs/eventing/event.js';
import { decide, permit } from '../../../libs/eventing/handle.js';
import { type Script } from './beginnings.js';
import { missingSlot } from './forms.js';
import { actorIn, PEOPLE, pick, type Who, register } from './people.js';

/** One try: of which command, by whom and on whose behalf, and in which of its forms. */
export interface Try extends Who {
  /** A command that brings the case on, or one that does not, by somebody who may give it; or any by anybody. */
  way: 'onwards' | 'back' | 'wild';
  row: number;
  /** Of a history that is told in part: this command, by somebody who may give it. */
  name?: string;
}

/** A random history: where it begins, and what is tried from there on. */
export const tries = fc.array(
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

/** Commands one after another, by the same person as long as they may; what nobody may is left out. */
export function told(script: Script, first = 4): Try[] {
  return script.map((step) => {
    const [name, form] = typeof step === 'string' ? ([step, 3] as const) : step;
    return { way: 'onwards', row: 0, who: first, unit: 0, behalf: null, form, name };
  });
}

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
  ...['EstablishFacts', 'RectifyItem', 'RecordInterimSafety', 'EndSuspension'],
]);

/** What happens to a case now and then only: too much of it, and hardly one would come to its end. */
const RARE = new Set([
  ...['AdoptCase', 'RegisterPart', 'CorrectRegistration', 'ClassifyCase', 'StartFactCheck', 'VoidCase'],
  ...['ListItems', 'SplitCase', 'MergeCase', 'TransferOut', 'TerminateCase', 'ExcludePerson'],
  ...['UpholdObjection', 'ReassignCase'],
]);

/** What is there already, or not needed, brings nothing on. */
function onwards({ command: { name } }: AnyCaseRow, state: CaseState): boolean {
  const { plan, rectificationType, severity, passed, items, parts } = state;
  if (name === 'AttachEvidence') return missingSlot(state) !== undefined;
  if (name === 'SupplyEvidence') return missingSlot(state, 'closing') !== undefined;
  if (name === 'AssignPart') return severity === 'general' && parts.size === 0;
  if (name === 'RectifyItem' && ![...items.values()].some(({ settled }) => settled === undefined))
    return false;
  if (name === 'SubmitPlan' && (plan !== 'none' || rectificationType === 'immediate')) return false;
  if (name === 'CountersignSubmission' && severity !== 'major') return false;
  if (name === 'StateDisciplinePosition' && passed.has('discipline-position')) return false;
  return ONWARDS.has(name);
}

/** What a try turns out to be, when it takes place, and what is known then. */
export interface Attempt {
  row: AnyCaseRow;
  actor: Actor;
  now: number;
}

/** What is there to choose from: the table, the case, the time, and what is known at a time. */
export interface Choice {
  rows: readonly AnyCaseRow[];
  state: CaseState;
  now: number;
  factsAt: (now: number) => CaseFacts;
}

/** Which command it is, and by whom: somebody who may give it, unless it is wild or nobody may give any. */
export function chosen(choice: Choice, one: Try): Attempt | undefined {
  const { rows, state, now } = choice;
  const any = pick(rows, one.row);
  const wild = { row: any, actor: actorIn(any.roles, one), now };
  if (one.way === 'wild') return wild;
  for (const row of inAnyOrder(rows, one.row)) {
    if (!isOffered(row, state, one)) continue;
    const time = timeOf(row, state, one, now);
    const facts = choice.factsAt(time);
    const actor = actorsFor(row, state, one).find((somebody) => isPermitted(row, state, somebody, facts));
    if (actor) return { row, actor, now: time };
  }
  return one.name === undefined ? wild : undefined;
}

/** What a table allows that another one refuses: whoever searches for its gaps need not wait for chance. */
export function tempting(
  choice: Choice,
  one: Try,
  sound: ReadonlyMap<string, AnyCaseRow>,
  bodyOf: (row: AnyCaseRow) => object,
): Attempt | undefined {
  const { rows, state, now } = choice;
  const facts = choice.factsAt(now);
  for (const row of inAnyOrder(rows, one.row)) {
    const real = sound.get(row.command.name);
    if (real === undefined || real === row || !row.in.includes(state.status ?? 'new')) continue;
    const body = bodyOf(row);
    const may = (by: AnyCaseRow, actor: Actor) =>
      succeeds(() => decide({ row: by, body, actor, seen: undefined }, state, facts));
    const actor = actorsFor(row, state, one).find((somebody) => may(row, somebody) && !may(real, somebody));
    if (actor) return { row, actor, now };
  }
  return undefined;
}

function isOffered(row: AnyCaseRow, state: CaseState, one: Try): boolean {
  const { name } = row.command;
  const status = state.status ?? 'new';
  if (!row.in.includes(status) || [...state.flags].some((flag) => !row.flags?.includes(flag))) return false;
  if (one.name !== undefined) return name === one.name;
  if (RARE.has(name) && one.form % 10 !== 0) return false;
  // Other leads come early, so that enough cases come to an end.
  if (name === 'ReassignCase' && status !== 'assigned') return false;
  return onwards(row, state) === (one.way === 'onwards');
}

/** All rows, in an order of this try: whichever comes first is any of those that may be given. */
function inAnyOrder(rows: readonly AnyCaseRow[], n: number): AnyCaseRow[] {
  const place = (index: number): number => ((index + 1) * (2 * n + 3) * 7919) % 10_007;
  return rows
    .map((row, index) => [place(index), row] as const)
    .sort(([one], [other]) => one - other)
    .map(([, row]) => row);
}

/** From one try's person and unit to all others. */
const OTHERS = PEOPLE.flatMap((_, shift) => [0, 1].map((unit) => ({ shift, unit })));

function actorsFor(row: AnyCaseRow, state: CaseState, one: Try): Actor[] {
  const { at, roles } = row;
  if (roles.every(isAgent)) return [actorIn(roles, one)];
  return OTHERS.map(({ shift, unit }) =>
    actorIn(roles, { ...one, who: one.who + shift, unit: one.unit + unit }),
  ).filter((actor) => isAtDesk(at, state, actor, register));
}

/** What is done at once, and what waits for a day: mostly it takes place on that day then. */
function timeOf({ command: { name } }: AnyCaseRow, state: CaseState, { form }: Try, now: number): number {
  const day = waitingFor(name, form, state);
  return day === undefined || form % 4 === 0 ? now : Math.max(now, Date.parse(`${day}T04:00:00.000Z`));
}

function waitingFor(name: string, form: number, state: CaseState): string | undefined {
  const { duties, noticeUntil, status, dueOn } = state;
  if (name === 'EndPublicNotice') return noticeUntil && addDays(noticeUntil, 1);
  if (name === 'SubmitRectification') return status === 'sustaining' ? dueOn : undefined;
  const ticks: Record<string, string | null | undefined> = {
    DeemAccepted: duties.get('accept')?.tickOn,
    RefuseUnanswered: duties.get('extension-ruling')?.tickOn,
    EndSuspension: duties.get('suspension-end')?.tickOn,
    NoteDeadline: pick([...duties.values(), undefined], form)?.tickOn,
  };
  return ticks[name] ?? undefined;
}

const isPermitted = (row: AnyCaseRow, state: CaseState, actor: Actor, facts: CaseFacts): boolean =>
  succeeds(() => {
    permit(row, state, actor, facts);
  });

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}
