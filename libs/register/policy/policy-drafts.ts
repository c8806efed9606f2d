import { type CommandBus, type QueryBus } from '@nestjs/cqrs';
import { type Caller } from '../../contracts/envelope.js';
import { CountTouched, type TouchedCases } from '../../contracts/ledger.js';
import {
  type BeginDraft,
  type ChangeDraft,
  type Draft,
  type DraftEffect,
  type DraftStep,
  type ListedDraft,
  type PublishDraft,
} from '../../contracts/policy-drafts.js';
import { refuse } from '../../contracts/refusal.js';
import { OnRegister, PublishPolicy, type RegisterReceipt } from '../../contracts/register-commands.js';
import { type Uuid } from '../../contracts/values.js';
import { canonical } from '../../eventing/canonical.js';
import { commandId } from '../../eventing/ids.js';
import { type Sql } from '../../platform/sql.js';
import { validated } from '../../platform/validated.js';
import { type RegisterBook } from '../book.js';
import { faultsOf, policyOf } from './policy.js';
import { differences, touchedBy } from './policy-effect.js';
import { levelsIn } from './rules.js';

interface Stored extends DraftStep {
  draft: Uuid;
  policy: object;
}

/** A list is no longer than this. */
const MOST = 200;

/**
 * Rules on their way. Nothing of a draft is ever changed: each change is a version of its own, with who and when. A draft
 * decides nothing; publishing it is the command on the register, given by a second administrator.
 */
export class PolicyDrafts {
  constructor(
    private readonly sql: Sql,
    private readonly book: RegisterBook,
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly now: () => string,
  ) {}

  static async migrate(sql: Sql): Promise<void> {
    await sql.unsafe(`
      create schema if not exists register;
      create table if not exists register.policy_drafts (
        draft uuid not null, version int not null, state text not null, title text not null, policy json not null,
        by text not null, at text not null, published text, primary key (draft, version));`);
  }

  /** The same key of the same person is the same draft. @throws Refusal input/invalid, key/reused */
  async begin({ title, policy }: BeginDraft, { person }: Caller, key: string): Promise<Draft> {
    this.#check(policy);
    const draft = commandId(person, key);
    const made = await this.#add({ draft, version: 1, state: 'draft', title, policy, by: person });
    if (!made) {
      const [first] = await this.#versions(draft);
      if (canonical([first?.title, first?.policy]) !== canonical([title, policy])) refuse('key/reused');
    }
    return this.of(draft);
  }

