import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { type Caller } from '../../contracts/envelope.js';
import {
  type Figure,
  type FigureGroup,
  type Figures,
  type FiguresAsked,
  LedgerFigures,
  type LedgerFilter,
  type Sum,
} from '../../contracts/ledger.js';
import { type Register } from '../../contracts/register.js';
import { invalid } from '../../contracts/refusal.js';
import { type DivisionId } from '../../contracts/values.js';
import { type Name, type Sql } from '../../platform/sql.js';
import {
  type By,
  type Counted,
  type Found,
  foundTogether,
  fromRows,
  fromTotals,
  type Names,
  nothing,
  type Part,
  summed,
} from './counting.js';
import { Frequencies } from '../asking/frequencies.js';
import { AGEING_FILTERS, LIGHT_FILTERS, MEASURES, SPECIAL } from '../rows/measures.js';
import { inDivision, WORLD, type World } from '../rows/places.js';
import { ratesOf } from './rates.js';
import { PLANNED_ONCE, READING } from '../asking/reading.js';
import { type Chosen, homeOf, Scope } from '../asking/scope.js';

/** Rows that are gone through in the time that a plan takes, about. */
const FEW = 1000;

const FILTERS: Names = Object.fromEntries(
  Object.entries(MEASURES).map(([name, { filter }]) => [name, filter]),
);

/** A row may be under all of them. */
const MEASURED: Counted = Object.entries(FILTERS).map(([name, filter]) => ({ [name]: filter }));

const UNDERWAY: Counted = [LIGHT_FILTERS, AGEING_FILTERS];

/** What is asked, with all that is needed to answer it. */
interface Asking extends FiguresAsked {
  caller: Caller;
  division: DivisionId;
  schema: Name;
  register: Register;
}

/**
 * Figures of a division: from what is kept of plain rows where that is kept and the caller sees all of them; else, and
 * of all other rows, from the rows that the caller sees.
 */
@QueryHandler(LedgerFigures)
export class LedgerFiguresHandler implements IQueryHandler<LedgerFigures> {
  constructor(
    @Inject(READING) private readonly sql: Sql,
    @Inject(PLANNED_ONCE) private readonly once: Sql,
    private readonly scope: Scope,
    @Inject(WORLD) private readonly world: World,
    private readonly frequencies: Frequencies,
  ) {}

  /** @throws Refusal input/invalid */
  async execute({ caller, asked }: LedgerFigures): Promise<Figures> {
    const asking = await this.#asking(caller, asked);
    const { division, asOf, by } = asking;
    const whole = [{ key: '', division }];
    const [all, underway, groups] = await Promise.all([
      this.#counted(asking, whole, undefined),
      asOf === undefined ? this.#underway(asking, whole) : undefined,
      by === undefined ? undefined : this.#groups(asking, by),
    ]);
    const figures = figuresOf(asking, FILTERS, all.get(''));
    return {
      ...{ division, figures, rates: ratesOf(figures) },
      ...underway,
      ...(groups && { groups }),
      ...(asOf !== undefined && { asOf, plainOnly: true as const }),
    };
  }

  async #asking(caller: Caller, asked: FiguresAsked): Promise<Asking> {
    const { schema, register } = await this.scope.of(caller);
    const division = asked.division ?? register.unit(caller.unit)?.division ?? '';
    if (!register.division(division)) invalid('division', 'unknown', `there is no division ${division}`);
    const asking = { ...asked, caller, division, schema, register };
    if (asked.asOf === undefined) return asking;
    if (asked.asOf > register.today) invalid('asOf', 'future', `asOf is after ${register.today}`);
    if (!this.#isKept(asking, division))
      invalid('asOf', 'kept', `figures of the past are not kept of ${division}`);
    return asking;
  }

  async #groups(asking: Asking, by: NonNullable<By>): Promise<FigureGroup[]> {
    const { division, register, asOf } = asking;
    const parts =
      by === 'division'
        ? childrenOf(division, register)
            .filter((child) => asOf === undefined || this.#isKept(asking, child))
            .map((child) => ({ key: child, division: child }))
        : [{ key: '', division }];
    const found = await this.#counted(asking, parts, by);
    const keys = by === 'division' ? parts.map(({ key }) => key) : [...found.keys()].sort();
    return keys.map((key) => {
      const figures = figuresOf({ ...asking, [by]: key }, FILTERS, found.get(key));
      return { key, figures, rates: ratesOf(figures) };
    });
  }

