import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { CasesController } from '../../libs/cases/cases.controller.js';
import { caseCommands } from '../../libs/cases/commands.js';
import { caseSchemas, expandCommands } from '../../libs/cases/openapi.js';
import { UPLOAD_SCHEMA, UploadsController } from '../../libs/evidence/uploads.controller.js';
import { LedgerController } from '../../libs/ledger/ledger.controller.js';
import { ledgerSchemas } from '../../libs/ledger/openapi.js';
import { openApiOf, type Route, routesOf } from '../../libs/platform/http/openapi.js';
import { registerCommands } from '../../libs/register/commands.js';
import { expandRegister, registerSchemas } from '../../libs/register/openapi.js';
import { RegisterController } from '../../libs/register/register.controller.js';
import { type Schema } from '../../libs/platform/http/operation.js';
import { OperationsController } from '../../libs/platform/http/operations.controller.js';

export const controllers = [
  CasesController,
  UploadsController,
  LedgerController,
  RegisterController,
  OperationsController,
];

/** Every route, with the one of all commands on cases, or on the register, as what it is. */
export function allRoutes(): Route[] {
  return expandCommands(expandRegister(routesOf(controllers)));
}

/** A body takes nothing else than its fields, and need not repeat what its address says. */
function body(schema: Schema): Schema {
  const required = (schema.required as string[] | undefined)?.filter((name) => name !== 'type') ?? [];
  return {
    ...schema,
    ...(required.length > 0 ? { required } : { required: undefined }),
    additionalProperties: false,
  };
}

/** The OpenAPI document, made from the routes, the table of commands and the validation of their classes. */
export function openApi(): Record<string, unknown> {
  const classes = validationMetadatasToSchemas({
    classTransformerMetadataStorage: defaultMetadataStorage,
    refPointerPrefix: '#/components/schemas/',
    additionalConverters: { isDay: { type: 'string', format: 'date' } },
  }) as Record<string, Schema>;
  const own = new Set<string>();
  const take = (name: string): void => {
    if (own.has(name)) return;
    own.add(name);
    for (const [, inner] of JSON.stringify(classes[name]).matchAll(/#\/components\/schemas\/(\w+)/g))
      take(inner ?? '');
  };
  for (const { command } of [...caseCommands, ...registerCommands]) take(command.name);
  const commands = Object.fromEntries([...own].sort().map((name) => [name, body(classes[name] ?? {})]));
  return openApiOf(allRoutes(), {
    ...commands,
    ...caseSchemas,
    ...ledgerSchemas,
    ...registerSchemas,
    Upload: UPLOAD_SCHEMA,
  });
}
