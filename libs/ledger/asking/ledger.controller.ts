import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsObject, IsOptional, IsString, Length, Max, MaxLength, Min } from 'class-validator';
import { type ActionOffer, ActionsOn, type Caller } from '../../contracts/envelope.js';
import {
  CountCases,
  LedgerCase,
  LedgerCaseAsOf,
  type LedgerCaseThen,
  type LedgerCount,
  type LedgerDetail,
  LedgerList,
  type LedgerOrder,
  type LedgerPage,
  MyWork,
  SearchCases,
  type WorkGroup,
} from '../../contracts/ledger.js';
import { invalid, refuse } from '../../contracts/refusal.js';
import { READERS } from '../../contracts/roles.js';
import { type Day, IsDay } from '../../contracts/values.js';
import {
  CASE_ID,
  caseIdIn,
  type Headers as HeaderMap,
  LEDGER_AT_LEAST,
} from '../../platform/http/headers.js';
import { By, Operation, query } from '../../platform/http/operation.js';
import { validated } from '../../platform/validated.js';
import { reach, type Reply } from './reach.js';
import { FILTER_PARAMETERS, ORDERS, parted } from './asked.js';

/** Cases are counted up to here unless all of them are asked for. */
const COUNTED = 10_000;

class ListQuery {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit = 50;
  @IsOptional() @IsIn(ORDERS) sort: LedgerOrder = '-seq';
  @IsOptional() @IsString() @MaxLength(500) after?: string;
}

class CountQuery {
  @IsOptional() @IsIn(['true', 'false']) exact = 'false';
}

class SearchBody {
  @IsString() @Length(2, 100) text!: string;
  @IsOptional() @IsObject() filter: Record<string, unknown> = {};
  @IsOptional() @IsInt() @Min(1) @Max(200) limit = 50;
  @IsOptional() @IsString() @MaxLength(500) after?: string;
}

class WorkQuery {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(50) limit = 20;
}

class CaseQuery {
  @IsOptional() @IsDay() asOf?: Day;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(Number.MAX_SAFE_INTEGER) ordinal?: number;
}

/** When a case is to be told of; undefined: now. */
function thenIn({ asOf, ordinal }: CaseQuery): LedgerCaseAsOf['then'] | undefined {
  if (asOf === undefined) return ordinal === undefined ? undefined : { ordinal };
  return ordinal === undefined
    ? { day: asOf }
    : invalid('ordinal', 'alone', 'ask for a day or for an ordinal');
}

const ROW = { $ref: '#/components/schemas/LedgerRow' };

@Controller('api/v1')
export class LedgerController {
  constructor(private readonly queries: QueryBus) {}

