/** A history that is told: commands in order, some of them in a form of their own (`forms.ts`). */
export type Script = readonly (string | readonly [string, number])[];

export const ASSIGNED = ['RegisterProblem', 'AssignCase'];
export const BEGUN = [...ASSIGNED, 'AcceptAssignment'];
export const PROVED = [...BEGUN, 'AttachEvidence', 'AttachEvidence'];
const SUBMISSION = ['SubmitRectification', 'CountersignSubmission'];
const VERIFICATION = ['RecordVerification', 'ConfirmVerification'];
export const SUBMITTED = [...PROVED, ...SUBMISSION];
export const REVIEWED = [...SUBMITTED, 'PassReview'];
export const VERIFIED = [...REVIEWED, ...VERIFICATION];
export const CLOSED = [
  ...[...VERIFIED, 'ApproveClosure', 'StartPublicNotice', 'EndPublicNotice', 'StateDisciplinePosition'],
  ...['RecordRecognition', 'SupplyEvidence', 'CloseCase'],
];

/** The same history of a problem in another form. */
const registeredAs =
  (form: number) =>
  (script: readonly string[]): Script =>
    script.map((name) => (name === 'RegisterProblem' ? [name, form] : name));
/** With money, and found by an audit: its route has every step that there is. */
export const audited = registeredAs(21);
const phased = registeredAs(12);
const sustained = registeredAs(8);
const atRisk = registeredAs(15);

/** What chance alone seldom comes to; from there on it may go on by chance. */
export const BEGINNINGS = {
  nothing: [],
  adopted: [['AdoptCase', 4], 'AssignCase'],
  checked: ['RegisterProblem', 'StartFactCheck', ['EstablishFacts', 2], 'AssignCase', 'ListItems'],
  voided: ['RegisterProblem', 'CorrectRegistration', ['ClassifyCase', 20], ['VoidCase', 2]],
  transferred: ['RegisterProblem', 'TransferOut', ['ReopenCase', 2]],
  merged: ['RegisterProblem', 'MergeCase', 'UndoMerge'],
  absorbing: [...BEGUN, 'AbsorbCase'],
  split: ['RegisterProblem', ['SplitCase', 1]],
  part: ['RegisterPart', 'AssignCase'],
  residual: [...BEGUN, ['RecordMoney', 2], 'SplitResidual', ['AdjustAmount', 99]],
  returned: [
    ...ASSIGNED,
    'ReturnAssignment',
    'RejectReturn',
    'ReturnAssignment',
    'UpholdReturn',
    'AssignCase',
  ],
  disputed: [...ASSIGNED, 'DisputeFinding', 'UpholdFinding'],
  amended: [...ASSIGNED, 'DisputeFinding', 'AmendFinding'],
  reassigned: [...ASSIGNED, 'ChangeCoUnits', 'ReassignCase', 'AcceptAssignment', 'NameHandler'],
  late: [
    ...ASSIGNED,
    'DeemAccepted',
    'RequestExtension',
    'RefuseUnanswered',
    ['NoteDeadline', 1],
    ['NoteDeadline', 2],
  ],
  extended: [...BEGUN, 'RequestExtension', 'GrantExtension', 'SuspendCase', 'ReviewSuspension', 'ResumeCase'],
  shared: [
    ...[...BEGUN, ['AssignPart', 2], 'ReturnPart', ['AssignPart', 2], 'AcceptPart', 'SubmitPart'],
    ...['RejectPart', 'SubmitPart', 'PassPart'],
  ],
  items: [...BEGUN, 'ListItems', 'ExceptItem', 'ListItems', 'RectifyItem'],
  dealt: [...BEGUN, 'ListItems', 'ListItems', 'RectifyItem', 'SplitResidual', ['SplitCase', 1]],
  urgent: atRisk([...BEGUN, 'RecordInterimSafety', 'ReportProgress', 'CorrectProgress']),
  planned: phased([...BEGUN, 'SubmitPlan', 'RejectPlan', 'SubmitPlan', 'ApprovePlan', 'CompleteStage']),
  sustained: sustained([...BEGUN, 'SubmitPlan', 'ApprovePlan', 'CompleteStage', 'ReviewStage']),
  absent: [
    ...BEGUN,
    'DeclareAbsent',
    'AttachEvidence',
    ...SUBMISSION,
    'PassReview',
    ...VERIFICATION,
    'AcceptAbsence',
  ],
  corrected: [
    ...PROVED,
    'WithdrawEvidence',
    'AttachEvidence',
    'SubmitRectification',
    'WithdrawRectification',
  ],
  rejected: [
    ...[
      ...SUBMITTED,
      'RejectRectification',
      ...SUBMISSION,
      'EscalateReview',
      'PassReview',
      'FailVerification',
    ],
    ...[...SUBMISSION, 'PassReview', ...VERIFICATION, 'RejectClosure'],
  ],
  objected: [
    ...VERIFIED,
    ['RaiseObjection', 2],
    'DismissObjection',
    ['RaiseObjection', 2],
    'UpholdObjection',
  ],
  audited: audited(CLOSED),
  terminated: [...BEGUN, 'TerminateCase', 'HoldTermination'],
  overseen: [
    ...[...BEGUN, 'IssueSupervision', 'LiftSupervision', 'RecordInstruction', 'AnswerInstruction'],
    ...['RejectAnswer', 'AnswerInstruction', 'AcceptAnswer', 'RecordAccountability', 'ExcludePerson'],
    ...['LiftExclusion', 'ChangeVisibility'],
  ],
  closed: [...CLOSED, 'RecordCallback', ['RecordLookBack', 2]],
  failing: [...CLOSED, 'RecordLookBack', 'RefuseReopening'],
  false: [...CLOSED, 'ReopenCase'],
} as const satisfies Record<string, Script>;
export type Beginning = keyof typeof BEGINNINGS;
