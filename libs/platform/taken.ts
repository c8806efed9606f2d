/**
 * The rows that a statement found, of which nothing is left where they came from. For where they are many, or wide.
 *
 * postgres.js 3.4.9 assigns function literals to properties of every query. V8 makes such functions among what lasts, and
 * each of them holds its query: so what a query found outlives it until the whole heap is gone through, and every
 * collection of what is short-lived copies it as if it lasted: 16 ms instead of 1, of 32 MiB.
 */
export const taken = <R>(found: R[]): R[] => found.splice(0);
