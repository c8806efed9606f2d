import { type Command } from 'commander';
import { stat } from 'node:fs/promises';
import { type Config } from '../../libs/platform/config.js';
import { StartFault } from '../../libs/platform/fault.js';
import { readSeed } from '../../libs/register/seed/seed.js';
import { type Api, Refused } from './api.js';
import { saved } from './export-file.js';
import { bytesTold, rowsTold } from './export-told.js';
import { join } from './join.js';
import { readerOf } from './register.js';
import { type Told } from './upkeep.js';

/** Lists of cases on the offices' own forms, and papers of one case. */
const FORMS = {
  notice: 'the cases of a filter, at most 500, on the form 检查隐患问题整改通知单',
  'closure-application': 'the cases of a filter, at most 500, on the form 检查问题销号申请单',
} as const;
/** By command: of which route. */
const PAPERS = {
  'closure-form': ['closure-form', 'how a case was closed (销号单), as PDF to be printed and signed'],
  'case-notice': [
    'notice',
    'what is to be put right of a case (整改通知单), as PDF to be printed and signed',
  ],
} as const;

interface Options extends Told {
  as: string;
  role?: string;
  filter?: string;
  sort?: string;
}

/** Takes out of the running server what its taker may see, as over HTTP. */
export function addExport(program: Command, config: Config): void {
  const all = program
    .command('export')
    .description('take the ledger, a form or the papers of a case out as a file; it is noted who took what')
    .addHelpText('after', '\nExamples:\n  xiaohao export ledger 台账.xlsx --as province-inspector');

  listed(all.command('ledger'), '<out.xlsx|csv>', 'the ledger, every row that a filter lists')
    .addHelpText(
      'after',
      '\nExamples:\n  xiaohao export ledger 台账.xlsx --as province-inspector\n' +
        "  xiaohao export ledger late.csv --as city-dispatcher --filter 'light=red&sort=dueOn' --json",
    )
    .action(async (out: string, options: Options) => {
      const format = out.endsWith('.csv') ? 'csv' : 'xlsx';
      await taken(config, out, options, async (api, query) => {
        query.set('format', format);
        await saved(
          api,
          `/api/v1/exports/ledger?${query.toString()}`,
          out,
          await rowsTold(api, query, format, options.json),
        );
      });
    });

  for (const [form, what] of Object.entries(FORMS))
    listed(all.command(form), '<out.xlsx>', what)
      .addHelpText(
        'after',
        `\nExamples:\n  xiaohao export ${form} ${form}.xlsx --as city-dispatcher --filter division=bronx`,
      )
      .action(async (out: string, options: Options) => {
        await taken(config, out, options, (api, query) =>
          saved(api, `/api/v1/exports/${form}?${query.toString()}`, out, bytesTold(options.json)),
        );
      });

  for (const [paper, [route, what]] of Object.entries(PAPERS))
    asSomebody(all.command(paper).description(what).argument('<case>', 'its id').argument('<out.pdf>'))
      .addHelpText(
        'after',
        `\nExamples:\n  xiaohao export ${paper} d77ae3cc-02b1-5881-8b09-418f4dcf547d ${paper}.pdf --as province-inspector`,
      )
      .action(async (id: string, out: string, options: Options) => {
        await taken(config, out, options, (api) =>
          saved(api, `/api/v1/cases/${encodeURIComponent(id)}/${route}.pdf`, out, bytesTold(options.json)),
        );
      });
}

const asSomebody = (command: Command): Command =>
  command
    .requiredOption('--as <person>', 'who takes it, of the register; it is noted in their name')
    .option('--role <role>', 'needed where they have several posts')
    .option('--json', 'the result as JSON');

const listed = (command: Command, out: string, what: string): Command =>
  asSomebody(command.description(what).argument(out))
    .option('--filter <filter>', 'as in the address of a list, such as status=rectifying&dueOn=..2026-12-31')
    .option('--sort <order>', 'such as dueOn, or -amountFen the other way round');

async function taken(
  config: Config,
  out: string,
  { as, role, filter = '', sort, json = false }: Options,
  take: (api: Api, query: URLSearchParams) => Promise<void>,
): Promise<void> {
  const query = new URLSearchParams(filter);
  if (sort !== undefined) query.set('sort', sort);
  const joined = await join(config);
  try {
    await take(
      await joined.as(await readerOf(await readSeed(config.SEED), joined.database.sql, as, role)),
      query,
    );
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new StartFault(`${error.code}: ${JSON.stringify(error.problem.errors ?? error.problem.title)}`);
  } finally {
    await joined.leave();
  }
  const { size: bytes } = await stat(out);
  console.log(json ? JSON.stringify({ file: out, bytes }) : `${out}: ${bytes} bytes`);
}
