import { type Caller } from './envelope.js';

/**
 * How far somebody is with signing in. `code`: the second factor is still asked for; `enrolment`: one has to be set up
 * before anything else; `whole`: signed in.
 */
export const STAGES = ['code', 'enrolment', 'whole'] as const;
export type Stage = (typeof STAGES)[number];

/** `read`: such a token gives no command. */
export const TOKEN_SCOPES = ['all', 'read'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

/** The session of somebody who signed in. */
export interface SessionOf {
  /** SHA-256 of its id in hex: by this it is known, and nobody can use it. */
  hash: string;
  stage: Stage;
  /** What a request that changes something must carry besides the cookie. */
  csrf: string;
}

export interface Authenticated {
  caller: Caller;
  /** Of a token. */
  scope?: TokenScope;
  session?: SessionOf;
}

/** By what somebody says who they are. */
export type Credential = { token: string } | { session: string };

/** Query for who calls (Authenticated), or null: unknown, expired, withdrawn, or no longer appointed. */
export class Authenticate {
  readonly type = 'Authenticate';
  constructor(readonly by: Credential) {}
}
