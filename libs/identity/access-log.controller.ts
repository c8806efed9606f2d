import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { AccessLogPage, type AccessPage, OUTCOMES } from '../contracts/access.js';
import { type Caller } from '../contracts/envelope.js';
import { By, Operation } from '../platform/http/operation.js';
import { validated } from '../platform/validated.js';

class PageQuery {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit = 50;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(Number.MAX_SAFE_INTEGER) before?: number;
}

const text = { type: 'string' };
const ENTRY = {
  type: 'object',
  required: ['seq', 'at', 'person', 'unit', 'role', 'via', 'outcome', 'hash'],
  properties: {
    seq: { type: 'integer' },
    at: { type: 'string', format: 'date-time' },
    ...{ person: text, unit: text, role: text, onBehalfOf: text, via: text },
    caseId: { type: 'string', format: 'uuid' },
    stream: { ...text, description: 'Of a clue or a person: what is no case.' },
    revision: { type: 'integer' },
    field: text,
    purpose: text,
    subject: { ...text, description: 'Whose account was changed.' },
    filter: { type: 'object', additionalProperties: text, description: 'Of an export.' },
    rows: { type: 'integer', description: 'Cases that were exported.' },
    outcome: { enum: [...OUTCOMES] },
    hash: { type: 'string', description: 'Of this entry and of all before it.' },
  },
};

@Controller('api/v1/access-log')
export class AccessLogController {
  constructor(private readonly queries: QueryBus) {}

  @Operation({
    summary: 'Who saw personal data or exported cases, when and what for: newest first, a page at a time.',
    may: ['auditor', 'audit-admin'],
    parameters: [
      {
        name: 'limit',
        in: 'query',
        description: 'Entries of a page.',
        schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
      },
      {
        name: 'before',
        in: 'query',
        description: 'From the page before.',
        schema: { type: 'integer', minimum: 1 },
      },
    ],
    answers: {
      200: {
        description: 'A page. An auditor sees accesses to cases in scope.',
        schema: {
          type: 'object',
          required: ['entries'],
          properties: { entries: { type: 'array', items: ENTRY }, before: { type: 'integer' } },
        },
      },
    },
    refusals: ['input/invalid', 'log/unavailable'],
  })
  @Get()
  page(@By() caller: Caller, @Query() asked: unknown): Promise<AccessPage> {
    const { limit, before } = validated(PageQuery, { ...(asked as object) });
    return this.queries.execute<AccessLogPage, AccessPage>(new AccessLogPage(caller, limit, before));
  }
}
