import { type CaseState } from '../../../libs/cases/case-state.js';
import { type Slot, type Upload } from '../../../libs/contracts/case-events.js';
import { type Severity } from '../../../libs/contracts/intake.js';
import { after, another, before, registration, TWIN, visit, voucher } from '../cases.js';
import { sampleOf } from '../samples.js';
import { CHECKERS, LIMITS, OF_LEAD, PEOPLE, pick } from './people.js';

/** What a body is made from: how grave the problem is, which of its forms, the number of the try, the case. */
export interface Form {
  severity: Severity;
  form: number;
  turn: number;
  state: CaseState;
}

/** The sample of the command, fitted to the case as it stands; now and then to none. */
export function bodyOf(command: new () => object, given: Form): object {
  return { ...sampleOf(command), ...forms[command.name]?.(given) };
}

/** Uploads of this turn only, so that every one is new. */
export function uploadsAt(turn: number): Upload[] {
  const mark = String(turn).padStart(4, '0');
  return [before, after, visit, another, voucher].map((file) => ({
    ...file,
    receipt: file.receipt.replace(/^0000/, mark),
  }));
}

const file = (turn: number, n: number) => uploadsAt(turn)[n]?.receipt;

const reasonsOf = ({ form, state }: Form) => [
  { slot: form % 7 === 0 ? 'unheard-of' : (state.checklist[0]?.id ?? 'before'), reason: 'not enough' },
];
const objectionOf = ({ state }: Form) => [...state.openObjections][0] ?? 1;
const rejecting = (given: Form) => ({ reasons: reasonsOf(given) });
const ofPart = (given: Form) => ({ part: partOf(given) });
const ofItem = (given: Form) => ({ item: itemOf(given) });
const instructing = ({ state }: Form) => ({ instruction: state.instructions.size || 1 });

