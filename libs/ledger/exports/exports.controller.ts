import { Controller, Get, Headers, Logger, Param, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { IsIn, IsOptional } from 'class-validator';
import { type Caller } from '../../contracts/envelope.js';
import { type LedgerOrder } from '../../contracts/ledger.js';
import { type FormName } from '../../contracts/messages/forms.js';
import { READERS } from '../../contracts/roles.js';
import {
  CASE_ID,
  caseIdIn,
  type Headers as HeaderMap,
  LEDGER_AT_LEAST,
} from '../../platform/http/headers.js';
import { CATALOGUES, languageFor } from '../../platform/http/language.js';
import { By, Operation, type OperationOf, type Parameter, query } from '../../platform/http/operation.js';
import { validated } from '../../platform/validated.js';
import { FILTER_PARAMETERS, ORDERS, parted } from '../asking/asked.js';
import { reach } from '../asking/reach.js';
import { type CasePaper } from './case-paper.js';
import { FormExport } from './form-export.js';
import { PaperExport } from './paper-export.js';
import { type FileReply, sent } from './file.js';
import { type Format, LedgerExport } from './ledger-export.js';

/** Who takes cases out of the system: all who read them, but for third parties. */
const TAKERS = READERS.filter((role) => role !== 'evaluator');

class LedgerQuery {
  @IsOptional() @IsIn(['xlsx', 'csv']) format: Format = 'xlsx';
  @IsOptional() @IsIn(ORDERS) sort: LedgerOrder = '-seq';
}

class FormQuery {
  @IsOptional() @IsIn(ORDERS) sort: LedgerOrder = 'seq';
}

const SORT = (by: LedgerOrder): Parameter =>
  query('sort', 'By what; `-` before it: the other way round.', { enum: ORDERS, default: by });
const FILE = { 200: { description: 'The file.', headers: ['Content-Disposition', 'Ledger-Behind'] } };

const formOperation = (form: string): OperationOf => ({
  summary: `The cases that a filter lists, at most 500, on the form ${form}. It is noted who took them.`,
  may: TAKERS,
  parameters: [...FILTER_PARAMETERS, SORT('seq'), LEDGER_AT_LEAST],
  answers: FILE,
  refusals: ['input/invalid', 'log/unavailable'],
});

const paperOperation = (what: string): OperationOf => ({
  summary: `${what}, as PDF to be printed and signed. It is noted who took it.`,
  may: TAKERS,
  parameters: [CASE_ID, LEDGER_AT_LEAST],
  answers: FILE,
  refusals: ['case/unknown', 'log/unavailable'],
});

@Controller('api/v1')
export class ExportsController {
  readonly #log = new Logger('Exports');

  constructor(
    private readonly ledger: LedgerExport,
    private readonly forms: FormExport,
    private readonly papers: PaperExport,
    private readonly queries: QueryBus,
  ) {}

  @Operation({
    summary: 'The ledger as a file, every row that the filter lists. It is noted who took what.',
    may: TAKERS,
    parameters: [
      ...FILTER_PARAMETERS,
      query('format', 'A workbook, or CSV in UTF-8.', { enum: ['xlsx', 'csv'], default: 'xlsx' }),
      SORT('-seq'),
      LEDGER_AT_LEAST,
    ],
    answers: FILE,
    refusals: ['input/invalid'],
  })
  @Get('exports/ledger')
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

  @Operation(formOperation('检查隐患问题整改通知单'))
  @Get('exports/notice')
  async notice(
    @By() caller: Caller,
    @Query() asked: unknown,
    @Headers() headers: HeaderMap,
    @Res() reply: FileReply,
  ): Promise<void> {
    await this.#form('notice', caller, asked, headers, reply);
  }

  @Operation(formOperation('检查问题销号申请单'))
  @Get('exports/closure-application')
  async application(
    @By() caller: Caller,
    @Query() asked: unknown,
    @Headers() headers: HeaderMap,
    @Res() reply: FileReply,
  ): Promise<void> {
    await this.#form('closure-application', caller, asked, headers, reply);
  }

  @Operation({
    ...paperOperation('The closing of a case (销号单)'),
    refusals: ['case/unknown', 'case/status', 'log/unavailable'],
  })
  @Get('cases/:id/closure-form.pdf')
  async closure(
    @Param('id') id: string,
    @By() caller: Caller,
    @Headers() headers: HeaderMap,
    @Res() reply: FileReply,
  ): Promise<void> {
    await this.#paper('closure-form', id, caller, headers, reply);
  }

  @Operation(paperOperation('What is to be put right of a case (整改通知单)'))
  @Get('cases/:id/notice.pdf')
  async caseNotice(
    @Param('id') id: string,
    @By() caller: Caller,
    @Headers() headers: HeaderMap,
    @Res() reply: FileReply,
  ): Promise<void> {
    await this.#paper('case-notice', id, caller, headers, reply);
  }

  async #form(
    form: FormName,
    caller: Caller,
    asked: unknown,
    headers: HeaderMap,
    reply: FileReply,
  ): Promise<void> {
    const { filter, rest } = parted(asked);
    const { sort: order } = validated(FormQuery, rest);
    await reach(this.queries, caller, headers, reply);
    await sent(reply, `${form}.xlsx`, this.#log, (open) =>
      this.forms.write({ caller, filter, order }, form, open),
    );
  }

  async #paper(
    form: CasePaper,
    id: string,
    caller: Caller,
    headers: HeaderMap,
    reply: FileReply,
  ): Promise<void> {
    const caseId = caseIdIn(id);
    await reach(this.queries, caller, headers, reply);
    await sent(reply, `${form}.pdf`, this.#log, (open) => this.papers.write(caller, caseId, form, open));
  }
}
