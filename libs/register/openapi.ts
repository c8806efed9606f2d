import { type RefusalCode } from '../contracts/refusal.js';
import { isAgent, type Role } from '../contracts/roles.js';
import { IDEMPOTENCY_KEY } from '../platform/http/headers.js';
import { type Route } from '../platform/http/openapi.js';
import { type Schema } from '../platform/http/operation.js';
import { addressed, ADDRESSES, pathOf } from './commands.js';
import { ENTRY_ID } from './register.controller.js';
import { codesOf } from './table.js';

const ANY_COMMAND = ':kind/:id/:command';

/** The one route of all commands as what it is: a route for every row of the table. */
export function expandRegister(routes: readonly Route[]): Route[] {
  return routes.flatMap((route) => {
    if (!route.path.endsWith(ANY_COMMAND)) return [route];
    return addressed.map((row): Route => ({
      method: route.method,
      path: route.path.replace(ANY_COMMAND, `${ADDRESSES[row.kind]}/:id/${pathOf(row)}`),
      area: route.area,
      operation: {
        summary: row.command.name,
        may: row.roles.filter((role): role is Role => !isAgent(role)),
        parameters: [ENTRY_ID, IDEMPOTENCY_KEY],
        body: { 'application/json': { $ref: `#/components/schemas/${row.command.name}` } },
        answers: {
          200: {
            description: 'Done, now or before.',
            schema: { $ref: '#/components/schemas/RegisterReceipt' },
          },
        },
        // An id that can be none leads to nothing, also where something begins.
        refusals: [...new Set<RefusalCode>(['register/unknown', ...codesOf(row)])],
      },
    }));
  });
}

const id: Schema = { type: 'string' };
const text: Schema = { type: 'string' };
const post = (more: Record<string, Schema> = {}): Schema => ({
  type: 'object',
  required: ['unit', 'role', ...Object.keys(more)],
  properties: { unit: id, role: text, ...more },
});

export const registerSchemas: Record<string, Schema> = {
  RegisterReceipt: {
    type: 'object',
    required: ['id', 'revision', 'repeated'],
    properties: { id, revision: { type: 'integer' }, repeated: { type: 'boolean' } },
  },
  PeopleImported: {
    type: 'object',
    required: ['rows', 'new', 'known', 'wrong', 'results'],
    properties: {
      ...Object.fromEntries(['rows', 'new', 'known', 'wrong'].map((name) => [name, { type: 'integer' }])),
      results: {
        type: 'array',
        items: {
          type: 'object',
          required: ['row', 'outcome'],
          properties: {
            row: { type: 'integer', description: 'As a spreadsheet counts: the header is row 1.' },
            outcome: { enum: ['new', 'known', 'wrong'] },
            column: { ...text, description: 'As the file calls it.' },
            reason: text,
            message: text,
          },
        },
      },
    },
  },
  DivisionEntry: {
    type: 'object',
    required: ['id', 'name', 'level'],
    properties: { id, name: text, level: id, parent: id, successor: id },
  },
  UnitEntry: {
    type: 'object',
    required: ['id', 'name', 'division', 'level'],
    properties: { id, name: text, division: id, level: id, parent: id, successor: id },
  },
  PersonEntry: {
    type: 'object',
    required: ['id', 'appointments', 'delegations', 'onLeave'],
    properties: {
      id,
      name: { ...text, description: 'Told to administrators and to those of the same unit.' },
      appointments: { type: 'array', items: post() },
      delegations: { type: 'array', items: post({ from: id }), description: 'Posts filled for others.' },
      onLeave: { type: 'boolean' },
      inHand: {
        type: 'integer',
        description: 'Cases under way that name them as handler: of one person, told to a security-admin.',
      },
    },
  },
};
