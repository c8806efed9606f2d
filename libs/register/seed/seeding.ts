import { randomUUID } from 'node:crypto';
import { Refusal } from '../../contracts/refusal.js';
import { type RegisterKind } from '../../contracts/register-events.js';
import { type Sealed } from '../../contracts/sealing.js';
import { hashOf } from '../../eventing/canonical.js';
import { commandId, holderId } from '../../eventing/ids.js';
import { StartFault } from '../../platform/fault.js';
import { type Sql } from '../../platform/sql.js';
import { type Sealer } from '../../sealing/sealer.js';
import { type RegisterBook } from '../book.js';
import { asOf, type Docs, type PersonDoc } from '../docs.js';
import { type RegisterWriter } from '../on-register.handler.js';
import { docsOf } from './seed.js';
import { lostPerson, SEED, type SeedEntry, seedEntries, SINCE } from './seed-entries.js';
import { type SeedFile } from './seed-file.js';
import { entryOf, streamOf } from '../table.js';

/** What was last taken over from an entry of the file. */
interface Taken {
  entry: string;
  hash: string;
  /** Of a person, as `unit/role`. */
  posts: string[];
}

/** Entries on their way at the same time. */
const AT_ONCE = 64;
/** So long the docs may take until they have what was said, in milliseconds. */
const PATIENCE = 120_000;

/**
 * Makes the register say what the file says, where the file has changed since it was last taken over: what was changed
 * otherwise meanwhile stays as it is. Whoever is named no more loses the posts that the file had given them.
 */
export class Seeding {
  readonly #reached = new Map<string, number>();
  readonly #correlationId = randomUUID();

  constructor(
    private readonly sql: Sql,
    private readonly writer: RegisterWriter,
    private readonly book: RegisterBook,
    private readonly sealer: Sealer,
  ) {}

  static async migrate(sql: Sql): Promise<void> {
    await sql`create schema if not exists register`;
    await sql`create table if not exists register.seeded (
      entry text collate "C" primary key, hash text not null, posts text[] not null)`;
  }

  /**
   * Done when the register in memory has it all.
   * @returns how many entries were taken over
   * @throws StartFault where the register refuses an entry
   */
  async run(seed: SeedFile): Promise<number> {
    const taken = new Map(
      (await this.sql<Taken[]>`select entry, hash, posts from register.seeded`).map((one) => [
        one.entry,
        one,
      ]),
    );
    const waves = seedEntries(seed);
    const named = new Set(waves.flat().map(({ kind, id }) => streamOf(kind, id)));
    const changed = waves.map((wave) =>
      wave.filter((entry) => this.#taken(entry).hash !== hashIn(taken, entry)),
    );
    const lost = [...taken.keys()].filter((entry) => entry.startsWith('person-') && !named.has(entry));
    const all = [...changed, lost.map((stream) => lostPerson(entryOf(stream)?.id ?? ''))];
    const from = taken.size === 0 ? SINCE : this.book.today;
    // Entries that are there are expected too: docs may be in the making, from the beginning of the log.
    for (const stream of named) this.#reached.set(stream, taken.has(stream) ? 0 : -1);
    if (all.flat().length > 0) {
      const docs = this.#known(seed);
      for (const wave of all) {
        await eachOf(wave, async (entry) => {
          const given = taken.get(streamOf(entry.kind, entry.id))?.posts ?? [];
          await this.#take(entry, { from, given }, docs);
        });
      }
    }
    for (const [stream, revision] of this.#reached) {
      if (!(await this.book.reached(stream, revision, PATIENCE)))
        throw new StartFault('The register does not keep up with the log: see what the database says.');
    }
    // After a crash before this, what has been given is found given.
    if (all.flat().length > 0) await this.#note(changed.flat(), lost);
    return all.flat().length;
  }

  /** The register, and what the file says besides, which is sound as a whole: entries name each other. */
  #known(seed: SeedFile): Docs {
    const { book } = this;
    const file = docsOf(seed);
    const both = <K extends RegisterKind>(kind: K): Docs[K] =>
      new Map([...file[kind], ...book.docs[kind]]) as unknown as Docs[K];
    return { ...book.docs, division: both('division'), unit: both('unit'), person: both('person') };
  }

