import { type Series } from '../../contracts/register.js';
import { type Sql } from '../../platform/sql.js';
import { Together } from '../../platform/together.js';

interface Asked {
  series: string;
  owner: string;
}

/** Running numbers, one series a kind and year. An owner that asks again gets the number it has. */
export class Numbers {
  readonly #together: Together<Asked, number>;

  constructor(sql: Sql) {
    this.#together = new Together(async (asked) => {
      const [row] = await sql<{ numbers: number[] }[]>`select register.take(
        ${asked.map(({ series }) => series)}, ${asked.map(({ owner }) => owner)}) as numbers`;
      return row?.numbers ?? [];
    });
  }

  static async migrate(sql: Sql): Promise<void> {
    await sql.unsafe(`
      create schema if not exists register;
      create table if not exists register.series (series text primary key, last bigint not null);
      create table if not exists register.numbers (
        series text not null, n bigint not null, owner text not null,
        primary key (series, n), unique (series, owner));
      -- Each number is looked up by itself, and by index: a plan that was made while the table was small would read all
      -- of it when it has grown.
      create or replace function register.take(serieses text[], owners text[]) returns bigint[]
      language plpgsql set enable_seqscan = off as $$
      declare
        one   text;
        fresh text[];
        upto  bigint;
      begin
        -- Locked in one order by everybody, so that two takers wait for each other and never in a circle.
        for one in select distinct a from unnest(serieses) a order by a loop
          perform from register.series s where s.series = one for update;
          if not found then
            insert into register.series (series, last) values (one, 0) on conflict do nothing;
            perform from register.series s where s.series = one for update;
          end if;
          fresh := array(
            select a.owner from unnest(serieses, owners) with ordinality a(series, owner, k)
            where a.series = one
              and (select n.n from register.numbers n where n.series = a.series and n.owner = a.owner) is null
            group by a.owner order by min(a.k));
          continue when fresh = '{}';
          update register.series s set last = s.last + cardinality(fresh) where s.series = one returning s.last into upto;
          insert into register.numbers (series, n, owner)
            select one, upto - cardinality(fresh) + f.k, f.owner from unnest(fresh) with ordinality f(owner, k);
        end loop;
        return array(
          select (select n.n from register.numbers n where n.series = a.series and n.owner = a.owner)
          from unnest(serieses, owners) with ordinality a(series, owner, k) order by a.k);
      end $$;`);
  }

  /** After a restore: what the log shows as given is not given again. @param highest by kind and year, as `case/2026` */
  static async raise(sql: Sql, highest: ReadonlyMap<string, number>): Promise<void> {
    for (const [series, n] of highest) {
      await sql`insert into register.series (series, last) values (${series}, ${n})
        on conflict (series) do update set last = greatest(series.last, excluded.last)`;
    }
  }

  /** The owner's number in the series of this kind and year. */
  take(kind: Series, year: string, owner: string): Promise<number> {
    return this.#together.answer({ series: `${kind}/${year}`, owner });
  }
}
