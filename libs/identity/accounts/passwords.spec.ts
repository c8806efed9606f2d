import { describe, expect, test } from '@jest/globals';
import { Turns } from '../../platform/turns.js';
import { CommonPasswords, isMadeOf } from './common-passwords.js';
import { LONGEST, SHORTEST } from './password-length.js';
import { Passwords } from './passwords.js';

const passwords = new Passwords({ kib: 64, passes: 1, lanes: 1 });
const rule = async (password: string, name = 'li.wei'): Promise<unknown> => {
  try {
    await passwords.hashed(password, name);
    return undefined;
  } catch (error) {
    return (error as { details: { errors: { rule: string }[] } }).details.errors[0]?.rule;
  }
};

describe('the list of what is tried first', () => {
  test('has more than 3,000 that are long enough to be chosen, and none of them is taken', async () => {
    const common = await CommonPasswords.read();
    const long = [...common.whole];
    expect(long.length).toBeGreaterThan(3000);
    expect(long.every((one) => one.length >= SHORTEST)).toBe(true);
    for (const one of [0, 100, 1000, 2999, long.length - 1]) {
      expect(['common', 'containsName']).toContain(await rule(long[one] ?? ''));
    }
  });
});

describe('of words of the organisation', () => {
  const words = ['xiaohao', '销号', '演示省', '办公室', 'bronx', 'office'];

  test.each([
    ['xiaohao2026!', true],
    ['bronx-office-2026', true],
    ['演示省办公室2026', true],
    ['officeoffice#1', true],
    ['bronx office lamp', false],
    ['2026-11-28 08:00', false],
    ['officer2026!', false],
  ])('%s consists: %s', (password, wanted) => {
    expect(isMadeOf(password, words)).toBe(wanted);
  });

  test('none is taken, however it is written', async () => {
    const taken = passwords.hashed('Ｘｉａｏｈａｏ-２０２６', 'li.wei', ['XiaoHao']);
    await expect(taken).rejects.toMatchObject({ details: { errors: [{ rule: 'organisation' }] } });
  });
});

describe('a password', () => {
  test.each([
    ['溪水向东流过七座小桥', 'minLength'],
    ['溪水向东流过七座小石桥啦', undefined],
    ['🙂🙃😀😃😄😁😆😅🤣😂🙂', 'minLength'],
    ['correct horse!', undefined],
    ['i am LI.WEI, hello', 'containsName'],
    ['ｐａｓｓｗｏｒｄ１２３４', 'common'],
    ['QWERTYUIOP123', 'common'],
    ['abababababababab', 'common'],
    ['123123123123', 'common'],
    ['5201314520131', 'common'],
    ['098765432109', 'common'],
    ['password@1234', 'common'],
    ['!!Sunshine2024!', 'common'],
    ['welcomewelcome', 'common'],
    ['horsebattery', 'common'],
    ['woaizhongguo1949', 'common'],
    ['horse battery lamp', undefined],
    ['kT9#vLq2xWm4', undefined],
  ])('%s: %s', async (password, wanted) => {
    expect(await rule(password)).toBe(wanted);
  });

  test(`has from ${SHORTEST} to ${LONGEST} characters`, async () => {
    const text = (length: number): string => 'a long sentence of my own '.repeat(5).slice(0, length);
    const lengths = [SHORTEST - 1, SHORTEST, LONGEST, LONGEST + 1];
    expect(await Promise.all(lengths.map((length) => rule(text(length))))).toEqual([
      ...['minLength', undefined, undefined, 'maxLength'],
    ]);
  });

  test('is the same however its characters are put together', async () => {
    const hashed = await passwords.hashed('une clé à molette é', 'x');
    expect(await passwords.matches(hashed, 'une cle\u0301 a\u0300 molette e\u0301')).toBe(true);
    expect(await passwords.matches(hashed, 'une cle a molette e')).toBe(false);
  });

  test('of nobody is compared too, and never right', async () => {
    const before = passwords.verified;
    expect(await passwords.matches(undefined, '')).toBe(false);
    expect(await passwords.matches(null, 'anything at all')).toBe(false);
    expect(passwords.verified).toBe(before + 2);
  });

  test('is hashed by argon2id, as dearly as it was told', async () => {
    expect(await passwords.hashed('correct horse!', 'x')).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$/);
  });
});

test('few are done at once, some wait, and more are refused', async () => {
  const turns = new Turns(2, 3);
  let [running, most] = [0, 0];
  const act = async (): Promise<string> => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    return 'done';
  };
  const all = await Promise.allSettled(Array.from({ length: 8 }, () => turns.take(act)));
  expect(most).toBe(2);
  expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  expect(all.at(-1)).toMatchObject({ reason: { code: 'service/unavailable' } });
  await expect(turns.take(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(turns.take(act)).resolves.toBe('done');
});
