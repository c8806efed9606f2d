import { Body, Controller, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { accessOf, NoteAccess } from '../../contracts/access.js';
import { type Caller } from '../../contracts/envelope.js';
import { refuse } from '../../contracts/refusal.js';
import { LinkSubject, MakeAccount } from '../../contracts/sign-in.js';
import { IsText } from '../../contracts/values.js';
import { uuidIn } from '../../platform/http/headers.js';
import { By, Operation, type OperationOf, type Parameter, query } from '../../platform/http/operation.js';
import { Site } from '../../platform/http/site.js';
import { validated } from '../../platform/validated.js';
import { type Account, Accounts, type AccountSeen, type SetUpLink, setUpLink } from './accounts.js';
import { ACCOUNT, LINK } from '../openapi.js';
import { Provider } from '../signing-in/provider.js';
import { SignIns } from '../signing-in/sign-ins.js';

class PageQuery {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit = 50;
  @IsOptional() @IsText(64) after?: string;
}

/** Hands an account over to its owner; a path where nobody has said how this service is addressed. */
interface Link {
  account: string;
  link: string;
  until: string;
}

const ID: Parameter = {
  ...{ name: 'id', in: 'path', required: true, description: 'The account.' },
  schema: { type: 'string', format: 'uuid' },
};
const ONE: Pick<OperationOf, 'may' | 'parameters' | 'refusals'> = {
  may: ['system-admin'],
  parameters: [ID],
  refusals: ['account/unknown', 'log/unavailable'],
};
const DONE = { 204: { description: 'Done.' } };
const NO_STORE = ['Cache-Control', 'no-store'] as const;

/** Accounts, by those who look after them. They choose nobody's password and see none. */
@Controller('api/v1/accounts')
export class AccountsController {
  constructor(
    private readonly accounts: Accounts,
    private readonly signIns: SignIns,
    private readonly provider: Provider,
    private readonly site: Site,
    private readonly commands: CommandBus,
  ) {}

  @Operation({
    summary: 'All accounts, by name, a page at a time.',
    may: ['system-admin'],
    parameters: [
      query('limit', 'Accounts of a page.', { type: 'integer', minimum: 1, maximum: 200, default: 50 }),
      query('after', 'The last name of the page before.', { type: 'string', maxLength: 64 }),
    ],
    answers: {
      200: {
        description: 'A page.',
        schema: {
          type: 'object',
          required: ['accounts'],
          properties: { accounts: { type: 'array', items: ACCOUNT }, after: { type: 'string' } },
        },
      },
    },
    refusals: ['input/invalid'],
  })
  @Get()
  async page(@Query() asked: unknown): Promise<{ accounts: AccountSeen[]; after?: string }> {
    const { limit, after } = validated(PageQuery, { ...(asked as object) });
    const accounts = await this.accounts.page(limit, after);
    const last = accounts[limit - 1];
    return { accounts, ...(last && { after: last.name }) };
  }

  @Operation({
    summary: 'Makes an account for a person of the register, and a link by which its owner sets it up.',
    may: ['system-admin'],
    body: { 'application/json': { $ref: '#/components/schemas/MakeAccount' } },
    answers: { 201: { description: 'Made.', schema: LINK } },
    refusals: ['account/exists', 'account/person-unknown', 'log/unavailable'],
  })
  @Post()
  @Header(...NO_STORE)
  async make(@Body() given: unknown, @By() caller: Caller): Promise<Link> {
    const { person, name } = validated(MakeAccount, given);
    await this.#assertAppointed(person);
    const link = await this.accounts.make(person, name);
    await this.#note(caller, 'made', person);
    return this.#shown(link);
  }

  @Operation({
    summary: 'Takes password and second factor away, ends all sessions, and makes a new set-up link.',
    ...ONE,
    answers: { 200: { description: 'Reset.', schema: LINK } },
    refusals: ['account/unknown', 'account/own', 'log/unavailable'],
  })
  @Post(':id/reset')
  @HttpCode(200)
  @Header(...NO_STORE)
  async reset(@Param('id') id: string, @By() caller: Caller): Promise<Link> {
    const account = await this.#other(id, caller);
    await this.#note(caller, 'reset', account.person);
    return this.#shown(await this.accounts.reset(account));
  }

  @Operation({
    summary: 'Nobody signs in with it any more, and whoever has is signed out at once.',
    ...ONE,
    answers: DONE,
    refusals: ['account/unknown', 'account/own', 'log/unavailable'],
  })
  @Post(':id/disable')
  @HttpCode(204)
  async disable(@Param('id') id: string, @By() caller: Caller): Promise<void> {
    const account = await this.#other(id, caller);
    await this.#note(caller, 'disabled', account.person);
    await this.accounts.disable(account);
  }

  @Operation({ summary: 'Lets its owner sign in again.', ...ONE, answers: DONE })
  @Post(':id/enable')
  @HttpCode(204)
  async enable(@Param('id') id: string, @By() caller: Caller): Promise<void> {
    const account = await this.#account(id);
    await this.#note(caller, 'enabled', account.person);
    await this.accounts.enable(account);
  }

  @Operation({
    summary: 'Ties what the sign-in service of the organisation calls somebody to the owner of the account.',
    ...ONE,
    body: { 'application/json': { $ref: '#/components/schemas/LinkSubject' } },
    answers: DONE,
    refusals: ['account/unknown', 'account/exists', 'route/unknown', 'log/unavailable'],
  })
  @Post(':id/link')
  @HttpCode(204)
  async link(@Param('id') id: string, @Body() given: unknown, @By() caller: Caller): Promise<void> {
    const { subject } = validated(LinkSubject, given);
    const { person } = await this.#account(id);
    await this.accounts.link(this.provider.issuer, subject, person);
    await this.#note(caller, 'linked', person);
  }

  #account(id: string): Promise<Account> {
    const uuid = uuidIn(id);
    return uuid === undefined ? refuse('account/unknown') : this.accounts.get(uuid);
  }

  async #other(id: string, { person }: Caller): Promise<Account> {
    const account = await this.#account(id);
    return account.person === person ? refuse('account/own') : account;
  }

  async #assertAppointed(person: string): Promise<void> {
    if ((await this.signIns.postsOf(person)).length === 0) refuse('account/person-unknown');
  }

  /** Before it is done: what failed afterwards was tried. */
  async #note(caller: Caller, field: string, subject: string): Promise<void> {
    await this.commands.execute(
      new NoteAccess({ ...accessOf(caller), outcome: 'account-changed', field, subject }),
    );
  }

  #shown({ account, token, until }: SetUpLink): Link {
    return { account, link: setUpLink(this.site.url, token), until };
  }
}
