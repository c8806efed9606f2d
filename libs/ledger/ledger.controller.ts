import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { type ActionOffer, ActionsOn, type Caller } from '../contracts/envelope.js';
import { SEVERITIES, type Severity } from '../contracts/intake.js';
import {
  type Figure,
  LedgerCase,
  type LedgerDetail,
  LedgerFigures,
  LedgerList,
  type LedgerPage,
  LedgerReached,
} from '../contracts/ledger.js';
import { applyDecorators } from '../contracts/decorators.js';
import { refuse } from '../contracts/refusal.js';
import { READERS } from '../contracts/roles.js';
import { STATUSES, type Status } from '../contracts/status.js';
import { IsId } from '../contracts/values.js';
import {
  CASE_ID,
  caseIdIn,
  type Headers as HeaderMap,
  LEDGER_AT_LEAST,
  ledgerAtLeast,
} from '../platform/http/headers.js';
import { By, Operation, type Parameter } from '../platform/http/operation.js';
import { validated } from '../platform/validated.js';

/** A query that carries a receipt waits this long for it, in milliseconds. */
const PATIENCE = 2000;

/** true or false as it stands in an address. */
const IsFlag = (): PropertyDecorator =>
  applyDecorators(
    IsOptional(),
    Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : (value as unknown))),
    IsBoolean(),
  );

class ListQuery {
  @IsOptional() @IsIn(Object.keys(STATUSES)) status?: Status;
  @IsOptional() @IsIn(SEVERITIES) severity?: Severity;
  @IsOptional() @IsId() division?: string;
  @IsOptional() @IsId() lead?: string;
  @IsFlag() reopened?: boolean;
  @IsFlag() adopted?: boolean;
  @IsFlag() proven?: boolean;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit = 50;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(Number.MAX_SAFE_INTEGER) before?: number;
}

interface Reply {
  header: (name: string, value: string) => Reply;
}

const query = (name: string, description: string, schema: Parameter['schema']): Parameter => ({
  ...{ name, description, schema },
  in: 'query',
});
const ROW = { $ref: '#/components/schemas/LedgerRow' };

@Controller('api/v1')
export class LedgerController {
  constructor(private readonly queries: QueryBus) {}

  @Operation({
    summary: 'The ledger, newest first, a page at a time.',
    may: READERS,
    parameters: [
      query('status', 'Only cases that stand there.', { enum: Object.keys(STATUSES) }),
      query('severity', 'Only of this severity.', { enum: [...SEVERITIES] }),
      query('division', 'Only in this division.', { type: 'string' }),
      query('lead', 'Only with this lead unit.', { type: 'string' }),
      query('reopened', 'Only those that were reopened, or were not.', { type: 'boolean' }),
      query('adopted', 'Only those that came from an old ledger, or did not.', { type: 'boolean' }),
      query('proven', 'Only those closed by the road of this system, or not.', { type: 'boolean' }),
      query('limit', 'Rows of a page.', { type: 'integer', minimum: 1, maximum: 200, default: 50 }),
      query('before', 'From the page before.', { type: 'integer', minimum: 1 }),
      LEDGER_AT_LEAST,
    ],
    answers: {
      200: {
        description: 'A page.',
        headers: ['Ledger-Behind'],
        schema: {
          type: 'object',
          required: ['rows'],
          properties: { rows: { type: 'array', items: ROW }, before: { type: 'integer' } },
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
    const { limit, before, ...filter } = validated(ListQuery, { ...(asked as object) });
    await this.#reach(caller, headers, reply);
    return this.queries.execute<LedgerList, LedgerPage>(new LedgerList(caller, filter, limit, before));
  }

  @Operation({
    summary: 'One case: its row, and what may be done with it, by whom, and why not.',
    may: READERS,
    parameters: [CASE_ID, LEDGER_AT_LEAST],
    answers: {
      200: {
        description: 'The case.',
        headers: ['ETag', 'Ledger-Behind'],
        schema: {
          allOf: [ROW],
          type: 'object',
          required: ['actions'],
          properties: {
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
    @Headers() headers: HeaderMap,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<LedgerDetail & { actions: ActionOffer[] }> {
    const caseId = caseIdIn(id);
    await this.#reach(caller, headers, reply);
    const [row, actions] = await Promise.all([
      this.queries.execute<LedgerCase, LedgerDetail | null>(new LedgerCase(caller, caseId)),
      this.queries.execute<ActionsOn, ActionOffer[]>(new ActionsOn(caseId, caller)),
    ]);
    if (!row) return refuse('case/unknown');
    reply.header('ETag', `"${row.revision}"`);
    return { ...row, actions };
  }

  @Operation({
    summary: 'Counts of cases, each with the filter that lists them.',
    may: READERS,
    parameters: [LEDGER_AT_LEAST],
    answers: {
      200: {
        description: 'The figures.',
        headers: ['Ledger-Behind'],
        schema: {
          type: 'object',
          required: ['figures'],
          properties: { figures: { type: 'array', items: { $ref: '#/components/schemas/Figure' } } },
        },
      },
    },
    refusals: ['input/invalid'],
  })
  @Get('figures')
  async figures(
    @By() caller: Caller,
    @Headers() headers: HeaderMap,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<{ figures: Figure[] }> {
    await this.#reach(caller, headers, reply);
    return { figures: await this.queries.execute<LedgerFigures, Figure[]>(new LedgerFigures(caller)) };
  }

  async #reach(caller: Caller, headers: HeaderMap, reply: Reply): Promise<void> {
    const promised = ledgerAtLeast(headers);
    if (!promised) return;
    const ask = new LedgerReached(caller, promised.caseId, promised.revision, PATIENCE);
    if (!(await this.queries.execute<LedgerReached, boolean>(ask))) reply.header('Ledger-Behind', 'true');
  }
}
