import { type Address, connect, type Sql } from '../../platform/sql.js';

/** By which Nest finds the pool that answers questions of the ledger. */
export const READING = Symbol('READING');

/**
 * By which Nest finds the pool whose statements are planned once: for those that go through few rows whatever they are
 * given, or through all that is kept of figures, as planning takes them longer than answering. How many rows of an index
 * are wanted must stand in their text.
 */
export const PLANNED_ONCE = Symbol('PLANNED_ONCE');

/** Nobody waits longer for an answer, in milliseconds. */
const PATIENCE_MS = 15_000;

/**
 * A pool for questions, none of which runs without end: each is planned for what it asks, as scope and filters differ from
 * one to the next, or planned once, where that takes longer than to answer it.
 */
export const connectReading = (
  address: Address,
  connections: number,
  planned: 'each' | 'once' = 'each',
): Sql =>
  connect(address, connections, {
    // What was planned while a table was empty would go on reading all of it.
    ...(planned === 'each'
      ? { plan_cache_mode: 'force_custom_plan' }
      : { plan_cache_mode: 'force_generic_plan', enable_seqscan: 'off' }),
    statement_timeout: String(PATIENCE_MS),
    // Pages are in memory, or on a disk that seeks in no time: the rows of a county are found by their index, and not by going
    // through those of the province.
    random_page_cost: '1.1',
    // Compiling costs more than these questions do.
    jit: 'off',
  });
