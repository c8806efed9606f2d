import { type Status, STATUSES } from '../../libs/contracts/status.js';
import { placesOf, whereabouts } from '../../libs/ledger/rows/places.js';
import { foldRow, type Row } from '../../libs/ledger/rows/row.js';
import { registered } from './cases.js';
import { province } from './province.js';

/** A row as it stands right after a registration, with what differs, and whom it concerns then. */
export function rowWith(n: number, differs: Partial<Row> = {}): Row {
  const { event, actor, at } = registered;
  const id = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  const meta = {
    ...{ recordedAt: at, commandId: '', requestHash: '', correlationId: '', causationId: '' },
    ...{ actor, entryMode: 'live' as const },
  };
  const row = foldRow(undefined, { id: '', stream: `case-${id}`, revision: 0, event, meta }, n);
  const whole = { ...row, caseNumber: `N-${n}`, ...differs };
  return {
    ...whole,
    ...whereabouts(
      whole,
      placesOf(() => province),
    ),
  };
}

const DIVISIONS = ['hill', 'lake', 'hill', 'shore', 'north'];
const day = (n: number): string => new Date(Date.UTC(2026, 7, 1 + (n % 60))).toISOString().slice(0, 10);

/** The first and the last of a day among them. */
const TIMES = ['01:00:00.000', '00:00:00.000', '23:59:59.999'];

/** Rows that differ in everything lists are put in order and narrowed by, some of it empty or the same. */
export function variedRows(count: number): Row[] {
  const statuses = Object.keys(STATUSES) as Status[];
  return Array.from({ length: count }, (_, k) => {
    const n = k + 1;
    const status = statuses[k % 9] ?? 'registered';
    const open = status !== 'closed';
    return rowWith(n, {
      ...{ status, open, divisions: [DIVISIONS[k % DIVISIONS.length] ?? 'hill'] },
      ...{ foundOn: k % 7 === 0 ? null : day(k * 7), dueOn: k % 5 === 0 ? null : day(k * 11) },
      amountFen: k % 4 === 0 ? null : (k % 10) * 1000,
      heldSince: `${day(k * 3)}T${TIMES[k % TIMES.length] ?? ''}Z`,
      closedAt: open ? null : `${day(k)}T16:30:00.000Z`,
      categories: k % 3 === 0 ? ['roof', 'wall'] : ['wall'],
      flags: k % 6 === 0 ? ['suspended'] : [],
      ...(k % 6 !== 0 && { blueFrom: day(k), yellowFrom: day(k + 3), redFrom: day(k + 5) }),
      taskText: `${k < 20 ? '罕见情形' : ''}${k % 40 === 0 ? '地基塌陷' : ''}` || null,
      description: k % 2 === 0 ? `屋面渗漏 ${n}% 号_\\处` : `墙体开裂，危及住户 ${n}`,
    });
  });
}
