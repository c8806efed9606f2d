import { type ClockEvent } from '../../contracts/case-events.js';
import { type Fold } from '../folding.js';

export const timeFold: Fold<ClockEvent> = {
  DeadlinePassed: ({ noted }, { duty, due, duties }) => ({
    noted: new Map([...noted, [duty, { due, next: duties?.begin?.[duty]?.tickOn ?? null }]]),
  }),
  DeadlineMoved: (_, { duty, to }) => (duty === 'complete' ? { dueOn: to } : {}),
};
