import { endOf } from '../../calendar/terms.js';
import {
  DismissObjection,
  EndPublicNotice,
  RaiseObjection,
  StartPublicNotice,
  UpholdObjection,
} from '../../contracts/examination-notice.js';
import { invalid, refuse } from '../../contracts/refusal.js';
import { calendarOf } from '../duty.js';
import { EXAMINED, isAnsweredFor, isNext, isOfRoute, ofChecklist } from './guards.js';
import { notRectified, SEPARATED, separate } from '../separation.js';
import { type CaseState, deskOf } from '../case-state.js';
import { phase } from '../table.js';

/** Public notice (公示), and whoever objects. */
export const notice = phase({
  start: {
    command: StartPublicNotice,
    refuses: [
      ...(['case/awaits-approve', 'case/countersign-missing', 'case/not-of-route'] as const),
      ...(['case/step-done', 'case/step-rectified'] as const),
    ],
    roles: ['approver'],
    at: (state) => [deskOf(state, 'public-notice') ?? state.closer],
    in: ['verified'],
    may: (state, actor, facts) => {
      isOfRoute('public-notice', state);
      notRectified(state, actor);
      isNext('public-notice', state);
      isAnsweredFor(state, facts);
    },
    decide: ({ place, url, text }, state, facts) => {
      const { today, register } = facts;
      const until = endOf(today, register.policy.desks.publicNotice, calendarOf(state, facts));
      return [{ type: 'PublicNoticeStarted', place, url, text, from: today, until }];
    },
  },
  end: {
    command: EndPublicNotice,
    refuses: ['case/notice-missing', 'case/notice-running'],
    roles: ['clock'],
    at: 'covering',
    in: ['verified'],
    flags: ['noticeRunning'],
    may: ({ flags, noticeUntil = '' }, _, { today }) => {
      if (!flags.has('noticeRunning')) refuse('case/notice-missing');
      if (today <= noticeUntil) refuse('case/notice-running');
    },
    decide: () => [{ type: 'PublicNoticeEnded' }],
  },
  raise: {
    command: RaiseObjection,
    refuses: ['case/notice-missing'],
    roles: ['registrar', 'dispatcher', 'inspector'],
    at: 'covering',
    // From the submission on there is something to object to.
    in: EXAMINED,
    flags: ['atRisk', 'noticeRunning', 'objectionOpen', 'awaitingRecognition'],
    may: ({ flags }, { role }) => {
      if (role !== 'inspector' && !flags.has('noticeRunning')) refuse('case/notice-missing');
    },
    decide: ({ by, text, objector }, { objections }, _, { role }) => {
      if ((by === 'inspector') !== (role === 'inspector'))
        invalid('by', 'own-voice', 'an inspector objects in person, and nobody else as one');
      return [{ type: 'ObjectionRaised', objection: objections + 1, by, text, objector }];
    },
  },
  dismiss: {
    command: DismissObjection,
    refuses: [...SEPARATED.arbiter, 'case/objection-missing'],
    roles: ['approver'],
    at: ({ closer }) => [closer],
    in: EXAMINED,
    flags: ['atRisk', 'noticeRunning', 'objectionOpen', 'awaitingRecognition'],
    may: (state, actor, facts) => {
      separate('arbiter', state, actor, facts);
      isObjectedTo(state);
    },
    decide: ({ objection, reason }, state) => {
      isOpen(objection, state);
      return [{ type: 'ObjectionDismissed', objection, reason }];
    },
  },
  uphold: {
    command: UpholdObjection,
    refuses: [...SEPARATED.arbiter, 'case/objection-missing', 'case/slot-unknown'],
    roles: ['approver'],
    at: ({ closer }) => [closer],
    in: EXAMINED,
    flags: ['atRisk', 'noticeRunning', 'objectionOpen', 'awaitingRecognition'],
    may: (state, actor, facts) => {
      separate('arbiter', state, actor, facts);
      isObjectedTo(state);
    },
    decide: ({ objection, reasons }, state) => {
      isOpen(objection, state);
      return [{ type: 'ObjectionUpheld', objection, reasons: ofChecklist(reasons, state) }];
    },
  },
});

function isObjectedTo({ openObjections }: CaseState): void {
  if (openObjections.size === 0) refuse('case/objection-missing');
}

function isOpen(objection: number, { openObjections }: CaseState): void {
  if (!openObjections.has(objection)) refuse('case/objection-missing');
}
