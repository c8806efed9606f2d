import { describe, expect, test } from '@jest/globals';
import { by, given } from '../../test/support/cases.js';
import { occasionOf, sampleOf, wrongTurns } from '../../test/support/samples.js';
import { separated } from '../../test/support/wrong-turns/separation.js';
import { type RefusalCode } from '../contracts/refusal.js';
import { caseCommands } from './commands.js';
import { type AnyCaseRow } from './table.js';

const named = caseCommands.map((row): [string, AnyCaseRow] => [row.command.name, row]);
const turnsOf = (row: AnyCaseRow) => ({
  ...separated(row, occasionOf(row.command)),
  ...wrongTurns[row.command.name],
});

test('there are wrong turns of no other command than those of the table', () => {
  const names = named.map(([name]) => name);
  expect(Object.keys(wrongTurns).filter((name) => !names.includes(name))).toEqual([]);
});

describe.each(named)('%s', (_, row) => {
  const occasion = occasionOf(row.command);
  const turns = turnsOf(row);

  test('has a wrong turn for every code with which its row refuses, and for no other', () => {
    expect(Object.keys(turns).sort()).toEqual([...(row.refuses ?? [])].sort());
  });

  for (const [code, turn] of Object.entries(turns)) {
    const { past, who, command = sampleOf(row.command) } = { ...occasion, ...turn };
    test(`is refused with ${code} where it is due`, () => {
      given(...past)
        .when(command, by(who, turn.facts))
        .refused(code as RefusalCode);
    });
  }
});
