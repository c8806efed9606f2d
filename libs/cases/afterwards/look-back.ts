import { endOf } from '../../calendar/terms.js';
import { RecordCallback, RecordLookBack, RefuseReopening } from '../../contracts/afterwards.js';
import { invalid, refuse } from '../../contracts/refusal.js';
import { calendarOf, filesOf } from '../duty.js';
import { ofChecklist } from '../examination/guards.js';
import { hadPart, hasRectified } from '../separation.js';
import { type CaseState, deskOf, FLAGS } from '../case-state.js';
import { carriesOn, type CaseFacts, phase } from '../table.js';

/** Others look again when the case is closed, or nearly. */
export const lookBack = phase({
  callback: {
    command: RecordCallback,
    refuses: ['case/callback-own'],
    roles: ['evaluator', 'inspector', 'verifier'],
    at: 'covering',
    in: ['verified', 'closed', 'sustaining'],
    flags: FLAGS,
    may: (state, actor, { register }) => {
      if (hasRectified(state, actor, register)) refuse('case/callback-own');
    },
    decide: ({ type: _, ...said }, __, { today }) => {
      if (said.on > today) invalid('on', 'not-ahead', 'on lies ahead');
      return [{ type: 'CallbackRecorded', ...said }];
    },
  },
  record: {
    command: RecordLookBack,
    refuses: [
      'case/draw-unknown',
      'case/look-back-open',
      'case/look-back-own',
      'case/receipt-unknown',
      'case/receipt-used',
      'case/slot-unknown',
    ],
    roles: ['evaluator', 'inspector', 'verifier'],
    at: 'covering',
    in: ['closed'],
    flags: FLAGS,
    uploads: ({ photos }) => photos,
    draw: ({ draw }) => draw,
    may: (state, actor, { register }) => {
      if (hadPart(state, actor, register)) refuse('case/look-back-own');
      // A verifier looks back at what other units verified.
      const here = carriesOn(actor.unit, [deskOf(state, 'verify')], register);
      if (actor.role === 'verifier' && here) refuse('case/look-back-own');
      if (state.lookBackAnswerBy !== undefined) refuse('case/look-back-open');
    },
    decide: ({ draw, place, visitedOn, findings, photos, outcome, reasons }, state, facts) => {
      const { today, register } = facts;
      if (draw !== undefined) isDrawnByOthers(state, facts);
      if (visitedOn > today) invalid('visitedOn', 'not-ahead', 'visitedOn lies ahead');
      if ((outcome === 'failed') !== (reasons !== undefined))
        invalid('reasons', 'of-failed', 'reasons are told where it failed, and only there');
      const seen = { draw, place, visitedOn, findings, photos: filesOf(photos, state, facts) };
      if (!reasons) return [{ type: 'LookBackPassed', ...seen }];
      const answerBy = endOf(today, register.policy.desks.lookBackAnswer, calendarOf(state, facts));
      return [{ type: 'LookBackFailed', ...seen, reasons: ofChecklist(reasons, state), answerBy }];
    },
  },
  refuse: {
    command: RefuseReopening,
    refuses: ['case/look-back-missing', 'case/refuser-own'],
    roles: ['approver'],
    at: ({ closer }) => [closer],
    in: ['closed'],
    flags: FLAGS,
    may: (state, actor, { register }) => {
      if (hadPart(state, actor, register)) refuse('case/refuser-own');
      if (state.lookBackAnswerBy === undefined) refuse('case/look-back-missing');
    },
    decide: ({ reason }) => [{ type: 'ReopeningRefused', reason }],
  },
});

/** Who chose the cases to look at had no part in this one either. */
function isDrawnByOthers({ rectifiers, examiners }: CaseState, { drawnBy }: CaseFacts): void {
  if (!drawnBy) refuse('case/draw-unknown');
  if (drawnBy.some((person) => rectifiers.has(person) || examiners.has(person))) refuse('case/look-back-own');
}
