import { type IQueryHandler, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { type Caller } from '../contracts/envelope.js';
import { Authenticate } from '../contracts/identity.js';
import { CurrentRegister, type Register } from '../contracts/register.js';
import { Tokens } from './tokens.js';

@QueryHandler(Authenticate)
export class AuthenticateHandler implements IQueryHandler<Authenticate> {
  constructor(
    private readonly tokens: Tokens,
    private readonly queries: QueryBus,
  ) {}

  async execute({ token }: Authenticate): Promise<Caller | null> {
    const bearer = await this.tokens.bearer(token);
    if (!bearer) return null;
    const { person, unit, role } = bearer;
    const register = await this.queries.execute<CurrentRegister, Register>(new CurrentRegister());
    const posts = register.person(person)?.appointments ?? [];
    if (!posts.some((post) => post.unit === unit && post.role === role)) return null;
    return { person, unit, role, via: 'http' };
  }
}
