import { type Language } from '../../contracts/messages/catalogue.js';
import { en } from '../../contracts/messages/en.js';
import { zhCN } from '../../contracts/messages/zh-CN.js';

export const CATALOGUES = { 'zh-CN': zhCN, en } as const satisfies Record<Language, object>;

/** A range such as `zh-CN`, `en` or `*`, and how much it is liked. */
const RANGE = /^\s*([a-z]{1,8}(?:-[a-z0-9]{1,8})*|\*)\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$/i;
/** No reader sends more; what is longer says nothing. */
const LONGEST = 500;

/**
 * The language for an Accept-Language (RFC 9110, section 12.5.4): the better liked of the two, Chinese if neither is.
 * `en-GB` is served with `en`, `zh-Hant` with `zh-CN`. What is no range is passed over.
 */
export function languageFor(header: unknown): Language {
  if (typeof header !== 'string' || header.length > LONGEST) return 'zh-CN';
  const liked = new Map<string, number>();
  for (const part of header.split(',')) {
    const [, range, quality] = RANGE.exec(part) ?? [];
    if (range === undefined) continue;
    const language = range.toLowerCase().split('-')[0] ?? '';
    liked.set(language, Math.max(liked.get(language) ?? 0, Number(quality ?? 1)));
  }
  const rest = liked.get('*') ?? 0;
  return (liked.get('en') ?? rest) > (liked.get('zh') ?? rest) ? 'en' : 'zh-CN';
}
