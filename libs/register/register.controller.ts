import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { Readable } from 'node:stream';
import { type Caller } from '../contracts/envelope.js';
import { CountInHand } from '../contracts/ledger.js';
import { refuse } from '../contracts/refusal.js';
import { OnRegister, type RegisterReceipt } from '../contracts/register-commands.js';
import { isAgent, type Role, ROLES } from '../contracts/roles.js';
import { IsId, isId } from '../contracts/values.js';
import { type Headers as HeaderMap, idempotencyKey, tracing } from '../platform/http/headers.js';
import { By, Operation, type OperationOf, type Parameter, query } from '../platform/http/operation.js';
import { validated } from '../platform/validated.js';
import { RegisterBook } from './book.js';
import { addressed, rowAt } from './commands.js';
import { type PeopleImported, PeopleImport } from './people/people-import.js';
import { entryShown, type Listed, listed, type Shown } from './shown.js';

class PageOf {
  /** The last of the page before. */
  @IsOptional() @IsId() after?: string;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit = 100;
}

class ImportAsked {
  @IsOptional() @IsIn(['true', 'false']) commit = 'false';
  @IsOptional() @IsIn(['true', 'false']) onlyGood = 'false';
}

/** Everybody whose role gives any command: which role may give which is the table's to say. */
const COMMANDERS = [...new Set(addressed.flatMap(({ roles }) => roles))].filter(
  (role): role is Role => !isAgent(role),
);

export const ENTRY_ID: Parameter = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'The entry.',
  schema: { type: 'string' },
};

const list = (summary: string, row: string): OperationOf => ({
  summary,
  may: ROLES,
  parameters: [
    {
      ...{ name: 'after', in: 'query', description: 'From the page before: its last entry.' },
      schema: { type: 'string' },
    },
    {
      ...{ name: 'limit', in: 'query', description: 'Entries of a page.' },
      schema: { type: 'integer', minimum: 1, maximum: 200, default: 100 },
    },
  ],
  answers: {
    200: {
      description: 'A page, by id.',
      schema: {
        type: 'object',
        required: ['rows'],
        properties: {
          rows: { type: 'array', items: { $ref: `#/components/schemas/${row}` } },
          after: { type: 'string', description: 'Where the next page begins; absent: there is none.' },
        },
      },
    },
  },
  refusals: ['input/invalid'],
});

const one = (summary: string, row: string): OperationOf => ({
  summary,
  may: ROLES,
  parameters: [ENTRY_ID],
  answers: { 200: { description: 'The entry.', schema: { $ref: `#/components/schemas/${row}` } } },
  refusals: ['register/unknown'],
});

/** `inHand`: cases under way that name them as handler; told to a security-admin. */
type PersonShown = Shown & { inHand?: number };

@Controller('api/v1/register')
export class RegisterController {
  constructor(
    private readonly commands: CommandBus,
    private readonly book: RegisterBook,
    private readonly people: PeopleImport,
    private readonly queries: QueryBus,
  ) {}

