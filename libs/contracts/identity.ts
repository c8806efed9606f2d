/** Query for who bears a token (Caller), or null: unknown, expired, withdrawn, or no longer appointed. */
export class Authenticate {
  readonly type = 'Authenticate';
  constructor(readonly token: string) {}
}
