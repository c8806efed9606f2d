import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Page, toned } from './page.js';
import { terminalPicture } from './svg.js';
import { clipped, widthOf } from './width.js';

let said: string[];
beforeEach(() => {
  said = [];
  jest.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
});
afterEach(() => {
  jest.restoreAllMocks();
});

test('a Chinese character takes two columns, and a text is cut by columns', () => {
  expect([widthOf('问2026（元）'), widthOf('● 红灯')]).toEqual([12, 6]);
  expect([clipped('问题编号', 8), clipped('问题编号', 7), clipped('问题编号', 6)]).toEqual([
    ...['问题编号', '问题编…', '问题…'],
  ]);
});

test('columns of a table stand below each other, whatever is in them', () => {
  new Page().table(
    [
      ['状态', toned('good', '1'), 'a'],
      ['open', '100', ['红', toned('bad', '灯')]],
    ],
    [1],
  );
  expect(said).toEqual(['  状态    1  a', '  open  100  红灯']);
});

test('short things are told on as many lines as they take', () => {
  new Page().flow(Array.from({ length: 12 }, (_, n) => `状态已销号 ${n}`));
  expect(said.map(widthOf).every((columns) => columns <= 110)).toBe(true);
  expect(said.join(' ').match(/状态已销号/g)).toHaveLength(12);
});

test('a picture has the lines that were asked for, each run of characters at its column', () => {
  const page = new Page();
  page.part('台账', 'of <all>', 1);
  page.line('问 1  & 2');
  page.line('left out');
  expect(page.pictured).toHaveLength(3);
  const drawn = terminalPicture(page.pictured, 'a "title"');
  expect(drawn).toContain('x="40" y="96" textLength="16" fill="#c9d1d9" font-size="15">问</text>');
  expect(drawn).toContain('x="64" y="96" textLength="8" fill="#c9d1d9">1</text>');
  expect(drawn).toContain('x="88" y="96" textLength="24" fill="#c9d1d9">&#38; 2</text>');
  expect(drawn).toContain('>of &#60;all&#62;</text>');
  expect(drawn).not.toContain('left out');
});
