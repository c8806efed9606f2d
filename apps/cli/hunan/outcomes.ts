import { type RectificationType, type Severity, type Visibility } from '../../../libs/contracts/intake.js';

/** What becomes of a problem of the set. */
export type Outcome =
  | ('closed' | 'closed-after-notice' | 'looked-back' | 'false-rectification' | 'relapsed')
  | ('overdue' | 'silent' | 'sustaining' | 'terminated' | 'held' | 'transferred-out' | 'voided')
  | ('unsubstantiated' | 'merged' | 'split' | 'residual' | 'adopted-open' | 'adopted-closed')
  | ('registered' | 'checking' | 'assigned' | 'returned' | 'disputed' | 'rectifying' | 'extension')
  | ('suspended' | 'submitted' | 'objected' | 'rectified' | 'failed' | 'verified' | 'notice' | 'recognition');

/** Of which kind a problem has to be so that it can come to its end. */
export interface Wanted {
  outcome: Outcome;
  sources?: readonly string[];
  categories?: readonly string[];
  severity?: Severity;
  type?: RectificationType;
  /** In a county that has people, in one that has none, or in any. */
  where?: 'anywhere' | 'silent';
  joint?: boolean;
  /** All with the same word lie at the same place, and list nothing one by one. */
  together?: string;
  atRisk?: boolean;
  visibility?: Visibility;
}

const CHECKED = ['PT', 'HL', 'MD', 'PO'];
const RECOGNISED = ['NC', 'AU', 'DI', 'IN'];

/** A problem is merged into one that is no lighter than it, and lies where it lies. */
const FOUND_TWICE = { sources: ['PC', 'LV'], categories: ['4'], together: 'found-twice' };

type Kind = [count: number, wanted: Wanted];

const KINDS: readonly Kind[] = [
  [14, { outcome: 'closed-after-notice', severity: 'major', type: 'immediate' }],
  [4, { outcome: 'closed-after-notice', categories: ['7'] }],
  [5, { outcome: 'closed', joint: true, sources: ['PC', 'CC', 'TP'] }],
  [5, { outcome: 'closed', atRisk: true, categories: ['4', '99'], severity: 'serious' }],
  [3, { outcome: 'closed', sources: ['DI'], visibility: 'restricted' }],
  [6, { outcome: 'looked-back', severity: 'general' }],
  [5, { outcome: 'false-rectification', severity: 'serious', sources: ['PC', 'TP', 'LV', 'CC'] }],
  [3, { outcome: 'relapsed', severity: 'general', sources: ['PC', 'CC', 'LV'] }],
  [11, { outcome: 'overdue', type: 'immediate' }],
  [3, { outcome: 'overdue', type: 'immediate', ...FOUND_TWICE, severity: 'serious' }],
  [14, { outcome: 'silent', where: 'silent', type: 'immediate', sources: ['NC', 'PC', 'TP', 'LV', 'IN'] }],
  [
    8,
    {
      outcome: 'sustaining',
      type: 'sustained',
      categories: ['2', '8', '9'],
      sources: ['PC', 'LV', 'TP', 'IN'],
    },
  ],
  [5, { outcome: 'terminated', severity: 'general' }],
  [1, { outcome: 'held', severity: 'general', type: 'phased', sources: ['PC', 'LV'], categories: ['1'] }],
  [4, { outcome: 'transferred-out', where: 'anywhere', sources: ['PC', 'DI', 'AU'] }],
  [5, { outcome: 'voided', where: 'anywhere', sources: ['PC', 'LV', 'IN', 'AU'] }],
  [8, { outcome: 'unsubstantiated', where: 'anywhere', sources: CHECKED }],
  [5, { outcome: 'merged', ...FOUND_TWICE, severity: 'general' }],
  [4, { outcome: 'split', where: 'anywhere', sources: ['PC', 'TP', 'AU'] }],
  [2, { outcome: 'residual', type: 'immediate', sources: ['PC', 'CC'] }],
  [6, { outcome: 'adopted-open', where: 'anywhere', sources: ['NC', 'PC', 'TP'] }],
  [16, { outcome: 'adopted-closed', where: 'anywhere', sources: ['NC', 'PC', 'TP'] }],
  [18, { outcome: 'registered', where: 'anywhere' }],
  [2, { outcome: 'registered', where: 'anywhere', atRisk: true, categories: ['4'] }],
  [1, { outcome: 'registered', where: 'anywhere', sources: ['DI'], visibility: 'discipline' }],
  [6, { outcome: 'checking', where: 'anywhere', sources: CHECKED }],
  [18, { outcome: 'assigned', where: 'anywhere' }],
  [4, { outcome: 'returned' }],
  [4, { outcome: 'disputed' }],
  [14, { outcome: 'rectifying' }],
  [4, { outcome: 'rectifying', atRisk: true, categories: ['4', '1'], severity: 'serious' }],
  [5, { outcome: 'extension', type: 'immediate' }],
  [5, { outcome: 'suspended' }],
  [9, { outcome: 'submitted' }],
  [3, { outcome: 'objected' }],
  [9, { outcome: 'rectified' }],
  [4, { outcome: 'failed' }],
  [7, { outcome: 'verified' }],
  [4, { outcome: 'notice', severity: 'major' }],
  [4, { outcome: 'recognition', severity: 'general', sources: RECOGNISED, categories: ['1', '3', '5', '9'] }],
];

/** What each of so many problems comes to: those that nothing else is said of are struck off. */
export function OUTCOMES(count: number): Wanted[] {
  const said = KINDS.flatMap(([times, wanted]) => Array.from({ length: times }, () => wanted));
  const rest = Array.from({ length: count - said.length }, (): Wanted => ({ outcome: 'closed' }));
  return [...rest, ...said];
}
