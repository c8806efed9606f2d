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
  'evaluator',
] as const satisfies readonly Role[];

/** Whether a role sees a restricted case in its scope without having a part in it. */
export const isWatcher = (role: string): boolean => ['inspector', 'leader', 'auditor'].includes(role);

/** 三员: each apart from the others and from all business. */
export const ADMINISTRATORS = [
  'system-admin',
  'security-admin',
  'audit-admin',
] as const satisfies readonly Role[];

/**
 * Parts of the system that command by themselves: the clock of deadlines, what carries one case's decision to another,
 * and the file that fills the register.
 */
export const AGENTS = ['clock', 'manager', 'seed'] as const;
export type Agent = (typeof AGENTS)[number];

export const isAgent = (role: string): role is Agent => (AGENTS as readonly string[]).includes(role);
