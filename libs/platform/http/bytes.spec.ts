import { describe, expect, it } from '@jest/globals';
import { bytesOf } from './bytes.js';

describe('a text as bytes', () => {
  const texts = {
    nothing: '',
    letters: 'plain',
    Chinese: '农户反映住房屋面多处渗漏',
    'beyond the first plane': '𠮷野家 🏚',
    'half a character': 'a\ud800b',
    'half a character at the end': 'a\ud800',
    'the longest that is drafted': '漏'.repeat(2 ** 18),
    'one longer than that': '漏'.repeat(2 ** 18 + 1),
  };

  it.each(Object.entries(texts))('is UTF-8: %s', (_, text) => {
    expect(bytesOf(text).equals(Buffer.from(text))).toBe(true);
  });

  it('is not changed by the next', () => {
    const first = bytesOf('第一'.repeat(10_000));
    bytesOf('other'.repeat(10_000));
    expect(first.toString()).toBe('第一'.repeat(10_000));
  });
});
