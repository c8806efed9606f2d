import { isAgent } from '../contracts/roles.js';
import { type Route } from '../platform/http/openapi.js';
import { type Schema } from '../platform/http/operation.js';
import { COMMAND_PARAMETERS } from './cases.controller.js';
import { type Phase, PHASES } from '../contracts/messages/catalogue.js';
import { commandIn } from '../platform/http/openapi-words.js';
import { caseCommands, casePhases, pathOf } from './commands.js';
import { beginsCase, codesOf, isInternal } from './table.js';

const ANY_COMMAND = ':command';

/** The one route of all commands as what it is: a route for every row of the table. Commands are of their phase. */
export function expandCommands(routes: readonly Route[]): Route[] {
  const phases = new Map(
    PHASES.flatMap((phase) => casePhases[phase].map(({ command }): [string, Phase] => [command.name, phase])),
  );
  const expanded = routes.flatMap((route) => {
    if (!route.path.endsWith(ANY_COMMAND)) return [route];
    return caseCommands
      .filter((row) => !beginsCase(row) && !isInternal(row))
      .map((row): Route => ({
        method: route.method,
        path: route.path.replace(ANY_COMMAND, pathOf(row)),
        area: route.area,
        operation: {
          summary: row.command.name,
          may: row.roles.filter((role) => !isAgent(role)),
          parameters: COMMAND_PARAMETERS,
          body: { 'application/json': { $ref: `#/components/schemas/${row.command.name}` } },
          answers: {
            200: {
              description: 'Done, now or before.',
              schema: { $ref: '#/components/schemas/CommandReceipt' },
              headers: ['ETag'],
            },
          },
          refusals: codesOf(row),
        },
      }));
  });
  return expanded.map((route) => ({
    ...route,
    area: phases.get(commandIn(route.operation) ?? '') ?? route.area,
  }));
}

export const caseSchemas: Record<string, Schema> = {
  CommandReceipt: {
    type: 'object',
    required: ['case', 'revision', 'receipt', 'repeated'],
    properties: {
      case: { type: 'string', format: 'uuid' },
      revision: { type: 'integer' },
      receipt: { type: 'string', description: 'For `Ledger-At-Least`.' },
      repeated: { type: 'boolean' },
    },
  },
};
