import { TOTP } from 'otpauth';
import { type Who } from './deployments.js';
import * as people from './people.js';
import { type Answer, type TestServer } from './server.js';

/** Long enough, and in no list. */
export const PASSWORD = '溪水向东流过七座桥 2019';

/** Who somebody is, as the server tells them. */
export interface State {
  stage: string;
  person: string;
  post: { unit: string; role: string };
  posts: { unit: string; role: string; onBehalfOf?: string }[];
  csrfToken: string;
  strong: boolean;
  secondFactor: boolean;
  recoveryCodes?: string[];
  until: string;
  idleUntil: string;
  lastSignIn?: string;
}

/** Holds cookies and the session's token, as the console does in a browser. */
export class Browser {
  readonly cookies = new Map<string, string>();
  csrf = '';

  constructor(readonly server: TestServer) {}

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await this.server.send(null, method, path, body, {
      ...(cookie !== '' && { Cookie: cookie }),
      ...(method !== 'GET' && this.csrf !== '' && { 'X-CSRF-Token': this.csrf }),
      ...headers,
    });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const { csrfToken } = answer.body as unknown as Partial<State>;
    if (csrfToken !== undefined) this.csrf = csrfToken;
    return answer;
  }

  post(path: string, body: object = {}, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('POST', `/api/v1/session${path}`, body, headers);
  }

  signIn(name: string, password = PASSWORD): Promise<Answer> {
    return this.post('', { name, password });
  }

  /** What the server says of the session. */
  async state(): Promise<State> {
    return stateIn(await this.send('GET', '/api/v1/session'));
  }

  /** The id of the session, as the browser keeps it. */
  get id(): string {
    return this.cookies.get('xiaohao') ?? this.cookies.get('__Host-xiaohao') ?? '';
  }

  /** Another browser, into which what this one holds was carried. */
  copy(): Browser {
    const other = new Browser(this.server);
    for (const [name, value] of this.cookies) other.cookies.set(name, value);
    other.csrf = this.csrf;
    return other;
  }

  /** Sets up a second factor. @returns its app, and the recovery codes */
  async enrol(password = PASSWORD): Promise<{ app: App; codes: string[] }> {
    const { body } = await this.post('/second-factor', { password });
    const app = new App((body as unknown as { secret: string }).secret);
    const confirmed = stateIn(await this.post('/second-factor/confirm', { code: app.code() }));
    return { app, codes: confirmed.recoveryCodes ?? [] };
  }
}

/** An app of one-time codes, which lets time pass so that no code comes twice. */
export class App {
  readonly #totp: TOTP;
  #last = 0;

  constructor(secret: string) {
    this.#totp = new TOTP({ secret });
  }

  /** The code of now, or where that was taken of the next step, which a clock that is a little ahead shows. */
  code(): string {
    const now = Math.floor(Date.now() / 30_000);
    this.#last = Math.max(now, this.#last + 1);
    return this.at(this.#last);
  }

  at(step: number): string {
    return this.#totp.generate({ timestamp: step * 30_000 });
  }
}

export function stateIn({ status, body }: Answer): State {
  if (status !== 200) throw new Error(`${status} ${String(body.code)}`);
  return body as unknown as State;
}

/** Makes an account, as an administrator does. @returns the token of its link, and its id */
export async function account(
  server: TestServer,
  person: string,
  name = person,
): Promise<{ id: string; token: string }> {
  const operator = await server.token(...people.operator);
  const { status, body } = await server.send(operator, 'POST', '/api/v1/accounts', { person, name });
  if (status !== 201) throw new Error(`${status} ${String(body.code)}`);
  const { account: id, link } = body as unknown as { account: string; link: string };
  return { id, token: link.split('#')[1] ?? '' };
}

/** Somebody with an account and a password, signed in. */
export async function signedIn(server: TestServer, [person]: Who): Promise<{ id: string; browser: Browser }> {
  const { id, token } = await account(server, person);
  const browser = new Browser(server);
  stateIn(await browser.post('/set-up', { token, password: PASSWORD }));
  return { id, browser };
}
