import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { type Caller } from '../../contracts/envelope.js';
import { type LedgerFilter } from '../../contracts/ledger.js';
import { CurrentRegister, type Register } from '../../contracts/register.js';
import { isWatcher } from '../../contracts/roles.js';
import { type DivisionId, type UnitId } from '../../contracts/values.js';
import { type Fragment, type Name, type Sql } from '../../platform/sql.js';
import { conditionsOf, divisionsIn, type Reaching, reachingOne } from './filters.js';
import { foundBy, inDivision, ofUnit } from '../rows/places.js';
import { PLACE } from '../rows/whereabouts.js';
import { READING } from './reading.js';
import { Served } from '../versions/served.js';

/** What chooses rows. A bare fragment is a query, and awaiting it would send it: so it comes wrapped. */
export interface Chosen {
  /** The schema served as this is asked: a statement has all its rows from one. */
  schema: Name;
  readonly where: Fragment;
  register: Register;
  /** Elements of `reach`, one of which each of them has; absent where all may be seen. */
  among?: string[];
  /** What all of them meet by that, and the index of an order tells of a row before it is looked at. */
  lying: Fragment;
  /** `where`, said so that they are met in an order, and not found by their `reach`. */
  met: () => Fragment;
}

/** Whom a caller's unit stands for today. */
export interface Home {
  division: DivisionId | undefined;
  /** Those that it carries on, itself among them; nobody is left at a unit that was abolished. */
  units: readonly UnitId[];
  /** Whether everything lies in its division. */
  everywhere: boolean;
}

/** The one place where rows are chosen: whatever is asked, nobody sees a row outside their scope. */
@Injectable()
export class Scope {
  constructor(
    @Inject(READING) private readonly sql: Sql,
    private readonly queries: QueryBus,
    private readonly served: Served,
  ) {}

  /** The condition that a caller’s rows meet, and a filter with it. @throws Refusal input/invalid, at once or where it is read */
  async of(caller: Caller, filter: LedgerFilter = {}): Promise<Chosen> {
    const register = await this.queries.execute<CurrentRegister, Register>(new CurrentRegister());
    const { sql } = this;
    const { person, onBehalfOf } = caller;
    const home = homeOf(caller.unit, register);
    const { division, ...others } = filter;
    // What is asked of one's own division only lies near, and the filter finds it.
    const own = division !== undefined && division === home.division;
    const near = home.everywhere || own;
    const theirs = near ? nearOf(home) : amongOf(caller.unit, home, register);
    const asks = own && home.everywhere ? others : filter;
    const seen = sql`${this.#seen(caller, home, register, near)} and not (excluded && ${[person, onBehalfOf ?? person]})`;
    const whereBy = (reaching: Reaching): Fragment => {
      const reached = near || theirs === undefined ? sql`true` : reaching(sql, theirs);
      const asked = conditionsOf(asks, { sql, register, today: register.today, reaching });
      // Of conditions that cost the same the first is looked at first: few rows fail by what is seen of those that lie near.
      return sql`${asked.reduce((all, one) => sql`${all} and ${one}`, reached)} and ${seen}`;
    };
    const sought = divisionsIn(asks);
    // What is asked of divisions is found by these, unless the caller's own lie in one of them.
    const isWider = theirs !== undefined && sought?.some((one) => isAbove(one, home, register)) === true;
    const among = sought === undefined || isWider ? theirs : sought.map(inDivision);
    const lying = this.#lying(among);
    // Said when it is asked for: most ask for one of the two.
    return {
      ...{ schema: sql(this.served.schema), register, ...(among && { among }), lying },
      get where() {
        return whereBy(reachingOne);
      },
      met: () => sql`${lying} and ${whereBy(unsoughtReaching)}`,
    };
  }

  #lying(among: string[] | undefined): Fragment {
    const { sql } = this;
    return among === undefined
      ? sql`true`
      : sql`${sql.unsafe(PLACE)} = any (array(
          select w.place from ${sql(this.served.schema)}.whereabouts w where w.element = any (${among})))`;
  }

  /**
   * What the visibility of a case leaves of a caller's rows: the same as `sees` in the room `cases`.
   * @param allNear whether all of them lie in the caller's division
   */
  #seen(
    { unit, role, person, onBehalfOf }: Caller,
    { division, units }: Home,
    register: Register,
    allNear: boolean,
  ): Fragment {
    const { sql } = this;
    const reaches = (elements: string[]): Fragment => sql`reach && ${elements}`;
    const homes = division === undefined ? [] : [inDivision(division)];
    const near = allNear ? sql`true` : reaches(homes);
    const party = reaches(units.map(ofUnit));
    const found = reaches(register.carried(unit).map(foundBy));
    const watching = isWatcher(role) ? sql`or ${near}` : sql``;
    const sealed =
      role === 'inspector'
        ? near
        : role === 'registrar'
          ? found
          : role === 'handler'
            ? sql`${party} and handler = any (${[person, onBehalfOf ?? person]})`
            : sql`false`;
    return sql`case visibility when 'normal' then ${near} or ${party}
      when 'restricted' then ${party} or ${found} ${watching} else ${sealed} end`;
  }
}

/** `reachingOne` in words by which no index is asked, and which the planner believes to be true of every other row. */
const unsoughtReaching: Reaching = (sql, elements) => sql`coalesce(${reachingOne(sql, elements)}, false)`;

/** What an index finds where all that is asked for lies in the caller's division. */
const nearOf = ({ division, everywhere }: Home): string[] | undefined =>
  everywhere || division === undefined ? undefined : [inDivision(division)];

/** Whether all that the caller's division has lies in this one; nobody's lies in any. */
const isAbove = (one: DivisionId, { division }: Home, register: Register): boolean =>
  division === undefined || register.covers(one, division);

/** What an index finds: whoever may be told of a case by its visibility is among these. */
function amongOf(unit: UnitId, { division, units }: Home, register: Register): string[] {
  const homes = division === undefined ? [] : [inDivision(division)];
  return [...homes, ...units.map(ofUnit), ...register.carried(unit).map(foundBy)];
}

export function homeOf(unit: UnitId, register: Register): Home {
  const division = register.present(unit) === unit ? register.unit(unit)?.division : undefined;
  if (division === undefined) return { division, units: [], everywhere: false };
  const known = register.division(division);
  const everywhere = known !== undefined && known.parent === undefined && isAlone(division, register);
  // What a division that was merged had, its successor has: rows know it by their lineage.
  return { division, units: register.carried(unit), everywhere };
}

/** Whether no division lies outside of it. */
function isAlone(division: DivisionId, register: Register): boolean {
  return register.roots.every((root) => root === division);
}
