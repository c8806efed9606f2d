import { type Sealed } from '../../libs/contracts/sealing.js';

/** What else may be known of a problem: fields of the registration of these specs. */
export const moreOfProblem = {
  taskText: '翻修屋面并复核质量',
  problemType: 'leaking-roof',
  knownSince: '2026-06-01',
  fundDocument: '省财〔2025〕18号',
  fiscalYear: 2025,
  principal: '山县局时任局长',
  // Specs command as if nothing were sealed: a row passes personal texts on as they come.
  accused: [{ name: '演示甲' as unknown as Sealed, post: '工程队负责人' }],
  visibility: 'normal' as const,
  circularId: 'circular-3',
  campaignId: 'roofs-2026',
  frame: '2025年改造户12,200户',
  batch: '第一批',
  remark: '雨后复查',
};
