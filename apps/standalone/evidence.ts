import { type Provider } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { join } from 'node:path';
import { Arriving } from '../../libs/evidence/arriving/arriving.js';
import { ServedCopyHandler } from '../../libs/evidence/pictures/copies.js';
import { Keeper } from '../../libs/evidence/arriving/keeper.js';
import { Leads } from '../../libs/evidence/pictures/leads.js';
import { Resumable } from '../../libs/evidence/arriving/resumable.js';
import { clamd, noScan } from '../../libs/evidence/arriving/scanner.js';
import { Sealing } from '../../libs/evidence/sealed/sealing.js';
import { Shelf } from '../../libs/evidence/serving/shelf.js';
import { Sweeper } from '../../libs/evidence/arriving/sweeper.js';
import { Uploads, UploadsOfHandler } from '../../libs/evidence/arriving/uploads.js';
import { type Config } from '../../libs/platform/config.js';
import { type Sql } from '../../libs/platform/sql.js';
import { type Sealer } from '../../libs/sealing/sealer.js';
import { filesOf } from './files.js';

const MIB = 1024 * 1024;
const DAY_MS = 86_400_000;

/** The room of evidence, wired. */
export function evidenceProviders(config: Config, sql: Sql, sealer: Sealer): Provider[] {
  const files = filesOf(config);
  const arriving = new Arriving(join(config.DATA_DIR, 'arriving'));
  const scan = config.CLAMD === undefined ? noScan : clamd(config.CLAMD);
  const limits = { bytes: config.MAX_FILE_MB * MIB, files: config.MAX_FILES_PER_CASE };
  const keeper = new Keeper(sql, files, arriving, sealer, scan, limits);
  const resumable = new Resumable(sql, arriving, keeper, config.UNFINISHED_DAYS * DAY_MS);
  const ages = { unattachedDays: config.UNATTACHED_DAYS, unfinishedDays: config.UNFINISHED_DAYS };
  return [
    { provide: Uploads, useValue: new Uploads(arriving, keeper) },
    { provide: Resumable, useValue: resumable },
    { provide: Sealing, useValue: new Sealing(sealer) },
    {
      provide: Shelf,
      useFactory: (queries: QueryBus) => new Shelf(sql, files, arriving, queries),
      inject: [QueryBus],
    },
    { provide: Leads, useFactory: (queries: QueryBus) => new Leads(sql, queries), inject: [QueryBus] },
    {
      provide: Sweeper,
      useFactory: (queries: QueryBus) => new Sweeper(sql, files, resumable.store, queries, ages),
      inject: [QueryBus],
    },
    ...[UploadsOfHandler, ServedCopyHandler],
  ];
}
