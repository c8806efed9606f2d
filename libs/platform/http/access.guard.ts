import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { QueryBus } from '@nestjs/cqrs';
import { type Caller } from '../../contracts/envelope.js';
import { Authenticate } from '../../contracts/identity.js';
import { refuse } from '../../contracts/refusal.js';
import { type Role } from '../../contracts/roles.js';
import { type Called, OPERATION, type OperationOf } from './operation.js';

const BEARER = /^Bearer ([\w-]{20,200})$/i;

/** Nobody passes who is not named: a route that names nobody is closed. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly queries: QueryBus,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const operation = this.reflector.get<OperationOf | undefined>(OPERATION, context.getHandler());
    if (!operation) refuse('auth/forbidden');
    if (operation.may === 'public') return true;
    const request = context.switchToHttp().getRequest<Called>();
    const header = request.headers.authorization;
    if (typeof header !== 'string') refuse('auth/missing');
    const token = BEARER.exec(header)?.[1];
    const caller =
      token && (await this.queries.execute<Authenticate, Caller | null>(new Authenticate(token)));
    if (!caller) refuse('auth/invalid');
    // Known before it is refused: it is noted who was.
    request.caller = caller;
    if (!operation.may.includes(caller.role as Role)) refuse('auth/forbidden');
    return true;
  }
}
