import 'reflect-metadata';
import { OutcomeUnknown, Unavailable } from '../../libs/eventing/store.js';
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
  if (isAway(error)) {
    const { name } = error as Error;
    return `The database went away meanwhile (${codeOf(error) || name}): start again.`;
  }
  return String((error as Error).stack);
}

/** Of the log too: a start that fills the register writes into it. */
const isAway = (error: unknown): boolean =>
  databaseGone(error) || error instanceof Unavailable || error instanceof OutcomeUnknown;

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
