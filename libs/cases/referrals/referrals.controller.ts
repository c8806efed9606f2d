import { Body, Controller, Get, Headers, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { type Caller } from '../../contracts/envelope.js';
import {
  AnswerReferral,
  OnReferral,
  ReferClue,
  ReferralOf,
  type ReferralPage,
  type ReferralReceipt,
  type ReferralRow,
  Referrals,
} from '../../contracts/referrals.js';
import { refuse } from '../../contracts/refusal.js';
import {
  type Headers as HeaderMap,
  IDEMPOTENCY_KEY,
  idempotencyKey,
  tracing,
  uuidIn,
} from '../../platform/http/headers.js';
import { By, Operation, type Parameter } from '../../platform/http/operation.js';
import { validated } from '../../platform/validated.js';

interface Reply {
  status: (status: number) => Reply;
}

class ListQuery {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit = 50;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(Number.MAX_SAFE_INTEGER) before?: number;
}

const ID: Parameter = {
  ...{ name: 'id', in: 'path', required: true, description: 'The referral.' },
  schema: { type: 'string', format: 'uuid' },
};
const RECEIPT = { $ref: '#/components/schemas/ReferralReceipt' };
const ROW = { $ref: '#/components/schemas/ReferralRow' };

@Controller('api/v1/referrals')
export class ReferralsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Operation({
    summary: 'Hands a clue to a discipline organ. Nothing of it shows in the case.',
    may: ['inspector'],
    parameters: [IDEMPOTENCY_KEY],
    body: { 'application/json': { $ref: '#/components/schemas/ReferClue' } },
    answers: {
      200: { description: 'This very command had been carried out before.', schema: RECEIPT },
      201: { description: 'Referred.', schema: RECEIPT },
    },
    refusals: ['case/unknown', 'case/role', 'case/on-leave'],
  })
  @Post()
  async refer(
    @By() caller: Caller,
    @Headers() headers: HeaderMap,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<ReferralReceipt> {
    const receipt = await this.#give(undefined, ReferClue, body, caller, headers);
    reply.status(receipt.repeated ? 200 : 201);
    return receipt;
  }

  @Operation({
    summary: 'Enters what the organ made of a clue.',
    may: ['inspector'],
    parameters: [ID, IDEMPOTENCY_KEY],
    body: { 'application/json': { $ref: '#/components/schemas/AnswerReferral' } },
    answers: { 200: { description: 'Done, now or before.', schema: RECEIPT } },
    refusals: ['referral/unknown', 'case/on-leave', 'referral/answered'],
  })
  @Post(':id/answer-referral')
  async answer(
    @Param('id') id: string,
    @By() caller: Caller,
    @Headers() headers: HeaderMap,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<ReferralReceipt> {
    reply.status(200);
    return this.#give(known(id), AnswerReferral, body, caller, headers);
  }

  @Operation({
    summary: 'Clues about cases that the own unit covers, newest first, a page at a time.',
    may: ['inspector'],
    parameters: [
      {
        ...{ name: 'limit', in: 'query', description: 'Rows of a page.' },
        schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
      },
      {
        ...{ name: 'before', in: 'query', description: 'From the page before.' },
        schema: { type: 'integer', minimum: 1 },
      },
    ],
    answers: {
      200: {
        description: 'A page.',
        schema: {
          type: 'object',
          required: ['rows'],
          properties: { rows: { type: 'array', items: ROW }, before: { type: 'integer' } },
        },
      },
    },
    refusals: ['input/invalid', 'log/unavailable'],
  })
  @Get()
  list(@By() caller: Caller, @Query() asked: unknown): Promise<ReferralPage> {
    const { limit, before } = validated(ListQuery, { ...(asked as object) });
    return this.queries.execute<Referrals, ReferralPage>(new Referrals(caller, limit, before));
  }

  @Operation({
    summary: 'One clue.',
    may: ['inspector'],
    parameters: [ID],
    answers: { 200: { description: 'The clue.', schema: ROW } },
    refusals: ['referral/unknown', 'log/unavailable'],
  })
  @Get(':id')
  async one(@Param('id') id: string, @By() caller: Caller): Promise<ReferralRow> {
    const ask = new ReferralOf(caller, known(id));
    const row = await this.queries.execute<ReferralOf, ReferralRow | null>(ask);
    return row ?? refuse('referral/unknown');
  }

  #give(
    referral: string | undefined,
    command: new () => ReferClue | AnswerReferral,
    body: unknown,
    caller: Caller,
    headers: HeaderMap,
  ): Promise<ReferralReceipt> {
    const about = { idempotencyKey: idempotencyKey(headers), ...tracing(headers) };
    const given = new OnReferral(referral, validated(command, body ?? {}), caller, about);
    return this.commands.execute<OnReferral, ReferralReceipt>(given);
  }
}

const known = (id: string): string => uuidIn(id) ?? refuse('referral/unknown');
