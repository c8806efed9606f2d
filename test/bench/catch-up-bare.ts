import 'reflect-metadata';
import { indexLedger } from '../../libs/ledger/rows/indexes.js';
import { connect, RELAXED } from '../../libs/platform/sql.js';
import { answering } from './job.js';
import { type Place } from './server.js';
import { readWrites } from './written.js';

/** What the projection wrote, noted in a file, for a ledger that is empty. */
export interface Written {
  place: Place;
  schema: string;
  file: string;
}

/** Writes it again, and nothing else: in seconds. The next transaction is read while one is written. */
answering(async ({ place, schema, file }: Written) => {
  const sql = connect(place, 2, RELAXED);
  const begin = performance.now();
  let writing: Promise<unknown> = Promise.resolve();
  for await (const statements of readWrites(file)) {
    await writing;
    writing = sql.begin((tx) =>
      Promise.all(statements.map(({ text, values }) => tx.unsafe(text, values, { prepare: true }))),
    );
    // Somebody waits for it one turn later; until then its failure is no unhandled one.
    writing.catch(() => undefined);
  }
  await writing;
  await indexLedger(sql, schema);
  const seconds = (performance.now() - begin) / 1000;
  await sql.end({ timeout: 5 });
  return { seconds };
});
