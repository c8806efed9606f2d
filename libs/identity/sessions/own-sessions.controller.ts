import { Controller, Delete, Get, Header, HttpCode, Param } from '@nestjs/common';
import { type Caller } from '../../contracts/envelope.js';
import { type SessionOf } from '../../contracts/identity.js';
import { refuse } from '../../contracts/refusal.js';
import { type Role, ROLES } from '../../contracts/roles.js';
import { type Uuid } from '../../contracts/values.js';
import { uuidIn } from '../../platform/http/headers.js';
import { By, Operation, Signed } from '../../platform/http/operation.js';
import { AccessLog } from '../access-log/access-log.js';
import { NOTICES, OWN_SESSION } from '../openapi.js';
import { Sessions } from './sessions.js';
import { SignIns } from '../signing-in/sign-ins.js';
import { Tokens } from './tokens.js';

/** A token that ends within so many days is told of. */
const SOON_DAYS = 7;

/** One of the caller's sessions, as they are to recognise it. */
interface OwnSession {
  id: Uuid;
  begunAt: string;
  usedAt: string;
  until: string;
  browser: string;
  address: string;
  /** The one that asks. */
  this: boolean;
}

/** What somebody should know of their own way to sign in. */
interface Notices {
  failed: { times: number; last?: string };
  changes: { what: string; at: string; own: boolean }[];
  endingTokens: { unit: string; role: Role; until: string }[];
}

/** What somebody sees of their own sessions, and of what happened to their way to sign in. */
@Controller('api/v1')
export class OwnSessionsController {
  constructor(
    private readonly sessions: Sessions,
    private readonly signIns: SignIns,
    private readonly log: AccessLog,
    private readonly tokens: Tokens,
  ) {}

  @Operation({
    summary: 'The sessions of the caller, the one used last first.',
    may: ROLES,
    answers: { 200: { description: 'This one among them.', schema: { type: 'array', items: OWN_SESSION } } },
    refusals: ['auth/session'],
  })
  @Get('sessions')
  @Header('Cache-Control', 'no-store')
  async all(@Signed() { hash }: SessionOf, @By() { person }: Caller): Promise<OwnSession[]> {
    const all = await this.sessions.list(person);
    return all.map(({ id, begunAt, seenAt, until, browser, address, ...one }) => ({
      ...{ id, begunAt: begunAt.toISOString(), usedAt: seenAt.toISOString(), until: until.toISOString() },
      ...{ browser, address, this: one.hash === hash },
    }));
  }

  @Operation({
    summary: 'Ends one session of the caller, at once and in every process.',
    may: ROLES,
    parameters: [
      {
        ...{ name: 'id', in: 'path', required: true, description: 'The session, as the list names it.' },
        schema: { type: 'string', format: 'uuid' },
      },
    ],
    answers: { 204: { description: 'Done.' } },
    refusals: ['auth/session', 'session/unknown', 'log/unavailable'],
  })
  @Delete('sessions/:id')
  @HttpCode(204)
  async end(@Param('id') id: string, @Signed() _session: SessionOf, @By() caller: Caller): Promise<void> {
    await this.signIns.signOutOne(uuidIn(id) ?? refuse('session/unknown'), caller);
  }

  @Operation({
    summary:
      'What happened to the caller’s way to sign in since the time before this: tries that failed, changes; and tokens that end soon.',
    may: ROLES,
    answers: { 200: { description: 'To be shown after a sign-in.', schema: NOTICES } },
    refusals: ['auth/session'],
  })
  @Get('session/notices')
  @Header('Cache-Control', 'no-store')
  async notices(@Signed() session: SessionOf, @By() { person }: Caller): Promise<Notices> {
    const { lastSignIn } = (await this.sessions.get(session.hash)) ?? refuse('auth/session');
    const entries = await this.log.happened(person, lastSignIn?.toISOString() ?? '');
    const failed = entries.filter(({ outcome }) => outcome === 'sign-in-failed');
    const last = failed.at(-1)?.at;
    const ending = await this.tokens.ending(person, SOON_DAYS);
    return {
      failed: { times: failed.length, ...(last !== undefined && { last }) },
      changes: entries
        .filter(({ outcome }) => outcome === 'account-changed')
        .map((one) => ({ what: one.field ?? '', at: one.at, own: one.person === person })),
      endingTokens: ending.map(({ until, ...post }) => ({ ...post, until: until.toISOString() })),
    };
  }
}
