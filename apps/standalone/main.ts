import 'reflect-metadata';
import { readConfig } from '../../libs/platform/config.js';
import { StartFault } from '../../libs/platform/fault.js';
import { startStandalone } from './start.js';

const fail = (error: unknown): never => {
  process.stderr.write(`${error instanceof StartFault ? error.message : String((error as Error).stack)}\n`);
  process.exit(1);
};

try {
  const running = await startStandalone(readConfig(process.env), fail);
  process.stdout.write(`Xiaohao is serving ${running.url}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      running.close().then(() => process.exit(0), fail);
    });
  }
} catch (error) {
  fail(error);
}
