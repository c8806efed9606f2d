import { expect, test } from '@jest/globals';
import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { openApi } from './document.js';

const FILE = 'docs/reference/openapi.json';

/** `WRITE=1 npm test` writes it anew. */
test('docs/reference/openapi.json is what the routes and commands say', () => {
  const made = `${JSON.stringify(openApi(), null, 2)}\n`;
  if (process.env.WRITE === '1') writeFileSync(FILE, made);
  expect(readFileSync(FILE, 'utf8')).toBe(made);
});
