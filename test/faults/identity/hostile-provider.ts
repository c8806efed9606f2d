import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from 'jose';
import { createServer } from 'node:http';
import { listening } from '../../support/ports.js';

export const CLIENT = 'xiaohao';

/** What a forger knows and can change. */
export interface Forge {
  issuer: string;
  key: CryptoKey;
  /** The public key as a text: an HMAC with it is what a confused verifier would accept. */
  pem: string;
  /** A key that the service never published. */
  foreign: CryptoKey;
  claims: Record<string, unknown>;
}

/** A service that answers whatever a test wants. */
export interface Hostile {
  issuer: string;
  /** How it describes itself, where it lies. */
  described: Record<string, unknown>;
  /** The ID token that it gives next. */
  token: ((forge: Forge) => Promise<string | undefined>) | undefined;
  /** Of the attempt that is under way. */
  nonce: string;
  asked: number;
  /** Paths that lead elsewhere, and what was asked for there. */
  redirects: Set<string>;
  followed: string[];
  close: () => Promise<void>;
}

export const signed = (
  { key }: Pick<Forge, 'key'>,
  claims: Record<string, unknown>,
  header: object = {},
): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one', ...header }).sign(key);

export async function startHostile(): Promise<Hostile> {
  const own = await generateKeyPair('RS256', { extractable: true });
  const { privateKey: foreign } = await generateKeyPair('RS256');
  const pem = await exportSPKI(own.publicKey);
  const jwk: JWK = { ...(await exportJWK(own.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  const server = createServer();
  const issuer = await listening(server);
  const hostile: Hostile = {
    ...{ issuer, described: {}, token: undefined, nonce: '', asked: 0, redirects: new Set(), followed: [] },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const answers: Record<string, () => Promise<object> | object> = {
    '/.well-known/openid-configuration': () => ({
      ...{ issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` },
      ...{
        jwks_uri: `${issuer}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
      },
      id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
      ...hostile.described,
    }),
    '/jwks': () => ({ keys: [jwk] }),
    '/token': async () => {
      hostile.asked += 1;
      const now = Math.floor(Date.now() / 1000);
      const claims = {
        ...{ iss: issuer, aud: CLIENT, sub: 'emp-1', nonce: hostile.nonce, iat: now, exp: now + 300 },
      };
      const forge: Forge = { issuer, key: own.privateKey, pem, foreign, claims };
      const token = hostile.token ? await hostile.token(forge) : await signed(forge, claims);
      return {
        access_token: 'of no use',
        token_type: 'Bearer',
        ...(token !== undefined && { id_token: token }),
      };
    },
  };
  server.on('request', (request, response) => {
    const { pathname } = new URL(request.url ?? '/', issuer);
    if (hostile.redirects.has(pathname)) {
      response.writeHead(307, { Location: `${issuer}/elsewhere${pathname}` }).end();
      return;
    }
    if (pathname.startsWith('/elsewhere/')) hostile.followed.push(pathname);
    void Promise.resolve(answers[pathname.replace(/^\/elsewhere/, '')]?.()).then((body) => {
      response.writeHead(body ? 200 : 404, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(body ?? {}));
    });
  });
  return hostile;
}
