import { Body, Controller, Get, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import { Refusal } from '../../contracts/refusal.js';
import { LeaveToSignIn } from '../../contracts/sign-in.js';
import { type Called, Operation, query } from '../../platform/http/operation.js';
import { type SetsHeaders, Site } from '../../platform/http/site.js';
import { validated } from '../../platform/validated.js';
import { ATTEMPT_SECONDS, Provider } from './provider.js';
import { SignIns } from './sign-ins.js';
import { Throttle } from './throttle.js';
import { whenceOf } from '../sessions/whence.js';

const text = { type: 'string' };

/** Signing in by the sign-in service of the organisation. */
@Controller('api/v1/session')
export class SingleSignOnController {
  constructor(
    private readonly provider: Provider,
    private readonly signIns: SignIns,
    private readonly throttle: Throttle,
    private readonly site: Site,
  ) {}

  @Operation({
    summary: 'How people can sign in here.',
    may: 'public',
    answers: {
      200: {
        description: 'By a password always, else where there is such a service.',
        schema: {
          type: 'object',
          required: ['password', 'singleSignOn'],
          properties: { password: { type: 'boolean' }, singleSignOn: { type: 'boolean' } },
        },
      },
    },
  })
  @Get('ways')
  ways(): { password: boolean; singleSignOn: boolean } {
    return { password: true, singleSignOn: this.provider.isThere };
  }

  /** No redirect: a page of another site could lead a browser here, and a service that knows it may ask nothing. */
  @Operation({
    summary: 'Begins to sign in by the sign-in service: says where the browser is to go.',
    may: 'public',
    body: { 'application/json': { $ref: '#/components/schemas/LeaveToSignIn' } },
    answers: {
      200: {
        description: 'An address of the service, good once and for this browser.',
        schema: { type: 'object', required: ['to'], properties: { to: { ...text, format: 'uri' } } },
        headers: ['Set-Cookie'],
      },
    },
    refusals: ['route/unknown', 'auth/provider', 'service/unavailable'],
  })
  @Post('single-sign-on')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async leave(
    @Body() given: unknown,
    @Res({ passthrough: true }) reply: SetsHeaders,
  ): Promise<{ to: string }> {
    const { back = '/' } = validated(LeaveToSignIn, given);
    const { to, secret } = await this.provider.begin(back);
    this.site.setAttempt(reply, secret, ATTEMPT_SECONDS);
    return { to };
  }

  @Operation({
    summary: 'Where the sign-in service sends the browser back to.',
    may: 'public',
    parameters: ['code', 'state', 'iss', 'error'].map((name) => query(name, 'As OpenID Connect says.', text)),
    answers: { 200: { description: 'Signed in: a page that leads on.', headers: ['Set-Cookie'] } },
    refusals: ['route/unknown', 'auth/refused', 'auth/too-many', 'auth/provider', 'log/unavailable'],
  })
  @Get('single-sign-on/callback')
  @Header('Cache-Control', 'no-store')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'")
  @Header('Referrer-Policy', 'no-referrer')
  @Header('X-Content-Type-Options', 'nosniff')
  async comeBack(
    @Req() { headers, ip, url }: Called & { url: string },
    @Res({ passthrough: true }) reply: SetsHeaders,
  ): Promise<string> {
    this.throttle.assertAddress(ip);
    const at = url.indexOf('?');
    const search = at === -1 ? '' : url.slice(at);
    try {
      const { person, strong, back } = await this.provider.finish(search, this.site.attemptIn(headers));
      if (person === undefined) throw new Refusal('auth/refused');
      const id = await this.signIns.begin(
        person,
        { by: 'single-sign-on', strong },
        this.site.sessionIn(headers),
        whenceOf(headers['user-agent'], ip),
      );
      this.site.setSession(reply, id);
      return leadingTo(back);
    } catch (error) {
      if (error instanceof Refusal && error.code === 'auth/refused') {
        return await this.signIns.failed('single-sign-on', undefined, ip);
      }
      throw error;
    }
  }
}

/**
 * A page and no redirect: a browser that was sent here from another site does not send a cookie that is
 * `SameSite=Strict` with what follows of that, but with what a page of this site asks for.
 */
function leadingTo(back: string): string {
  const to = back.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
  return `<!doctype html><meta charset="utf-8"><title>…</title><meta http-equiv="refresh" content="0; url=${to}"><a href="${to}">…</a>`;
}
