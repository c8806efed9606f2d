import { Body, Controller, Get, Headers, Post, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { type Batch, HandOver, type InHand, MOST_CASES } from '../contracts/batch.js';
import { NameHandler } from '../contracts/assignment.js';
import { type Caller } from '../contracts/envelope.js';
import { LedgerList, type LedgerPage, type ListedRow } from '../contracts/ledger.js';
import { invalid, refuse } from '../contracts/refusal.js';
import { CurrentRegister, type Register } from '../contracts/register.js';
import { type Role } from '../contracts/roles.js';
import { IsId, type PersonId } from '../contracts/values.js';
import { type Headers as HeaderMap, IDEMPOTENCY_KEY, idempotencyKey } from '../platform/http/headers.js';
import { By, Operation, query } from '../platform/http/operation.js';
import { validated } from '../platform/validated.js';
import { Batches } from './batches.js';
import { caseCommands, pathOf } from './commands.js';

class InHandOf {
  @IsId() person!: PersonId;
}

const NAMING = caseCommands.find(({ command }) => command === NameHandler);
if (!NAMING) throw new Error('nobody names handlers any more');

/** Whoever may name the handler of one case may do so of all that somebody leaves behind. */
const NAMERS = NAMING.roles as readonly Role[];
const PAGE = 200;

interface Reply {
  status: (status: number) => Reply;
  header: (name: string, value: string) => Reply;
}

/** What one who leaves has in hand at the caller's unit, and its giving to another: a decision on each case, as any other. */
@Controller('api/v1/hand-overs')
export class HandOversController {
  constructor(
    private readonly batches: Batches,
    private readonly queries: QueryBus,
  ) {}

  @Operation({
    summary: 'The cases that somebody has in hand at your unit, and that can be handed over.',
    may: NAMERS,
    parameters: [
      { ...query('person', 'Who is named as their handler.', { type: 'string' }), required: true },
    ],
    answers: {
      200: {
        description: 'Those due first first, at most 500.',
        schema: { $ref: '#/components/schemas/InHand' },
      },
    },
    refusals: ['input/invalid'],
  })
  @Get()
  async of(@By() caller: Caller, @Query() asked: unknown): Promise<InHand> {
    const { person } = validated(InHandOf, { ...(asked as object) });
    const { rows, more } = await this.#inHand(person, caller);
    const cases = rows.map(({ id, caseNumber, status, dueOn }) => ({ case: id, caseNumber, status, dueOn }));
    return { person, cases, more };
  }

  @Operation({
    summary:
      'Gives the cases that somebody has in hand at your unit to another of its handlers: a decision batch, with a result for each.',
    may: NAMERS,
    parameters: [IDEMPOTENCY_KEY],
    body: { 'application/json': { $ref: '#/components/schemas/HandOver' } },
    answers: {
      202: {
        description: 'It is under way.',
        schema: { $ref: '#/components/schemas/Batch' },
        headers: ['Location'],
      },
    },
    refusals: ['hand-over/none'],
  })
  @Post()
  async give(
    @By() caller: Caller,
    @Headers() headers: HeaderMap,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<Batch> {
    const key = idempotencyKey(headers);
    const { person, to, reason } = validated(HandOver, body);
    if (person === to) invalid('to', 'another', 'to is who leaves');
    const { rows } = (await this.batches.has(caller, key))
      ? { rows: [] }
      : await this.#new(person, to, caller);
    const cases = rows.map(({ id, revision }) => ({ case: id, seen: revision }));
    const many = { command: pathOf(NAMING as never), cases, body: { person: to, reason } };
    // Once they are handed over there are none any more: the same request is known by what it asks.
    const id = await this.batches.take(caller, key, many, undefined, { person, unit: caller.unit });
    reply.status(202).header('Location', `/api/v1/decision-batches/${id}`);
    return this.batches.of(id, caller);
  }

  async #new(person: PersonId, to: PersonId, caller: Caller): Promise<{ rows: ListedRow[] }> {
    const register = await this.queries.execute<CurrentRegister, Register>(new CurrentRegister());
    const here = register.present(caller.unit);
    const posts = register.person(to)?.appointments ?? [];
    if (!posts.some(({ unit, role }) => role === 'handler' && register.present(unit) === here))
      invalid('to', 'handler-of-unit', 'to is no handler of your unit');
    const { rows } = await this.#inHand(person, caller);
    return rows.length > 0 ? { rows } : refuse('hand-over/none');
  }

  async #inHand(handler: PersonId, caller: Caller): Promise<{ rows: ListedRow[]; more: boolean }> {
    const filter = { handler, lead: caller.unit, status: (NAMING?.in ?? []).join(',') };
    const rows: ListedRow[] = [];
    for (let after: string | undefined; ;) {
      const page: LedgerPage = await this.queries.execute(
        new LedgerList(caller, filter, PAGE, 'dueOn', after),
      );
      rows.push(...page.rows);
      if (page.next === undefined || rows.length > MOST_CASES)
        return { rows: rows.slice(0, MOST_CASES), more: rows.length > MOST_CASES };
      after = page.next;
    }
  }
}

export const handOverSchemas = {
  InHand: {
    type: 'object',
    required: ['person', 'cases', 'more'],
    properties: {
      person: { type: 'string' },
      cases: {
        type: 'array',
        items: {
          type: 'object',
          required: ['case', 'caseNumber', 'status', 'dueOn'],
          properties: {
            case: { type: 'string', format: 'uuid' },
            caseNumber: { type: 'string' },
            status: { type: 'string' },
            dueOn: { type: ['string', 'null'], format: 'date' },
          },
        },
      },
      more: { type: 'boolean', description: 'There are more than one hand-over takes.' },
    },
  },
};
