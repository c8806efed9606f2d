import { assignedLongAgo } from '../clock.js';
import { registered } from '../cases.js';
import { type WrongTurns } from './wrong-turn.js';

const theDayBefore = { 'case/tick-early': { facts: { on: '2026-08-31' } } };

export const timeTurns: WrongTurns = {
  DeemAccepted: theDayBefore,
  RefuseUnanswered: theDayBefore,
  EndSuspension: theDayBefore,
  NoteDeadline: theDayBefore,
  SettleDeadline: {
    // The days of that year are published: nothing is left to settle.
    'case/tick-early': { past: [registered, assignedLongAgo] },
  },
};
