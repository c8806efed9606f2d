import { Inject, Injectable } from '@nestjs/common';
import { type Sql } from '../platform/sql.js';
import { READING } from './reading.js';
import { Served } from './served.js';

interface Known {
  texts: number;
  /** The share of the texts in which a pair of characters stands, of those that stand in most. */
  shares: ReadonlyMap<string, number>;
  /** No other stands in more. */
  others: number;
}

/** They change slowly, and no answer hangs on them, but for how long it takes. */
const KEPT_MS = 10 * 60_000;

/** About how many texts have some pairs of characters, by PostgreSQL's own statistics. */
@Injectable()
export class Frequencies {
  #schema = '';
  #at = 0;
  #known: Promise<Known | undefined> = Promise.resolve(undefined);

  constructor(
    @Inject(READING) private readonly sql: Sql,
    private readonly served: Served,
  ) {}

  /** The most texts that have all of them; nothing where there are no statistics yet. */
  async most(grams: readonly string[]): Promise<number | undefined> {
    const { schema } = this.served;
    if (this.#schema !== schema || performance.now() > this.#at + KEPT_MS) {
      [this.#schema, this.#at] = [schema, performance.now()];
      // A search does without them.
      this.#known = this.#read(schema).catch(() => undefined);
    }
    const known = await this.#known;
    return known && known.texts * Math.min(...grams.map((gram) => known.shares.get(gram) ?? known.others));
  }

  async #read(schema: string): Promise<Known | undefined> {
    const [found] = await this.sql<{ texts: number; grams: string[]; shares: number[] }[]>`
      select c.reltuples::bigint as texts, s.most_common_elems::text::text[] as grams,
        array_to_json(s.most_common_elem_freqs) as shares
      from pg_stats s join pg_class c on c.oid = to_regclass(format('%I.%I', s.schemaname, s.tablename))
      where s.schemaname = ${schema} and s.tablename = 'search' and s.attname = 'grams'
        and s.most_common_elems is not null`;
    if (!found) return undefined;
    const { texts, grams, shares } = found;
    // Behind the shares of the elements stand the least and the greatest of them.
    return {
      texts,
      shares: new Map(grams.map((gram, n) => [gram, shares[n] ?? 1])),
      others: shares[grams.length] ?? 1,
    };
  }
}
