import { codeOf } from '../../platform/fault.js';
import { FileRefused, problem, type Reason } from '../problem.js';

/**
 * The refusal of a workbook: for a reason, or of what was thrown while it was read. A disk that fails is no fault of the
 * workbook; such an error stays what it is.
 */
export function refusal(reason: Reason, message: string): FileRefused;
export function refusal(thrown: unknown): unknown;
export function refusal(reason: unknown, message?: string): unknown {
  if (message !== undefined) return new FileRefused([problem(reason as Reason, message)]);
  // The packages throw plain errors of what they read; anything more special is not about the workbook.
  if (!(reason instanceof Error) || reason.constructor !== Error || !/^(?:Z_|$)/.test(codeOf(reason)))
    return reason;
  return new FileRefused([
    problem('workbook-damaged', `The workbook is damaged or cut off: ${reason.message}.`),
  ]);
}
