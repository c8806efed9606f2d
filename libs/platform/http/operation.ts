import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { type Caller } from '../../contracts/envelope.js';
import { type Credential, type SessionOf, type Stage } from '../../contracts/identity.js';
import { refuse, type RefusalCode } from '../../contracts/refusal.js';
import { type Role } from '../../contracts/roles.js';

/** JSON Schema of OpenAPI 3.1. */
export type Schema = Record<string, unknown>;

/** What a route is: who may call it and, for the OpenAPI document, what it takes and answers. */
export interface OperationOf {
  summary: string;
  /** Roles that may call it; `public`: anybody, without a token. */
  may: readonly Role[] | 'public';
  /** Also for whoever has come so far only with signing in. */
  before?: readonly Stage[];
  parameters?: readonly Parameter[];
  /** Media type to schema. */
  body?: Record<string, Schema>;
  /** Status to what it means and, where it has a body, its schema. */
  answers: Record<number, { description: string; schema?: Schema; headers?: readonly string[] }>;
  refusals?: readonly RefusalCode[];
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  description: string;
  schema: Schema;
}

/** A parameter of the query that may be left out. */
export const query = (name: string, description: string, schema: Schema): Parameter => ({
  ...{ name, description, schema },
  in: 'query',
});

export const OPERATION = 'operation';

/** Declares a route; one without this is refused to everybody, and fails a test. */
export const Operation = (operation: OperationOf): MethodDecorator => SetMetadata(OPERATION, operation);

/** A request as the guard leaves it. */
export interface Called {
  caller?: Caller;
  /** By what the caller is known. */
  credential?: Credential;
  /** Of a caller who signed in. */
  session?: SessionOf;
  method: string;
  /** The address it came from. */
  ip: string;
  correlationId: string;
  headers: Record<string, string | string[] | undefined>;
}

/** Who calls: set by the guard on every route that is not public. */
export const By = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<Called>();
  if (!caller) throw new Error('a public route has no caller');
  return caller;
});

/** By what the caller is known, to look again later whether it still holds. */
export const Known = createParamDecorator((_: unknown, context: ExecutionContext): Credential => {
  const { credential } = context.switchToHttp().getRequest<Called>();
  if (!credential) throw new Error('a public route knows nobody');
  return credential;
});

/** The session of the caller; a caller with a token is refused. */
export const Signed = createParamDecorator(
  (_: unknown, context: ExecutionContext): SessionOf =>
    context.switchToHttp().getRequest<Called>().session ?? refuse('auth/session'),
);
