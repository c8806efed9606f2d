import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Format } from '../../libs/ledger/exports/ledger-export.js';
import { type Contest, type Size } from './contest.js';
import { type Exported, type Exporting } from './export-task.js';
import { aside } from './job.js';
import { filled } from './ledger.js';
import { type Results } from './results.js';
import { BenchServer } from './server.js';

export const FORMATS: readonly Format[] = ['xlsx', 'csv'];
/** Of the rows so many: memory is compared with what a file of these takes. */
const FEW = 0.2;

/** All rows of a ledger as a file, beside a bare writer that reads the same rows and writes as many cells through the same library. */
export async function exportContest(results: Results, size: Size): Promise<Contest> {
  const { exportRows } = size;
  const few = exportRows * FEW;
  const all = await ledgerOf(exportRows);
  const some = await ledgerOf(few);
  const file = join(all.folder, 'export');
  const taken = async (task: Omit<Exporting, 'file'> & { rows: number }): Promise<Exported> => {
    const answer = await aside<Exported>('export-task', { ...task, file });
    if (task.who === 'read') return answer;
    const { size: bytes } = await stat(file);
    if (task.rows === exportRows) results.add(`export/${task.format}/${task.who}/bytes`, bytes / 2 ** 20);
    await rm(file);
    return answer;
  };
  return {
    most: 2,
    round: async (turn) => {
      const { seconds: reading } = await taken({
        ...{ who: 'read', format: 'csv', place: all.application.app, rows: exportRows },
      });
      results.add('export/read', exportRows / reading);
      for (const format of FORMATS) {
        for (const who of turn(['ours', 'bare'] as const)) {
          const place = all.application.app;
          const { seconds, memory } = await taken({ who, format, place, rows: exportRows });
          results.add(`export/${format}/${who}`, exportRows / seconds);
          results.add(`export/${format}/${who}/memory`, memory / 2 ** 20);
        }
        const place = some.application.app;
        const { memory } = await taken({ who: 'ours', format, place, rows: few });
        results.add(`export/${format}/ours/memory-few`, memory / 2 ** 20);
      }
    },
    end: async () => {
      await all.close();
      await some.close();
    },
  };
}

async function ledgerOf(cases: number): Promise<BenchServer> {
  const server = await BenchServer.open();
  await filled(server, cases);
  return server;
}
