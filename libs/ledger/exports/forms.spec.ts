import 'reflect-metadata';
import { expect, test } from '@jest/globals';
import { shipped } from '../../../test/support/forms.js';
import { FORM_HEADINGS, FORM_SIGNATURES } from '../../contracts/messages/forms.js';

test.each([
  ['notice', 'rectification-notice', 14],
  ['closure-application', 'closure-application', 13],
] as const)('the form %s has the columns that its mapping reads', async (form, name, count) => {
  const { columns, format } = await shipped(name);
  expect(FORM_HEADINGS[form]).toHaveLength(count);
  expect(FORM_HEADINGS[form]).toEqual(expect.arrayContaining([...columns]));
  expect(FORM_SIGNATURES[form].map((line) => line.replace('：', ''))).toEqual(format.footer);
});
