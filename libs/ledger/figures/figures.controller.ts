import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { IsIn, IsOptional, IsString, Length } from 'class-validator';
import { type Caller } from '../../contracts/envelope.js';
import { FIGURE_GROUPS, type Figures, type FiguresAsked, LedgerFigures } from '../../contracts/ledger.js';
import { READERS } from '../../contracts/roles.js';
import { type Day, type DivisionId, IsDay } from '../../contracts/values.js';
import { type Headers as HeaderMap, LEDGER_AT_LEAST } from '../../platform/http/headers.js';
import { By, Operation, query } from '../../platform/http/operation.js';
import { validated } from '../../platform/validated.js';
import { reach, type Reply } from '../asking/reach.js';

class FiguresQuery implements FiguresAsked {
  @IsOptional() @IsString() @Length(1, 100) division?: DivisionId;
  @IsOptional() @IsString() @Length(1, 1000) category?: string;
  @IsOptional() @IsString() @Length(1, 1000) source?: string;
  @IsOptional() @IsIn(FIGURE_GROUPS) by?: (typeof FIGURE_GROUPS)[number];
  @IsOptional() @IsDay() asOf?: Day;
}

@Controller('api/v1')
export class FiguresController {
  constructor(private readonly queries: QueryBus) {}

  @Operation({
    summary: 'Counts of cases and their rates, each with the filter that lists its cases.',
    may: READERS,
    parameters: [
      query('division', 'Of this division, instead of that of the own unit.', { type: 'string' }),
      query('category', 'Whose first category is one of these, with commas.', { type: 'string' }),
      query('source', 'Of one of these sources, with commas.', { type: 'string' }),
      query('by', 'Besides, by what is asked here.', { enum: [...FIGURE_GROUPS] }),
      query('asOf', 'As they were at the end of this day; of cases that everybody in scope sees only.', {
        ...{ type: 'string', format: 'date' },
      }),
      LEDGER_AT_LEAST,
    ],
    answers: {
      200: {
        description: 'The figures.',
        headers: ['Ledger-Behind'],
        schema: { $ref: '#/components/schemas/Figures' },
      },
    },
    refusals: ['input/invalid'],
  })
  @Get('figures')
  async figures(
    @By() caller: Caller,
    @Query() asked: unknown,
    @Headers() headers: HeaderMap,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<Figures> {
    const query = validated(FiguresQuery, asked);
    await reach(this.queries, caller, headers, reply);
    return this.queries.execute<LedgerFigures, Figures>(new LedgerFigures(caller, query));
  }
}
