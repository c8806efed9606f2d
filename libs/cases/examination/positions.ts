import { RecordRecognition, StateDisciplinePosition } from '../../contracts/examination-positions.js';
import { invalid } from '../../contracts/refusal.js';
import { isNext, isReached, ofChecklist } from './guards.js';
import { notRectified } from '../separation.js';
import { deskOf } from '../case-state.js';
import { phase } from '../table.js';

/** What others than the examining units say to the result. Silence passes neither step. */
export const positions = phase({
  state: {
    command: StateDisciplinePosition,
    refuses: ['case/awaits-approve', 'case/awaits-public-notice', 'case/step-rectified'],
    roles: ['inspector'],
    at: (state) => [deskOf(state, 'discipline-position')],
    in: ['verified'],
    flags: ['awaitingRecognition'],
    may: (state, actor) => {
      notRectified(state, actor);
      isReached('discipline-position', state);
    },
    decide: ({ position, reason }) => [{ type: 'DisciplinePositionStated', position, reason }],
  },
  recognise: {
    command: RecordRecognition,
    refuses: [
      'case/awaits-approve',
      'case/awaits-discipline-position',
      'case/awaits-public-notice',
      'case/slot-unknown',
      'case/step-done',
      'case/step-rectified',
    ],
    roles: ['registrar', 'dispatcher'],
    at: (state) => [deskOf(state, 'recognition')],
    in: ['verified'],
    flags: ['awaitingRecognition'],
    may: (state, actor) => {
      notRectified(state, actor);
      isNext('recognition', state);
    },
    decide: ({ result, document, on, reasons }, state, { today }) => {
      if (on > today) invalid('on', 'not-ahead', 'on lies ahead');
      if ((result === 'recognised') !== (reasons === undefined))
        invalid(
          'reasons',
          'of-refusal',
          'there are reasons where the result is not recognised, and only there',
        );
      return [
        {
          type: 'RecognitionRecorded',
          ...{ result, document, on },
          ...(reasons && { reasons: ofChecklist(reasons, state) }),
        },
      ];
    },
  },
});
