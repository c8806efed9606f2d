import { isAgent } from '../contracts/roles.js';
import { type Route } from '../platform/http/openapi.js';
import { type Schema } from '../platform/http/operation.js';
import { COMMAND_PARAMETERS } from './cases.controller.js';
import { caseCommands, pathOf } from './commands.js';
import { beginsCase, codesOf, INPUT, isInternal, LOG } from './table.js';

const ANY_COMMAND = ':command';

/** The one route of all commands as what it is: a route for every row of the table. */
export function expandCommands(routes: readonly Route[]): Route[] {
  return routes.flatMap((route) => {
    if (!route.path.endsWith(ANY_COMMAND)) return [route];
    return caseCommands
      .filter((row) => !beginsCase(row) && !isInternal(row))
      .map((row): Route => ({
        method: route.method,
        path: route.path.replace(ANY_COMMAND, pathOf(row)),
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
          refusals: [...INPUT, ...codesOf(row), ...LOG],
        },
      }));
  });
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
