import { type Catalogue } from '../../contracts/messages/catalogue.js';
import { type Register } from '../../contracts/register.js';
import { type DivisionId, type PersonId, type UnitId } from '../../contracts/values.js';

/** Between names in one cell. */
export const AND = '、';
/** How many steps below the outermost division; so many have a column. */
export type Depth = 1 | 2 | 3 | 4;

/** Names in the place of ids, in one language; an id that nobody knows stays as it is. */
export class Words {
  readonly #lines = new Map<DivisionId, readonly string[]>();

  constructor(
    readonly catalogue: Catalogue,
    readonly register: Register,
  ) {}

  units = (ids: readonly UnitId[]): string => ids.map((id) => this.register.unit(id)?.name ?? id).join(AND);

  persons = (ids: readonly PersonId[]): string =>
    ids.map((id) => this.register.person(id)?.name ?? id).join(AND);

  categories = (ids: readonly string[]): string =>
    ids.map((id) => this.register.policy.categories[id]?.title ?? id).join(AND);

  source = (code: string): string => this.register.policy.sources[code]?.title ?? code;

  /** The divisions of a depth in which these lie, or which they are. */
  at(depth: Depth, divisions: readonly DivisionId[]): string {
    const [first, ...others] = divisions;
    // Nearly every case lies in one.
    if (first !== undefined && others.length === 0) return this.#line(first)[depth - 1] ?? '';
    const names = divisions.flatMap((division) => this.#line(division)[depth - 1] ?? []);
    return [...new Set(names)].join(AND);
  }

  /** From the widest that has a column to the division itself. */
  lineage(division: DivisionId): string {
    return this.#line(division).join('') || (this.register.division(division)?.name ?? division);
  }

  /** Names from just below the outermost division inwards. */
  #line(division: DivisionId): readonly string[] {
    const known = this.#lines.get(division) ?? this.#found(division);
    this.#lines.set(division, known);
    return known;
  }

  #found(division: DivisionId): string[] {
    const names: string[] = [];
    for (
      let at = this.register.division(division);
      at?.parent !== undefined;
      at = this.register.division(at.parent)
    )
      names.unshift(at.name);
    return names;
  }
}

/** A word of a list of words, or what has none as it is. */
export const wordOf = (words: Readonly<Record<string, string>>, value: string | null): string | undefined =>
  value === null ? undefined : (words[value] ?? value);
