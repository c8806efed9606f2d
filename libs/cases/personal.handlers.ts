import {
  CommandBus,
  CommandHandler,
  type ICommandHandler,
  type IQueryHandler,
  QueryHandler,
} from '@nestjs/cqrs';
import { accessOf, FindHolders, type FoundCases, NoteAccess, SeenAmong } from '../contracts/access.js';
import { type Caller } from '../contracts/envelope.js';
import { type Register } from '../contracts/register.js';
import { type Uuid } from '../contracts/values.js';
import { Sealer } from '../sealing/sealer.js';
import { ifVisible, VisibleCases } from './case.queries.js';
import { isAccusation, mayReveal } from './revealing.js';
import { type CaseState } from './case-state.js';

/** At most so many cases are told of one person. */
const MOST = 200;
/** Cases looked at at once. */
const AT_ONCE = 20;

@CommandHandler(FindHolders)
export class FindHoldersHandler implements ICommandHandler<FindHolders> {
  constructor(
    private readonly visible: VisibleCases,
    private readonly sealer: Sealer,
    private readonly commands: CommandBus,
  ) {}

  async execute({ kind, text, caller }: FindHolders): Promise<FoundCases> {
    await this.commands.execute(new NoteAccess({ ...accessOf(caller), field: kind, outcome: 'searched' }));
    const told = await seenAmong(
      this.visible,
      await this.sealer.find(kind, text),
      caller,
      (state, register) => {
        // That somebody is named in an accusation says who accuses.
        return !isAccusation(state) || mayReveal(state, caller, register);
      },
    );
    return { cases: told.slice(0, MOST), more: told.length > MOST };
  }
}

@QueryHandler(SeenAmong)
export class SeenAmongHandler implements IQueryHandler<SeenAmong> {
  constructor(private readonly visible: VisibleCases) {}

  execute({ caseIds, caller }: SeenAmong): Promise<Uuid[]> {
    return seenAmong(this.visible, caseIds, caller, () => true);
  }
}

/** Those of the cases that the caller sees and that meet a condition, in their order; hardly more than `MOST`. */
async function seenAmong(
  visible: VisibleCases,
  caseIds: readonly Uuid[],
  caller: Caller,
  meets: (state: CaseState, register: Register) => boolean,
): Promise<Uuid[]> {
  const seen: Uuid[] = [];
  for (let from = 0; from < caseIds.length && seen.length <= MOST; from += AT_ONCE) {
    const some = caseIds.slice(from, from + AT_ONCE);
    const met = await Promise.all(some.map((caseId) => ifVisible(visible, caseId, caller, meets)));
    seen.push(...some.filter((_, n) => met[n] === true));
  }
  return seen;
}
