import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { QueryBus } from '@nestjs/cqrs';
import { timingSafeEqual } from 'node:crypto';
import { Authenticate, type Authenticated, type Credential, type Stage } from '../../contracts/identity.js';
import { refuse } from '../../contracts/refusal.js';
import { type Role } from '../../contracts/roles.js';
import { type Called, OPERATION, type OperationOf } from './operation.js';
import { isSafe, Site } from './site.js';

const BEARER = /^Bearer ([\w-]{20,200})$/i;
const SESSION = /^[\w-]{43}$/;

const WANTED = { code: 'auth/code-wanted', enrolment: 'auth/enrolment-wanted' } as const;

/** Nobody passes who is not named: a route that names nobody is closed. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly queries: QueryBus,
    private readonly site: Site,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const operation = this.reflector.get<OperationOf | undefined>(OPERATION, context.getHandler());
    if (!operation) refuse('auth/forbidden');
    const request = context.switchToHttp().getRequest<Called>();
    const changes = !isSafe(request.method);
    if (operation.may === 'public') {
      // Nobody is signed in as somebody else by a page that they happen to look at.
      if (changes && this.site.isFromElsewhere(request.headers)) refuse('auth/csrf');
      if (changes) assertTyped(request, operation);
      return true;
    }
    const credential = this.#credentialOf(request);
    const found = await this.queries.execute<Authenticate, Authenticated | null>(
      new Authenticate(credential),
    );
    if (!found) refuse('auth/invalid');
    const { caller, scope, session } = found;
    // Known before it is refused: it is noted who was.
    request.caller = caller;
    if (session) {
      if (changes) {
        this.#assertOwn(request, session.csrf);
        assertTyped(request, operation);
      }
      assertFar(session.stage, operation);
    } else if (changes && scope === 'read') refuse('auth/scope');
    if (!operation.may.includes(caller.role as Role)) refuse('auth/forbidden');
    request.credential = credential;
    if (session) request.session = session;
    return true;
  }

  /** A token counts for more than a cookie: whoever sends one means it. */
  #credentialOf({ headers }: Called): Credential {
    const { authorization } = headers;
    if (typeof authorization === 'string') {
      const token = BEARER.exec(authorization)?.[1];
      return token === undefined ? refuse('auth/invalid') : { token };
    }
    const session = this.site.sessionIn(headers);
    if (session === undefined) refuse('auth/missing');
    return SESSION.test(session) ? { session } : refuse('auth/invalid');
  }

  /** A browser sends the cookie for any page; only ours knows the session's token. */
  #assertOwn({ headers }: Called, csrf: string): void {
    const given = Buffer.from(String(headers['x-csrf-token']));
    const wanted = Buffer.from(csrf);
    const same = given.length === wanted.length && timingSafeEqual(given, wanted);
    if (!same || this.site.isFromElsewhere(headers)) refuse('auth/csrf');
  }
}

function assertFar(stage: Stage, { before = [] }: OperationOf): void {
  if (stage !== 'whole' && !before.includes(stage)) refuse(WANTED[stage]);
}

/** A form of another site can send what looks like JSON, but cannot call it so without asking. */
function assertTyped({ headers }: Called, { body }: OperationOf): void {
  const type = String(headers['content-type']).split(';')[0]?.trim().toLowerCase() ?? '';
  if (body && !Object.hasOwn(body, type)) refuse('input/media-type');
}
