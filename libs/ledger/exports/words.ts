import { type Catalogue } from '../../contracts/messages/catalogue.js';
import { type Register } from '../../contracts/register.js';
import { type DivisionId, type PersonId, type UnitId } from '../../contracts/values.js';

/** Between names in one cell. */
export const AND = '、';
/** Levels of divisions that have a column; a deployment that calls its own otherwise has them in none. */
export type Level = 'city' | 'county' | 'town' | 'village';

/** Names in the place of ids, in one language; an id that nobody knows stays as it is. */
export class Words {
  readonly #levels = new Map<string, string | undefined>();

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

  /** The divisions of a level in which these lie, or which they are. */
  at(level: Level, divisions: readonly DivisionId[]): string {
    const names = divisions.flatMap((division) => this.#at(level, division) ?? []);
    return [...new Set(names)].join(AND);
  }

  /** From the widest that has a column to the division itself. */
  lineage(division: DivisionId): string {
    const names = (['city', 'county', 'town', 'village'] as const).map((level) => this.#at(level, division));
    return names.join('') || (this.register.division(division)?.name ?? division);
  }

  #at(level: Level, division: DivisionId): string | undefined {
    const key = `${level} ${division}`;
    if (!this.#levels.has(key)) this.#levels.set(key, this.#found(level, division));
    return this.#levels.get(key);
  }

  #found(level: Level, division: DivisionId): string | undefined {
    let at = this.register.division(division);
    while (at && at.level !== level)
      at = at.parent === undefined ? undefined : this.register.division(at.parent);
    return at?.name;
  }
}

/** A word of a list of words, or what has none as it is. */
export const wordOf = (words: Readonly<Record<string, string>>, value: string | null): string | undefined =>
  value === null ? undefined : (words[value] ?? value);
