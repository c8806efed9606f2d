import { type Faults, type Node } from './faults.js';
import { type Format } from './mapping.js';

/** More lines in one row would make a quote that nobody closes expensive, and no form has them. */
const MOST_LINES = 100;
/** A cell of a workbook may well have some. */
const LINES = { csv: 1, xlsx: 20 };
const MOST_HEADER_ROWS = 5;
const KEYS = ['type', 'delimiter', 'linesPerRow', 'sheet', 'headerRows', 'joinedBy', 'footer'];

/** How files of a source are written. */
export function formatOf(node: Node, faults: Faults): Format {
  const keys = faults.keys(node, 'format', KEYS);
  const type = keys.get('type');
  if (type !== 'csv' && type !== 'xlsx') faults.add('format.type', 'must be csv or xlsx');
  const delimiter = keys.get('delimiter') ?? ',';
  const known = typeof delimiter === 'string' && /^[^"\r\n\ud800-\udfff]$/.test(delimiter);
  if (!known) faults.add('format.delimiter', 'must be one character, no quote and no line break');
  const lines = LINES[type === 'xlsx' ? type : 'csv'];
  const headerRows = faults.whole(keys.get('headerRows'), 'format.headerRows', [1, MOST_HEADER_ROWS], 1);
  return {
    type: type === 'xlsx' ? type : 'csv',
    delimiter: known ? delimiter : ',',
    linesPerRow: faults.whole(keys.get('linesPerRow'), 'format.linesPerRow', [1, MOST_LINES], lines),
    headerRows,
    joinedBy: keys.has('joinedBy') ? faults.text(keys.get('joinedBy'), 'format.joinedBy') : '-',
    footer: keys.has('footer') ? faults.texts(keys.get('footer'), 'format.footer') : [],
    ...(keys.has('sheet') && { sheet: faults.text(keys.get('sheet'), 'format.sheet').trim() }),
  };
}
