import {
  Body,
  Controller,
  Delete,
  Head,
  Headers,
  Options,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { SeenAmong } from '../../contracts/access.js';
import { type Upload } from '../../contracts/case-events.js';
import { type Caller } from '../../contracts/envelope.js';
import { refuse } from '../../contracts/refusal.js';
import { type Role } from '../../contracts/roles.js';
import { type Uuid } from '../../contracts/values.js';
import { CASE_ID, caseIdIn, uuidIn } from '../../platform/http/headers.js';
import { By, Operation, query } from '../../platform/http/operation.js';
import { KINDS } from './kinds.js';
import { PARTS, tus } from '../openapi.js';
import { Resumable } from './resumable.js';
import { Uploads } from './uploads.js';

const MAY: readonly Role[] = ['registrar', 'handler', 'verifier', 'evaluator', 'dispatcher', 'inspector'];

interface Incoming {
  raw: IncomingMessage;
}

interface Reply {
  status: (status: number) => Reply;
  headers: (headers: Record<string, string>) => Reply;
  send: () => unknown;
}

@Controller('api/v1/cases')
export class UploadsController {
  constructor(
    private readonly uploads: Uploads,
    private readonly resumable: Resumable,
    private readonly queries: QueryBus,
  ) {}

  @Operation({
    summary: 'Uploads a file for a case; its receipt goes into a command.',
    may: MAY,
    parameters: [
      CASE_ID,
      query('people', 'There are people in it: it is sealed.', { enum: ['true', 'false'] }),
    ],
    body: Object.fromEntries(
      Object.keys(KINDS).map((type) => [type, { type: 'string', contentMediaType: type }]),
    ),
    answers: { 201: { description: 'The file is kept.', schema: { $ref: '#/components/schemas/Upload' } } },
    refusals: [
      'case/unknown',
      'upload/files-many',
      'evidence/infected',
      'personal/erased',
      'log/unavailable',
    ],
  })
  @Post(':id/uploads')
  async receive(
    @Param('id') id: string,
    @By() caller: Caller,
    @Headers('content-type') type: string | undefined,
    @Query('people') people: string | undefined,
    @Body() content: unknown,
  ): Promise<Upload> {
    const caseId = await this.#seen(id, caller);
    if (!(content instanceof Readable)) return refuse('input/media-type');
    const claim = { caseId, person: caller.person, mediaType: type ?? '', people: people === 'true' };
    return this.uploads.receive(claim, content);
  }

  @Operation(tus.begin(MAY))
  @Post(':id/uploads/tus')
  begin(
    @Param('id') id: string,
    @By() caller: Caller,
    @Req() request: Incoming,
    @Res() reply: Reply,
  ): Promise<void> {
    return this.#answer(id, undefined, caller, request, reply);
  }

  @Operation(tus.options(MAY))
  @Options(':id/uploads/tus')
  options(
    @Param('id') id: string,
    @By() caller: Caller,
    @Req() request: Incoming,
    @Res() reply: Reply,
  ): Promise<void> {
    return this.#answer(id, undefined, caller, request, reply);
  }

  @Operation(tus.ask(MAY))
  @Head(':id/uploads/tus/:upload')
  ask(
    @Param() { id, upload }: Address,
    @By() caller: Caller,
    @Req() request: Incoming,
    @Res() reply: Reply,
  ): Promise<void> {
    return this.#answer(id, upload, caller, request, reply);
  }

  @Operation(tus.goOn(MAY))
  @Patch(':id/uploads/tus/:upload')
  goOn(
    @Param() { id, upload }: Address,
    @By() caller: Caller,
    @Req() request: Incoming,
    @Res() reply: Reply,
  ): Promise<void> {
    return this.#answer(id, upload, caller, request, reply);
  }

  @Operation(tus.giveUp(MAY))
  @Delete(':id/uploads/tus/:upload')
  giveUp(
    @Param() { id, upload }: Address,
    @By() caller: Caller,
    @Req() request: Incoming,
    @Res() reply: Reply,
  ): Promise<void> {
    return this.#answer(id, upload, caller, request, reply);
  }

  async #answer(
    id: string,
    upload: string | undefined,
    caller: Caller,
    request: Incoming,
    reply: Reply,
  ): Promise<void> {
    const caseId = await this.#seen(id, caller);
    const known = upload === undefined ? undefined : (uuidIn(upload) ?? refuse('upload/unknown'));
    const { status, headers } = await this.resumable.answer(
      request.raw,
      { caseId, person: caller.person },
      known,
    );
    reply.status(status).headers(headers).send();
  }

  /** Refuses whoever may not know of the case. */
  async #seen(id: string, caller: Caller): Promise<Uuid> {
    const caseId = caseIdIn(id);
    const [seen] = await this.queries.execute<SeenAmong, Uuid[]>(new SeenAmong([caseId], caller));
    return seen ?? refuse('case/unknown');
  }
}

interface Address {
  id: string;
  upload: string;
}

/** What parts of resumable uploads are sent as, and what whole files are. */
export const UPLOAD_TYPES: readonly string[] = [...Object.keys(KINDS), PARTS];