  async #counted(asking: Asking, parts: readonly Part[], by: By): Promise<Map<string, Map<string, Sum>>> {
    const kept = parts.filter(({ division }) => this.#isKept(asking, division));
    const others = parts.filter((part) => !kept.includes(part));
    const found = await Promise.all([
      kept.length > 0 ? this.#fromKept(asking, kept, by) : [],
      others.length > 0 ? this.#fromRows(asking, others, MEASURED, by) : [],
    ]);
    return summed(found.flat());
  }

  /** What is kept of plain rows, and what is counted of the others, of which there are few. */
  async #fromKept(asking: Asking, parts: readonly Part[], by: By): Promise<Found[]> {
    const { sql } = this;
    const kept = fromTotals(sql, this.#placesOf(parts, asking, by), asking, by);
    if (asking.asOf !== undefined) return foundTogether(sql, kept);
    const chosen = await this.scope.of(asking.caller, narrowing(asking));
    const special = sql`${sql.unsafe(SPECIAL)} and ${chosen.where}`;
    return foundTogether(this.once, kept, fromRows(sql, chosen, special, parts, MEASURED, by));
  }

  /** Of what is on its way: in one pass over its rows. */
  async #underway(asking: Asking, whole: readonly Part[]): Promise<Pick<Figures, 'lights' | 'ageing'>> {
    const found = await this.#fromRows(asking, whole, UNDERWAY, undefined, { open: 'true' });
    const sums = summed(found).get('');
    return {
      lights: figuresOf(asking, LIGHT_FILTERS, sums),
      ageing: figuresOf(asking, AGEING_FILTERS, sums),
    };
  }

  /** @param more that all of them meet */
  async #fromRows(
    asking: Asking,
    parts: readonly Part[],
    filters: Counted,
    by: By,
    more: LedgerFilter = {},
  ): Promise<Found[]> {
    const chosen = await this.scope.of(asking.caller, { ...more, ...narrowing(asking) });
    const sql = (await this.#areFew(chosen, asking.division)) ? this.once : this.sql;
    const where = more.open === 'true' ? chosen.met() : chosen.where;
    return foundTogether(sql, fromRows(sql, chosen, where, parts, filters, by));
  }

  /** Whether planning a statement of so many conditions takes longer than to go through the rows. */
  async #areFew({ among }: Chosen, division: DivisionId): Promise<boolean> {
    if (among === undefined) return false;
    const known = await Promise.all(
      [among, [inDivision(division)]].map((elements) => this.frequencies.concerning(elements)),
    );
    return known.some((found) => found === undefined || found.cases <= FEW);
  }

  /** Whether totals are kept of a division, and the caller sees every plain row of it. */
  #isKept({ caller, register }: Asking, division: DivisionId): boolean {
    const home = homeOf(caller.unit, register).division;
    const apart = this.world.places.isCounted(division) || register.roots.includes(division);
    return apart && home !== undefined && register.covers(home, division);
  }

  /** Nothing where that is every place. */
  #placesOf(parts: readonly Part[], { register: { roots } }: Asking, by: By): Part[] | undefined {
    if (by !== 'division' && roots.length === 1 && parts[0]?.division === roots[0]) return undefined;
    return parts.flatMap(({ key, division }) =>
      this.world.places.countedIn(division).map((place) => ({ key, division: place })),
    );
  }
}

/** What a figure lists is narrowed to. */
const narrowing = ({ division, category, source }: FiguresAsked): LedgerFilter => ({
  ...(division !== undefined && { division }),
  ...(category !== undefined && { category }),
  ...(source !== undefined && { source }),
});

/** Divisions that lie in it directly and stand; what was merged is counted in its successor. */
function childrenOf(division: DivisionId, register: Register): DivisionId[] {
  const standing = (id: DivisionId | undefined): DivisionId | undefined => {
    const successor = id === undefined ? undefined : register.division(id)?.successor;
    return successor === undefined ? id : standing(successor);
  };
  return register
    .within(division)
    .filter((id) => standing(id) === id && standing(register.division(id)?.parent) === division)
    .sort();
}

function figuresOf(
  asked: FiguresAsked,
  filters: Names,
  sums: ReadonlyMap<string, Sum> | undefined,
): Figure[] {
  return Object.entries(filters).map(([name, filter]) => ({
    ...{ name, ...(sums?.get(name) ?? nothing) },
    ...(asked.asOf === undefined && { filter: { ...filter, ...narrowing(asked) } }),
  }));
}
