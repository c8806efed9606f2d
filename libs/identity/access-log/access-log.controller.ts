import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { AccessLogPage, type AccessPage, type Outcome, OUTCOMES } from '../../contracts/access.js';
import { type Caller } from '../../contracts/envelope.js';
import { IsDay, IsId } from '../../contracts/values.js';
import { UUID } from '../../platform/http/headers.js';
import { By, Operation, query } from '../../platform/http/operation.js';
import { validated } from '../../platform/validated.js';

class PageQuery {
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(200) limit = 50;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(Number.MAX_SAFE_INTEGER) before?: number;
  @IsOptional() @IsId() person?: string;
  @IsOptional() @Matches(UUID) caseId?: string;
  @IsOptional() @IsIn(OUTCOMES) outcome?: Outcome;
  @IsOptional() @IsDay() from?: string;
  @IsOptional() @IsDay() until?: string;
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
    route: { ...text, description: 'From which somebody was turned away.' },
    code: { ...text, description: 'With which.' },
    times: { type: 'integer', description: 'How often more, within the minute after.' },
    outcome: { enum: [...OUTCOMES] },
    hash: { type: 'string', description: 'Of this entry and of all before it.' },
  },
};

@Controller('api/v1/access-log')
export class AccessLogController {
  constructor(private readonly queries: QueryBus) {}

  @Operation({
    summary:
      'Who saw personal data, exported cases or was turned away, when and what for: newest first, a page at a time.',
    may: ['auditor', 'audit-admin'],
    parameters: [
      query('limit', 'Entries of a page.', { type: 'integer', minimum: 1, maximum: 200, default: 50 }),
      query('before', 'From the page before.', { type: 'integer', minimum: 1 }),
      query('person', 'Accesses of this person.', text),
      query('caseId', 'Accesses to this case.', { ...text, format: 'uuid' }),
      query('outcome', 'Accesses that came to this.', { enum: [...OUTCOMES] }),
      query('from', 'Accesses from this day on.', { ...text, format: 'date' }),
      query('until', 'Accesses up to this day.', { ...text, format: 'date' }),
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
    const { limit, before, ...filter } = validated(PageQuery, { ...(asked as object) });
    return this.queries.execute<AccessLogPage, AccessPage>(new AccessLogPage(caller, filter, limit, before));
  }
}
