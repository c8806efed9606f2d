import { ConsoleLogger, Logger } from '@nestjs/common';

/** Faults, one JSON object a line (`level`, `timestamp` in milliseconds, `context`, `message`); to a terminal, for people. */
export function faultLines(): void {
  const json = !process.stderr.isTTY;
  Logger.overrideLogger(new ConsoleLogger({ json, logLevels: ['warn', 'error', 'fatal'] }));
}
