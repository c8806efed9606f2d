import { expect, test } from '@jest/globals';
import { languageFor } from './language.js';

test.each([
  ['nothing', undefined, 'zh-CN'],
  ['an empty header', '', 'zh-CN'],
  ['Chinese', 'zh-CN,zh;q=0.9', 'zh-CN'],
  ['Chinese before English', 'zh-CN,zh;q=0.9,en;q=0.8', 'zh-CN'],
  ['English', 'en', 'en'],
  ['English in capitals', 'EN-us', 'en'],
  ['English of some country', 'en-GB,en;q=0.9', 'en'],
  ['English before Chinese', 'en-US,en;q=0.9,zh-CN;q=0.8', 'en'],
  ['English by weight, whatever the order', 'zh;q=0.3, en;q=0.7', 'en'],
  ['both alike', 'en, zh', 'zh-CN'],
  ['anything', '*', 'zh-CN'],
  ['anything but Chinese', '*, zh;q=0', 'en'],
  ['English not at all', 'en;q=0', 'zh-CN'],
  ['an unknown language', 'fr', 'zh-CN'],
  ['an unknown language, or else English', 'fr, en;q=0.1', 'en'],
  ['an unknown language, or else anything', 'fr, *;q=0.5', 'zh-CN'],
  ['a weight that is none', 'en;q=2', 'zh-CN'],
  ['no language', 'english please', 'zh-CN'],
  ['a broken part beside a good one', ';;;,en', 'en'],
  ['a header without end', `en${',en'.repeat(10_000)}`, 'zh-CN'],
  ['several headers', ['en', 'zh'], 'zh-CN'],
])('who asks for %s is answered in the language they read', (_, header, language) => {
  expect(languageFor(header)).toBe(language);
});
