import { Inject } from '@nestjs/common';
import { CommandBus, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import { type Access, accessOf, NoteAccess, Reveal, type RevealedIn } from '../contracts/access.js';
import { ReferralOf, type ReferralRow } from '../contracts/referrals.js';
import { Refusal, refuse, type RefusalCode } from '../contracts/refusal.js';
import { type EventStore, STORE } from '../eventing/store.js';
import { Erased } from '../sealing/errors.js';
import { Sealer } from '../sealing/sealer.js';
import { ifVisible, VisibleCases } from './case.queries.js';
import { mayReveal } from './revealing.js';
import { sealedAt } from './shown.js';

const GONE = Symbol('erased');

/** A refusal that stands in the log of accesses as what it was: a wish to see something. */
const noted = (code: RefusalCode): Refusal => new Refusal(code, {}, true);

/** What is said to whoever may not know of it. */
const UNKNOWN: Record<RevealedIn, RefusalCode> = {
  case: 'case/unknown',
  referral: 'referral/unknown',
  person: 'personal/unknown',
};

@CommandHandler(Reveal)
export class RevealHandler implements ICommandHandler<Reveal> {
  constructor(
    private readonly visible: VisibleCases,
    @Inject(STORE) private readonly store: EventStore,
    private readonly sealer: Sealer,
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  /** @throws Refusal case/unknown, referral/unknown, personal/unknown, personal/denied, personal/erased */
  async execute(asked: Reveal): Promise<string> {
    const { where, id, caller, revision, purpose } = asked;
    const about = { ...accessOf(caller), ...(where === 'case' && { caseId: id }), revision };
    // What was sent as a field, a purpose or an id is noted only where it is known to name no person.
    const may = await this.#may(asked);
    const text = may === undefined ? undefined : await this.#textOf(asked);
    if (text === undefined) {
      await this.#note({ ...about, outcome: 'denied' });
      throw noted(may === undefined ? UNKNOWN[where] : 'personal/unknown');
    }
    // Under its case a clue would tell those who read who saw what that there is one.
    const told = { ...about, ...(where !== 'case' && { stream: `${where}-${id}` }), field: asked.field };
    if (text === GONE) {
      await this.#note({ ...told, outcome: 'gone' });
      return refuse('personal/erased');
    }
    const why = purpose.replaceAll(text, '**');
    await this.#note({ ...told, purpose: why, outcome: may === true ? 'revealed' : 'denied' });
    if (may === true) return text;
    throw noted('personal/denied');
  }

  /** Whether it is shown to the caller; undefined where the caller may not know of it. */
  async #may({ where, id, caller }: Reveal): Promise<boolean | undefined> {
    if (where === 'case')
      return ifVisible(this.visible, id, caller, (state, register) => mayReveal(state, caller, register));
    if (where === 'person') return caller.role === 'security-admin' ? true : undefined;
    // Whoever may read a clue may have its texts.
    const ask = new ReferralOf(caller, id);
    return (await this.queries.execute<ReferralOf, ReferralRow | null>(ask)) ? true : undefined;
  }

  async #textOf({ where, id, revision, field }: Reveal): Promise<string | typeof GONE | undefined> {
    const stream = `${where}-${id}`;
    const [stored] = await this.store.read(stream, revision, 1);
    // As it is stored: the place in which a text stands is sealed with it.
    const sealed = stored && sealedAt(JSON.parse(stored.data) as object, field);
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
