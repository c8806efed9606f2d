import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mask, type MaskKind } from './masks.js';

test.each<[MaskKind, string, string]>([
  ['name', '张三', '张**'],
  ['name', '张三三三', '张**'],
  ['name', ' 张　三', '张**'],
  ['name', '示例·买买提', '示**'],
  ['name', '𠮷示例', '𠮷**'],
  ['name', 'Ann Example', 'A**'],
  ['name', '张', '**'],
  ['name', 'A', '**'],
  ['name', '', '**'],
  ['name', '👩‍🌾👩‍🌾', '**'],
  ['name', '13800005678', '**'],
  ['name', '\ud83d\ud83d', '**'],

  ['phone', '13812345678', '138****5678'],
  ['phone', '+86 138-1234-5678', '138****5678'],
  ['phone', '１３８１２３４５６７８', '138****5678'],
  ['phone', '0731-0000123', '****23'],
  ['phone', '0745-00001234', '****34'],
  ['phone', '13812345678/13900001234', '****34'],
  ['phone', '12345', '****'],
  ['phone', '无', '****'],
  ['phone', '', '****'],

  ['identity-number', '11010119000101001x', '110101**********1X'],
  ['identity-number', '110101 19000101 0012', '110101**********12'],
  ['identity-number', '110101000101001', '110101*********'],
  ['identity-number', 'E00000001', '********'],
  ['identity-number', '1101011900010100123', '********'],
  ['identity-number', '1', '********'],
  ['identity-number', '', '********'],

  ['address', '湖南省长沙市浏阳市沙市镇东门村12组34号', '湖南省长沙市浏阳市沙市镇东门村**'],
  ['address', '湖南省 桑植县 中村乡 李家村 3组', '湖南省桑植县中村乡李家村**'],
  ['address', '湘西土家族苗族自治州凤凰县示例镇甲村', '湘西土家族苗族自治州凤凰县示例镇甲村**'],
  ['address', '长沙市岳麓区示例街道甲社区5栋301', '长沙市岳麓区示例街道甲社区**'],
  ['address', '长沙市岳麓区示例路932号', '长沙市岳麓区**'],
  ['address', '长沙市岳麓区阳光小区5栋301', '长沙市岳麓区**'],
  ['address', '示例县甲镇示例路一号后新村2号', '示例县甲镇**'],
  ['address', '张三家在东门村', '**'],
  ['address', 'Flat 3, 1 Example Road', '**'],
  ['address', '村', '**'],
  ['address', '', '**'],
])('%s: %s is shown as %s', (kind, text, shown) => {
  expect(mask(kind, text)).toBe(shown);
});

const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(...Array.from('张三李省市县区镇乡村路组号1238Xx -A👩\ud83d')),
    maxLength: 40,
  }),
);

test('of any name no more than one letter is shown', () => {
  fc.assert(
    fc.property(anything, (text) => {
      expect(mask('name', text)).toMatch(/^\p{L}?\*\*$/u);
    }),
  );
});

test('of any number four digits or more stay hidden, and nothing but digits is shown', () => {
  fc.assert(
    fc.property(anything, (text) => {
      expect(mask('phone', text)).toMatch(/^(?:1\d\d\*{4}\d{4}|\*{4}(?:\d\d)?)$/);
      expect(mask('identity-number', text)).toMatch(/^(?:\d{6}\*{10}\d[\dX]|\d{6}\*{9}|\*{8})$/);
    }),
  );
});

test('of any address nothing is shown but names of divisions', () => {
  fc.assert(
    fc.property(anything, (text) => {
      expect(mask('address', text)).toMatch(/^(?:\p{Script=Han}+[省市区县盟州旗镇乡道村社])?\*\*$/u);
    }),
  );
});

test('a text of any length is masked', () => {
  for (const kind of ['name', 'phone', 'identity-number', 'address'] as const) {
    expect(mask(kind, '市区县镇乡村张1'.repeat(50_000)).length).toBeLessThan(100);
  }
});
