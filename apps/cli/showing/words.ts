import { zhCN } from '../../../libs/contracts/messages/zh-CN.js';
import { type ListedRow } from '../../../libs/contracts/ledger.js';
import { type WorklistName } from '../../../libs/ledger/asking/worklists.js';
import { type Cell, type Tone, toned } from './page.js';

/** What the catalogues of messages have no words for: groups of a worklist. */
export const WORKLISTS: Readonly<Record<WorklistName, string>> = {
  ...{ 'to-check': '待核查', 'to-assign': '待交办', returns: '退回待裁', extensions: '延期待批' },
  ...{ 'sent-back': '被退回', 'due-soon': '三日内到期', 'to-accept': '待签收', 'in-hand': '在办' },
  ...{ parts: '分工', 'to-review': '待审核', 'to-verify': '待核实', 'to-approve': '待审批' },
  ...{ notices: '公示中', objections: '异议待决', positions: '待出纪检意见', 'look-backs': '回头看未通过' },
  ...{ reopened: '重新启动', overdue: '逾期', instructions: '批示未办结', 'at-risk': '人员未脱险' },
};

/** Figures that are no status, and rates. */
const FIGURES: Readonly<Record<string, string>> = {
  ...{ all: '全部', open: '在办', closed: '已销号', adopted: '旧账转入', 'adopted-closed': '旧账已销' },
  ...{ completed: '完成整改', recognised: '来源已认定', 'ever-closed': '曾经销号', ended: '曾经办结' },
  ...{ reopened: '重新启动', 'first-verified': '经过核实', 'passed-first': '一次核实通过' },
  ...{ extended: '延期', returned: '退回' },
  ...Object.fromEntries(
    Object.entries(zhCN.reopenCauses).map(([cause, words]) => [`reopened-${cause}`, `${words}重启`]),
  ),
};

export const figureWords = (name: string): string =>
  FIGURES[name] ?? (zhCN.statuses as Readonly<Record<string, string>>)[name] ?? name;

const TONES: Readonly<Record<string, Tone>> = { green: 'good', blue: 'cool', yellow: 'warning', red: 'bad' };

/** A light by its shape and its word. */
export function lightOf({ light }: ListedRow): Cell {
  return light === null ? '' : toned(TONES[light] ?? 'dim', `● ${zhCN.lights[light]}`);
}

export const statusOf = ({ status }: ListedRow): Cell =>
  status === 'closed' ? toned('good', zhCN.statuses[status]) : zhCN.statuses[status];