  async #take(
    entry: SeedEntry,
    { from, given }: { from: string; given: readonly string[] },
    docs: Docs,
  ): Promise<void> {
    const { kind, id } = entry;
    const stream = streamOf(kind, id);
    try {
      // What is new is not asked for: a province has tens of thousands.
      const known = this.book.docs[kind].has(id) ? await this.#standing(stream) : undefined;
      await this.#give(entry, stream, { from, given, ...known }, docs);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.code === 'register/entered-already') {
        // The docs are behind the log.
        await this.#give(entry, stream, { from, given, ...(await this.#standing(stream)) }, docs);
        return;
      }
      const said = error.details.errors?.map(({ message }) => message).join('; ') ?? error.message;
      throw new StartFault(`The seed file cannot be taken over: ${kind} ${id}: ${said}`, { cause: error });
    }
  }

  async #standing(stream: string): Promise<{ doc?: object; revision: number }> {
    const { state, revision } = await this.writer.load(stream);
    return { ...(state.doc && { doc: state.doc }), revision };
  }

  async #give(
    entry: SeedEntry,
    stream: string,
    standing: { from: string; given: readonly string[]; doc?: object; revision?: number },
    docs: Docs,
  ): Promise<void> {
    const { kind, id } = entry;
    const { doc, from, given, revision: at = -1 } = standing;
    const { today } = this.book;
    const orders = entry.orders({
      ...{ from, today, given, named: await this.#isNamed(entry, doc) },
      ...(doc && { doc: doc as PersonDoc }),
    });
    for (const [n, body] of orders.entries()) {
      const { revision } = await this.writer.give(
        {
          ...{ kind, id, body, actor: SEED },
          // The same file upon the same entry is the same command, whoever starts with it.
          commandId: commandId(SEED.person, `${stream}@${at}/${this.#taken(entry).hash}/${n}`),
          about: { correlationId: this.#correlationId },
        },
        () => docs,
      );
      this.#reached.set(stream, revision);
    }
  }

  async #isNamed({ kind, id, says }: SeedEntry, doc: object | undefined): Promise<boolean> {
    if (kind !== 'person' || !doc || !('name' in says)) return true;
    const sealed = asOf((doc as PersonDoc<Sealed>).names, this.book.today);
    if (!sealed) return false;
    const stream = streamOf(kind, id);
    // Who was erased has no other name from then on, and no number.
    return this.sealer.openText(sealed, { stream, field: 'name' }).then(
      (name) => name === says.name && this.#hasNumber(stream, says),
      () => true,
    );
  }

  async #hasNumber(stream: string, says: object): Promise<boolean> {
    const { identityNumber: number } = says as { identityNumber?: string };
    return number === undefined || (await this.sealer.meant('identity-number', number)) === holderId(stream);
  }

  /** A person's name and number enter its hash as what they can be found by: the table tells nobody who it is. */
  #taken({ kind, id, says, posts = [] }: SeedEntry): Taken {
    const { name, identityNumber } = says as { name?: string; identityNumber?: string };
    const hidden =
      kind === 'person' && name !== undefined
        ? {
            ...{ ...says, name: this.sealer.index.of('name', name) },
            identityNumber: identityNumber && this.sealer.index.of('identity-number', identityNumber),
          }
        : says;
    return { entry: streamOf(kind, id), hash: hashOf(hidden), posts: [...posts] };
  }

  async #note(entries: readonly SeedEntry[], lost: readonly string[]): Promise<void> {
    const rows = entries.map((entry) => this.#taken(entry));
    await this.sql.begin(async (tx) => {
      await tx`delete from register.seeded where entry = any (${[...lost]})`;
      await tx`
        insert into register.seeded (entry, hash, posts)
        select n.entry, n.hash, string_to_array(n.posts, ',') from unnest(
          ${rows.map(({ entry }) => entry)}::text[], ${rows.map(({ hash }) => hash)}::text[],
          ${rows.map(({ posts }) => posts.join())}::text[]) n(entry, hash, posts)
        on conflict (entry) do update set hash = excluded.hash, posts = excluded.posts`;
    });
  }
}

const hashIn = (taken: ReadonlyMap<string, Taken>, { kind, id }: SeedEntry): string | undefined =>
  taken.get(streamOf(kind, id))?.hash;

/** So many at the same time; the first that fails ends it. */
async function eachOf<T>(list: readonly T[], act: (one: T) => Promise<void>): Promise<void> {
  const left = list.values();
  const worker = async (): Promise<void> => {
    for (const one of left) await act(one);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, list.length) }, worker));
}
