import { Logger } from '@nestjs/common';
import { hash, randomBytes } from 'node:crypto';
import * as client from 'openid-client';
import { refuse } from '../../contracts/refusal.js';
import { isId } from '../../contracts/values.js';
import { codeOf } from '../../platform/fault.js';
import { type Sql } from '../../platform/sql.js';
import { type Accounts } from '../accounts/accounts.js';

/** So long somebody may take at the sign-in service. */
export const ATTEMPT_SECONDS = 600;
const CALLBACK = '/api/v1/session/single-sign-on/callback';
/** How long the service's description of itself is believed, and how long it may take to answer. */
const DESCRIBED_MS = 3_600_000;
const PATIENCE_SECONDS = 10;
/** By public keys only: with a shared one, whoever can check a token can make one. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

export interface ProviderSettings {
  issuer: string;
  clientId: string;
  secret: string | undefined;
  /** `sub`: as it was linked; any other names the person by the register's id. */
  claim: string;
  /** Values of `amr` or `acr` that say that a second factor was given. */
  strong: readonly string[];
  /** Of this service, as browsers reach it. */
  url: string;
}

/** For a service on this machine only: the configuration takes no other without TLS. Discovery knows it by itself. */
// eslint-disable-next-line @typescript-eslint/no-deprecated -- It is marked so to stand out.
const WITHOUT_TLS: (configuration: client.Configuration) => void = client.allowInsecureRequests;

interface Attempt {
  state: string;
  nonce: string;
  verifier: string;
  back: string;
}

/** Whom the sign-in service has shown to be there, and where that person was going. */
export interface Shown {
  person: string | undefined;
  strong: boolean;
  back: string;
}

/** The sign-in service of the organisation, by OpenID Connect: code flow with PKCE, state and nonce. */
export class Provider {
  readonly #log = new Logger('SignIn');
  #described: { configuration: client.Configuration; until: number } | undefined;

  /** @param settings none where there is no such service */
  constructor(
    private readonly sql: Sql,
    private readonly accounts: Accounts,
    private readonly settings?: ProviderSettings,
  ) {}

  get isThere(): boolean {
    return this.settings !== undefined;
  }

  /** @throws Refusal route/unknown where there is none */
  get issuer(): string {
    return this.#settings.issuer;
  }

  /**
   * @param back where to go afterwards
   * @returns where to send the browser, and the secret that it has to bring along when it comes back
   * @throws Refusal auth/provider
   */
  async begin(back: string): Promise<{ to: string; secret: string }> {
    const configuration = await this.#configuration();
    const secret = randomBytes(32).toString('base64url');
    const [state, nonce] = [client.randomState(), client.randomNonce()];
    const verifier = client.randomPKCECodeVerifier();
    await this.sql`delete from identity.attempts where until < now()`;
    await this.sql`insert into identity.attempts (browser, state, nonce, verifier, back, until)
      values (${hashOf(secret)}, ${state}, ${nonce}, ${verifier}, ${pathOf(back)},
        now() + ${ATTEMPT_SECONDS} * interval '1 second')`;
    const to = client.buildAuthorizationUrl(configuration, {
      ...{ redirect_uri: this.#settings.url + CALLBACK, scope: 'openid', state, nonce },
      ...{ code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
    });
    return { to: to.href, secret };
  }

  /**
   * Takes what the browser came back with. Each attempt counts once, and only in the browser in which it began.
   * @param search of the address that it came back to, with its `?`
   * @throws Refusal auth/refused, auth/provider
   */
  async finish(search: string, secret: string | undefined): Promise<Shown> {
    const configuration = await this.#configuration();
    const [attempt] = await this.sql<Attempt[]>`delete from identity.attempts
      where browser = ${hashOf(secret ?? '')} and until > now() returning state, nonce, verifier, back`;
    if (!attempt) return refuse('auth/refused');
    const claims = await this.#claims(configuration, search, attempt);
    return { person: await this.#personOf(claims), strong: this.#isStrong(claims), back: attempt.back };
  }

  async #claims(
    configuration: client.Configuration,
    search: string,
    { state, nonce, verifier }: Attempt,
  ): Promise<client.IDToken> {
    try {
      const given = await client.authorizationCodeGrant(
        configuration,
        new URL(this.#settings.url + CALLBACK + search),
        { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true },
      );
      return isIdToken(given.id_token) ? (given.claims() ?? refuse('auth/refused')) : refuse('auth/refused');
    } catch (error) {
      return refuse(isAway(error) ? 'auth/provider' : 'auth/refused');
    }
  }

  async #personOf(claims: client.IDToken): Promise<string | undefined> {
    const { claim, issuer } = this.#settings;
    if (claim === 'sub') return this.accounts.linked(issuer, claims.sub);
    const named = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
    return isId(named) ? named : undefined;
  }

  #isStrong({ amr, acr }: client.IDToken): boolean {
    const said = [...(Array.isArray(amr) ? (amr as unknown[]) : []), acr];
    return said.some((one) => typeof one === 'string' && this.#settings.strong.includes(one));
  }

  async #configuration(): Promise<client.Configuration> {
    const known = this.#described;
    if (known && known.until > Date.now()) return known.configuration;
    const { issuer, clientId, secret } = this.#settings;
    const insecure = new URL(issuer).protocol === 'http:';
    try {
      const found = await client.discovery(new URL(issuer), clientId, secret, undefined, {
        timeout: PATIENCE_SECONDS,
        execute: insecure ? [WITHOUT_TLS] : [],
      });
      const described: client.ServerMetadata = { ...found.serverMetadata(), supportsPKCE: undefined };
      const said = described.id_token_signing_alg_values_supported ?? ['RS256'];
      const configuration = new client.Configuration(
        {
          ...described,
          id_token_signing_alg_values_supported: said.filter((one) => ALGORITHMS.includes(one)),
        },
        clientId,
        secret,
      );
      configuration.timeout = PATIENCE_SECONDS;
      // Else a token that came straight from the service would be believed whoever signed it.
      client.enableNonRepudiationChecks(configuration);
      if (insecure) WITHOUT_TLS(configuration);
      this.#described = { configuration, until: Date.now() + DESCRIBED_MS };
      return configuration;
    } catch (error) {
      this.#log.warn(`The sign-in service cannot be used (${codeOf(error) || (error as Error).name}).`);
      return refuse('auth/provider');
    }
  }

  get #settings(): ProviderSettings {
    return this.settings ?? refuse('route/unknown');
  }
}

const BASE = 'http://here.invalid';

/** A path of this service; whatever leads elsewhere leads to its beginning. */
export function pathOf(back: string): string {
  if (!/^\/[\x21-\x7e]{0,499}$/.test(back) || !URL.canParse(back, BASE)) return '/';
  const { origin, pathname, search } = new URL(back, BASE);
  // A browser reads `//host` and `/\host` as another host.
  return origin === BASE && !/^\/[/\\]/.test(pathname) && !back.includes('\\') ? pathname + search : '/';
}

/** What calls itself something else (RFC 8725, 3.11) was made for another purpose. @param token whose signature was checked */
function isIdToken(token: string | undefined): boolean {
  const [head = ''] = token?.split('.') ?? [];
  const { typ } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { typ?: unknown };
  return typ === undefined || (typeof typ === 'string' && typ.toUpperCase() === 'JWT');
}

const AWAY = ['OAUTH_TIMEOUT', 'OAUTH_ABORT'];

function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: string };
  return (code !== undefined && AWAY.includes(code)) || error.message === 'fetch failed';
}

const hashOf = (secret: string): Buffer => hash('sha256', secret, 'buffer');
