import { Body, Controller, Headers, Param, Post } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { type Readable } from 'node:stream';
import { type Upload } from '../contracts/case-events.js';
import { ActionsOn, type Caller } from '../contracts/envelope.js';
import { CASE_ID, caseIdIn } from '../platform/http/headers.js';
import { By, Operation } from '../platform/http/operation.js';
import { MEDIA_TYPES, Uploads } from './uploads.js';

@Controller('api/v1/cases')
export class UploadsController {
  constructor(
    private readonly uploads: Uploads,
    private readonly queries: QueryBus,
  ) {}

  @Operation({
    summary: 'Uploads a file for a case; its receipt goes into a command.',
    may: ['registrar', 'handler', 'verifier', 'evaluator', 'dispatcher', 'inspector'],
    parameters: [CASE_ID],
    body: Object.fromEntries(
      Object.keys(MEDIA_TYPES).map((type) => [type, { type: 'string', contentMediaType: type }]),
    ),
    answers: { 201: { description: 'The file is kept.', schema: { $ref: '#/components/schemas/Upload' } } },
    refusals: ['case/unknown', 'log/unavailable'],
  })
  @Post(':id/uploads')
  async receive(
    @Param('id') id: string,
    @By() caller: Caller,
    @Headers('content-type') type: string | undefined,
    @Body() content: Readable,
  ): Promise<Upload> {
    const caseId = caseIdIn(id);
    // Refuses whoever may not know of the case.
    await this.queries.execute(new ActionsOn(caseId, caller));
    return this.uploads.receive(caseId, caller.person, type ?? '', content);
  }
}

export const UPLOAD_SCHEMA = {
  type: 'object',
  required: ['receipt', 'sha256', 'bytes', 'mediaType'],
  properties: {
    receipt: { type: 'string', format: 'uuid' },
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
    bytes: { type: 'integer' },
    mediaType: { enum: Object.keys(MEDIA_TYPES) },
  },
};
