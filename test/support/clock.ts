import 'reflect-metadata';
import {
  DeemAccepted,
  EndSuspension,
  NoteDeadline,
  RefuseUnanswered,
  SettleDeadline,
} from '../../libs/contracts/clock.js';
import { type CaseEvent } from '../../libs/contracts/case-events.js';
import { type Duty, type DutyName } from '../../libs/contracts/deadline.js';
import { validated } from '../../libs/platform/validated.js';
import {
  accepted,
  assigned,
  assigning,
  extensionRequested,
  did,
  registered,
  suspended,
  type Occasion,
} from './cases.js';
import { dispatcherQian, handlerLi, post } from './province.js';

export const clock = post('clock', '', 'clock');

export const deemAccepted = validated(DeemAccepted, {});
export const refuseUnanswered = validated(RefuseUnanswered, {});
export const endSuspension = validated(EndSuspension, {});
export const noteDeadline = validated(NoteDeadline, { duty: 'accept' });
export const settleDeadline = validated(SettleDeadline, { duty: 'accept' });

/** A duty whose day was yesterday: the clock has something to say of it today. */
export const overdue = (name: DutyName, otherwise: Partial<Duty> = {}): Duty => ({
  ...({ n: 3, unit: 'working-days', start: '2026-08-26', basis: name } as const),
  ...{ due: '2026-08-31', provisional: false, units: ['north-office'] },
  ...{ blueFrom: '2026-08-24', yellowFrom: '2026-08-27', redFrom: '2026-09-01', tickOn: '2026-09-01' },
  ...otherwise,
});

const waiting = <E extends CaseEvent>(event: E, name: DutyName, otherwise: Partial<Duty> = {}): E => ({
  ...event,
  duties: { begin: { [name]: overdue(name, otherwise) } },
});

export const assignedLongAgo = did(dispatcherQian, waiting(assigning, 'accept'));
export const assignedProvisionally = did(dispatcherQian, waiting(assigning, 'accept', { provisional: true }));
export const askedLongAgo = did(handlerLi, waiting(extensionRequested.event, 'extension-ruling'));
export const suspendedLongAgo = did(dispatcherQian, waiting(suspended.event, 'suspension-end'));

export const deemedAccepted = did(clock, {
  type: 'AssignmentDeemedAccepted',
  duties: { begin: { complete: overdue('complete') }, end: ['accept'] },
});
export const deadlinePassed = did(clock, {
  type: 'DeadlinePassed',
  duty: 'complete',
  due: '2026-08-31',
  rung: 'red',
  duties: { begin: { complete: overdue('complete', { tickOn: '2026-09-28' }) } },
});
export const deadlineMoved = did(clock, {
  type: 'DeadlineMoved',
  duty: 'complete',
  from: '2026-08-31',
  to: '2026-09-02',
  duties: { begin: { complete: overdue('complete', { due: '2026-09-02', tickOn: '2026-09-03' }) } },
});

export const samples = [deemAccepted, refuseUnanswered, endSuspension, noteDeadline, settleDeadline];

export const occasions: Readonly<Record<string, Occasion>> = {
  DeemAccepted: { past: [registered, assignedLongAgo], who: clock },
  RefuseUnanswered: { past: [registered, assigned, accepted, askedLongAgo], who: clock },
  EndSuspension: { past: [registered, assigned, accepted, suspendedLongAgo], who: clock },
  NoteDeadline: { past: [registered, assignedLongAgo], who: clock },
  SettleDeadline: { past: [registered, assignedProvisionally], who: clock },
};
