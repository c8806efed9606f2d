import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandId, eventId } from '../../../libs/eventing/ids.js';
import { type Sql } from '../../../libs/platform/sql.js';
import { type Finished } from './load.js';
import { type Acknowledged } from './patient.js';

interface Logged {
  position: number;
  stream: string;
  revision: number;
  id: string;
  type: string;
  command: string;
  /** In which whoever commanded did. */
  role: string;
  data: { caseNumber?: string; closureNumber?: string; file?: { sha256: string } };
}

const LAST_EVENT = {
  assigned: 'CaseAssigned',
  accepted: 'AssignmentAccepted',
  failed: 'VerificationFailed',
  closed: 'CaseClosed',
  reopened: 'CaseReopened',
};

/** The whole log as it stands, looked at from outside. */
export class History {
  private constructor(readonly events: readonly Logged[]) {}

  static async read(sql: Sql): Promise<History> {
    return new History(
      await sql<Logged[]>`
        select e.position, e.stream, e.revision, e.id, e.type, e.data,
          e.meta->>'commandId' as command, e.meta->'actor'->>'role' as role
        from log.events e order by e.position`,
    );
  }

  /** Positions 1, 2, 3 …, and the revisions of each stream 0, 1, 2 …: what is not so. */
  get misplaced(): string[] {
    const next = new Map<string, number>();
    const wrong: string[] = [];
    this.events.forEach(({ position, stream, revision }, index) => {
      const expected = next.get(stream) ?? 0;
      if (position !== index + 1) wrong.push(`position ${position} stands at place ${index + 1}`);
      if (revision !== expected) wrong.push(`${stream}@${revision} stands where ${expected} should`);
      next.set(stream, revision + 1);
    });
    return wrong;
  }

  /** What was acknowledged and does not stand there, or not once, or not where it was said to. */
  missing(acknowledged: Iterable<Acknowledged>): string[] {
    const commands = this.#commands();
    const wrong: string[] = [];
    for (const { person, key, caseId, revision } of acknowledged) {
      const events = commands.get(commandId(person, key)) ?? [];
      const last = events.at(-1);
      if (last?.stream !== `case-${caseId}` || last.revision !== revision) {
        wrong.push(`${key} of ${person} was acknowledged at ${caseId}@${revision}`);
      }
    }
    return wrong;
  }

  /** Commands that were carried out twice, or that nobody gave; the file that fills the register gives its own. */
  strange(given: Iterable<Acknowledged>): string[] {
    const known = new Set([...given].map(({ person, key }) => commandId(person, key)));
    const wrong: string[] = [];
    for (const [command, events] of this.#commands()) {
      const seeded = events.every(({ role }) => role === 'seed');
      if (!seeded && !known.has(command)) wrong.push(`${command} was given by nobody`);
      // A command's events carry ids made of their number in it: one carried out again would begin from 0 again.
      events.forEach(({ id, stream, revision }, n) => {
        if (id !== eventId(stream, command, n))
          wrong.push(`${stream}@${revision} is not event ${n} of ${command}`);
      });
    }
    return wrong;
  }

  /** Cases that do not end where they were taken. */
  unfinished(finished: readonly Finished[]): string[] {
    const last = new Map(this.events.map(({ stream, type }) => [stream, type]));
    return finished
      .filter(({ caseId, outcome }) => last.get(`case-${caseId}`) !== LAST_EVENT[outcome])
      .map(({ caseId, outcome }) => `${caseId} is not ${outcome}`);
  }

  /** Numbers that stand in two events. */
  get numberedTwice(): string[] {
    const numbers = this.events.flatMap(({ data: { caseNumber, closureNumber } }) =>
      [caseNumber, closureNumber].filter((number) => number !== undefined),
    );
    return numbers.filter((number, index) => numbers.indexOf(number) !== index);
  }

  /** Files of the evidence that are not there, or not as they were. */
  async damagedFiles(dataDir: string): Promise<string[]> {
    const hashes = new Set(this.events.flatMap(({ data }) => data.file?.sha256 ?? []));
    const wrong: string[] = [];
    for (const hash of hashes) {
      const content = await readFile(join(dataDir, 'files', hash.slice(0, 2), hash)).catch(() => '');
      if (createHash('sha256').update(content).digest('hex') !== hash) wrong.push(hash);
    }
    return wrong;
  }

  #commands(): Map<string, Logged[]> {
    const commands = new Map<string, Logged[]>();
    for (const event of this.events) {
      const of = commands.get(event.command) ?? [];
      of.push(event);
      commands.set(event.command, of);
    }
    return commands;
  }
}
