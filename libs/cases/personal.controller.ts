import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  FindHolders,
  FindPerson,
  type FoundCases,
  Reveal,
  type RevealedIn,
  RevealText,
} from '../contracts/access.js';
import { type Caller } from '../contracts/envelope.js';
import { type RefusalCode, refuse } from '../contracts/refusal.js';
import { READERS, type Role } from '../contracts/roles.js';
import { isId } from '../contracts/values.js';
import { CASE_ID, caseIdIn, uuidIn } from '../platform/http/headers.js';
import { By, Operation, type OperationOf, type Parameter } from '../platform/http/operation.js';
import { validated } from '../platform/validated.js';

const object = (properties: Record<string, object>): object & Record<string, unknown> => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
});

const ID: Parameter = { ...CASE_ID, description: 'The clue.' };
const PERSON: Parameter = { ...CASE_ID, description: 'The person.', schema: { type: 'string' } };

const revealing = (
  what: string,
  may: readonly Role[],
  id: Parameter,
  unknown: RefusalCode[],
): OperationOf => ({
  summary: `Shows a sealed text of ${what} in clear, for a purpose. Noted, whether it is shown or not.`,
  may,
  parameters: [id],
  body: { 'application/json': { $ref: '#/components/schemas/RevealText' } },
  answers: { 200: { description: 'The text.', schema: object({ text: { type: 'string' } }) } },
  refusals: [...unknown, 'personal/unknown', 'personal/erased', 'log/unavailable'],
});

interface Shown {
  text: string;
}

/** Personal data on its way out: found by exactly its text, and shown with a purpose. */
@Controller('api/v1')
export class PersonalController {
  constructor(private readonly commands: CommandBus) {}

  @Operation({
    summary: 'Cases in which somebody is named exactly so. The search is noted, without the text.',
    may: ['registrar', 'dispatcher', 'inspector'],
    body: { 'application/json': { $ref: '#/components/schemas/FindPerson' } },
    answers: {
      200: {
        description: 'Those that the caller sees.',
        schema: object({
          cases: { type: 'array', items: { type: 'string', format: 'uuid' } },
          more: { type: 'boolean' },
        }),
      },
    },
    refusals: ['log/unavailable'],
  })
  // A body, as names stand in no address.
  @Post('cases/find-person')
  @HttpCode(200)
  find(@By() caller: Caller, @Body() body: unknown): Promise<FoundCases> {
    const { kind, text } = validated(FindPerson, body ?? {});
    return this.commands.execute<FindHolders, FoundCases>(new FindHolders(kind, text, caller));
  }

  @Operation(revealing('the history', READERS, CASE_ID, ['case/unknown', 'personal/denied']))
  @Post('cases/:id/reveal')
  @HttpCode(200)
  inCase(@Param('id') id: string, @By() caller: Caller, @Body() body: unknown): Promise<Shown> {
    return this.#reveal('case', caseIdIn(id), caller, body);
  }

  @Operation(revealing('a clue', ['inspector'], ID, ['referral/unknown']))
  @Post('referrals/:id/reveal')
  @HttpCode(200)
  inReferral(@Param('id') id: string, @By() caller: Caller, @Body() body: unknown): Promise<Shown> {
    return this.#reveal('referral', uuidIn(id) ?? refuse('referral/unknown'), caller, body);
  }

  @Operation(revealing('a person’s entry', ['security-admin'], PERSON, []))
  @Post('register/persons/:id/reveal')
  @HttpCode(200)
  ofPerson(@Param('id') id: string, @By() caller: Caller, @Body() body: unknown): Promise<Shown> {
    return this.#reveal('person', isId(id) ? id : refuse('personal/unknown'), caller, body);
  }

  async #reveal(where: RevealedIn, id: string, caller: Caller, body: unknown): Promise<Shown> {
    const { revision, field, purpose } = validated(RevealText, body ?? {});
    const asked = new Reveal(where, id, caller, revision, field, purpose);
    return { text: await this.commands.execute<Reveal, string>(asked) };
  }
}
