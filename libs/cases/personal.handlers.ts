import { Inject } from '@nestjs/common';
import {
  CommandBus,
  CommandHandler,
  type ICommandHandler,
  type IQueryHandler,
  QueryHandler,
} from '@nestjs/cqrs';
import {
  type Access,
  accessOf,
  FindHolders,
  type FoundCases,
  NoteAccess,
  Reveal,
  SeenAmong,
} from '../contracts/access.js';
import { type Caller } from '../contracts/envelope.js';
import { Refusal, refuse } from '../contracts/refusal.js';
import { type Uuid } from '../contracts/values.js';
import { type EventStore, STORE } from '../eventing/store.js';
import { Erased } from '../sealing/errors.js';
import { Sealer } from '../sealing/sealer.js';
import { decodeCase, VisibleCases } from './case.queries.js';
import { streamOf } from './commands.js';
import { isAccusation, mayReveal } from './revealing.js';
import { sealedAt } from './shown.js';
import { type CaseState } from './state.js';
import { type Register } from '../contracts/register.js';

/** At most so many cases are told of one person. */
const MOST = 200;
/** Cases looked at at once. */
const AT_ONCE = 20;

/** The case as `see` takes it, or nothing where it does not exist for the caller. */
async function ifVisible<T>(
  visible: VisibleCases,
  caseId: Uuid,
  caller: Caller,
  see: (state: CaseState, register: Register) => T,
): Promise<T | undefined> {
  try {
    const { state, register } = await visible.get(caseId, caller);
    return see(state, register);
  } catch (error) {
    if (error instanceof Refusal && error.code === 'case/unknown') return undefined;
    throw error;
  }
}

@CommandHandler(Reveal)
export class RevealHandler implements ICommandHandler<Reveal> {
  constructor(
    private readonly visible: VisibleCases,
    @Inject(STORE) private readonly store: EventStore,
    private readonly sealer: Sealer,
    private readonly commands: CommandBus,
  ) {}

  /** @throws Refusal case/unknown, personal/unknown, personal/denied, personal/erased */
  async execute(asked: Reveal): Promise<string> {
    const { caseId, caller, revision, purpose } = asked;
    const about = { ...accessOf(caller), caseId, revision };
    // What was sent as a field or purpose is noted only where it is known to name no person.
    const may = await ifVisible(this.visible, caseId, caller, (state, register) =>
      mayReveal(state, caller, register),
    );
    const text = may === undefined ? undefined : await this.#textOf(asked);
    if (text === undefined) {
      await this.#note({ ...about, outcome: 'denied' });
      return refuse(may === undefined ? 'case/unknown' : 'personal/unknown');
    }
    const { field } = asked;
    if (text === GONE) {
      await this.#note({ ...about, field, outcome: 'gone' });
      return refuse('personal/erased');
    }
    const told = { field, purpose: purpose.replaceAll(text, '**') };
    await this.#note({ ...about, ...told, outcome: may === true ? 'revealed' : 'denied' });
    return may === true ? text : refuse('personal/denied');
  }

  async #textOf({ caseId, revision, field }: Reveal): Promise<string | typeof GONE | undefined> {
    const stream = streamOf(caseId);
    const [stored] = await this.store.read(stream, revision, 1);
    const sealed = stored && sealedAt(decodeCase(stored).event, field);
    if (!sealed) return undefined;
    return this.sealer.openText(sealed, { stream, field }).catch((error: unknown) => {
      if (error instanceof Erased) return GONE;
      throw error;
    });
  }

  /** Whoever sees something is noted before. */
  #note(access: Access): Promise<void> {
    return this.commands.execute(new NoteAccess(access));
  }
}

const GONE = Symbol('erased');

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
