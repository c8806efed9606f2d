import { Inject, Injectable } from '@nestjs/common';
import { type Sql } from '../../platform/sql.js';
import { READING } from './reading.js';
import { Served } from '../versions/served.js';

interface Known {
  rows: number;
  /** The share of the rows whose list has an element, of those that stand in most. */
  shares: ReadonlyMap<string, number>;
  /** No other stands in more. */
  others: number;
}

/** Lists whose elements are counted. */
type Lists = 'search.grams' | 'cases.reach';

/**
 * What the index finds by a pair must be looked up in the list of every other pair that is asked for, and to look up is a
 * fifth as much work as to read a text: another pair must leave out more than this of what is found.
 */
const LEFT_OUT = 0.2;

/** They change slowly, and no answer hangs on them, but for how long it takes. */
const KEPT_MS = 10 * 60_000;

/** About how many rows have an element in a list of theirs, by PostgreSQL's own statistics. */
@Injectable()
export class Frequencies {
  readonly #read = new Map<string, { at: number; known: Promise<Known | undefined> }>();

  constructor(
    @Inject(READING) private readonly sql: Sql,
    private readonly served: Served,
  ) {}

  /**
   * The most texts that have all pairs of characters, and their share; nothing where there are no statistics yet.
   * `known`: that there are about as many, where all pairs alone are asked; else only that there are not more.
   */
  async most(grams: readonly string[]): Promise<{ rows: number; share: number; known: boolean } | undefined> {
    const known = await this.#of('search.grams');
    if (!known) return undefined;
    const share = Math.min(...grams.map((gram) => sharedBy(known, gram)));
    return { rows: known.rows * share, share, known: grams.every((gram) => known.shares.has(gram)) };
  }

  /**
   * Pairs of characters by which the index finds soonest what has all of these: the one that stands in fewest texts, and
   * those that leave out enough of what it finds among others.
   * @param part of all texts, among which they are looked for
   */
  async telling(grams: readonly string[], part: number): Promise<string[]> {
    const known = await this.#of('search.grams');
    if (!known) return [...grams];
    const rarestFirst = [...grams].sort((a, b) => sharedBy(known, a) - sharedBy(known, b));
    return rarestFirst.filter((gram, n) => n === 0 || part * (1 - sharedBy(known, gram)) > LEFT_OUT);
  }

  /**
   * How many cases concern one of these, about, and how many there are; nothing where that is not known yet. Divisions
   * share few of them, nor do units; most cases of a unit lie in its division.
   */
  async concerning(among: readonly string[]): Promise<{ cases: number; all: number } | undefined> {
    const known = await this.#of('cases.reach');
    if (!known) return undefined;
    const kinds = new Map<string, number>();
    for (const element of among) {
      const kind = element.slice(0, 1);
      kinds.set(kind, (kinds.get(kind) ?? 0) + sharedBy(known, element));
    }
    return { cases: known.rows * Math.min(1, Math.max(0, ...kinds.values())), all: known.rows };
  }

  #of(lists: Lists): Promise<Known | undefined> {
    const { schema } = this.served;
    const key = `${schema}.${lists}`;
    const read = this.#read.get(key);
    if (read && performance.now() < read.at + KEPT_MS) return read.known;
    // A question is answered without them, too.
    const known = this.#ask(schema, lists).catch(() => undefined);
    this.#read.set(key, { at: performance.now(), known });
    return known;
  }

  async #ask(schema: string, lists: Lists): Promise<Known | undefined> {
    const [table = '', column = ''] = lists.split('.');
    const [found] = await this.sql<{ rows: number; elements: string[]; shares: number[] }[]>`
      select c.reltuples::bigint as rows, s.most_common_elems::text::text[] as elements,
        array_to_json(s.most_common_elem_freqs) as shares
      from pg_stats s join pg_class c on c.oid = to_regclass(format('%I.%I', s.schemaname, s.tablename))
      where s.schemaname = ${schema} and s.tablename = ${table} and s.attname = ${column}
        and s.most_common_elems is not null`;
    if (!found) return undefined;
    const { rows, elements, shares } = found;
    // Behind the shares of the elements stand the least and the greatest of them.
    return {
      rows,
      shares: new Map(elements.map((element, n) => [element, shares[n] ?? 1])),
      others: shares[elements.length] ?? 1,
    };
  }
}

const sharedBy = ({ shares, others }: Known, element: string): number => shares.get(element) ?? others;
