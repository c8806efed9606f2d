/** What a row of an exported ledger says, in this order; the catalogues of messages have the headings. */
export const EXPORT_COLUMNS = [
  ...(['seq', 'caseNumber', 'source', 'sourceDocument', 'batch', 'intakeNumber', 'foundOn'] as const),
  ...(['foundBy', 'area1', 'area2', 'area3', 'area4', 'address', 'items', 'itemsSettled'] as const),
  ...(['categories', 'severity', 'description', 'amount', 'households', 'basis', 'leads'] as const),
  ...(['coUnits', 'principal', 'handler', 'rectificationType', 'requirement', 'measures'] as const),
  ...(['doneStandard', 'funds', 'dueOn', 'extensions', 'returns', 'progress', 'completedOn'] as const),
  ...(['pending', 'substantiation', 'verification', 'verifiedOn', 'verifiers', 'rectified'] as const),
  ...(['accountability', 'status', 'flags', 'light', 'lightOf', 'supervision', 'recognition'] as const),
  ...(['closedOn', 'closureNumber', 'round', 'heldBy', 'heldDays', 'stated', 'remark'] as const),
] as const;
export type ExportColumn = (typeof EXPORT_COLUMNS)[number];

/** What can be taken out of the system as a file. */
export const EXPORTS = [
  ...(['ledger', 'notice', 'closure-application', 'closure-form', 'case-notice'] as const),
] as const;
export type ExportName = (typeof EXPORTS)[number];

/** What is said of where a file comes from; the catalogues of messages have the words. */
export const EXPORT_MARKS = ['by', 'at', 'asOf', 'cases', 'filter', 'none', 'careful'] as const;
export type ExportMark = (typeof EXPORT_MARKS)[number];

/** Values that have no other catalogue. */
export const EXPORT_VALUES = [
  ...(['full', 'basic', 'partial', 'none', 'passed', 'failed', 'recognised', 'not-recognised'] as const),
  ...(['open', 'closed'] as const),
] as const;
export type ExportValue = (typeof EXPORT_VALUES)[number];
