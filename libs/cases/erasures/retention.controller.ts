import { Body, Controller, Get, Headers, Post, Query } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { type Caller } from '../../contracts/envelope.js';
import { type ErasureRequest } from '../../contracts/erasures.js';
import {
  AskRetention,
  MOST_RETAINED,
  RETENTION_OUTCOMES,
  type RetentionDue,
} from '../../contracts/retention.js';
import { type Headers as HeaderMap, IDEMPOTENCY_KEY, idempotencyKey } from '../../platform/http/headers.js';
import { By, Operation, query, type Schema } from '../../platform/http/operation.js';
import { validated } from '../../platform/validated.js';
import { APPROVERS, ErasureRequests } from './erasure-requests.js';
import { Retention } from './retention.js';

class DueQuery {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(MOST_RETAINED) limit = 50;
  @IsOptional() @IsString() @MaxLength(100) after?: string;
}

const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

/** Approved, refused or withdrawn is a request where all erasures are: at `erasure-requests`. */
@Controller('api/v1/retention')
export class RetentionController {
  constructor(
    private readonly retention: Retention,
    private readonly requests: ErasureRequests,
  ) {}

  @Operation({
    summary:
      'Cases whose time for keeping personal data is over under the policy in force, and that nobody has asked for yet: those that ended first first, a page at a time. Nothing of what they are about.',
    may: APPROVERS,
    parameters: [
      query('limit', 'Cases of a page.', {
        type: 'integer',
        minimum: 1,
        maximum: MOST_RETAINED,
        default: 50,
      }),
      query('after', '`next` of the page before.', { type: 'string', maxLength: 100 }),
    ],
    answers: {
      200: {
        description: 'A page. Without `rule` the policy has no such time, and nothing is ever due.',
        schema: ref('RetentionDue'),
      },
    },
    refusals: ['input/invalid'],
  })
  @Get('due')
  due(@Query() asked: unknown): Promise<RetentionDue> {
    const { limit, after } = validated(DueQuery, { ...(asked as object) });
    return this.retention.due(limit, after);
  }

  @Operation({
    summary:
      'Asks that the personal data of such cases be erased for good: of these, at most 200, or of those that were due on a day, at most 200 of them.',
    may: ['security-admin'],
    parameters: [IDEMPOTENCY_KEY],
    body: { 'application/json': ref('AskRetention') },
    answers: {
      201: { description: 'It waits for a second administrator.', schema: ref('ErasureRequest') },
    },
    refusals: ['retention/unset', 'retention/none', 'retention/not-due', 'log/unavailable'],
  })
  @Post('requests')
  ask(@By() caller: Caller, @Headers() headers: HeaderMap, @Body() body: unknown): Promise<ErasureRequest> {
    const key = idempotencyKey(headers);
    return this.requests.askMany(validated(AskRetention, body), caller, key);
  }
}

const [text, day, whole]: Schema[] = [
  { type: 'string' },
  { type: 'string', format: 'date' },
  { type: 'integer' },
];
const DUE = {
  case: { ...text, format: 'uuid' },
  caseNumber: text,
  endedOn: { ...day, description: 'Since when it is at its end.' },
  dueOn: { ...day, description: 'The first day on which its time was over.' },
  holders: { ...whole, description: 'Persons, free texts and files whose keys are destroyed.' },
};
const RULE = {
  type: 'object',
  required: ['policy', 'years'],
  properties: {
    policy: { ...text, description: 'The version of the policy.' },
    years: { ...whole, description: 'After the end of a case.' },
  },
};

export const retentionSchemas: Record<string, Schema> = {
  RetentionDue: {
    type: 'object',
    required: ['on', 'cases'],
    properties: {
      ...{ on: day, rule: RULE, next: text },
      cases: { type: 'array', items: { type: 'object', required: Object.keys(DUE), properties: DUE } },
    },
  },
  RetentionAsked: {
    type: 'object',
    required: ['rule', 'asked', 'erased', 'leftOut'],
    properties: {
      ...{ rule: RULE, dueBy: day, asked: whole, erased: whole },
      leftOut: { ...whole, description: 'That were not due any more when it was approved.' },
      cases: {
        type: 'array',
        description: 'Not in a list of requests.',
        items: {
          type: 'object',
          required: Object.keys(DUE),
          properties: { ...DUE, outcome: { enum: [...RETENTION_OUTCOMES] } },
        },
      },
    },
  },
};
