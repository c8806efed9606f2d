import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { type CaseEvent } from '../contracts/case-events.js';
import { EvidenceIn, type EvidenceUse, ReceiptsUsed } from '../contracts/evidence.js';
import { type Uuid } from '../contracts/values.js';
import { Handler } from '../eventing/handle.js';
import { VisibleCases } from './case.queries.js';
import { type CaseState } from './case-state.js';
import { streamOf } from './commands.js';
import { mayReveal } from './revealing.js';
import { type CaseFacts } from './table.js';

@QueryHandler(EvidenceIn)
export class EvidenceInHandler implements IQueryHandler<EvidenceIn> {
  constructor(private readonly visible: VisibleCases) {}

  async execute({ caseId, caller, receipts }: EvidenceIn): Promise<EvidenceUse> {
    const { state, register } = await this.visible.get(caseId, caller);
    const used = receipts.filter((receipt) => state.receipts.has(receipt));
    return { used, mayReveal: mayReveal(state, caller, register) };
  }
}

@QueryHandler(ReceiptsUsed)
export class ReceiptsUsedHandler implements IQueryHandler<ReceiptsUsed> {
  constructor(private readonly handler: Handler<CaseState, CaseEvent, CaseFacts>) {}

  async execute({ caseId, receipts }: ReceiptsUsed): Promise<Uuid[]> {
    const { state } = await this.handler.load(streamOf(caseId));
    return receipts.filter((receipt) => state.receipts.has(receipt));
  }
}