  @Operation({
    summary: 'Says of each row of a file of persons and posts what would become of it, or enters them.',
    may: ['security-admin'],
    parameters: [
      query('commit', 'Enter them, by a command each; without it nothing is written.', { type: 'boolean' }),
      query('onlyGood', 'Wrong rows are left out; otherwise one of them keeps all from being entered.', {
        type: 'boolean',
      }),
    ],
    body: {
      'text/csv': {
        type: 'string',
        contentMediaType: 'text/csv',
        description:
          'UTF-8 or GB18030, at most 2,000 rows and 1 MiB. Columns: person, name, identityNumber (may be left out), unit, role, from, until (may be left out), or their Chinese names.',
        examples: [
          'person,name,identityNumber,unit,role,from,until\nzhang-san,演示张三,110101190001010016,bronx-office,handler,2026-03-01,\n',
        ],
      },
    },
    answers: {
      200: {
        description: 'Each row: new, known or wrong. Never what stood in it.',
        schema: { $ref: '#/components/schemas/PeopleImported' },
      },
    },
    refusals: [
      'input/invalid',
      'import/wrong-rows',
      'log/unavailable',
      'log/outcome-unknown',
      'log/contended',
    ],
  })
  @HttpCode(200)
  @Post('persons/import')
  async import(
    @By() caller: Caller,
    @Headers() headers: HeaderMap,
    @Query() asked: unknown,
    @Body() content: unknown,
  ): Promise<PeopleImported> {
    const { commit, onlyGood } = validated(ImportAsked, { ...(asked as object) });
    const [type = ''] = String(headers['content-type']).split(';');
    if (type.trim().toLowerCase() !== 'text/csv') return refuse('input/media-type');
    const sent = content instanceof Readable ? content : Readable.from([]);
    if (commit !== 'true') return this.people.try(sent, caller);
    const { correlationId } = tracing(headers);
    return this.people.commit(sent, caller, { onlyGood: onlyGood === 'true', correlationId });
  }

  @Operation({ summary: 'Gives a command on the register.', may: COMMANDERS, answers: {} })
  @HttpCode(200)
  @Post(':kind/:id/:command')
  async give(
    @Param('kind') kind: string,
    @Param('id') id: string,
    @Param('command') command: string,
    @By() caller: Caller,
    @Headers() headers: HeaderMap,
    @Body() body: unknown,
  ): Promise<RegisterReceipt> {
    const row = rowAt(kind, command);
    if (!row) return refuse('route/unknown');
    if (!isId(id)) return refuse('register/unknown');
    const about = { idempotencyKey: idempotencyKey(headers), ...tracing(headers) };
    const given = validated(row.command, body === undefined ? {} : body);
    return this.commands.execute<OnRegister, RegisterReceipt>(
      new OnRegister(row.kind, id, given, caller, about),
    );
  }

  @Operation(list('The divisions as they stand today.', 'DivisionEntry'))
  @Get('divisions')
  divisions(@By() caller: Caller, @Query() query: unknown): Listed {
    return this.#list('division', caller, query);
  }

  @Operation(list('The units as they stand today.', 'UnitEntry'))
  @Get('units')
  units(@By() caller: Caller, @Query() query: unknown): Listed {
    return this.#list('unit', caller, query);
  }

  @Operation(list('The persons with their posts of today.', 'PersonEntry'))
  @Get('persons')
  persons(@By() caller: Caller, @Query() query: unknown): Listed {
    return this.#list('person', caller, query);
  }

  @Operation(one('One division as it stands today.', 'DivisionEntry'))
  @Get('divisions/:id')
  division(@Param('id') id: string, @By() caller: Caller): Shown {
    return entryShown('division', id, this.book.register, caller) ?? refuse('register/unknown');
  }

  @Operation(one('One unit as it stands today.', 'UnitEntry'))
  @Get('units/:id')
  unit(@Param('id') id: string, @By() caller: Caller): Shown {
    return entryShown('unit', id, this.book.register, caller) ?? refuse('register/unknown');
  }

  @Operation(one('One person with the posts of today.', 'PersonEntry'))
  @Get('persons/:id')
  async person(@Param('id') id: string, @By() caller: Caller): Promise<PersonShown> {
    const person = entryShown('person', id, this.book.register, caller) ?? refuse('register/unknown');
    // Who ends a post is told what is still to be handed over, and of no case which.
    if (caller.role !== 'security-admin') return person;
    return { ...person, inHand: await this.queries.execute(new CountInHand(id)) };
  }

  #list(kind: 'division' | 'unit' | 'person', caller: Caller, query: unknown): Listed {
    const { after, limit } = validated(PageOf, { ...(query as object) });
    const { docs, register } = this.book;
    return listed(docs[kind], after, limit, (id) => entryShown(kind, id, register, caller));
  }
}
