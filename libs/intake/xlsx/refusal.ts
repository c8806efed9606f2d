import { isAboutZip, ZipRefused } from '../../platform/zip.js';
import { FileRefused, problem, type Reason } from '../problem.js';

/**
 * The refusal of a workbook: for a reason, or of what was thrown while it was read. A disk that fails is no fault of the
 * workbook; such an error stays what it is.
 */
export function refusal(reason: Reason, message: string): FileRefused;
export function refusal(thrown: unknown): unknown;
export function refusal(reason: unknown, message?: string): unknown {
  if (message !== undefined) return new FileRefused([problem(reason as Reason, message)]);
  if (reason instanceof ZipRefused)
    return new FileRefused([problem(`workbook-${reason.why}`, `The workbook ${reason.message}.`)]);
  if (!isAboutZip(reason)) return reason;
  return new FileRefused([
    problem('workbook-damaged', `The workbook is damaged or cut off: ${reason.message}.`),
  ]);
}