  @Operation({
    summary: 'The ledger, newest first, a page at a time.',
    may: READERS,
    parameters: [
      ...FILTER_PARAMETERS,
      query('sort', 'By what; `-` before it: the other way round.', {
        enum: ORDERS,
        default: '-seq',
      }),
      query('limit', 'Rows of a page.', { type: 'integer', minimum: 1, maximum: 200, default: 50 }),
      query('after', '`next` of the page before.', { type: 'string', maxLength: 500 }),
      LEDGER_AT_LEAST,
    ],
    answers: {
      200: {
        description: 'A page.',
        headers: ['Ledger-Behind'],
        schema: {
          type: 'object',
          required: ['rows'],
          properties: { rows: { type: 'array', items: ROW }, next: { type: 'string' } },
        },
      },
    },
    refusals: ['input/invalid'],
  })
  @Get('cases')
  async list(
    @By() caller: Caller,
    @Query() asked: unknown,
    @Headers() headers: HeaderMap,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<LedgerPage> {
    const { filter, rest } = parted(asked);
    const { limit, sort, after } = validated(ListQuery, rest);
    await reach(this.queries, caller, headers, reply);
    return this.queries.execute<LedgerList, LedgerPage>(new LedgerList(caller, filter, limit, sort, after));
  }

  @Operation({
    summary: 'How many cases a filter lists.',
    may: READERS,
    parameters: [
      ...FILTER_PARAMETERS,
      query('exact', `Counted beyond ${COUNTED} too.`, { type: 'boolean', default: false }),
      LEDGER_AT_LEAST,
    ],
    answers: {
      200: {
        description: 'The count.',
        headers: ['Ledger-Behind'],
        schema: {
          type: 'object',
          required: ['cases', 'weight', 'more'],
          properties: {
            cases: { type: 'integer' },
            weight: { type: 'integer', description: 'In thousandths.' },
            more: { type: 'boolean', description: 'There are more, which were not counted.' },
          },
        },
      },
    },
    refusals: ['input/invalid'],
  })
  @Get('cases/count')
  async count(
    @By() caller: Caller,
    @Query() asked: unknown,
    @Headers() headers: HeaderMap,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<LedgerCount> {
    const { filter, rest } = parted(asked);
    const { exact } = validated(CountQuery, rest);
    await reach(this.queries, caller, headers, reply);
    const most = exact === 'true' ? Number.MAX_SAFE_INTEGER - 1 : COUNTED;
    return this.queries.execute<CountCases, LedgerCount>(new CountCases(caller, filter, most));
  }

  @Operation({
    summary: 'Cases in which all words of a text stand, newest first. Two characters are enough.',
    may: READERS,
    parameters: [LEDGER_AT_LEAST],
    body: {
      'application/json': {
        type: 'object',
        required: ['text'],
        additionalProperties: false,
        properties: {
          text: { type: 'string', minLength: 2, maxLength: 100 },
          filter: {
            type: 'object',
            additionalProperties: { type: 'string' },
            description: 'As the parameters of `GET /api/v1/cases`.',
          },
          limit: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
          after: { type: 'string', maxLength: 500 },
        },
      },
    },
    answers: {
      200: {
        description: 'A page.',
        headers: ['Ledger-Behind'],
        schema: {
          type: 'object',
          required: ['rows'],
          properties: { rows: { type: 'array', items: ROW }, next: { type: 'string' } },
        },
      },
    },
    refusals: ['input/json', 'input/invalid', 'input/too-large', 'input/media-type'],
  })
  // A body, as what is looked for stands in no address and no log.
  @Post('cases/search')
  @HttpCode(200)
  async search(
    @By() caller: Caller,
    @Body() body: unknown,
    @Headers() headers: HeaderMap,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<LedgerPage> {
    const { text, filter, limit, after } = validated(SearchBody, body ?? {});
    const { rest } = parted(filter);
    for (const name of Object.keys(rest)) invalid(`filter.${name}`, 'unknown', `${name} is no filter`);
    await reach(this.queries, caller, headers, reply);
    return this.queries.execute<SearchCases, LedgerPage>(
      new SearchCases(caller, text, parted(filter).filter, limit, after),
    );
  }

  @Operation({
    summary:
      'What must I do today: the cases that wait for me, by what is to be done, the first of each group.',
    may: READERS,
    parameters: [
      query('limit', 'Rows of a group.', { type: 'integer', minimum: 1, maximum: 50, default: 20 }),
      LEDGER_AT_LEAST,
    ],
    answers: {
      200: {
        description: 'The groups of the caller’s role, in order.',
        headers: ['Ledger-Behind'],
        schema: {
          type: 'object',
          required: ['groups'],
          properties: { groups: { type: 'array', items: { $ref: '#/components/schemas/WorkGroup' } } },
        },
      },
    },
    refusals: ['input/invalid'],
  })
  @Get('worklists')
  async work(
    @By() caller: Caller,
    @Query() asked: unknown,
    @Headers() headers: HeaderMap,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<{ groups: WorkGroup[] }> {
    const { limit } = validated(WorkQuery, { ...(asked as object) });
    await reach(this.queries, caller, headers, reply);
    return { groups: await this.queries.execute<MyWork, WorkGroup[]>(new MyWork(caller, limit)) };
  }

  @Operation({
    summary:
      'One case: its row, and what may be done with it, by whom, and why not; or its row as it was, without that.',
    may: READERS,
    parameters: [
      CASE_ID,
      query('asOf', 'As it was at the end of this day.', { type: 'string', format: 'date' }),
      query('ordinal', 'As it was behind this ordinal of the log.', { type: 'integer', minimum: 1 }),
      LEDGER_AT_LEAST,
    ],
    answers: {
      200: {
        description: 'The case.',
        headers: ['ETag', 'Ledger-Behind'],
        schema: {
          allOf: [ROW],
          type: 'object',
          properties: {
            asOf: { type: 'string', format: 'date', description: 'As of which day it is told.' },
            haltedAt: { type: ['integer', 'null'], description: 'The revision that could not be read on.' },
            actions: { type: 'array', items: { $ref: '#/components/schemas/ActionOffer' } },
          },
        },
      },
    },
    refusals: ['case/unknown', 'input/invalid', 'log/unavailable'],
  })
  @Get('cases/:id')
  async one(
    @Param('id') id: string,
    @By() caller: Caller,
    @Query() asked: unknown,
    @Headers() headers: HeaderMap,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<(LedgerDetail & { actions: ActionOffer[] }) | LedgerCaseThen> {
    const caseId = caseIdIn(id);
    const then = thenIn(validated(CaseQuery, asked));
    await reach(this.queries, caller, headers, reply);
    if (then) {
      const ask = new LedgerCaseAsOf(caller, caseId, then);
      const past = await this.queries.execute<LedgerCaseAsOf, LedgerCaseThen | null>(ask);
      return past ?? refuse('case/unknown');
    }
    const [row, actions] = await Promise.all([
      this.queries.execute<LedgerCase, LedgerDetail | null>(new LedgerCase(caller, caseId)),
      this.queries.execute<ActionsOn, ActionOffer[]>(new ActionsOn(caseId, caller)),
    ]);
    if (!row) return refuse('case/unknown');
    reply.header('ETag', `"${row.revision}"`);
    return { ...row, actions };
  }
}
