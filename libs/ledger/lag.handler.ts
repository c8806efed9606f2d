import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { type Lag, LedgerLag } from '../contracts/health.js';
import { LedgerWorker } from './worker.js';

@QueryHandler(LedgerLag)
export class LedgerLagHandler implements IQueryHandler<LedgerLag> {
  constructor(private readonly worker: LedgerWorker) {}

  execute(): Promise<Lag> {
    return Promise.resolve(this.worker.lag);
  }
}
