import 'reflect-metadata';
import { MappingRefused } from '../../libs/intake/mapping/faults.js';
import { FileRefused } from '../../libs/intake/problem.js';
import { readConfig } from '../../libs/platform/config.js';
import { StartFault } from '../../libs/platform/fault.js';
import { programOf } from './program.js';

await programOf(readConfigOrStop()).parseAsync().catch(stop);

function readConfigOrStop(): ReturnType<typeof readConfig> {
  try {
    return readConfig(process.env);
  } catch (error) {
    return stop(error);
  }
}

function stop(error: unknown): never {
  const told = [StartFault, FileRefused, MappingRefused].some((kind) => error instanceof kind);
  process.stderr.write(`${told ? (error as Error).message : String((error as Error).stack)}\n`);
  process.exit(1);
}
