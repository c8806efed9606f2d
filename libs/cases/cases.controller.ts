import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { Type } from 'class-transformer';
import {
  type Caller,
  type CommandReceipt,
  HistoryOf,
  OnCase,
  PaperEntry,
  type PastEvent,
} from '../contracts/envelope.js';
import { Refusal, refuse } from '../contracts/refusal.js';
import { AdoptCase, AskKnown, KnownSources, RegisterProblem } from '../contracts/intake.js';
import { isAgent, READERS, type Role } from '../contracts/roles.js';
import {
  CASE_ID,
  caseIdIn,
  type Headers as HeaderMap,
  IDEMPOTENCY_KEY,
  IF_MATCH,
  idempotencyKey,
  seenRevision,
  tracing,
} from '../platform/http/headers.js';
import { By, Operation, type OperationOf } from '../platform/http/operation.js';
import { validated } from '../platform/validated.js';
import { caseCommands, pathOf, rowAt, rowOf } from './commands.js';
import { type AnyCaseRow, beginsCase, codesOf, isInternal } from './table.js';

interface Reply {
  status: (status: number) => Reply;
  header: (name: string, value: string) => Reply;
}

class Span {
  /** Revision to begin with. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(1_000_000_000) from = 0;
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(500) limit = 100;
}

const RECEIPT = { $ref: '#/components/schemas/CommandReceipt' };

/** What a route takes and answers whose command begins a case. */
const beginning = (summary: string, command: AnyCaseRow['command']): OperationOf => ({
  summary,
  may: ['registrar'],
  parameters: [IDEMPOTENCY_KEY],
  body: { 'application/json': { $ref: `#/components/schemas/${command.name}` } },
  answers: {
    200: {
      description: 'This very command had been carried out before.',
      schema: RECEIPT,
      headers: ['ETag'],
    },
    201: { description: 'The case is there.', schema: RECEIPT, headers: ['ETag', 'Location'] },
  },
  refusals: codesOf(rowOf(new command())),
});
/** Everybody whose role gives any command: which role may give which is the table's to say. */
export const COMMANDERS = [...new Set(caseCommands.flatMap(({ roles }) => roles))].filter(
  (role): role is Role => !isAgent(role),
);

@Controller('api/v1/cases')
export class CasesController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Operation(beginning('Registers a problem.', RegisterProblem))
  @Post()
  async register(
    @By() caller: Caller,
    @Headers() headers: HeaderMap,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<CommandReceipt> {
    return this.#begin(RegisterProblem, body, caller, headers, reply);
  }

  @Operation(beginning('Takes over a row of an old ledger.', AdoptCase))
  @Post('adopted')
  async adopt(
    @By() caller: Caller,
    @Headers() headers: HeaderMap,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<CommandReceipt> {
    return this.#begin(AdoptCase, body, caller, headers, reply);
  }

  /**
   * Tells no more than a registrar learns by registering: that the same line of the same document is a case already, be it
   * one that they may not see, and not which.
   */
  @Operation({
    summary: 'Says of which lines of documents there are cases already.',
    may: ['registrar'],
    body: { 'application/json': { $ref: '#/components/schemas/AskKnown' } },
    answers: {
      200: {
        description: 'In the order of the question.',
        schema: {
          type: 'object',
          required: ['known'],
          properties: { known: { type: 'array', items: { type: 'boolean' } } },
        },
      },
    },
    refusals: ['log/unavailable'],
  })
  @HttpCode(200)
  @Post('known')
  async known(@Body() body: unknown): Promise<{ known: boolean[] }> {
    const { sources } = validated(AskKnown, body);
    return { known: await this.queries.execute<KnownSources, boolean[]>(new KnownSources(sources)) };
  }

  @Operation({ summary: 'Gives a command on a case.', may: COMMANDERS, answers: {} })
  @Post(':id/:command')
  async give(
    @Param('id') id: string,
    @Param('command') command: string,
    @By() caller: Caller,
    @Headers() headers: HeaderMap,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<CommandReceipt> {
    const row = rowAt(command);
    if (!row || isInternal(row) || beginsCase(row)) return refuse('route/unknown');
    reply.status(200);
    return tagged(await this.#give(row, caseIdIn(id), body, caller, headers), reply);
  }

  @Operation({
    summary: 'What happened in a case, in order.',
    may: READERS,
    parameters: [
      CASE_ID,
      {
        name: 'from',
        in: 'query',
        description: 'Revision to begin with.',
        schema: { type: 'integer', minimum: 0 },
      },
      {
        name: 'limit',
        in: 'query',
        description: 'At most.',
        schema: { type: 'integer', minimum: 1, maximum: 500 },
      },
    ],
    answers: {
      200: {
        description: 'The events.',
        schema: { type: 'object', properties: { events: { type: 'array', items: { type: 'object' } } } },
      },
    },
    refusals: ['case/unknown', 'input/invalid', 'log/unavailable'],
  })
  @Get(':id/history')
  async history(
    @Param('id') id: string,
    @By() caller: Caller,
    @Query() query: unknown,
  ): Promise<{ events: PastEvent[] }> {
    const { from, limit } = validated(Span, { ...(query as object) });
    const ask = new HistoryOf(caseIdIn(id), caller, from, limit);
    return { events: await this.queries.execute<HistoryOf, PastEvent[]>(ask) };
  }

  async #begin(
    command: AnyCaseRow['command'],
    body: unknown,
    caller: Caller,
    headers: HeaderMap,
    reply: Reply,
  ): Promise<CommandReceipt> {
    const receipt = await this.#give(rowOf(new command()), undefined, body, caller, headers);
    reply.status(receipt.repeated ? 200 : 201).header('Location', `/api/v1/cases/${receipt.case}`);
    return tagged(receipt, reply);
  }

  #give(
    row: AnyCaseRow,
    caseId: string | undefined,
    body: unknown,
    caller: Caller,
    headers: HeaderMap,
  ): Promise<CommandReceipt> {
    const seen = caseId === undefined ? undefined : seenRevision(headers);
    const about = {
      idempotencyKey: idempotencyKey(headers),
      ...(seen !== undefined && { seen }),
      ...tracing(headers),
    };
    const { command, entry } = commandIn(row, body);
    if (entry) Object.assign(about, { entry });
    return this.commands.execute<OnCase, CommandReceipt>(new OnCase(caseId, command, caller, about));
  }
}

/** A command and, beside its fields, the paper that it was decided on before. */
export function commandIn(row: AnyCaseRow, body: unknown): { command: object; entry?: PaperEntry } {
  if (typeof body !== 'object' || body === null || Array.isArray(body) || !Object.hasOwn(body, 'entry')) {
    return { command: validated(row.command, body === undefined ? {} : body) };
  }
  const { entry, ...own } = body as Record<string, unknown>;
  const command = validated(row.command, own);
  try {
    return { command, entry: validated(PaperEntry, entry) };
  } catch (error) {
    if (error instanceof Refusal) error.details.errors?.forEach((one) => (one.field = `entry.${one.field}`));
    throw error;
  }
}

/** Examples of addresses, for the document: one for each row. */
export const commandPaths = caseCommands.filter((row) => !isInternal(row) && !beginsCase(row)).map(pathOf);

/** What a command on an existing case takes. */
export const COMMAND_PARAMETERS = [CASE_ID, IDEMPOTENCY_KEY, IF_MATCH];

function tagged(receipt: CommandReceipt, reply: Reply): CommandReceipt {
  reply.header('ETag', `"${receipt.revision}"`);
  return receipt;
}
