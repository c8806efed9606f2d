import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { connect } from '../../libs/platform/sql.js';
import { caseEvents } from './case-events.js';
import { type BenchDatabase } from './server.js';

/** Events of cases of which so many are open at once, straight into a log that is empty. */
export async function copyLog({ admin }: BenchDatabase, events: number, open: number): Promise<void> {
  const sql = connect(admin, 1);
  const copy =
    await sql`copy log.events (position, stream, revision, id, type, data, meta) from stdin`.writable();
  let [position, text] = [0, ''];
  for (const { stream, revision, id, type, data, meta } of caseEvents(events, open)) {
    text += `${++position}\t${stream}\t${revision}\t${id}\t${type}\t${data}\t${meta}\n`;
    if (text.length < 256 * 1024) continue;
    if (!copy.write(text)) await once(copy, 'drain');
    text = '';
  }
  copy.end(text);
  await finished(copy);
  await sql.unsafe('vacuum (analyze) log.events');
  await sql.unsafe('checkpoint');
  await sql.end();
}
