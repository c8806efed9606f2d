import { zhCN } from '../../../libs/contracts/messages/zh-CN.js';
import { type RefusalCode } from '../../../libs/contracts/refusal.js';
import { toned } from './page.js';
import { type Showing } from './showing.js';

/** What was tried although nobody may, and how it was refused. */
export interface Tried {
  who: string;
  what: string;
  code: RefusalCode;
}

/** The sentences are what those hear who try it. */
export function showRefusals({ page, tried }: Showing): void {
  page.part('职责分离', 'Separation of duties, tried on purpose', 3);
  if (tried.length === 0) page.line('tried in the first run; what was tried has moved on');
  page.table(
    tried.map(({ who, what, code }) => [toned('bad', code), zhCN.refusals[code], `${what} by ${who}`]),
  );
}
