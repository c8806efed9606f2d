import {
  CommandHandler,
  type ICommandHandler,
  type IQueryHandler,
  QueryBus,
  QueryHandler,
} from '@nestjs/cqrs';
import {
  type AccessEntry,
  AccessLogPage,
  type AccessPage,
  NoteAccess,
  SeenAmong,
} from '../../contracts/access.js';
import { CurrentRegister, type Register } from '../../contracts/register.js';
import { AccessLog } from './access-log.js';

/** Lines looked at at once, and how often, until a page is full of what an auditor sees. */
const LOOK = 100;
const LOOKS = 10;

@CommandHandler(NoteAccess)
export class NoteAccessHandler implements ICommandHandler<NoteAccess> {
  constructor(private readonly log: AccessLog) {}

  async execute({ access }: NoteAccess): Promise<void> {
    await this.log.note(access);
  }
}

@QueryHandler(AccessLogPage)
export class AccessLogPageHandler implements IQueryHandler<AccessLogPage> {
  constructor(
    private readonly log: AccessLog,
    private readonly queries: QueryBus,
  ) {}

  async execute({ caller, filter, limit, before }: AccessLogPage): Promise<AccessPage> {
    const { zone } = await this.queries.execute<CurrentRegister, Register>(new CurrentRegister());
    const entries: AccessEntry[] = [];
    let next = before;
    for (let look = 0; look < LOOKS; look++) {
      const lines = await this.log.page(LOOK, next, filter, zone);
      const seen = caller.role === 'auditor' ? await this.#seen(lines, caller) : lines;
      entries.push(...seen);
      const last = entries[limit - 1];
      if (last && (entries.length > limit || lines.length === LOOK)) {
        return { entries: entries.slice(0, limit), before: last.seq };
      }
      next = lines.at(-1)?.seq;
      if (lines.length < LOOK || next === undefined) return { entries };
    }
    return { entries, ...(next !== undefined && { before: next }) };
  }

  async #seen(lines: readonly AccessEntry[], caller: AccessLogPage['caller']): Promise<AccessEntry[]> {
    const named = [...new Set(lines.flatMap(({ caseId }) => caseId ?? []))];
    const seen = new Set(await this.queries.execute<SeenAmong, string[]>(new SeenAmong(named, caller)));
    return lines.filter(({ caseId }) => caseId !== undefined && seen.has(caseId));
  }
}
