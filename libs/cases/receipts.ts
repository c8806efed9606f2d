import { type Upload } from '../contracts/case-events.js';
import { refuse } from '../contracts/refusal.js';
import { type Uuid } from '../contracts/values.js';
import { type CaseState } from './state.js';
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
