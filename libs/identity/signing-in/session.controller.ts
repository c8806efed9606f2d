import { Body, Controller, Get, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import { type SessionOf } from '../../contracts/identity.js';
import { type Caller } from '../../contracts/envelope.js';
import { ROLES } from '../../contracts/roles.js';
import {
  ChangePassword,
  EnrolCode,
  GiveCode,
  SignIn,
  SwitchPost,
  UseSetUp,
} from '../../contracts/sign-in.js';
import { By, type Called, Operation, type OperationOf, Signed } from '../../platform/http/operation.js';
import { type SetsHeaders, Site } from '../../platform/http/site.js';
import { validated } from '../../platform/validated.js';
import { STATE, type State, stateOf } from '../openapi.js';
import { csrfOf, Sessions } from '../sessions/sessions.js';
import { SignIns } from './sign-ins.js';
import { whenceOf } from '../sessions/whence.js';

const body = (name: string): Pick<OperationOf, 'body'> => ({
  body: { 'application/json': { $ref: `#/components/schemas/${name}` } },
});
const COOKIE = ['Set-Cookie'] as const;
const begun = (description: string): OperationOf['answers'] => ({
  200: { description, schema: STATE, headers: COOKIE },
});
const TRIED = ['auth/refused', 'auth/too-many', 'log/unavailable'] as const;
const DONE = { 204: { description: 'Done.' } };

/** Signing in and out by a browser. The session's id is in a cookie that no script can read. */
@Controller('api/v1/session')
export class SessionController {
  constructor(
    private readonly signIns: SignIns,
    private readonly sessions: Sessions,
    private readonly site: Site,
  ) {}

  @Operation({
    summary:
      'Signs in by name and password. Where `stage` is `code`, the code of the second factor comes next.',
    may: 'public',
    ...body('SignIn'),
    answers: begun('There is a session, under an id of its own.'),
    refusals: [...TRIED, 'service/unavailable'],
  })
  @Post()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async signIn(
    @Body() given: unknown,
    @Req() { headers, ip }: Called,
    @Res({ passthrough: true }) reply: SetsHeaders,
  ): Promise<State> {
    const before = this.site.sessionIn(headers);
    const whence = whenceOf(headers['user-agent'], ip);
    return this.#begin(reply, await this.signIns.withPassword(validated(SignIn, given), ip, before, whence));
  }

  @Operation({
    summary: 'Gives the code of the second factor, or a recovery code; also to confirm again who one is.',
    may: ROLES,
    before: ['code'],
    ...body('GiveCode'),
    answers: begun('The session goes on under a new id.'),
    refusals: [...TRIED, 'auth/session', 'account/unknown'],
  })
  @Post('code')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async code(
    @Body() given: unknown,
    @Signed() session: SessionOf,
    @Req() { ip }: Called,
    @Res({ passthrough: true }) reply: SetsHeaders,
  ): Promise<State> {
    const { code } = validated(GiveCode, given);
    return this.#begin(reply, await this.signIns.withCode(session, code, ip));
  }

  @Operation({
    summary: 'Who has signed in, in which posts, and until when; and the token that changes must carry.',
    may: ROLES,
    before: ['code', 'enrolment'],
    answers: { 200: { description: 'The session.', schema: STATE } },
    refusals: ['auth/session'],
  })
  @Get()
  @Header('Cache-Control', 'no-store')
  async whoAmI(@Signed() session: SessionOf): Promise<State> {
    return this.#state(session);
  }

  @Operation({
    summary: 'Goes on in another post of the caller, or one that the caller fills for somebody else.',
    may: ROLES,
    ...body('SwitchPost'),
    answers: begun('The session goes on under a new id.'),
    refusals: ['auth/session', 'auth/post-missing'],
  })
  @Post('post')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async switchPost(
    @Body() given: unknown,
    @Signed() session: SessionOf,
    @By() { person }: Caller,
    @Res({ passthrough: true }) reply: SetsHeaders,
  ): Promise<State> {
    const post = validated(SwitchPost, given);
    return this.#begin(reply, await this.signIns.switchPost(session, post, person));
  }

  @Operation({
    summary: 'Signs out, at once and in every process.',
    may: ROLES,
    before: ['code', 'enrolment'],
    answers: DONE,
    refusals: ['auth/session', 'log/unavailable'],
  })
  @Post('sign-out')
  @HttpCode(204)
  async signOut(
    @Signed() session: SessionOf,
    @By() caller: Caller,
    @Res({ passthrough: true }) reply: SetsHeaders,
  ): Promise<void> {
    await this.signIns.signOut(session, caller);
    this.site.clearSession(reply);
  }

  @Operation({
    summary: 'Ends every session of the caller, this one too.',
    may: ROLES,
    answers: DONE,
    refusals: ['auth/session', 'log/unavailable'],
  })
  @Post('sign-out-everywhere')
  @HttpCode(204)
  async signOutEverywhere(
    @Signed() _session: SessionOf,
    @By() caller: Caller,
    @Res({ passthrough: true }) reply: SetsHeaders,
  ): Promise<void> {
    await this.signIns.signOutEverywhere(caller);
    this.site.clearSession(reply);
  }

  @Operation({
    summary: 'Changes the password. All other sessions of the caller end.',
    may: ROLES,
    ...body('ChangePassword'),
    answers: begun('The session goes on under a new id.'),
    refusals: [...TRIED, 'auth/session', 'account/unknown'],
  })
  @Post('password')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async changePassword(
    @Body() given: unknown,
    @Signed() session: SessionOf,
    @Req() { ip }: Called,
    @Res({ passthrough: true }) reply: SetsHeaders,
  ): Promise<State> {
    const change = validated(ChangePassword, given);
    return this.#begin(reply, await this.signIns.changePassword(session, change, ip));
  }

  @Operation({
    summary: 'Begins to set up a second factor: a secret for an app of one-time codes.',
    may: ROLES,
    before: ['enrolment'],
    ...body('EnrolCode'),
    answers: {
      200: {
        description: 'To be confirmed by a code. The one of before counts until then.',
        schema: {
          type: 'object',
          required: ['uri', 'secret'],
          properties: { uri: { type: 'string', format: 'uri' }, secret: { type: 'string' } },
        },
      },
    },
    refusals: [...TRIED, 'auth/session', 'account/unknown'],
  })
  @Post('second-factor')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  enrol(
    @Body() given: unknown,
    @Signed() session: SessionOf,
    @Req() { ip }: Called,
  ): Promise<{ uri: string; secret: string }> {
    return this.signIns.enrol(session, validated(EnrolCode, given).password, ip);
  }

  @Operation({
    summary: 'Confirms the second factor by a code of the app. The recovery codes are shown this once.',
    may: ROLES,
    before: ['enrolment'],
    ...body('GiveCode'),
    answers: {
      200: {
        description: 'It counts from now on; the session goes on under a new id.',
        schema: {
          ...STATE,
          required: [...STATE.required, 'recoveryCodes'],
          properties: { ...STATE.properties, recoveryCodes: { type: 'array', items: { type: 'string' } } },
        },
        headers: COOKIE,
      },
    },
    refusals: [...TRIED, 'auth/session', 'account/unknown', 'account/second-factor-missing'],
  })
  @Post('second-factor/confirm')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async confirm(
    @Body() given: unknown,
    @Signed() session: SessionOf,
    @Req() { ip }: Called,
    @Res({ passthrough: true }) reply: SetsHeaders,
  ): Promise<State & { recoveryCodes: string[] }> {
    const { id, codes } = await this.signIns.confirm(session, validated(GiveCode, given).code, ip);
    return { ...(await this.#begin(reply, id)), recoveryCodes: codes };
  }

  @Operation({
    summary: 'Chooses a password by a set-up link, which is used up by it, and signs in.',
    may: 'public',
    ...body('UseSetUp'),
    answers: begun('There is a session, under an id of its own.'),
    refusals: [...TRIED, 'auth/set-up', 'service/unavailable'],
  })
  @Post('set-up')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async setUp(
    @Body() given: unknown,
    @Req() { headers, ip }: Called,
    @Res({ passthrough: true }) reply: SetsHeaders,
  ): Promise<State> {
    const whence = whenceOf(headers['user-agent'], ip);
    return this.#begin(reply, await this.signIns.setUp(validated(UseSetUp, given), ip, whence));
  }

  async #begin(reply: SetsHeaders, id: string): Promise<State> {
    this.site.setSession(reply, id);
    const session = await this.sessions.find(id);
    if (!session) throw new Error('a session that was begun has ended already');
    return this.#state({ ...session, csrf: csrfOf(id) });
  }

  async #state(session: SessionOf): Promise<State> {
    return stateOf(await this.signIns.view(session), session.csrf, this.sessions.lasting.idleMs);
  }
}
