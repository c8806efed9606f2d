/** What stands on printed forms. They are the forms of the offices, in Chinese whatever the language of the reader. */
export const FORM_HEADINGS = {
  notice: [
    ...([
      '序号',
      '被检查单位',
      '具体地点',
      '隐患类别',
      '存在的问题或隐患',
      '问题或隐患图片',
      '整改措施',
    ] as const),
    ...(['整改期限', '整改责任人', '整改资金(元)', '复查时间', '完成情况', '复查人', '备注'] as const),
  ],
  'closure-application': [
    ...([
      '序号',
      '被检查单位',
      '具体地点',
      '隐患类别',
      '存在隐患或问题',
      '采取的整改措施',
      '整改期限',
    ] as const),
    ...(['整改责任人', '整改情况', '完成时间', '复查人', '整改前图片', '整改后图片'] as const),
  ],
} as const;
export type FormName = keyof typeof FORM_HEADINGS;

/** Who signs below the table. */
export const FORM_SIGNATURES: Readonly<Record<FormName, readonly string[]>> = {
  notice: ['签发单位负责人：', '接收单位负责人：', '检查说明：', '落款部门：', '日期：'],
  'closure-application': ['整改单位负责人：', '主管部门负责人：', '单位：', '日期：'],
};

/** On the printed forms of one case. */
export const PAPER = {
  number: '问题编号',
  closureNumber: '销号文号',
  facts: '一、问题基本情况',
  demands: '二、整改要求',
  outcome: '二、整改与核实情况',
  route: '三、办理经过',
  evidence: '四、证据清单',
  visit: '现场核实照片',
  signatures: '签章',
  when: '时间',
  what: '事项',
  who: '办理人',
  said: '意见',
  slot: '证据项',
  file: '文件',
  hash: '校验码（前16位）',
  page: '第',
  of: '页，共',
  pages: '页',
  unsigned: '（盖章）　　　年　月　日',
} as const;

/** Who signs what is printed of one case. */
export const PAPER_SIGNATURES = {
  'closure-form': ['整改单位负责人', '核实人', '审批人', '销号单位'],
  'case-notice': ['签发单位负责人', '接收单位负责人', '落款部门'],
} as const;
