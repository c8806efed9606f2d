import { type IQueryHandler, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { Authenticate, type Authenticated } from '../../contracts/identity.js';
import { CurrentRegister, type Register } from '../../contracts/register.js';
import { callerIn } from '../accounts/posts.js';
import { Sessions } from './sessions.js';
import { Tokens } from './tokens.js';

@QueryHandler(Authenticate)
export class AuthenticateHandler implements IQueryHandler<Authenticate> {
  constructor(
    private readonly tokens: Tokens,
    private readonly sessions: Sessions,
    private readonly queries: QueryBus,
  ) {}

  /** Whoever has left, or lost the post, is nobody, whatever they still hold. */
  async execute({ by }: Authenticate): Promise<Authenticated | null> {
    if ('token' in by) {
      const bearer = await this.tokens.bearer(by.token);
      const caller = bearer && callerIn(await this.#register(), bearer);
      return caller ? { caller, scope: bearer.scope } : null;
    }
    const session = await this.sessions.find(by.session);
    const caller = session && callerIn(await this.#register(), session);
    return caller ? { caller, session } : null;
  }

  #register(): Promise<Register> {
    return this.queries.execute<CurrentRegister, Register>(new CurrentRegister());
  }
}
