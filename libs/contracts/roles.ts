/** 岗位. Nobody holds a right that is not a role at a unit. */
export const ROLES = [
  'registrar',
  'dispatcher',
  'handler',
  'reviewer',
  'verifier',
  'approver',
  'inspector',
  'leader',
  'auditor',
  'evaluator',
  'system-admin',
  'security-admin',
  'audit-admin',
] as const;
export type Role = (typeof ROLES)[number];

/** Roles that read the cases of their unit's divisions. The three administrators read no business. */
export const READERS = [
  'registrar',
  'dispatcher',
  'handler',
  'reviewer',
  'verifier',
  'approver',
  'inspector',
  'leader',
  'auditor',
] as const satisfies readonly Role[];
