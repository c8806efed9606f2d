import 'reflect-metadata';
import { expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { caseCommands } from '../../libs/cases/commands.js';
import { caseEvents } from '../../libs/contracts/case-events.js';
import { casePage, eventsOf } from './case-page.js';
import { variants } from './variants.js';

const FILE = 'docs/reference/case.md';

/** `WRITE=1 npm test -- test/reference` writes it anew. */
test('docs/reference/case.md is what the table of commands says', () => {
  const made = casePage();
  if (process.env.WRITE === '1') writeFileSync(FILE, made);
  expect(readFileSync(FILE, 'utf8')).toBe(made);
});

test('it knows the words for every unit at which a command is given', () => {
  expect(casePage()).not.toContain('desk: ?');
});

test('every event of a case is one that some command leads to', () => {
  const led = caseCommands.flatMap(({ command }) => variants(command.name).flatMap(eventsOf));
  expect([...new Set(led)].sort()).toEqual(Object.keys(caseEvents).sort());
});
