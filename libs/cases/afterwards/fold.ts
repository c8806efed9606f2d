import { type AfterwardsEvent, type Upload } from '../../contracts/case-events.js';
import { type CaseState } from '../case-state.js';
import {
  AT_RISK,
  EMPTY,
  endangered,
  examinersOf,
  fixedBy,
  type Fold,
  handedOn,
  NONE,
  plus,
  unexamined,
  unsettled,
} from '../folding.js';

/** The photos of a look-back are used up. */
const shown = (
  { receipts }: CaseState,
  { photos }: { photos: readonly Upload[] },
): Pick<CaseState, 'receipts'> => ({ receipts: plus(receipts, ...photos.map(({ receipt }) => receipt)) });

export const afterwardsFold: Fold<AfterwardsEvent> = {
  CaseReopened: (state, { round, cause, personsAtRisk, ...terms }, { unit }) => ({
    status: 'rectifying',
    ...{ round, ...fixedBy(terms) },
    ...handedOn(state, terms.leads, terms.coUnits),
    begun: false,
    failures: 0,
    findingRuled: false,
    parts: EMPTY,
    assigner: state.assigner ?? unit,
    // Whatever waited when it ended waits no more, but who is at risk still is.
    flags: state.flags.has('atRisk') ? AT_RISK : NONE,
    ...(personsAtRisk && endangered(NONE)),
    termination: undefined,
    lookBackAnswerBy: undefined,
    examiners: examinersOf(state),
    returns: 0,
    final: false,
    evidence: EMPTY,
    itemEvidence: EMPTY,
    items: new Map([...state.items].map(([id, item]) => [id, unsettled(item)])),
    absent: NONE,
    checkAll: false,
    plan: 'none',
    stages: [],
    stagesDone: 0,
    reviewBy: undefined,
    extensionUntil: undefined,
    extensions: 0,
    suspendedFrom: undefined,
    suspendedDays: 0,
    stood: 0,
    supervision: EMPTY,
    ...unexamined,
    reviewers: NONE,
    verifiers: NONE,
    approvers: NONE,
    barred: cause === 'false-rectification' ? plus(state.barred, ...state.vouched) : state.barred,
  }),
  CaseTerminated: ({ status = 'assigned' }, { holdUntil }) => ({
    status: 'terminated',
    termination: { holdUntil, from: status },
  }),
  TerminationHeld: (_, { to }) => ({ status: to, termination: undefined }),
  CaseTransferredOut: () => ({ status: 'transferred-out' }),
  CallbackRecorded: () => ({}),
  LookBackPassed: shown,
  LookBackFailed: (state, event) => ({ ...shown(state, event), lookBackAnswerBy: event.answerBy }),
  ReopeningRefused: () => ({ lookBackAnswerBy: undefined }),
  RetentionEnded: () => ({}),
};
