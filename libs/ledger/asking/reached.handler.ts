import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { once } from 'node:events';
import { LedgerReached } from '../../contracts/ledger.js';
import { type Bell } from '../../platform/session.js';
import { type Sql } from '../../platform/sql.js';
import { READING } from './reading.js';
import { Scope } from './scope.js';

/** By which Nest finds the bell that rings when rows were written. */
export const LEDGER_BELL = Symbol('LEDGER_BELL');

@QueryHandler(LedgerReached)
export class LedgerReachedHandler implements IQueryHandler<LedgerReached> {
  constructor(
    @Inject(READING) private readonly sql: Sql,
    @Inject(LEDGER_BELL) private readonly bell: Bell,
    private readonly scope: Scope,
  ) {}

  async execute({ caller, caseId, revision, ms }: LedgerReached): Promise<boolean> {
    const signal = AbortSignal.timeout(ms);
    await this.bell.listen();
    while (!signal.aborted) {
      const rung = once(this.bell, 'ring', { signal }).catch(() => undefined);
      const { schema, where } = await this.scope.of(caller);
      const [row] = await this.sql<{ revision: number }[]>`
        select revision from ${schema}.cases where id = ${caseId} and ${where}`;
      if (row && row.revision >= revision) return true;
      await rung;
    }
    return false;
  }
}
