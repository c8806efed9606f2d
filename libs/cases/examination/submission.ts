import { placeOf } from '../../contracts/case-events.js';
import {
  AcceptAbsence,
  CountersignSubmission,
  DeclareAbsent,
  EscalateReview,
  SupplyEvidence,
} from '../../contracts/examination.js';
import { refuse } from '../../contracts/refusal.js';
import { type Role } from '../../contracts/roles.js';
import { type UnitId } from '../../contracts/values.js';
import { reviewerAbove } from '../duty.js';
import { EXAMINED } from './guards.js';
import { evidenceHash, filesOf } from '../receipts.js';
import { isFilled, isOfItem } from '../rectification/items.js';
import { SEPARATED, separate } from '../separation.js';
import { type CaseState, deskOf } from '../case-state.js';
import { carriesOn, phase } from '../table.js';
import { responsible } from '../posts.js';

/** Who has what is due at the closing: who put it right, and whoever is asked besides the examining units. */
const SUPPLYING = {
  handler: responsible,
  registrar: (state: CaseState) => [deskOf(state, 'recognition')],
  dispatcher: (state: CaseState) => [deskOf(state, 'recognition')],
  inspector: (state: CaseState) => [deskOf(state, 'discipline-position')],
} as const satisfies { [R in Role]?: (state: CaseState) => readonly (UnitId | undefined)[] };

/** What is said of a submission, and who is to look at it, before and beside its examination. */
export const submission = phase({
  declareAbsent: {
    command: DeclareAbsent,
    refuses: ['case/item-unknown', 'case/slot-filled', 'case/slot-unknown'],
    roles: ['handler'],
    at: responsible,
    in: ['rectifying'],
    flags: ['extensionPending', 'atRisk'],
    decide: ({ slot, item, reason }, state) => {
      const wanted = state.checklist.find(({ id }) => id === slot);
      if (!wanted) refuse('case/slot-unknown');
      // Without an item nothing of the slot is there, whatever it is wanted for.
      if (item !== undefined) isOfItem(wanted, item, state);
      if (isFilled(slot, item, state)) refuse('case/slot-filled');
      return [{ type: 'EvidenceDeclaredAbsent', slot, item, reason }];
    },
  },
  supply: {
    command: SupplyEvidence,
    refuses: [
      ...(['case/evidence-frozen', 'case/item-unknown', 'case/receipt-unknown'] as const),
      ...(['case/receipt-used', 'case/slot-unknown'] as const),
    ],
    // Nobody who passes judgement on the submission.
    roles: Object.keys(SUPPLYING) as Role[],
    at: (state) => Object.values(SUPPLYING).flatMap((desks) => desks(state)),
    in: EXAMINED,
    flags: ['atRisk', 'noticeRunning', 'objectionOpen', 'awaitingRecognition'],
    uploads: ({ receipt }) => [receipt],
    may: (state, { role, unit }, { register }) => {
      if (!carriesOn(unit, SUPPLYING[role as keyof typeof SUPPLYING](state), register)) refuse('case/role');
      if (!state.checklist.some(({ due }) => due === 'closing')) refuse('case/evidence-frozen');
    },
    decide: ({ slot, receipt, item, note }, state, facts) => {
      const wanted = state.checklist.find(({ id }) => id === slot);
      if (!wanted) refuse('case/slot-unknown');
      if (wanted.due !== 'closing') refuse('case/evidence-frozen');
      isOfItem(wanted, item, state);
      return filesOf([receipt], state, facts).map((file) => {
        const evidence = evidenceHash(new Map([...state.evidence, [receipt, { slot, sha256: file.sha256 }]]));
        return { type: 'EvidenceSupplied', slot, file, item, note, evidence };
      });
    },
  },
  acceptAbsence: {
    command: AcceptAbsence,
    refuses: [...SEPARATED.approver, 'case/absence-missing'],
    roles: ['approver'],
    at: ({ closer }) => [closer],
    in: ['verified'],
    flags: ['noticeRunning', 'awaitingRecognition'],
    may: (state, actor, facts) => {
      separate('approver', state, actor, facts);
    },
    decide: ({ slot, item, opinion }, { absent, absenceAccepted }) => {
      const place = placeOf(slot, item);
      if (!absent.has(place) || absenceAccepted.has(place)) refuse('case/absence-missing');
      return [{ type: 'AbsenceAccepted', slot, item, opinion }];
    },
  },
  countersign: {
    command: CountersignSubmission,
    refuses: ['case/countersigned-already'],
    roles: ['leader'],
    at: ({ leads }) => leads,
    // Its class may be raised after its review; then no further step is taken before this.
    in: EXAMINED,
    flags: ['atRisk', 'noticeRunning', 'objectionOpen', 'awaitingRecognition'],
    may: ({ countersigned }) => {
      if (countersigned) refuse('case/countersigned-already');
    },
    decide: ({ opinion }) => [{ type: 'SubmissionCountersigned', opinion }],
  },
  escalate: {
    command: EscalateReview,
    refuses: ['case/escalation-nobody'],
    roles: ['handler', 'reviewer', 'dispatcher'],
    at: ({ leads, assigner }) => [...leads, assigner],
    in: ['submitted'],
    flags: ['atRisk', 'objectionOpen'],
    may: (state, { role, unit }, facts) => {
      // The lead says that it cannot review by itself, or who assigned the case sees it.
      const desks = role === 'dispatcher' ? [state.assigner] : state.leads;
      if (!carriesOn(unit, desks, facts.register)) refuse('case/role');
      if (!reviewerAbove(state, facts)) refuse('case/escalation-nobody');
    },
    decide: ({ reason }, state, facts) => {
      const { id, level } = reviewerAbove(state, facts) ?? refuse('case/escalation-nobody');
      return [{ type: 'ReviewEscalated', unit: id, level, reason }];
    },
  },
});
