import { type Address } from '../../../libs/platform/sql.js';

/** What a process that ticks is told: of which cases the first duty has come due. */
export interface Ticking {
  address: Address;
  cases: string[];
}

/** What it says when it is ready, and again when it was told to stop and has. */
export type Said = 'ready' | 'stopped';
