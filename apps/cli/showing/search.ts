import { type LedgerPage } from '../../../libs/contracts/ledger.js';
import { type Line, toned } from './page.js';
import { type Showing } from './tale.js';
import { statusOf } from './words.js';

/** As many as one page of a search has at most. */
const MOST = 200;
const SHOWN = 3;
/** Characters shown on either side of what was found. */
const AROUND = 22;

/** Finds cases by a word of their texts; two Chinese characters are enough. */
export async function showSearch({ page, reader, search }: Showing): Promise<void> {
  const asked = { text: search, limit: MOST };
  const { rows } = await reader.ask<LedgerPage>('/api/v1/cases/search', asked);
  page.part('检索', `Search: “${search}” is said of ${rows.length} cases, the newest first`, SHOWN - 1);
  page.table(
    rows
      .slice(0, SHOWN)
      .map((row) => [toned('strong', row.caseNumber), excerpt(row.description, search), statusOf(row)]),
  );
}

/** What was found, with what stands around it. */
function excerpt(text: string, wanted: string): Line {
  const at = Math.max(0, text.toLowerCase().indexOf(wanted.toLowerCase()));
  const [from, to] = [Math.max(0, at - AROUND), at + wanted.length];
  const before = `${from > 0 ? '…' : ''}${text.slice(from, at)}`;
  const after = text.slice(to, to + AROUND);
  return [before, toned('warning', text.slice(at, to)), `${after}${to + AROUND < text.length ? '…' : ''}`];
}
