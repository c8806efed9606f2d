import { Body, Controller, Get, Headers, HttpCode, Param, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { accessOf, NoteAccess } from '../../contracts/access.js';
import { type Caller } from '../../contracts/envelope.js';
import { ShowEvidence } from '../../contracts/evidence.js';
import { type RefusalCode, refuse } from '../../contracts/refusal.js';
import { READERS } from '../../contracts/roles.js';
import { CASE_ID, caseIdIn, uuidIn } from '../../platform/http/headers.js';
import { By, Operation, type OperationOf, type Parameter } from '../../platform/http/operation.js';
import { validated } from '../../platform/validated.js';
import { type Lead, Leads } from '../pictures/leads.js';
import { type Size } from '../pictures/pictures.js';
import { Sealing } from '../sealed/sealing.js';
import { headersOf, served } from './serving.js';
import { type Found, Shelf } from './shelf.js';

const EVIDENCE_ID: Parameter = {
  ...{ name: 'evidence', in: 'path', required: true, description: 'The receipt of the file.' },
  schema: { type: 'string', format: 'uuid' },
};
const RANGE: Parameter = {
  ...{ name: 'Range', in: 'header', description: 'One range of bytes.', schema: { type: 'string' } },
};
const UNKNOWN: RefusalCode[] = ['case/unknown', 'evidence/unknown', 'log/unavailable'];
const FILE = 'The file, to be saved: never shown as a page.';

const picture = (summary: string): OperationOf => ({
  ...{ summary, may: READERS, parameters: [CASE_ID, EVIDENCE_ID] },
  answers: { 200: { description: 'A JPEG.' } },
  refusals: [...UNKNOWN, 'evidence/sealed', 'evidence/no-picture'],
});

interface Address {
  id: string;
  evidence: string;
}

interface Reply {
  status: (status: number) => Reply;
  headers: (headers: Record<string, string | number>) => Reply;
  send: (body: unknown) => unknown;
}

/** What proves it, on its way out. */
@Controller('api/v1/cases')
export class EvidenceController {
  constructor(
    private readonly shelf: Shelf,
    private readonly sealing: Sealing,
    private readonly leads: Leads,
    private readonly commands: CommandBus,
  ) {}

  @Operation({
    summary:
      'A file of the case as it was uploaded. Its hash is looked at on the way: of a changed one the end is missing.',
    may: READERS,
    parameters: [CASE_ID, EVIDENCE_ID, RANGE],
    answers: {
      200: { description: FILE, headers: ['Content-Disposition', 'Accept-Ranges'] },
      206: { description: 'A part of it.', headers: ['Content-Range'] },
    },
    refusals: [...UNKNOWN, 'evidence/sealed', 'evidence/range'],
  })
  @Get(':id/evidence/:evidence')
  async file(
    @Param() address: Address,
    @By() caller: Caller,
    @Headers('range') range: string | undefined,
    @Res() reply: Reply,
  ): Promise<void> {
    const row = await this.#find(address, caller);
    if (row.holder !== null) refuse('evidence/sealed');
    const { status, headers, content } = served(row, await this.shelf.open(row), range);
    reply.status(status).headers(headers).send(content);
  }

  @Operation(
    picture('A photo as it may be passed on: smaller, upright, without what the camera wrote into it.'),
  )
  @Get(':id/evidence/:evidence/copy')
  async copy(@Param() address: Address, @By() caller: Caller, @Res() reply: Reply): Promise<void> {
    await this.#picture(address, caller, 'copy', reply);
  }

  @Operation(picture('A photo as small as a list shows it.'))
  @Get(':id/evidence/:evidence/thumbnail')
  async thumbnail(@Param() address: Address, @By() caller: Caller, @Res() reply: Reply): Promise<void> {
    await this.#picture(address, caller, 'thumbnail', reply);
  }

  @Operation({
    summary: 'A file with people in it, for a purpose. Noted, whether it is shown or not.',
    may: READERS,
    parameters: [CASE_ID, EVIDENCE_ID],
    body: { 'application/json': { $ref: '#/components/schemas/ShowEvidence' } },
    answers: { 200: { description: FILE, headers: ['Content-Disposition'] } },
    refusals: [...UNKNOWN, 'personal/unknown', 'personal/denied', 'personal/erased'],
  })
  @Post(':id/evidence/:evidence/show')
  @HttpCode(200)
  async show(
    @Param() address: Address,
    @By() caller: Caller,
    @Body() body: unknown,
    @Res() reply: Reply,
  ): Promise<void> {
    const { purpose } = validated(ShowEvidence, body ?? {});
    const row = await this.#find(address, caller);
    const about = { ...accessOf(caller), caseId: row.caseId, field: `evidence.${row.receipt}` };
    const note = (outcome: 'revealed' | 'denied' | 'gone', why?: string): Promise<void> =>
      this.commands.execute(
        new NoteAccess({ ...about, outcome, ...(why !== undefined && { purpose: why }) }),
      );
    // There is nothing hidden in it.
    if (row.holder === null) refuse('personal/unknown');
    if (!row.mayReveal) {
      await note('denied', purpose);
      return refuse('personal/denied');
    }
    const key = await this.sealing.keyOf(row);
    if (!key) {
      await note('gone');
      return refuse('personal/erased');
    }
    // Whoever sees something is noted before.
    await note('revealed', purpose);
    const { content, bytes } = this.sealing.opened(await this.shelf.open(row), key);
    const headers = { ...headersOf(row.receipt, row.mediaType), 'Content-Length': bytes };
    reply.status(200).headers(headers).send(content);
  }

  @Operation({
    summary: 'Photos of the case that are in another case too, or nearly the same: a lead, never a verdict.',
    may: ['inspector', 'auditor'],
    parameters: [CASE_ID],
    answers: {
      200: {
        description: 'Of cases that the caller sees, nearest first.',
        schema: { $ref: '#/components/schemas/PhotoLeads' },
      },
    },
    refusals: ['case/unknown', 'log/unavailable'],
  })
  @Get(':id/photo-leads')
  async photoLeads(@Param('id') id: string, @By() caller: Caller): Promise<{ leads: Lead[] }> {
    return { leads: await this.leads.of(caseIdIn(id), caller) };
  }

  async #picture(address: Address, caller: Caller, size: Size, reply: Reply): Promise<void> {
    const row = await this.#find(address, caller);
    if (row.holder !== null) refuse('evidence/sealed');
    const bytes = (await this.shelf.picture(row, size)) ?? refuse('evidence/no-picture');
    const headers = { ...headersOf(row.receipt, 'image/jpeg'), 'Content-Length': bytes.length };
    reply.status(200).headers(headers).send(bytes);
  }

  #find({ id, evidence }: Address, caller: Caller): Promise<Found> {
    return this.shelf.find(caseIdIn(id), uuidIn(evidence) ?? refuse('evidence/unknown'), caller);
  }
}
