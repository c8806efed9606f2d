import { type Line, textOf, type Tone, wideness } from './page.js';
import { isWide, WIDE_RANGES, widthOf } from './width.js';

const COLOURS: Readonly<Record<Tone | 'plain', string>> = {
  ...{ plain: '#c9d1d9', title: '#79c0ff', strong: '#ffffff', good: '#7ee787' },
  ...{ bad: '#ffa198', warning: '#f2cc60', cool: '#a5d6ff', dim: '#8b949e' },
};
const BOLD: readonly string[] = ['title', 'strong'];
/** Of one column and one line, and around all of it, in pixels. */
const [COLUMN, LINE, MARGIN, TOP] = [8, 20, 24, 56];
/** Of type that is as wide as its columns: a letter is three fifths of its size wide, a Chinese character all of it. */
const [NARROW, WIDE] = [13.3, 15];
const FONTS =
  'ui-monospace,SFMono-Regular,Menlo,Consolas,&quot;DejaVu Sans Mono&quot;,&quot;Noto Sans Mono CJK SC&quot;,' +
  '&quot;PingFang SC&quot;,&quot;Microsoft YaHei&quot;,monospace';

/** Lines of a terminal as a picture (SVG). Every run of characters is told its place and length: no font can move it. */
export function terminalPicture(lines: readonly Line[], title: string): string {
  const columns = Math.max(...lines.map(wideness));
  const [width, height] = [columns * COLUMN + 2 * MARGIN, lines.length * LINE + TOP + MARGIN - LINE / 2];
  const lamps = ['#ff5f57', '#febc2e', '#28c840'].map(
    (colour, n) => `<circle cx="${22 + n * 20}" cy="20" r="6" fill="${colour}"/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">`,
    `<g font-family="${FONTS}" font-size="${NARROW}">`,
    `<rect width="100%" height="100%" rx="8" fill="#0d1117"/>${lamps.join('')}`,
    ...lines.map((line, n) =>
      runsOf(line)
        .map((run) => drawn(run, TOP + n * LINE))
        .join(''),
    ),
    '</g>',
    '</svg>\n',
  ].join('\n');
}

interface Run {
  text: string;
  look: Tone | 'plain';
  at: number;
}

/** Characters of one look and one width, with the column at which they begin. */
function runsOf(line: Line): Run[] {
  const runs: Run[] = [];
  let at = 0;
  for (const cell of line)
    for (const text of textOf(cell).match(PARTS) ?? []) {
      if (text.trim() !== '') runs.push({ text, look: typeof cell === 'string' ? 'plain' : cell.tone, at });
      at += widthOf(text);
    }
  return runs;
}

/** Where wide and narrow characters part; several spaces are a part of their own, since few readers keep them. */
const PARTS = new RegExp(`[${WIDE_RANGES}]+|[^ ${WIDE_RANGES}]+(?: [^ ${WIDE_RANGES}]+)*| +`, 'gu');

function drawn({ text, look, at }: Run, y: number): string {
  const place = `x="${MARGIN + at * COLUMN}" y="${y}" textLength="${widthOf(text) * COLUMN}"`;
  const size = isWide(text) ? ` font-size="${WIDE}"` : '';
  const weight = BOLD.includes(look) ? ' font-weight="600"' : '';
  return `<text ${place} fill="${COLOURS[look]}"${size}${weight}>${escaped(text)}</text>`;
}

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
