import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { Type } from 'class-transformer';
import { type Caller } from '../../contracts/envelope.js';
import {
  BeginDraft,
  ChangeDraft,
  type Draft,
  type DraftEffect,
  type ListedDraft,
  PublishDraft,
} from '../../contracts/policy-drafts.js';
import { refuse, type RefusalCode } from '../../contracts/refusal.js';
import { type RegisterReceipt } from '../../contracts/register-commands.js';
import { IsCount } from '../../contracts/values.js';
import {
  type Headers as HeaderMap,
  IDEMPOTENCY_KEY,
  idempotencyKey,
  tracing,
  uuidIn,
} from '../../platform/http/headers.js';
import {
  By,
  Operation,
  type OperationOf,
  type Parameter,
  query,
  type Schema,
} from '../../platform/http/operation.js';
import { validated } from '../../platform/validated.js';
import { codesOf } from '../table.js';
import { rowOf } from '../commands.js';
import { PolicyDrafts } from './policy-drafts.js';
import { PublishPolicy } from '../../contracts/register-commands.js';

class SeenDraft {
  @Type(() => Number) @IsCount(1_000_000, 1) seen!: number;
}

const DRAFT_ID: Parameter = {
  ...{ name: 'id', in: 'path', required: true, description: 'The draft.' },
  schema: { type: 'string', format: 'uuid' },
};
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const OPEN: readonly RefusalCode[] = ['draft/unknown', 'draft/stale', 'draft/ended'];

const onDraft = (
  summary: string,
  { parameters = [], refusals = ['draft/unknown'], ...rest }: Partial<OperationOf>,
): OperationOf => ({
  ...{ summary, may: ['security-admin'], refusals, parameters: [DRAFT_ID, ...parameters] },
  ...{ answers: { 200: { description: 'The draft.', schema: ref('Draft') } }, ...rest },
});

@Controller('api/v1/policy-drafts')
export class PolicyDraftsController {
  constructor(private readonly drafts: PolicyDrafts) {}

  @Operation({
    summary: 'Begins a draft of the rules. It decides nothing until it is published.',
    may: ['security-admin'],
    parameters: [IDEMPOTENCY_KEY],
    body: { 'application/json': ref('BeginDraft') },
    answers: { 201: { description: 'The draft.', schema: ref('Draft') } },
  })
  @Post()
  begin(@By() caller: Caller, @Headers() headers: HeaderMap, @Body() body: unknown): Promise<Draft> {
    const key = idempotencyKey(headers);
    return this.drafts.begin(validated(BeginDraft, body), caller, key);
  }

  @Operation({
    summary: 'The drafts, those changed last first, at most 200.',
    may: ['security-admin'],
    answers: {
      200: {
        description: 'Each as it stands, without its rules.',
        schema: { type: 'array', items: ref('ListedDraft') },
      },
    },
  })
  @Get()
  all(): Promise<ListedDraft[]> {
    return this.drafts.all();
  }

  @Operation(onDraft('A draft with its rules, and who changed it when.', {}))
  @Get(':id')
  of(@Param('id') id: string): Promise<Draft> {
    return this.drafts.of(idIn(id));
  }

  @Operation(
    onDraft('Says a draft anew: a version of its own.', {
      ...{ body: { 'application/json': ref('ChangeDraft') }, refusals: OPEN },
    }),
  )
  @Put(':id')
  change(@Param('id') id: string, @By() caller: Caller, @Body() body: unknown): Promise<Draft> {
    return this.drafts.change(idIn(id), validated(ChangeDraft, body), caller);
  }

  @Operation(
    onDraft('Deletes a draft; what it said stays to be looked at.', {
      parameters: [
        {
          ...query('seen', 'The version that was looked at.', { type: 'integer', minimum: 1 }),
          required: true,
        },
      ],
      refusals: ['input/invalid', ...OPEN],
    }),
  )
  @Delete(':id')
  delete(@Param('id') id: string, @By() caller: Caller, @Query() asked: unknown): Promise<Draft> {
    const { seen } = validated(SeenDraft, { ...(asked as object) });
    return this.drafts.delete(idIn(id), seen, caller);
  }

  @Operation(
    onDraft(
      'What it would change of the rules in force, and how many cases under way each change is about.',
      {
        answers: { 200: { description: 'Rules and numbers.', schema: ref('DraftEffect') } },
      },
    ),
  )
  @Get(':id/effect')
  effect(@Param('id') id: string): Promise<DraftEffect> {
    return this.drafts.effect(idIn(id));
  }

  @Operation(
    onDraft('Publishes a draft: by another security-admin than the one who changed it last.', {
      parameters: [IDEMPOTENCY_KEY],
      body: { 'application/json': ref('PublishDraft') },
      answers: { 200: { description: 'Published, now or before.', schema: ref('RegisterReceipt') } },
      refusals: [
        ...OPEN,
        ...(['administrator/second-same', 'administrator/second-missing'] as const),
        ...codesOf(rowOf(new PublishPolicy())),
        ...(['log/unavailable', 'log/outcome-unknown', 'log/contended'] as const),
      ],
    }),
  )
  @HttpCode(200)
  @Post(':id/publish')
  publish(
    @Param('id') id: string,
    @By() caller: Caller,
    @Headers() headers: HeaderMap,
    @Body() body: unknown,
  ): Promise<RegisterReceipt> {
    const about = { idempotencyKey: idempotencyKey(headers), ...tracing(headers) };
    return this.drafts.publish(idIn(id), validated(PublishDraft, body), caller, about);
  }
}

const idIn = (text: string): string => uuidIn(text) ?? refuse('draft/unknown');

const [id, text, whole]: Schema[] = [
  { type: 'string', format: 'uuid' },
  { type: 'string' },
  { type: 'integer' },
];
const step = {
  version: whole,
  state: { enum: ['draft', 'published', 'deleted'] },
  ...{ title: text, by: text, at: { type: 'string', format: 'date-time' } },
  published: { ...text, description: 'The version of the policy that it was published as.' },
};
const always = ['version', 'state', 'title', 'by', 'at'];

export const draftSchemas: Record<string, Schema> = {
  ListedDraft: { type: 'object', required: ['draft', ...always], properties: { draft: id, ...step } },
  Draft: {
    type: 'object',
    required: ['draft', ...always, 'policy', 'history'],
    properties: {
      ...{ draft: id, ...step, policy: { type: 'object' } },
      history: { type: 'array', items: { type: 'object', required: always, properties: step } },
    },
  },
  DraftEffect: {
    type: 'object',
    required: ['inForce', 'version', 'changes', 'cases'],
    properties: {
      inForce: { ...text, description: 'The policy in force.' },
      version: whole,
      changes: {
        type: 'array',
        items: {
          type: 'object',
          required: ['path', 'cases'],
          properties: { path: text, inForce: {}, draft: {}, cases: whole },
        },
      },
      cases: { ...whole, description: 'Under way, that any of the changes is about.' },
    },
  },
};
