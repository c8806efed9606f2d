import { Body, Controller, Get, Headers, HttpCode, Param, Post } from '@nestjs/common';
import { type Caller } from '../../contracts/envelope.js';
import { AskErasure, EndErasure, ERASURE_STATES, type ErasureRequest } from '../../contracts/erasures.js';
import { refuse, type RefusalCode } from '../../contracts/refusal.js';
import {
  type Headers as HeaderMap,
  IDEMPOTENCY_KEY,
  idempotencyKey,
  uuidIn,
} from '../../platform/http/headers.js';
import {
  By,
  Operation,
  type OperationOf,
  type Parameter,
  type Schema,
} from '../../platform/http/operation.js';
import { validated } from '../../platform/validated.js';
import { APPROVERS, ErasureRequests } from './erasure-requests.js';

const REQUEST_ID: Parameter = {
  ...{ name: 'id', in: 'path', required: true, description: 'The request.' },
  schema: { type: 'string', format: 'uuid' },
};
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const ENDED: readonly RefusalCode[] = ['erasure/unknown', 'erasure/ended'];
const SECOND: readonly RefusalCode[] = ['administrator/second-same', 'administrator/second-missing'];
const answers = { 200: { description: 'The request.', schema: ref('ErasureRequest') } };
const ended = (summary: string, rest: Pick<OperationOf, 'may' | 'refusals'>): OperationOf => ({
  ...{ summary, answers, parameters: [REQUEST_ID], ...rest },
  body: { 'application/json': ref('EndErasure') },
});

@Controller('api/v1/erasure-requests')
export class ErasureRequestsController {
  constructor(private readonly requests: ErasureRequests) {}

  @Operation({
    summary:
      'Asks that somebody be erased for good: whoever a text of a case belongs to, or a person of the register.',
    may: ['security-admin'],
    parameters: [IDEMPOTENCY_KEY],
    body: { 'application/json': ref('AskErasure') },
    answers: { 201: { description: 'It waits for a second administrator.', schema: ref('ErasureRequest') } },
    refusals: ['personal/unknown', 'log/unavailable'],
  })
  @Post()
  ask(@By() caller: Caller, @Headers() headers: HeaderMap, @Body() body: unknown): Promise<ErasureRequest> {
    const key = idempotencyKey(headers);
    return this.requests.ask(validated(AskErasure, body), caller, key);
  }

  @Operation({
    summary: 'The requests, those asked for last first, at most 200.',
    may: APPROVERS,
    answers: {
      200: { description: 'Each with its steps.', schema: { type: 'array', items: ref('ErasureRequest') } },
    },
  })
  @Get()
  all(): Promise<ErasureRequest[]> {
    return this.requests.all();
  }

  @Operation({
    summary: 'A request and its steps.',
    ...{ may: APPROVERS, parameters: [REQUEST_ID], answers, refusals: ['erasure/unknown'] },
  })
  @Get(':id')
  of(@Param('id') id: string): Promise<ErasureRequest> {
    return this.requests.of(idIn(id));
  }

  @Operation({
    summary:
      'Approves a request of another administrator: it is erased for good, a person at once, many cases one after another.',
    ...{ may: APPROVERS, parameters: [REQUEST_ID], answers },
    refusals: [...ENDED, ...SECOND, 'log/unavailable'],
  })
  @HttpCode(200)
  @Post(':id/approve')
  approve(@Param('id') id: string, @By() caller: Caller): Promise<ErasureRequest> {
    return this.requests.approve(idIn(id), caller);
  }

  @Operation(
    ended('Refuses a request of another administrator.', { may: APPROVERS, refusals: [...ENDED, ...SECOND] }),
  )
  @HttpCode(200)
  @Post(':id/refuse')
  refuse(@Param('id') id: string, @By() caller: Caller, @Body() body: unknown): Promise<ErasureRequest> {
    return this.requests.refuse(idIn(id), validated(EndErasure, body).reason, caller);
  }

  @Operation(
    ended('Withdraws a request of one’s own.', {
      may: ['security-admin'],
      refusals: [...ENDED, 'erasure/of-another'],
    }),
  )
  @HttpCode(200)
  @Post(':id/withdraw')
  withdraw(@Param('id') id: string, @By() caller: Caller, @Body() body: unknown): Promise<ErasureRequest> {
    return this.requests.withdraw(idIn(id), validated(EndErasure, body).reason, caller);
  }
}

const idIn = (text: string): string => uuidIn(text) ?? refuse('erasure/unknown');

const [uuid, text, whole]: Schema[] = [
  { type: 'string', format: 'uuid' },
  { type: 'string' },
  { type: 'integer' },
];

export const erasureSchemas: Record<string, Schema> = {
  ErasureRequest: {
    type: 'object',
    required: ['request', 'state', 'texts', 'history'],
    properties: {
      ...{ request: uuid, state: { enum: [...ERASURE_STATES] }, case: uuid, person: text },
      ...{ revision: whole, field: text, legalGround: text },
      texts: {
        ...whole,
        description:
          'Of the same holder, which are erased together; of many cases, all that are sealed in them.',
      },
      retention: ref('RetentionAsked'),
      history: {
        type: 'array',
        items: {
          type: 'object',
          required: ['state', 'by', 'role', 'at'],
          properties: {
            ...{ state: { enum: [...ERASURE_STATES] }, by: text, role: text },
            ...{ at: { type: 'string', format: 'date-time' }, reason: text },
          },
        },
      },
    },
  },
};
