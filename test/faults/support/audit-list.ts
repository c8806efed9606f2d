import { letters, type TestCell } from './workbook.js';

/** The headings of the 52 columns as they stand lowest; "其他" is one above two. */
export const AUDIT_COLUMNS = [
  ...[
    '序号',
    '一级单位',
    '具体责任单位',
    '问题来源',
    '审计报告出具年份',
    '问题类别',
    '一级标题',
    '二级标题',
    '三级标题',
  ],
  ...[
    '在审计报告中的表述',
    '具体责任单位(清单)',
    '具体问题表述',
    '问题金额(万元)',
    '负责监督管理责任的主管部门',
  ],
  ...['整改类型', '法规政策依据', '整改要求', '整改时限', '整改完成标准', '细化的整改措施', '对应的完成时间'],
  ...['整改第一责任人', '协助整改工作的领导', '牵头整改部门责任人及联系电话', '配合整改部门责任人及联系电话'],
  ...[
    '审计部门责任人及联系电话',
    '已采取的整改措施',
    '项目数(个)',
    '问题整改金额(万元)',
    '追缴资金',
    '归还原渠道',
  ],
  ...['统筹盘活', '加快拨付', '退抵税费或补缴补发', '调整账表', '终止或调整金融业务服务'],
  ...['补办手续、重签协议、停止收费等加强管理', '其他-方式', '其他-金额', '土地、森林等面积(公顷)'],
  ...[
    '矿产资源、产能等(万吨)',
    '单位(个)',
    '家庭(户)',
    '人数(人)',
    '住房(套)',
    '追责问责-情形',
    '追责问责-人数',
  ],
  ...[
    '完善制度-数量',
    '完善制度-文件名称(分修订、制定)',
    '未整改到位问题原因及下一步计划',
    '是否已完成整改',
    '是否销号',
  ],
];

/** Columns 27 to 49 stand under 整改情况, and those with "-" under a heading of two besides. */
const [FIRST, LAST] = [26, 48];

/** The three rows above the table. */
export const AUDIT_HEADER: TestCell[][] = [
  AUDIT_COLUMNS.map((name, at) => (at === FIRST ? '整改情况' : at > FIRST && at <= LAST ? undefined : name)),
  AUDIT_COLUMNS.map((name, at) => {
    if (at < FIRST || at > LAST) return undefined;
    const [group = '', below] = name.split('-');
    if (below === undefined) return name;
    return AUDIT_COLUMNS[at - 1]?.startsWith(`${group}-`) ? undefined : group;
  }),
  AUDIT_COLUMNS.map((name) => name.split('-')[1]),
];

const ref = (left: number, top: number, right: number, bottom: number): string =>
  `${letters(left)}${top}:${letters(right)}${bottom}`;

/** As the form merges them: across for a group, down where there is nothing below. */
export const AUDIT_MERGES = [
  ref(FIRST, 1, LAST, 1),
  ...AUDIT_COLUMNS.flatMap((name, at) => {
    if (name.includes('-')) return AUDIT_HEADER[1]?.[at] === undefined ? [] : [ref(at, 2, at + 1, 2)];
    return [at < FIRST || at > LAST ? ref(at, 1, at, 3) : ref(at, 2, at, 3)];
  }),
];

const USUAL: Readonly<Record<string, TestCell>> = {
  具体责任单位: '芙蓉区住建局',
  问题来源: '省审计厅',
  审计报告出具年份: '2023',
  问题类别: '资金管理',
  具体问题表述: '补助资金拨付超期',
  整改类型: '分阶段整改',
  整改时限: '2024年12月31日',
  是否销号: '否',
};

export function auditRow(cells: Readonly<Record<string, TestCell>>): TestCell[] {
  return AUDIT_COLUMNS.map((name) => cells[name] ?? USUAL[name]);
}
