import { type IQueryHandler, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { type Caller } from '../contracts/envelope.js';
import { Authenticate } from '../contracts/identity.js';
import { type Appointment, CurrentRegister, type Register } from '../contracts/register.js';
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
    const is = (post: Appointment): boolean => post.unit === unit && post.role === role;
    const { appointments = [], delegations = [] } = register.person(person) ?? {};
    if (appointments.some(is)) return { person, unit, role, via: 'http' };
    const onBehalfOf = delegations.find(is)?.from;
    return onBehalfOf === undefined ? null : { person, unit, role, onBehalfOf, via: 'http' };
  }
}
