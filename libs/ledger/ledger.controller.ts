import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { type ActionOffer, ActionsOn, type Caller } from '../contracts/envelope.js';
import {
  CountCases,
  LEDGER_SORTS,
  LedgerCase,
  LedgerCaseAsOf,
  type LedgerCaseThen,
  type LedgerCount,
  type LedgerDetail,
  type LedgerFilter,
  LedgerList,
  type LedgerOrder,
  type LedgerPage,
} from '../contracts/ledger.js';
import { invalid, refuse } from '../contracts/refusal.js';
import { READERS } from '../contracts/roles.js';
import { type Day, IsDay } from '../contracts/values.js';
import { CASE_ID, caseIdIn, type Headers as HeaderMap, LEDGER_AT_LEAST } from '../platform/http/headers.js';
import { By, Operation, type Parameter, query } from '../platform/http/operation.js';
import { validated } from '../platform/validated.js';
import { reach, type Reply } from './reach.js';
import { FILTERS, isFilter, type Kind, OTHER_FILTERS } from './filters.js';

/** Cases are counted up to here unless all of them are asked for. */
const COUNTED = 10_000;

class ListQuery {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit = 50;
  @IsOptional() @IsIn(LEDGER_SORTS.flatMap((sort) => [sort, `-${sort}`])) sort: LedgerOrder = '-seq';
  @IsOptional() @IsString() @MaxLength(500) after?: string;
}

class CountQuery {
  @IsOptional() @IsIn(['true', 'false']) exact = 'false';
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

/** What a query says of columns, and the rest of it. @throws Refusal input/invalid */
function parted(asked: unknown): { filter: LedgerFilter; rest: object } {
  const filter: Record<string, string> = {};
  const rest: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(asked as Record<string, unknown>)) {
    if (!isFilter(name)) rest[name] = value;
    else if (typeof value === 'string') filter[name] = value;
    else invalid(name, 'isString', `${name} stands more than once`);
  }
  return { filter, rest };
}

const WAYS: Readonly<Record<Kind, string>> = {
  word: 'One of these values, with commas.',
  words: 'With one of these values, with commas.',
  text: 'With this in it.',
  number: 'This number, or from..to.',
  day: 'On this day, or from..to.',
  instant: 'On this day of the deployment’s zone, or from..to.',
  flag: '`true` or `false`.',
};
const FILTER_PARAMETERS: readonly Parameter[] = [
  ...[...FILTERS].map(([name, kind]) =>
    query(name, kind === 'flag' ? WAYS.flag : `${WAYS[kind]} Or is:filled, is:empty.`, { type: 'string' }),
  ),
  ...OTHER_FILTERS.map((name) => query(name, 'See the reference of the ledger.', { type: 'string' })),
];
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
        enum: LEDGER_SORTS.flatMap((sort) => [sort, `-${sort}`]),
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
