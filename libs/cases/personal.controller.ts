import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { IsIn, Matches } from 'class-validator';
import { FindHolders, type FoundCases, Reveal } from '../contracts/access.js';
import { type Caller } from '../contracts/envelope.js';
import { READERS } from '../contracts/roles.js';
import { INDEX_KINDS, type IndexKind } from '../contracts/sealing.js';
import { IsCount, IsFilled, IsText } from '../contracts/values.js';
import { CASE_ID, caseIdIn } from '../platform/http/headers.js';
import { By, Operation } from '../platform/http/operation.js';
import { validated } from '../platform/validated.js';

const FIELD = /^[A-Za-z]\w{0,63}(?:\.(?:[A-Za-z]\w{0,63}|\d{1,4})){0,9}$/;

class RevealBody {
  @IsCount(1_000_000_000) revision!: number;
  @Matches(FIELD) field!: string;
  @IsText(500, 5) purpose!: string;
}

class FindBody {
  @IsIn(INDEX_KINDS) kind!: IndexKind;
  @IsFilled(100) text!: string;
}

const object = (properties: Record<string, object>): object & Record<string, unknown> => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
});

/** Personal data on its way out: found by exactly its text, and shown with a purpose. */
@Controller('api/v1/cases')
export class PersonalController {
  constructor(private readonly commands: CommandBus) {}

  @Operation({
    summary: 'Cases in which somebody is named exactly so. The search is noted, without the text.',
    may: ['registrar', 'dispatcher', 'inspector'],
    body: {
      'application/json': {
        ...object({
          kind: { enum: [...INDEX_KINDS] },
          text: { type: 'string', minLength: 1, maxLength: 100 },
        }),
        additionalProperties: false,
      },
    },
    answers: {
      200: {
        description: 'Those that the caller sees.',
        schema: object({
          cases: { type: 'array', items: { type: 'string', format: 'uuid' } },
          more: { type: 'boolean' },
        }),
      },
    },
    refusals: ['input/json', 'input/invalid', 'input/too-large', 'input/media-type', 'log/unavailable'],
  })
  // A body, as names stand in no address.
  @Post('find-person')
  @HttpCode(200)
  find(@By() caller: Caller, @Body() body: unknown): Promise<FoundCases> {
    const { kind, text } = validated(FindBody, body ?? {});
    return this.commands.execute<FindHolders, FoundCases>(new FindHolders(kind, text, caller));
  }

  @Operation({
    summary: 'Shows a sealed text of the history in clear, for a purpose. Noted, whether it is shown or not.',
    may: READERS,
    parameters: [CASE_ID],
    body: {
      'application/json': {
        ...object({
          revision: { type: 'integer', minimum: 0 },
          field: { type: 'string', description: 'As the history names it.' },
          purpose: { type: 'string', minLength: 5, maxLength: 500 },
        }),
        additionalProperties: false,
      },
    },
    answers: { 200: { description: 'The text.', schema: object({ text: { type: 'string' } }) } },
    refusals: [
      ...(['input/json', 'input/invalid', 'input/too-large', 'input/media-type'] as const),
      ...(['case/unknown', 'personal/unknown', 'personal/denied', 'personal/erased'] as const),
      'log/unavailable',
    ],
  })
  @Post(':id/reveal')
  @HttpCode(200)
  async reveal(
    @Param('id') id: string,
    @By() caller: Caller,
    @Body() body: unknown,
  ): Promise<{ text: string }> {
    const { revision, field, purpose } = validated(RevealBody, body ?? {});
    const asked = new Reveal(caseIdIn(id), caller, revision, field, purpose);
    return { text: await this.commands.execute<Reveal, string>(asked) };
  }
}
