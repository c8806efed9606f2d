import { type Command } from 'commander';
import { createWriteStream } from 'node:fs';
import { zhCN } from '../../libs/contracts/messages/zh-CN.js';
import { isRefusalCode } from '../../libs/contracts/refusal.js';
import { dryRun } from '../../libs/intake/dry-run.js';
import { type Given } from '../../libs/intake/given.js';
import { type ImportOptions } from '../../libs/intake/import.js';
import { type Known } from '../../libs/intake/known.js';
import { manifestOf, noteRefused } from '../../libs/intake/manifest.js';
import { type Intake, type Mapping } from '../../libs/intake/mapping/mapping.js';
import { type Problem } from '../../libs/intake/problem.js';
import { registerNames } from '../../libs/intake/register-names.js';
import { said, wrongRowsWorkbook } from '../../libs/intake/wrong-rows.js';
import { type Config } from '../../libs/platform/config.js';
import { readSeed } from '../../libs/register/seed/seed.js';
import { type Api } from './api.js';
import { DIFFERENCE } from './exit-codes.js';
import { importFile } from './import.js';
import { join } from './join.js';
import { givenOf, mappingFor } from './mapping.js';
import { progress } from './progress.js';
import { registerToday, registrarOf } from './register.js';

/** So many refusals are printed. */
const MOST_SHOWN = 200;

interface Options {
  mapping?: string;
  sheet?: string;
  given?: Given;
  as?: string;
  dryRun?: boolean;
  wrong?: string;
  json?: boolean;
}

interface Job {
  file: string;
  mapping: Mapping<Intake>;
  options: ImportOptions;
  api: Api;
}

/** What became, or would become, of a file. */
interface Outcome {
  json: object;
  lines: string[];
  refused: readonly ({ row: number } & Problem)[];
  /** Refusals that are not among these. */
  more: number;
}

export function addImport(program: Command, config: Config): void {
  program
    .command('import')
    .description('enter the rows of a workbook or CSV file; run again, it goes on where it stopped')
    .argument('<file>')
    .option('--mapping <file|name>', 'which column is what; without it, the one that fits the headings')
    .option('--sheet <name>', 'of a workbook; without it, the first that is shown')
    .option('--given <field=value>', 'what is the same in every row; may be repeated', givenOf)
    .option('--as <person>', 'a registrar of the register; needed where there are several')
    .option('--dry-run', 'only say which rows are new, known already or wrong')
    .option('--wrong <out.xlsx>', 'write the wrong rows, with a column that says what is wrong')
    .option('--json', 'the result as JSON')
    .addHelpText(
      'after',
      [
        '\nExamples:',
        '  xiaohao import 台账.xlsx --dry-run --wrong 错误.xlsx --given source.document=台账 --given divisions=430102',
        '  xiaohao import violations.csv --mapping hpd-violations --as city-registrar --json',
      ].join('\n'),
    )
    .action(async (file: string, options: Options) => {
      const { mapping, guess } = await mappingFor(file, options.mapping, options.sheet);
      if (guess) process.stderr.write(`${guessed(guess.mapping, guess.ofAll)}\n`);
      const outcome = await carriedOut(file, mapping, options, config);
      if (options.json === true) console.log(JSON.stringify(outcome.json));
      else for (const line of [...outcome.lines, ...shown(outcome)]) console.log(line);
      if (outcome.refused.length > 0) process.exitCode = DIFFERENCE;
    });
}

const guessed = ({ name, columns }: Mapping<Intake>, ofAll: number): string =>
  `Read by the mapping ${name}: ${Math.round(ofAll * columns.length)} of its ${columns.length} columns are there.`;

async function carriedOut(
  file: string,
  mapping: Mapping<Intake>,
  { as, given, wrong, dryRun: dry }: Options,
  config: Config,
): Promise<Outcome> {
  const joined = await join(config);
  try {
    const { sql } = joined.database;
    const seeded = await readSeed(config.SEED);
    const api = await joined.as(await registrarOf(seeded, sql, as));
    const names = registerNames(await registerToday(sql, seeded.zone));
    const known: Known = (sources) => api.known(sources);
    const job = { file, mapping, api, options: { names, known, ...(given && { given }) } };
    const outcome = dry === true ? await tried(job) : await done(job);
    if (wrong !== undefined) await wrongRowsWorkbook(file, mapping, createWriteStream(wrong), job.options);
    return outcome;
  } finally {
    await joined.leave();
  }
}

async function done({ file, mapping, options, api }: Job): Promise<Outcome> {
  const told = progress('import', true);
  const manifest = await importFile(file, mapping, api, { ...options, progress: told });
  const { rows, registered, known, refusedRows, refused, more, kept } = manifest;
  const lines = [
    `${rows} rows: ${registered} registered, ${known} already known, ${refusedRows} refused.`,
    ...(kept ? [] : ['The register has no manifest of this file.']),
  ];
  return { json: manifest, lines, refused, more };
}

async function tried({ file, mapping, options, api }: Job): Promise<Outcome> {
  const of = await dryRun(file, mapping, (sources) => api.known(sources), options);
  const told = manifestOf({ sha256: '', encoding: '' });
  for await (const row of of.rows()) if ('refused' in row) noteRefused(told, row.row, row.refused);
  const { refused, more } = told;
  const { counts, otherSheets, header } = of;
  const { missing, unread } = header;
  const { rows, new: fresh, known, wrong } = counts;
  const lines = [
    `${rows} rows: ${fresh} new, ${known} already known, ${wrong} wrong. Nothing was registered.`,
    ...(missing.length > 0 ? [`Columns that are missing: ${missing.join(', ')}`] : []),
    ...(unread.length > 0 ? [`Columns that nothing reads: ${unread.join(', ')}`] : []),
    ...(otherSheets.length > 0 ? [`Sheets that are not read: ${otherSheets.join(', ')}`] : []),
  ];
  const wrongRows = refused.map((one) => ({ ...one, said: words(one) }));
  const json = { mapping: mapping.name, counts, missing, unread, otherSheets, wrong: wrongRows, more };
  return { json, lines, refused, more };
}

function shown({ refused, more }: Outcome): string[] {
  const left = refused.length + more - MOST_SHOWN;
  return [
    ...refused
      .slice(0, MOST_SHOWN)
      .map((one) => [`第${one.row}行`, one.column ?? '', one.value ?? '', words(one)].join('\t')),
    ...(left > 0 ? [`and ${left} more`] : []),
  ];
}

/** A row may also be refused by the rules of a case. */
const words = (one: Problem): string => (isRefusalCode(one.reason) ? zhCN.refusals[one.reason] : said(one));
