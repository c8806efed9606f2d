import 'reflect-metadata';
import { openImport } from '../../../libs/intake/import.js';
import { readAnyMapping } from '../../../libs/intake/mapping/mapping-file.js';
import { FileRefused } from '../../../libs/intake/problem.js';
import { names } from '../../support/forms.js';
import { peak } from './peak.js';

/**
 * Reads a file to its end in a process of its own and says what became of it and how much memory that took.
 * Arguments: file, mapping.
 */
const most = peak();
const [file = '', mapping = ''] = process.argv.slice(2);
let outcome: unknown;
try {
  const given = { 'source.document': 'x', divisions: ['430102'] };
  const opened = await openImport(file, await readAnyMapping(mapping), { names, given });
  for await (const _ of opened.rows());
  outcome = opened.counts;
} catch (error) {
  if (!(error instanceof FileRefused)) throw error;
  outcome = error.problems.map(({ reason }) => reason);
}
process.stdout.write(JSON.stringify({ outcome, megabytes: Math.round(most() / 2 ** 20) }));
