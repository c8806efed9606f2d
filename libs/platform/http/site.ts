import { fastifyCookie, type SerializeOptions } from '@fastify/cookie';
import { type Headers } from './headers.js';

/** Where a header can be set. */
export interface SetsHeaders {
  header: (name: string, value: string) => unknown;
}

const SAFE = ['GET', 'HEAD', 'OPTIONS'];
export const isSafe = (method: string): boolean => SAFE.includes(method);

/**
 * How browsers reach this service, and the cookies they hold of it. With TLS their names begin with `__Host-`: no other
 * host or path can set them.
 */
export class Site {
  readonly session: string;
  readonly #attempt: string;
  readonly #secure: boolean;

  /**
   * @param url as people type it, where that is known
   * @param insecure whether it may go without TLS where no address is known
   */
  constructor(
    readonly url: string | undefined,
    insecure: boolean,
  ) {
    this.#secure = url === undefined ? !insecure : url.startsWith('https:');
    const prefix = this.#secure ? '__Host-' : '';
    this.session = `${prefix}xiaohao`;
    this.#attempt = `${prefix}xiaohao-attempt`;
  }

  sessionIn(headers: Headers): string | undefined {
    return this.#in(headers, this.session);
  }

  /** Gone with the browser; how long it is good for, the server knows. */
  setSession(reply: SetsHeaders, id: string): void {
    this.#set(reply, this.session, id, { sameSite: 'strict' });
  }

  clearSession(reply: SetsHeaders): void {
    this.#set(reply, this.session, '', { sameSite: 'strict', maxAge: 0 });
  }

  attemptIn(headers: Headers): string | undefined {
    return this.#in(headers, this.#attempt);
  }

  /** Lax, as the sign-in service sends people back from its own site. */
  setAttempt(reply: SetsHeaders, secret: string, seconds: number): void {
    this.#set(reply, this.#attempt, secret, { sameSite: 'lax', maxAge: seconds });
  }

  /** Whether a browser says that another site made it send this. Whoever is no browser says nothing. */
  isFromElsewhere(headers: Headers): boolean {
    const { origin, host } = headers;
    const site = headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
    if (origin === undefined) return false;
    if (typeof origin !== 'string' || !URL.canParse(origin)) return true;
    const from = new URL(origin);
    return this.url === undefined ? from.host !== host : from.origin !== new URL(this.url).origin;
  }

  #in({ cookie }: Headers, name: string): string | undefined {
    const value = typeof cookie === 'string' ? fastifyCookie.parse(cookie)[name] : undefined;
    return value === '' ? undefined : value;
  }

  #set(reply: SetsHeaders, name: string, value: string, more: SerializeOptions): void {
    const options = { ...more, path: '/', httpOnly: true, secure: this.#secure };
    reply.header('Set-Cookie', fastifyCookie.serialize(name, value, options));
  }
}
