import { Controller, Get, Headers, Logger, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { IsIn, IsOptional } from 'class-validator';
import { type Caller } from '../../contracts/envelope.js';
import { type LedgerOrder } from '../../contracts/ledger.js';
import { READERS } from '../../contracts/roles.js';
import { type Headers as HeaderMap, LEDGER_AT_LEAST } from '../../platform/http/headers.js';
import { CATALOGUES, languageFor } from '../../platform/http/language.js';
import { By, Operation, query } from '../../platform/http/operation.js';
import { validated } from '../../platform/validated.js';
import { FILTER_PARAMETERS, ORDERS, parted } from '../asked.js';
import { reach } from '../reach.js';
import { type FileReply, sent } from './file.js';
import { type Format, LedgerExport } from './ledger-export.js';

/** Who takes cases out of the system: all who read them, but for third parties. */
const TAKERS = READERS.filter((role) => role !== 'evaluator');

class LedgerQuery {
  @IsOptional() @IsIn(['xlsx', 'csv']) format: Format = 'xlsx';
  @IsOptional() @IsIn(ORDERS) sort: LedgerOrder = '-seq';
}

@Controller('api/v1/exports')
export class ExportsController {
  readonly #log = new Logger('Exports');

  constructor(
    private readonly ledger: LedgerExport,
    private readonly queries: QueryBus,
  ) {}

  @Operation({
    summary: 'The ledger as a file, every row that the filter lists. It is noted who took what.',
    may: TAKERS,
    parameters: [
      ...FILTER_PARAMETERS,
      query('format', 'A workbook, or CSV in UTF-8.', { enum: ['xlsx', 'csv'], default: 'xlsx' }),
      query('sort', 'By what; `-` before it: the other way round.', { enum: ORDERS, default: '-seq' }),
      LEDGER_AT_LEAST,
    ],
    answers: { 200: { description: 'The file.', headers: ['Content-Disposition', 'Ledger-Behind'] } },
    refusals: ['input/invalid'],
  })
  @Get('ledger')
  async all(
    @By() caller: Caller,
    @Query() asked: unknown,
    @Headers() headers: HeaderMap,
    @Res() reply: FileReply,
  ): Promise<void> {
    const { filter, rest } = parted(asked);
    const { format, sort: order } = validated(LedgerQuery, rest);
    await reach(this.queries, caller, headers, reply);
    const catalogue = CATALOGUES[languageFor(headers['accept-language'])];
    await sent(reply, `ledger.${format}`, this.#log, (open) =>
      this.ledger.write({ caller, filter, order }, format, catalogue, open),
    );
  }
}
