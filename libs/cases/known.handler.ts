import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { KnownSources, type Source } from '../contracts/intake.js';
import { caseId } from '../eventing/ids.js';
import { type EventStore, STORE } from '../eventing/store.js';
import { streamOf } from './commands.js';
import { KeyIndex } from './key-index.js';

/** This many streams are looked at together. */
const ABREAST = 50;

/** Asks the log, which refuses what is there already; the ledger may not have heard of it yet. */
@QueryHandler(KnownSources)
export class KnownSourcesHandler implements IQueryHandler<KnownSources> {
  constructor(
    @Inject(STORE) private readonly store: EventStore,
    private readonly keys: KeyIndex,
  ) {}

  /** @throws Unavailable */
  async execute({ sources }: KnownSources): Promise<boolean[]> {
    const known: boolean[] = [];
    for (let from = 0; from < sources.length; from += ABREAST) {
      const part = sources.slice(from, from + ABREAST);
      known.push(...(await Promise.all(part.map((source) => this.#isCase(source)))));
    }
    return known;
  }

  async #isCase({ code, document, line, part }: Source): Promise<boolean> {
    if (document === undefined) return false;
    const id = caseId(this.keys.deployment, { source: code, document, line, part }, '');
    return (await this.store.read(streamOf(id), 0, 1)).length > 0;
  }
}
