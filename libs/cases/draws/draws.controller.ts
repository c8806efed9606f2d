import { Body, Controller, Get, Headers, Param, Post, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { type Draw, DrawLookBack, DrawOf, type DrawReceipt, OnDraw } from '../../contracts/draws.js';
import { type Caller } from '../../contracts/envelope.js';
import { refuse } from '../../contracts/refusal.js';
import {
  type Headers as HeaderMap,
  IDEMPOTENCY_KEY,
  idempotencyKey,
  tracing,
  uuidIn,
} from '../../platform/http/headers.js';
import { By, Operation, type Schema } from '../../platform/http/operation.js';
import { validated } from '../../platform/validated.js';

interface Reply {
  status: (status: number) => Reply;
}
const RECEIPT = { $ref: '#/components/schemas/DrawReceipt' };

@Controller('api/v1/draws')
export class DrawsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Operation({
    summary: 'Draws closed cases to be looked back at.',
    may: ['inspector'],
    parameters: [IDEMPOTENCY_KEY],
    body: { 'application/json': { $ref: '#/components/schemas/DrawLookBack' } },
    answers: {
      200: { description: 'This very draw had been made before.', schema: RECEIPT },
      201: { description: 'Drawn.', schema: RECEIPT },
    },
    refusals: ['case/on-leave', 'draw/empty'],
  })
  @Post()
  async draw(
    @By() caller: Caller,
    @Headers() headers: HeaderMap,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<DrawReceipt> {
    const about = { idempotencyKey: idempotencyKey(headers), ...tracing(headers) };
    const command = new OnDraw(validated(DrawLookBack, body ?? {}), caller, about);
    const receipt = await this.commands.execute<OnDraw, DrawReceipt>(command);
    reply.status(receipt.repeated ? 200 : 201);
    return receipt;
  }

  @Operation({
    summary: 'A draw: its seed, what was drawn from, and what was drawn.',
    may: ['inspector'],
    parameters: [
      {
        ...{ name: 'id', in: 'path', required: true, description: 'The draw.' },
        schema: { type: 'string', format: 'uuid' },
      },
    ],
    answers: { 200: { description: 'The draw.', schema: { $ref: '#/components/schemas/Draw' } } },
    refusals: ['draw/unknown', 'log/unavailable'],
  })
  @Get(':id')
  one(@Param('id') id: string, @By() caller: Caller): Promise<Draw> {
    const ask = new DrawOf(uuidIn(id) ?? refuse('draw/unknown'), caller);
    return this.queries.execute<DrawOf, Draw>(ask);
  }
}

const ID = { type: 'string', format: 'uuid' };

export const drawSchemas: Record<string, Schema> = {
  DrawReceipt: {
    type: 'object',
    required: ['draw', 'repeated'],
    properties: { draw: ID, repeated: { type: 'boolean' } },
  },
  Draw: {
    type: 'object',
    required: ['seed', 'frame', 'size', 'candidates', 'digest', 'cases', 'drawnAt', 'unit'],
    properties: {
      seed: { type: 'string' },
      frame: { $ref: '#/components/schemas/Frame' },
      size: { type: 'integer' },
      candidates: { type: 'integer', description: 'How many there were to draw from.' },
      digest: { type: 'string', description: 'SHA-256 of the RFC 8785 JSON of their sorted ids.' },
      cases: { type: 'array', items: ID },
      drawnAt: { type: 'string' },
      unit: { type: 'string' },
    },
  },
};
