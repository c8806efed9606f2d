/** Where a case stands, and its name in the ledger. */
export const STATUSES = {
  registered: '待交办',
  checking: '核查中',
  assigned: '待签收',
  rectifying: '整改中',
  submitted: '待审核',
  rectified: '待核实',
  verified: '待审批',
  closed: '已销号',
  sustaining: '长期坚持',
  unsubstantiated: '不属实',
  merged: '已并案',
  split: '已拆分',
  'transferred-out': '已移交',
  terminated: '已终止',
  voided: '已作废',
} as const;

export type Status = keyof typeof STATUSES;

/** Where nothing more is done unless the case is taken up again. */
export const ENDS = [
  ...(['closed', 'unsubstantiated', 'merged', 'split'] as const),
  ...(['transferred-out', 'terminated', 'voided'] as const),
] as const satisfies readonly Status[];

/** From where a case can be taken up again. */
export const REOPENABLE = [
  ...(['closed', 'unsubstantiated', 'terminated', 'transferred-out'] as const),
] as const satisfies readonly Status[];

/** Whether nothing more is done there. */
export const isEnd = (status: Status): boolean => (ENDS as readonly Status[]).includes(status);

/** Where a case is still on its way. */
export const UNDERWAY = (Object.keys(STATUSES) as Status[]).filter((status) => !isEnd(status));
