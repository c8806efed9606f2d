import { type Command } from 'commander';
import { writeFile } from 'node:fs/promises';
import { type Config } from '../../libs/platform/config.js';
import { demo } from './demo.js';
import { demoHunan } from './hunan/demo.js';
import { type Joined } from './join.js';
import { type Line, Page, toned } from './showing/page.js';
import { terminalPicture } from './showing/svg.js';

export function addDemo(program: Command, config: Config): void {
  const demos = program
    .command('demo')
    .description('start, register 100 real housing violations, take each to its end, show them, and stay up')
    .option('--picture <out.svg>', 'draw what is said, in part, as the README shows it')
    .addHelpText('after', '\nExamples:\n  xiaohao demo\n  xiaohao demo --picture docs/images/demo.svg')
    .action(async ({ picture }: { picture?: string }) => {
      const page = new Page();
      const joined = await demo(config, page);
      if (picture !== undefined) await draw('npm run demo', page.pictured, picture);
      await served(joined);
    });

  demos
    .command('hunan')
    .description(
      'start with the divisions of Hunan, carry 300 made-up problems into every status, and stay up',
    )
    .addHelpText('after', '\nExamples:\n  xiaohao demo hunan')
    .action(async () => {
      // Another deployment has other data: beside the demo's, unless a folder is named.
      const beside = (process.env.DATA_DIR ?? '') === '' ? `${config.DATA_DIR}-hunan` : config.DATA_DIR;
      await served(await demoHunan(Object.assign(config, { DATA_DIR: beside }), new Page()));
    });
}

async function draw(command: string, lines: readonly Line[], out: string): Promise<void> {
  await writeFile(out, terminalPicture([[toned('good', `$ ${command}`)], ...lines], `Terminal: ${command}`));
}

/** Stays up with a server that was started here. */
async function served(joined: Joined): Promise<void> {
  if (!joined.own) return joined.leave();
  console.log(`\nServing ${joined.url} until Ctrl-C.`);
  await untilStopped(joined);
}

async function untilStopped(joined: Joined): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        resolve();
      });
  });
  await joined.leave();
}
