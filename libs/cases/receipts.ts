import { type Upload } from '../contracts/case-events.js';
import { refuse } from '../contracts/refusal.js';
import { type Uuid } from '../contracts/values.js';
import { hashOf } from '../eventing/canonical.js';
import { type CaseState } from './case-state.js';
import { type CaseFacts } from './table.js';

/** The files behind the receipts that a command names: each of this person for this case, and used for the first time. */
export function filesOf(
  receipts: readonly Uuid[],
  state: Pick<CaseState, 'receipts'>,
  { uploads }: Pick<CaseFacts, 'uploads'>,
): Upload[] {
  return receipts.map((receipt) => {
    if (state.receipts.has(receipt)) refuse('case/receipt-used');
    return uploads.get(receipt) ?? refuse('case/receipt-unknown');
  });
}

/** The same files in the same slots have the same hash, in whatever order they came. */
export function evidenceHash(evidence: CaseState['evidence']): string {
  const list = [...evidence].map(([receipt, { slot, sha256 }]) => [slot, receipt, sha256]);
  return hashOf(list.sort(([a = '', b = ''], [c = '', d = '']) => (a < c || (a === c && b < d) ? -1 : 1)));
}
