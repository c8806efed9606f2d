import { zhCN } from '../../../libs/contracts/messages/zh-CN.js';
import { toned } from './page.js';
import { type Showing } from './tale.js';

/** The sentences are what those hear who try it. */
export function showRefusals({ page, tried }: Showing): void {
  page.part('职责分离', 'Separation of duties, tried on purpose', 2);
  if (tried.length === 0) page.line('tried in the first run; what was tried has moved on');
  page.table(
    tried.map(({ who, what, code }) => [toned('bad', code), zhCN.refusals[code], `${what} by ${who}`]),
  );
}
