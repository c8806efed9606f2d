import { Body, Controller, Get, Headers, HttpCode, Param, Post, StreamableFile } from '@nestjs/common';
import { Readable } from 'node:stream';
import { type Caller } from '../../contracts/envelope.js';
import {
  CommitImport,
  type ImportProgress,
  type ReceivedImport,
  type TriedImport,
  TryImport,
} from '../../contracts/imports.js';
import { refuse } from '../../contracts/refusal.js';
import { uuidIn } from '../../platform/http/headers.js';
import {
  By,
  Operation,
  type OperationOf,
  type Parameter,
  type Schema,
} from '../../platform/http/operation.js';
import { validated } from '../../platform/validated.js';
import { Imports } from './imports.js';

const WORKBOOK = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** What a file may be sent as; what it is, its bytes say. */
export const IMPORT_TYPES = [WORKBOOK, 'text/csv'];

const IMPORT_ID: Parameter = {
  ...{ name: 'id', in: 'path', required: true, description: 'The import.' },
  schema: { type: 'string', format: 'uuid' },
};
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

const about = (
  summary: string,
  { body, answers, refusals = [] }: Partial<OperationOf> & Pick<OperationOf, 'answers'>,
): OperationOf => ({
  ...{ summary, answers, may: ['registrar'], parameters: [IMPORT_ID], ...(body && { body }) },
  refusals: ['import/unknown', ...refusals],
});

const READ = ['import/expired', 'import/mapping', 'input/invalid'] as const;

@Controller('api/v1/imports')
export class ImportsController {
  constructor(private readonly imports: Imports) {}

  @Operation({
    summary:
      'Takes a file of problems: says its sheets, and which mappings could read it. Nothing is entered.',
    may: ['registrar'],
    parameters: [
      {
        ...{ name: 'Content-Disposition', in: 'header', description: "attachment; filename*=UTF-8''…" },
        schema: { type: 'string' },
      },
    ],
    body: Object.fromEntries(IMPORT_TYPES.map((type) => [type, { type: 'string', contentMediaType: type }])),
    answers: { 201: { description: 'The file is kept for seven days.', schema: ref('ReceivedImport') } },
    refusals: ['input/invalid'],
  })
  @Post()
  receive(
    @By() caller: Caller,
    @Headers('content-type') type: string | undefined,
    @Headers('content-disposition') disposition: string | undefined,
    @Body() content: unknown,
  ): Promise<ReceivedImport> {
    if (!IMPORT_TYPES.includes(type?.split(';')[0]?.trim().toLowerCase() ?? '')) refuse('input/media-type');
    const sent = content instanceof Readable ? content : Readable.from([]);
    return this.imports.receive(caller, nameIn(disposition), sent);
  }

  @Operation(
    about('Says what would become of each row. Nothing is entered.', {
      body: { 'application/json': ref('TryImport') },
      answers: { 200: { description: 'Counts, and the first wrong rows.', schema: ref('TriedImport') } },
      refusals: [...READ, 'log/unavailable'],
    }),
  )
  @HttpCode(200)
  @Post(':id/dry-run')
  async try(@Param('id') id: string, @By() caller: Caller, @Body() body: unknown): Promise<TriedImport> {
    return this.imports.try(idIn(id), caller, validated(TryImport, body));
  }

  @Operation(
    about('The wrong rows of the file as a workbook, with a column that says what is wrong.', {
      answers: { 200: { description: 'The workbook, as the last dry run read the file.' } },
      refusals: ['import/untried', 'import/expired'],
    }),
  )
  @Get(':id/wrong.xlsx')
  async wrong(@Param('id') id: string, @By() caller: Caller): Promise<StreamableFile> {
    const workbook = await this.imports.wrong(idIn(id), caller);
    return new StreamableFile(workbook, { type: WORKBOOK, disposition: 'attachment; filename="wrong.xlsx"' });
  }

  @Operation(
    about('Enters the rows of the file, each as a command of its own; goes on after a restart.', {
      body: { 'application/json': ref('CommitImport') },
      answers: { 202: { description: 'It is under way.', schema: ref('ImportProgress') } },
      refusals: [...READ, 'import/begun'],
    }),
  )
  @HttpCode(202)
  @Post(':id/commit')
  async commit(
    @Param('id') id: string,
    @By() caller: Caller,
    @Body() body: unknown,
  ): Promise<ImportProgress> {
    return this.imports.commit(idIn(id), caller, validated(CommitImport, body));
  }

  @Operation(
    about('How far an import has come.', {
      answers: { 200: { description: 'Its state and counts.', schema: ref('ImportProgress') } },
    }),
  )
  @Get(':id')
  async of(@Param('id') id: string, @By() caller: Caller): Promise<ImportProgress> {
    return this.imports.of(idIn(id), caller);
  }
}

const idIn = (text: string): string => uuidIn(text) ?? refuse('import/unknown');

/** The last part of the name, for whoever looks at the progress; a name that cannot be read is none. */
function nameIn(disposition: string | undefined): string | undefined {
  const coded = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')?.[1];
  try {
    const name = coded === undefined ? undefined : decodeURIComponent(coded.trim());
    return (
      name
        ?.replace(/^.*[/\\]/s, '')
        .replace(/\p{C}/gu, '')
        .slice(0, 200) || undefined
    );
  } catch {
    return undefined;
  }
}
