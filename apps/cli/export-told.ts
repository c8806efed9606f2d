import { type LedgerCount } from '../../libs/contracts/ledger.js';
import { type Api } from './api.js';
import { progress } from './progress.js';

/** Rows of a CSV file can be counted as they come; of a workbook, which is packed, its bytes. */
export async function rowsTold(
  api: Api,
  query: URLSearchParams,
  format: 'csv' | 'xlsx',
  json?: boolean,
): Promise<(piece: Uint8Array) => void> {
  if (format === 'xlsx') return bytesTold(json);
  const filter = new URLSearchParams(query);
  for (const other of ['format', 'sort']) filter.delete(other);
  filter.set('exact', 'true');
  const { cases } = await api.get<LedgerCount>(`/api/v1/cases/count?${filter.toString()}`);
  const told = progress('export', json);
  // Above the rows stand where the file comes from, and the headings.
  let [rows, isQuoted] = [-2, false];
  return (piece) => {
    for (const byte of piece) {
      if (byte === QUOTE) isQuoted = !isQuoted;
      else if (byte === LINE_FEED && !isQuoted) rows++;
    }
    told(Math.max(rows, 0), cases);
  };
}

const [QUOTE, LINE_FEED] = [0x22, 0x0a];

export function bytesTold(json?: boolean): (piece: Uint8Array) => void {
  const told = progress('export, bytes', json);
  let bytes = 0;
  return ({ length }) => {
    told((bytes += length));
  };
}
