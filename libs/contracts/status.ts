/** Where a case stands, and its name in the ledger. */
export const STATUSES = {
  registered: '待交办',
  assigned: '待签收',
  rectifying: '整改中',
  submitted: '待审核',
  rectified: '待核实',
  verified: '待审批',
  closed: '已销号',
  merged: '已并案',
  split: '已拆分',
} as const;

export type Status = keyof typeof STATUSES;
