import { type Command, InvalidArgumentError } from 'commander';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { PostgresKeys } from '../../libs/adapters/postgres-keys/postgres-keys.js';
import { streamOf } from '../../libs/cases/commands.js';
import { holderAt } from '../../libs/cases/erasures/holder.js';
import { type Access } from '../../libs/contracts/access.js';
import { isUuid } from '../../libs/contracts/values.js';
import { AccessLog } from '../../libs/identity/access-log/access-log.js';
import { type Config } from '../../libs/platform/config.js';
import { type Database } from '../../libs/platform/database.js';
import { writeDurably } from '../../libs/platform/embedded/folder.js';
import { codeOf, StartFault } from '../../libs/platform/fault.js';
import { type Erasure } from '../../libs/sealing/keys.js';
import { openLog } from '../standalone/log.js';
import { type WithDatabase } from './upkeep.js';

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** The commands that erase, and that keep erasures for the day of a restore. None needs the master key. */
export function addErasure(program: Command, config: Config, withDatabase: WithDatabase): void {
  program
    .command('erase')
    .description('destroys for good the key of whoever a sealed text or file belongs to')
    .argument('<case>', 'id of the case; or referral- and the id of a clue, or person- and that of a person')
    .argument('<revision>', 'of the event', revisionOf)
    .argument(
      '<field>',
      'as the history names it, such as petitioner.name; or file, photos.0: a file with people in it',
    )
    .option('--yes', 'do it; otherwise it is only said what would be erased')
    .addHelpText(
      'after',
      '\nExamples:\n  xiaohao erase d77ae3cc-02b1-5881-8b09-418f4dcf547d 0 petitioner.name --yes',
    )
    .action(async (name: string, revision: number, field: string, { yes }: { yes?: boolean }) => {
      await withDatabase(async (database) => {
        const log = openLog(config, database.address);
        try {
          const stream = streamNamed(name);
          const found = stream === undefined ? undefined : await holderAt(log, stream, revision, field);
          if (!found) throw new StartFault('No sealed text stands there at this revision and field.');
          const { holder, taken } = found;
          for (const one of taken) console.log(`revision ${one.revision}\t${one.type}\t${one.field}`);
          if (yes !== true) {
            console.log('This would be unreadable for good. Nothing was erased: say --yes.');
            process.exitCode = 1;
            return;
          }
          const { erasedAt } = await new PostgresKeys(database.sql).erase(holder);
          await note(database, {
            ...(isUuid(name) ? { caseId: name } : { stream: name }),
            revision,
            field,
            outcome: 'erased',
          });
          console.log(`Erased at ${erasedAt}; a server that runs forgets the key within 60 seconds.`);
        } finally {
          await log.close();
        }
      });
    });

  const erasures = program
    .command('erasures')
    .description('the erasures of a database: keep them outside of it, for the day of a restore')
    .addHelpText('after', '\nExamples:\n  xiaohao erasures export /safe/erasures.json');
  erasures
    .command('export')
    .description('writes down which holders were erased, and when')
    .argument('<file>', 'that is written over')
    .addHelpText('after', '\nExamples:\n  xiaohao erasures export /safe/erasures.json')
    .action(async (file: string) => {
      await withDatabase(async ({ sql }) => {
        const all = await new PostgresKeys(sql).erasures();
        await writeDurably(file, JSON.stringify(all));
        console.log(`${all.length} erasures`);
      });
    });
  erasures
    .command('apply')
    .description('after a restore: erases again whoever had been erased')
    .argument('<file>', 'as `export` wrote it')
    .addHelpText('after', '\nExamples:\n  xiaohao erasures apply /safe/erasures.json')
    .action(async (file: string) => {
      const all = await erasuresIn(file);
      await withDatabase(async (database) => {
        const back = await new PostgresKeys(database.sql).reapply(all);
        await note(database, { outcome: 'reapplied' });
        console.log(`${all.length} erasures, ${back} keys had come back`);
      });
    });
}

/** The streams besides those of cases in which sealed texts stand. */
const OTHERS = /^(?:referral|person)-/;

const streamNamed = (name: string): string | undefined =>
  isUuid(name) ? streamOf(name) : OTHERS.test(name) ? name : undefined;

export async function note(
  { sql }: Database,
  what: Pick<Access, 'outcome'> & Partial<Access>,
): Promise<void> {
  await new AccessLog(sql).note({ person: account(), unit: '', role: 'operator', via: 'cli', ...what });
}

/** Who works at this machine. */
function account(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}

/** @throws StartFault */
export async function erasuresIn(file: string): Promise<Erasure[]> {
  try {
    const all = JSON.parse(await readFile(file, 'utf8')) as Partial<Erasure>[];
    if (all.every((one) => isUuid(one.holder) && INSTANT.test(one.erasedAt ?? ''))) return all as Erasure[];
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) {
      throw new StartFault(`The file of erasures cannot be read (${codeOf(error)}).`, { cause: error });
    }
  }
  throw new StartFault('The file is no list of erasures.');
}

function revisionOf(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('a whole number');
}
