import 'reflect-metadata';
import { readConfig } from '../../libs/platform/config.js';
import { codeOf, databaseGone, StartFault } from '../../libs/platform/fault.js';
import { startStandalone } from './start.js';

const fail = (error: unknown): never => {
  process.stderr.write(`${said(error)}\n`);
  process.exit(1);
};

function said(error: unknown): string {
  if (error instanceof StartFault) return error.message;
  if (codeOf(error) === 'EADDRINUSE') return 'The PORT is taken by another program: choose another.';
  if (databaseGone(error)) return `The database went away meanwhile (${codeOf(error)}): start again.`;
  return String((error as Error).stack);
}

try {
  const starting = startStandalone(readConfig(process.env), fail);
  // A start that is told to end goes through and ends in good order: the database it started is not left running.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      starting.then((running) => running.close()).then(() => process.exit(0), fail);
    });
  }
  const running = await starting;
  process.stdout.write(`Xiaohao is serving ${running.url}\n`);
  for (const notice of running.notices) process.stdout.write(`${notice}\n`);
} catch (error) {
  fail(error);
}
