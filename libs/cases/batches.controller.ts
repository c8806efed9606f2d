import { Body, Controller, Get, Headers, Param, Post, Res } from '@nestjs/common';
import { type Batch, DecideMany } from '../contracts/batch.js';
import { type Caller } from '../contracts/envelope.js';
import { refuse } from '../contracts/refusal.js';
import { personalFields } from '../contracts/sealing.js';
import {
  type Headers as HeaderMap,
  IDEMPOTENCY_KEY,
  idempotencyKey,
  UUID,
} from '../platform/http/headers.js';
import { By, Operation } from '../platform/http/operation.js';
import { validated } from '../platform/validated.js';
import { Batches } from './batches.js';
import { commandIn, COMMANDERS } from './cases.controller.js';
import { caseCommands, pathOf, rowAt } from './commands.js';
import { type AnyCaseRow, isInternal } from './table.js';

interface Reply {
  status: (status: number) => Reply;
  header: (name: string, value: string) => Reply;
}

/** Commands on cases that say the same of each: none that begins one, brings files or names people. */
const forMany = (row: AnyCaseRow): boolean =>
  !row.in.includes('new') && !isInternal(row) && !row.uploads && personalFields(row.command).size === 0;

const BATCH = { $ref: '#/components/schemas/Batch' };

@Controller('api/v1/decision-batches')
export class BatchesController {
  constructor(private readonly batches: Batches) {}

  @Operation({
    summary:
      'Decides many cases alike: one command for each, carried out one by one, each with its own result.',
    may: COMMANDERS,
    parameters: [IDEMPOTENCY_KEY],
    body: { 'application/json': { $ref: '#/components/schemas/DecideMany' } },
    answers: { 202: { description: 'It is under way.', schema: BATCH, headers: ['Location'] } },
    refusals: ['batch/command'],
  })
  @Post()
  async give(
    @By() caller: Caller,
    @Headers() headers: HeaderMap,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<Batch> {
    const key = idempotencyKey(headers);
    const many = validated(DecideMany, body);
    const row = rowAt(many.command);
    if (!row || !forMany(row)) return refuse('batch/command');
    const { command, entry } = commandIn(row, many.body);
    const { cases, command: name } = many;
    const plain = JSON.parse(JSON.stringify(command)) as object;
    const id = await this.batches.take(caller, key, { command: name, cases, body: plain }, entry);
    reply.status(202).header('Location', `/api/v1/decision-batches/${id}`);
    return this.batches.of(id, caller);
  }

  @Operation({
    summary: 'What became of each case of a batch, for whoever gave it.',
    may: COMMANDERS,
    parameters: [
      {
        ...{ name: 'id', in: 'path', required: true, description: 'The batch.' },
        schema: { type: 'string', format: 'uuid' },
      },
    ],
    answers: { 200: { description: 'Its cases in their order.', schema: BATCH } },
    refusals: ['batch/unknown'],
  })
  @Get(':id')
  async of(@Param('id') id: string, @By() caller: Caller): Promise<Batch> {
    return UUID.test(id) ? this.batches.of(id, caller) : refuse('batch/unknown');
  }
}

export const batchSchemas = {
  Batch: {
    type: 'object',
    required: ['batch', 'command', 'done', 'results'],
    properties: {
      batch: { type: 'string', format: 'uuid' },
      command: { enum: caseCommands.filter(forMany).map(pathOf) },
      done: { type: 'boolean' },
      results: {
        type: 'array',
        items: {
          type: 'object',
          required: ['case', 'status'],
          properties: {
            case: { type: 'string', format: 'uuid' },
            status: { enum: ['waiting', 'done', 'refused'] },
            code: { type: 'string', description: 'Why it was refused.' },
            revision: { type: 'integer' },
          },
        },
      },
    },
  },
};