  /** @throws Refusal input/invalid, draft/… */
  async change(draft: Uuid, { seen, title, policy }: ChangeDraft, { person }: Caller): Promise<Draft> {
    await this.#open(draft, seen);
    this.#check(policy);
    const added = { draft, version: seen + 1, title, policy, by: person };
    if (!(await this.#add({ ...added, state: 'draft' }))) refuse('draft/stale');
    return this.of(draft);
  }

  /** @throws Refusal draft/… */
  async delete(draft: Uuid, seen: number, { person }: Caller): Promise<Draft> {
    const { title, policy } = await this.#open(draft, seen);
    const added = { draft, version: seen + 1, title, policy, by: person };
    if (!(await this.#add({ ...added, state: 'deleted' }))) refuse('draft/stale');
    return this.of(draft);
  }

  /** @throws Refusal draft/unknown */
  async of(draft: Uuid): Promise<Draft> {
    const versions = await this.#versions(draft);
    const last = versions.at(-1);
    if (!last) return refuse('draft/unknown');
    return { ...last, history: versions.map(({ draft: _, policy: __, ...step }) => step) };
  }

  /** The last version of each, those changed last first. */
  async all(): Promise<ListedDraft[]> {
    const rows = await this.sql<(ListedDraft & { published: string | null })[]>`
      select * from (
        select distinct on (draft) draft, version, state, title, by, at, published
        from register.policy_drafts order by draft, version desc) last
      order by at desc, draft limit ${MOST}`;
    return rows.map(stepOf);
  }

  /** What it would change, and of how many cases. @throws Refusal draft/unknown */
  async effect(draft: Uuid): Promise<DraftEffect> {
    const { policy, version } = await this.of(draft);
    const { id, ...inForce } = this.book.register.policy;
    const { id: _, ...read } = policyOf(policy, levelsIn(this.book.docs));
    const found = differences(inForce, read);
    const counted = await this.queries.execute<CountTouched, TouchedCases>(
      new CountTouched(found.map(({ path }) => touchedBy(path))),
    );
    const changes = found.map(({ path, ...rule }, n) => ({
      ...{ path: path.join('.'), ...rule },
      cases: counted.each[n] ?? 0,
    }));
    return { inForce: id, version, changes, cases: counted.any };
  }

  /** @throws Refusal draft/…, administrator/…, and what the register refuses */
  async publish(
    draft: Uuid,
    { seen, id, from }: PublishDraft,
    caller: Caller,
    about: OnRegister['about'],
  ): Promise<RegisterReceipt> {
    const versions = await this.#versions(draft);
    const last = versions.at(-1);
    // Cut off between the register and here, or sent again: the register knows the command by its key.
    const again = last?.state === 'published' && last.published === id && last.by === caller.person;
    const { title, policy, by } = again ? (versions.at(-2) ?? last) : await this.#open(draft, seen);
    this.#second(by, caller);
    const body = validated(PublishPolicy, { id, policy, from });
    const [name = id] = id.split('@');
    const receipt = await this.commands.execute<OnRegister, RegisterReceipt>(
      new OnRegister('policy', name, body, caller, about),
    );
    if (!again)
      await this.#add({
        ...{ draft, version: seen + 1, state: 'published', title, policy },
        ...{ by: caller.person, published: id },
      });
    return receipt;
  }

  /** Who said it last does not put it into force. */
  #second(by: string, { person, onBehalfOf, role }: Caller): void {
    if (by !== person && by !== onBehalfOf) return;
    const others = this.book.register.persons.some(
      ({ id, appointments }) => id !== by && appointments.some((post) => post.role === role),
    );
    refuse(others ? 'administrator/second-same' : 'administrator/second-missing');
  }

  #check(policy: object): void {
    const errors = faultsOf(policy, levelsIn(this.book.docs)).map(({ part, message }) => ({
      ...{ field: `policy.${part}`, rule: 'policy' },
      message: message.slice(0, 300),
    }));
    if (errors.length > 0) refuse('input/invalid', { errors });
  }

  async #open(draft: Uuid, seen: number): Promise<Stored> {
    const last = (await this.#versions(draft)).at(-1);
    if (!last) return refuse('draft/unknown');
    if (last.state !== 'draft') return refuse('draft/ended');
    return last.version === seen ? last : refuse('draft/stale');
  }

  async #versions(draft: Uuid): Promise<Stored[]> {
    const rows = await this.sql<(Stored & { published: string | null })[]>`
      select draft, version, state, title, policy, by, at, published from register.policy_drafts
      where draft = ${draft} order by version`;
    return rows.map(stepOf);
  }

  /** Whether it was added: nobody else has made this version meanwhile. */
  async #add({ draft, version, state, title, policy, by, published }: Omit<Stored, 'at'>): Promise<boolean> {
    const { count } = await this.sql`
      insert into register.policy_drafts (draft, version, state, title, policy, by, at, published)
      values (${draft}, ${version}, ${state}, ${title}, ${JSON.stringify(policy)}::text::json, ${by},
        ${this.now()}, ${published ?? null}) on conflict do nothing`;
    return count > 0;
  }
}

const stepOf = <S extends DraftStep>({ published, ...step }: S & { published?: string | null }) =>
  ({ ...step, ...(typeof published === 'string' && { published }) }) as unknown as S;
