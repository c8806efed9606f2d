import { type Caller } from '../../contracts/envelope.js';
import { Refusal, refusals } from '../../contracts/refusal.js';
import { AppointPerson, EnterPerson } from '../../contracts/register-commands.js';
import { type Day, isDay } from '../../contracts/values.js';
import { decide } from '../../eventing/handle.js';
import { validated } from '../../platform/validated.js';
import { rowOf } from '../commands.js';
import { asOf, type Docs, fold, type PersonDoc, type Post } from '../docs.js';
import { type FileRow, type PeopleFile, type RowFault } from './people-file.js';
import { entries, type RegisterFacts, type RegisterState } from '../table.js';

/** What is to become of a row: its commands in their order, none where all of it is so already. */
export type JudgedRow =
  | { row: number; outcome: 'new'; id: string; commands: readonly object[] }
  | { row: number; outcome: 'known' }
  | { row: number; outcome: 'wrong'; fault: RowFault };

/** What is known besides the file. */
export interface Standing {
  docs: Docs<string>;
  now: string;
  today: Day;
  caller: Caller;
  /** The person of the register who has an identity number; `''` where it is somebody unknown. */
  ownerOf: (identityNumber: string) => Promise<string | undefined>;
  /** What two ways of writing one number have in common; undefined where nothing is left of it. */
  sameAs: (identityNumber: string) => string | undefined;
}

type Field = 'id' | 'name' | 'identityNumber' | 'unit' | 'role' | 'from' | 'until';
/** What a field of a command is called in the file, where that is not the same. */
const COLUMN_OF: Partial<Record<string, string>> = { id: 'person' };

const fault = (reason: string, message: string, field?: Field): RowFault => ({
  ...(field !== undefined && { column: COLUMN_OF[field] ?? field }),
  ...{ reason, message },
});

/**
 * Says of every row what the register's own commands would come to, each after those of the rows before it. Nothing is
 * written.
 */
export async function judge(file: PeopleFile, standing: Standing): Promise<JudgedRow[]> {
  const people = new Map(standing.docs.person);
  const judging = new Judging(standing, people, firstDays(file));
  const judged: JudgedRow[] = [];
  for (const row of file.rows) {
    const became = 'fault' in row ? { row: row.row, fault: row.fault } : await judging.row(row);
    if (!('fault' in became)) judged.push(became);
    else {
      const { column } = became.fault;
      const heading = column === undefined ? undefined : (file.headingOf(column) ?? column);
      judged.push({
        ...{ row: row.row, outcome: 'wrong' },
        fault: { ...became.fault, ...(heading !== undefined && { column: heading }) },
      });
    }
  }
  return judged;
}

/** Somebody with several posts is entered on the first day of them all, in whatever order the rows stand. */
function firstDays({ rows }: PeopleFile): ReadonlyMap<string, Day> {
  const first = new Map<string, Day>();
  for (const row of rows) {
    if (!('cells' in row)) continue;
    const { person = '', from = '' } = row.cells;
    const before = first.get(person);
    if (isDay(from) && (before === undefined || from < before)) first.set(person, from);
  }
  return first;
}

class Judging {
  /** Who of the file has a number already. */
  readonly #numbers = new Map<string, string>();

  constructor(
    private readonly standing: Standing,
    private readonly people: Map<string, PersonDoc<string>>,
    private readonly first: ReadonlyMap<string, Day>,
  ) {}

  async row({ row, cells }: FileRow): Promise<JudgedRow | { fault: RowFault }> {
    const { person: id, name, identityNumber, unit, role, from, until } = cells;
    if (id === undefined) return { fault: fault('missing', 'The person is missing', 'id') };
    if (!ID.test(id)) return { fault: fault('matches', 'This is no id of a person', 'id') };
    const post = { unit, role, from, ...(until !== undefined && { until }) };
    try {
      const appoint = validated(AppointPerson, post);
      const entered = { name, from: this.first.get(id) ?? from, ...(identityNumber && { identityNumber }) };
      const enter = validated(EnterPerson, entered);
      const strange = await this.#number(id, identityNumber);
      if (strange) return { fault: strange };
      const there = this.people.get(id);
      if (there && calledNow(there, this.standing.today) !== name)
        return { fault: fault('name-differs', 'The person is called otherwise in the register', 'name') };
      const commands = [...(there ? [] : [enter]), ...(there && holds(there, appoint) ? [] : [appoint])];
      const after = commands.reduce<PersonDoc<string> | undefined>(
        (doc, one) => this.#after(id, doc, one),
        there,
      );
      if (after) this.people.set(id, after);
      return commands.length > 0 ? { row, outcome: 'new', id, commands } : { row, outcome: 'known' };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { fault: faultOf(error) };
    }
  }

  /** The entry as it stands after a command. @throws Refusal */
  #after(id: string, doc: PersonDoc<string> | undefined, body: object): PersonDoc<string> {
    const { now, today, caller, docs } = this.standing;
    const state: RegisterState = { ...entries.initial, status: doc && 'open', doc };
    const facts: RegisterFacts = { now, today, id, docs: { ...docs, person: this.people } };
    const events = decide({ row: rowOf(body), body, actor: caller, seen: undefined }, state, facts);
    return events.reduce<PersonDoc>(
      (before, event) => fold('person', before, event, now),
      doc as PersonDoc,
    ) as PersonDoc<string>;
  }

  async #number(id: string, number: string | undefined): Promise<RowFault | undefined> {
    if (number === undefined) return undefined;
    const { sameAs, ownerOf } = this.standing;
    const same = sameAs(number);
    if (same === undefined)
      return fault('identity-number', 'The number has neither letter nor digit', 'identityNumber');
    const owner = (await ownerOf(number)) ?? this.#numbers.get(same);
    if (owner !== undefined && owner !== id)
      return fault('register/already-entered', refusals['register/already-entered'], 'identityNumber');
    if (owner === undefined && this.people.has(id))
      return fault(
        'number-differs',
        'The register does not know this number of the person',
        'identityNumber',
      );
    this.#numbers.set(same, id);
    return undefined;
  }
}

const ID = /^[a-z0-9][a-z0-9._-]{0,63}$/;

const calledNow = ({ names }: PersonDoc<string>, today: Day): string | undefined =>
  asOf(names, today) ?? names.at(-1)?.is;

/** Whether a post is held in all of this time. */
const holds = ({ posts }: PersonDoc<string>, { unit, role, from, until }: AppointPerson): boolean =>
  posts.some(
    (post: Post) =>
      post.unit === unit &&
      post.role === role &&
      post.from <= from &&
      (post.until === undefined || (until !== undefined && until <= post.until)),
  );

function faultOf({ code, details }: Refusal): RowFault {
  const [first] = details.errors ?? [];
  return first === undefined
    ? fault(code, refusals[code])
    : fault(first.rule, first.message, first.field as Field);
}
