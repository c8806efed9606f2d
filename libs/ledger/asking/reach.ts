import { type QueryBus } from '@nestjs/cqrs';
import { type Caller } from '../../contracts/envelope.js';
import { LedgerReached } from '../../contracts/ledger.js';
import { type Headers, ledgerAtLeast } from '../../platform/http/headers.js';

/** A query that carries a receipt waits this long for it, in milliseconds. */
const PATIENCE = 2000;

export interface Reply {
  header: (name: string, value: string) => Reply;
}

/** Waits for what the caller has been promised; says so where it is still behind. */
export async function reach(
  queries: QueryBus,
  caller: Caller,
  headers: Headers,
  reply: Reply,
): Promise<void> {
  const promised = ledgerAtLeast(headers);
  if (!promised) return;
  const ask = new LedgerReached(caller, promised.caseId, promised.revision, PATIENCE);
  if (!(await queries.execute<LedgerReached, boolean>(ask))) reply.header('Ledger-Behind', 'true');
}