const forms: Record<string, (given: Form) => object> = {
  RegisterProblem: ({ severity, form }) => ({
    severity,
    source: { code: form % 5 === 1 ? 'AU' : 'PC' },
    categories: [form % 4 === 1 ? 'money' : 'roof'],
    personsAtRisk: form % 5 === 0,
    rectificationType: form % 8 === 0 ? 'sustained' : form % 4 === 0 ? 'phased' : 'immediate',
  }),
  RegisterPart: ({ severity }) => {
    const { type: _, ...problem } = registration;
    const whole = { finder: 'north-office', limits: LIMITS };
    return { problem: { ...problem, ...whole, severity, personsAtRisk: false }, items: undefined };
  },
  AdoptCase: ({ severity, form }) => ({ severity, stated: { status: form % 3 === 0 ? 'closed' : 'open' } }),
  CorrectRegistration: ({ turn }) => ({ to: `corrected ${turn}` }),
  ClassifyCase: ({ severity, form }) => ({
    severity: form % 20 === 0 ? 'serious' : severity,
    categories: ['roof'],
  }),
  StartFactCheck: () => ({ checkers: CHECKERS }),
  EstablishFacts: ({ form, turn }) => ({
    substantiation: form % 5 === 0 ? 'none' : 'full',
    ...{ taskText: undefined, photos: [file(turn, 0)] },
    personsAtRisk: form % 20 === 3 ? true : undefined,
  }),
  ListItems: ({ turn }) => ({ items: [{ id: `house-${turn}`, kind: 'household' }] }),
  RectifyItem: (given) => ({ item: itemOf(given), receipts: undefined }),
  ExceptItem: ofItem,
  SplitCase: ({ form, state }) => {
    const left = (state.amountFen ?? 0) - state.rectifiedFen;
    const weight = (state.registration?.weight ?? 1000) - 1;
    const items = state.items.size > 0 && form % 5 < 4 ? [...state.items.keys()] : undefined;
    return {
      parts: [
        { weight: 1, items },
        { weight: form % 3 === 0 ? weight - 1 : weight, amountFen: left > 0 ? left : undefined },
      ],
    };
  },
  SplitResidual: (given) => ({
    ...{ weight: 100 + given.form, amountFen: 1 + 10_000 * given.form },
    items: given.state.items.size > 1 ? [itemOf(given)] : undefined,
  }),
  MergeCase: ({ form }) => ({ into: form % 3 === 1 ? before.receipt : TWIN }),
  AbsorbCase: ({ form, state }) => ({
    ...{ atRisk: form % 20 === 0, limits: LIMITS, items: [], sourceDueOn: undefined },
    ...{ visibility: state.visibility, divisions: state.divisions },
    ...(form % 5 > 0 && { severity: state.severity, categories: state.categories, amountFen: undefined }),
  }),
  AssignCase: ({ form, state }) => ({
    dueOn: undefined,
    final: state.returns >= 2,
    coUnits: form % 3 === 0 ? [] : ['hill-works'],
  }),
  ReassignCase: ({ state }) => ({
    leads: state.leads.length > 1 ? ['hill-office'] : ['hill-office', 'hill-works'],
    ...{ coUnits: [], dueOn: undefined },
  }),
  ChangeCoUnits: ({ state }) => ({ coUnits: state.coUnits.length > 0 ? [] : ['hill-works'] }),
  NameHandler: ({ form }) => ({ person: pick(OF_LEAD, form) }),
  DisputeFinding: ({ turn }) => ({ receipts: [file(turn, 0)] }),
  AmendFinding: ({ form }) => ({ severity: pick(['general', 'serious', 'major'], form) }),
  AssignPart: ({ form, state }) => ({
    part: form % 3 === 0 && state.lastPart > 0 ? state.lastPart : undefined,
    unit: form % 2 === 0 ? 'hill-works' : 'hill-office',
    dueOn: state.dueOn,
  }),
  ...{ AcceptPart: ofPart, ReturnPart: ofPart, PassPart: ofPart, RejectPart: ofPart },
  SubmitPart: (given) => ({ part: partOf(given), receipts: [file(given.turn, 1)] }),
  AttachEvidence: ({ turn, state }) => ({
    slot: missingSlot(state) ?? 'before',
    ...{ receipt: file(turn, 0), item: undefined },
  }),
  SupplyEvidence: ({ turn, state }) => ({
    slot: missingSlot(state, 'closing') ?? 'opinion',
    ...{ receipt: file(turn, 0), item: undefined },
  }),
  WithdrawEvidence: ({ form, turn, state }) => ({
    receipt: [...state.evidence.keys()][form % state.evidence.size] ?? file(turn, 0),
  }),
  DeclareAbsent: ({ form, state }) => ({
    slot: pick([missingSlot(state) ?? 'before', ...state.checklist.map(({ id }) => id)], form),
    item: undefined,
  }),
  AcceptAbsence: ({ state }) => ({
    slot: [...state.absent].find((slot) => !state.absenceAccepted.has(slot)) ?? 'before',
    item: undefined,
  }),
  SubmitPlan: () => ({ stages: [{ goal: 'all of it', until: '2026-12-01' }] }),
  CompleteStage: ({ state }) => ({ stage: state.stagesDone + 1, receipts: undefined }),
  ReviewStage: ({ form }) => ({ outcome: form % 2 === 0 ? 'holding' : 'slipping' }),
  RecordMoney: ({ form, state }) => ({
    // Often all that is left, now and then a little more, or some of it back.
    fen:
      form % 2 === 0
        ? form % 10 === 4
          ? -500
          : 1000
        : Math.max(1, (state.amountFen ?? 0) - state.rectifiedFen + (form % 3 === 0 ? 1 : 0)),
  }),
  AdjustAmount: ({ form }) => ({ amountFen: 10_000 * (form + 1) }),
  RequestExtension: ({ state }) => ({ until: state.ceilingOn ?? '2027-01-04' }),
  GrantExtension: () => ({ until: undefined }),
  ExtendMany: ({ state }) => ({ until: state.ceilingOn ?? '2027-01-04' }),
  CorrectProgress: ({ state }) => ({ report: state.reports || 1 }),
  LiftExclusion: ({ form, state }) => ({ person: pick([...state.excluded, ...PEOPLE], form) }),
  ExcludePerson: ({ form }) => ({ person: pick(PEOPLE, form) }),
  ...{ AnswerInstruction: instructing, AcceptAnswer: instructing, RejectAnswer: instructing },
  // In whose name is told by the form, as the role is.
  RaiseObjection: ({ form }) => ({ by: form % 3 === 2 ? 'inspector' : 'public' }),
  DismissObjection: (given) => ({ objection: objectionOf(given) }),
  UpholdObjection: (given) => ({ objection: objectionOf(given), reasons: reasonsOf(given) }),
  StateDisciplinePosition: ({ form }) => ({ position: form % 4 === 0 ? 'hold' : 'no-objection' }),
  RecordRecognition: (given) =>
    given.form % 4 === 0
      ? { result: 'not-recognised', reasons: reasonsOf(given) }
      : { result: 'recognised', reasons: undefined },
  RecordVerification: ({ form, turn, state }) => ({
    method: form % 5 === 0 ? 'on-paper' : 'on-site',
    photos: [file(turn, 1)],
    checked: form % 7 === 0 || state.items.size === 0 ? undefined : [...state.items.keys()],
  }),
  FailVerification: (given) => ({ reasons: reasonsOf(given), failed: undefined }),
  ...{ RejectRectification: rejecting, RejectClosure: rejecting },
  ReopenCase: ({ form }) => ({
    dueOn: undefined,
    cause: pick(['false-rectification', 'relapse', 'new-evidence'], form),
    personsAtRisk: form % 20 === 3 ? true : undefined,
  }),
  RecordLookBack: (given) => ({
    draw: undefined,
    photos: [file(given.turn, 1)],
    ...(given.form % 2 === 0
      ? { outcome: 'passed', reasons: undefined }
      : { outcome: 'failed', reasons: reasonsOf(given) }),
  }),
  ChangeVisibility: ({ form }) => ({ to: form % 2 === 0 ? 'normal' : 'restricted' }),
  NoteDeadline: ({ form, state }) => ({ duty: pick([...state.duties.keys(), 'review'], form) }),
  SettleDeadline: ({ form, state }) => ({ duty: pick([...state.duties.keys(), 'review'], form) }),
};

/** An item that is open, or any. */
function itemOf({ form, state: { items } }: Form): string {
  const open = [...items].filter(([, { settled }]) => settled === undefined);
  const among = open.length > 0 ? open : [...items];
  return among.length === 0 ? 'unheard-of' : pick(among, form)[0];
}

/** One of the parts that are not passed; the first, where there is none. */
function partOf({ form, state: { parts } }: Form): number {
  const open = [...parts].filter(([, { standing }]) => standing !== 'passed');
  return open.length === 0 ? 1 : pick(open, form)[0];
}

/** A slot, due at the submission or at the closing, that neither has a file nor was said to be empty. */
export function missingSlot(
  { checklist, evidence, absent }: CaseState,
  by?: Slot['due'],
): string | undefined {
  const filled = new Set([...evidence.values()].map(({ slot }) => slot));
  return checklist.find(({ id, due }) => due === by && !filled.has(id) && !absent.has(id))?.id;
}
