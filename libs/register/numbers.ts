import { type Series } from '../contracts/register.js';
import { type Sql } from '../platform/sql.js';

interface Waiting {
  series: string;
  owner: string;
  resolve: (n: number) => void;
  reject: (error: unknown) => void;
}

/**
 * Running numbers, one series a kind and year. An owner that asks again gets the number it has. Whoever asks while a
 * request is on its way is answered by the next one, together with all others.
 */
export class Numbers {
  #waiting: Waiting[] = [];
  #busy = false;

  constructor(private readonly sql: Sql) {}

  static async migrate(sql: Sql): Promise<void> {
    await sql.unsafe(`
      create schema if not exists register;
      create table if not exists register.series (series text primary key, last bigint not null);
      create table if not exists register.numbers (
        series text not null, n bigint not null, owner text not null,
        primary key (series, n), unique (series, owner));
      create or replace function register.take(serieses text[], owners text[]) returns bigint[]
      language plpgsql as $$
      begin
        insert into register.series (series, last) select distinct unnest(serieses), 0 on conflict do nothing;
        -- Locked in one order by everybody, so that two takers wait for each other and never in a circle.
        perform from register.series s where s.series = any(serieses) order by s.series for update;
        with asked as (select distinct a.series, a.owner from unnest(serieses, owners) a(series, owner)),
        fresh as (
          select a.series, a.owner, row_number() over (partition by a.series order by a.owner) as k
          from asked a where not exists (
            select from register.numbers n where n.series = a.series and n.owner = a.owner)),
        made as (
          insert into register.numbers (series, n, owner)
          select f.series, s.last + f.k, f.owner from fresh f join register.series s using (series) returning series, n)
        update register.series s set last = m.last
        from (select series, max(n) as last from made group by series) m where m.series = s.series;
        return (select array_agg(n.n order by a.k)
          from unnest(serieses, owners) with ordinality a(series, owner, k)
          join register.numbers n on n.series = a.series and n.owner = a.owner);
      end $$;`);
  }

  /** The owner's number in the series of this kind and year. */
  take(kind: Series, year: string, owner: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ series: `${kind}/${year}`, owner, resolve, reject });
      if (!this.#busy) void this.#answer();
    });
  }

  async #answer(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) {
      const asking = this.#waiting.splice(0, 500);
      try {
        const [row] = await this.sql<{ numbers: number[] }[]>`select register.take(
          ${asking.map(({ series }) => series)}, ${asking.map(({ owner }) => owner)}) as numbers`;
        asking.forEach(({ resolve }, k) => {
          resolve(Number(row?.numbers[k]));
        });
      } catch (error) {
        for (const { reject } of asking) reject(error);
      }
    }
    this.#busy = false;
  }
}
