import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import { type Command } from 'commander';
import { Config } from '../../libs/platform/config.js';
import { programOf } from './program.js';

/** Every command by its name, as it is typed. */
function commandsOf(command: Command, before = ''): [name: string, command: Command][] {
  const name = `${before} ${command.name()}`.trim();
  return [[name, command], ...command.commands.flatMap((one) => commandsOf(one, name))];
}

function helpOf(command: Command): string {
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  return help;
}

const commands = commandsOf(programOf(new Config()));

describe('the help of every command', () => {
  test.each(commands)('%s says what it does, how it is typed, and what it exits with', (name, command) => {
    const help = helpOf(command);
    expect(command.description()).not.toBe('');
    expect(help).toMatch(new RegExp(`Examples:\\n  ${name.split(' ')[0] ?? ''} `));
    expect(help).toContain('Exit codes:');
  });

  test.each(commands.filter(([, { registeredArguments }]) => registeredArguments.length > 0))(
    '%s has an example of its own',
    (name, command) => {
      expect(helpOf(command)).toContain(`\n  ${name} `);
    },
  );

  test.each([
    ...['import', 'export ledger', 'export notice', 'export closure-form', 'export-log'],
    ...['check', 'rebuild', 'backup', 'restore'],
  ])('%s can answer in JSON', (name) => {
    const found = commands.find(([typed]) => typed === `xiaohao ${name}`);
    expect(found?.[1].options.map(({ long }) => long)).toContain('--json');
  });
});
