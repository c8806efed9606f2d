import examples from '../../contracts/examples.json' with { type: 'json' };
import { type Area, type Phase } from '../../contracts/messages/catalogue.js';
import { type CommandName } from '../../contracts/messages/command-name.js';
import { en } from '../../contracts/messages/en.js';
import { zhCN } from '../../contracts/messages/zh-CN.js';
import { type RefusalCode } from '../../contracts/refusal.js';
import { type OperationOf } from './operation.js';

/** The heading under which routes stand, in both languages. */
export const tagOf = (area: Area | Phase): { name: string; description: string } => ({
  name: `${zhCN.areas[area][0]} ${en.areas[area][0]}`,
  description: `${zhCN.areas[area][1]} ${en.areas[area][1]}`,
});

/** The class that a route takes as its body. */
export function bodyIn(operation: OperationOf | undefined): string | undefined {
  const schema = operation?.body?.['application/json']?.$ref;
  return typeof schema === 'string' ? schema.replace('#/components/schemas/', '') : undefined;
}

/** The command that a route takes as its body. */
export function commandIn(operation: OperationOf | undefined): CommandName | undefined {
  const name = bodyIn(operation) ?? '';
  return Object.hasOwn(en.commands, name) ? (name as CommandName) : undefined;
}

/** What a route does: of a command in both languages. */
export function wordsOf(operation: OperationOf): { summary: string; description?: string } {
  const command = commandIn(operation);
  if (command === undefined) return { summary: operation.summary };
  return {
    summary: `${zhCN.commands[command][0]} – ${en.commands[command][1]}`,
    description: zhCN.commands[command][1],
  };
}

/** A body that a route could be sent: one of a made-up place, every field filled. */
export function exampleOf(operation: OperationOf): object | undefined {
  const body = bodyIn(operation);
  return body === undefined ? undefined : (examples as Partial<Record<string, object>>)[body];
}

export const meaningOf = (code: RefusalCode): string =>
  `\`${code}\` ${zhCN.refusals[code]} ${en.refusals[code]}`;
