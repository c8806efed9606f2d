import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import { listening } from './ports.js';

export const CLIENT = { client_id: 'xiaohao', client_secret: 'of this test only, and long enough' };

/** The sign-in service of an organisation: a real provider, at which whoever comes is signed in as somebody. */
export interface SignInService {
  issuer: string;
  /** Who is signed in next, and by what. */
  next: { subject: string; amr?: string[]; employee?: string };
  close: () => Promise<void>;
}

interface Context {
  oidc: {
    client: { clientId: string };
    session: { accountId: string };
    provider: {
      Grant: new (of: object) => { addOIDCScope: (scope: string) => void; save: () => Promise<string> };
    };
  };
}

export async function startSignInService(redirect: string): Promise<SignInService> {
  const server = createServer();
  const issuer = await listening(server);
  const service: SignInService = {
    issuer,
    next: { subject: '' },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const employees = new Map<string, string | undefined>();
  const provider = new Provider(issuer, {
    clients: [
      {
        ...{ ...CLIENT, redirect_uris: [redirect], response_types: ['code'] },
        ...{ grant_types: ['authorization_code'], token_endpoint_auth_method: 'client_secret_post' },
      },
    ],
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    cookies: { keys: ['of this test only'] },
    conformIdTokenClaims: false,
    ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600 },
    claims: { openid: ['sub', 'amr', 'employee'] },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, ...(employees.get(id) !== undefined && { employee: employees.get(id) }) }),
    }),
    loadExistingGrant: async ({ oidc }: Context) => {
      const { clientId } = oidc.client;
      const grant = new oidc.provider.Grant({ clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    const { subject, amr, employee } = service.next;
    if (!request.url?.startsWith('/interaction/')) return void answer(request, response);
    employees.set(subject, employee);
    const login = { accountId: subject, ...(amr && { amr }) };
    void provider.interactionFinished(request, response, { login });
  });
  return service;
}

/** Goes where it is sent, with cookies, until an address of another service comes. @returns that address */
export async function follow(from: string): Promise<string> {
  const cookies = new Map<string, string>();
  const { origin } = new URL(from);
  let to = from;
  for (let hop = 0; hop < 10; hop++) {
    const Cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(to, { redirect: 'manual', headers: { Cookie } });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null) throw new Error(`${response.status} ${await response.text()}`);
    to = new URL(location, to).href;
    if (new URL(to).origin !== origin) return to;
  }
  throw new Error('sent about without end');
}
