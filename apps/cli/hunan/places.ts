import { type Seeded } from '../../../libs/register/seed/seed.js';
import { type DivisionId, type UnitId } from '../../../libs/contracts/values.js';
import { type Bearer } from '../../../libs/identity/sessions/tokens.js';
import { type Chance } from './chance.js';

type Division = Seeded['file']['divisions'][number];

/** A county, and where in it a problem lies. */
export interface Spot {
  county: DivisionId;
  city: DivisionId;
  division: DivisionId;
  /** As people write it: county, town, village. */
  name: string;
}

/** Where problems may lie, and who of the seed's people has which post there. */
export class Places {
  readonly #within = new Map<DivisionId, Division[]>();
  readonly #posts = new Map<string, string[]>();
  readonly #counties: Division[];
  /** Counties that have people of their own for every step of a road. */
  readonly staffed: Division[];

  constructor({ file }: Seeded) {
    for (const division of file.divisions) {
      const { parent = '' } = division;
      this.#within.set(parent, [...(this.#within.get(parent) ?? []), division]);
    }
    for (const { id, appointments } of file.persons) {
      // Who has several posts is there for what is refused.
      if (appointments.length > 1) continue;
      for (const { unit, role } of appointments) {
        const post = `${unit}/${role}`;
        this.#posts.set(post, [...(this.#posts.get(post) ?? []), id]);
      }
    }
    this.#counties = file.divisions.filter(
      ({ id, level, closed }) => level === 'county' && closed === undefined && this.#within.has(id),
    );
    this.staffed = this.#counties.filter(({ id }) => this.#posts.has(`county-${id}/handler`));
  }

  /** Whether somebody has the post. */
  has(unit: UnitId, role: Bearer['role']): boolean {
    return this.#posts.has(`${unit}/${role}`);
  }

  /** Who has a post: the first, second … of them. */
  bearer(unit: UnitId, role: Bearer['role'], nth = 0): Bearer {
    const person = this.#posts.get(`${unit}/${role}`)?.[nth];
    if (person === undefined) throw new Error(`nobody is ${role} at ${unit}`);
    return { person, unit, role };
  }

  staffedSpot(chance: Chance, among = (_: DivisionId): boolean => true): Spot {
    return this.#spotIn(chance.of(this.staffed.filter(({ id }) => among(id))), chance);
  }

  anySpot(chance: Chance): Spot {
    return this.#spotIn(chance.of(this.#counties), chance);
  }

  /** A county without people: whoever is given a problem there says nothing. */
  silentSpot(chance: Chance): Spot {
    return this.#spotIn(chance.of(this.#counties.filter((one) => !this.staffed.includes(one))), chance);
  }

  /** A staffed county beside another in the same city. */
  beside({ county, city }: Spot): DivisionId {
    const other = this.staffed.find(({ id, parent }) => parent === city && id !== county);
    if (!other) throw new Error(`${county} has no staffed county beside it`);
    return other.id;
  }

  /** A unit of a town in the county that has a handler, if there is one. */
  townUnit(county: DivisionId): UnitId | undefined {
    const units = (this.#within.get(county) ?? []).map(({ id }) => `town-${id}`);
    return units.find((unit) => this.has(unit, 'handler'));
  }

  #spotIn(county: Division, chance: Chance): Spot {
    const towns = this.#within.get(county.id)?.filter(({ level }) => level === 'town') ?? [];
    const town = towns.length === 0 ? undefined : chance.of(towns);
    const villages = this.#within.get(town?.id ?? '') ?? [];
    const village = villages.length === 0 || chance.in100(25) ? undefined : chance.of(villages);
    const { id: division } = village ?? town ?? county;
    const name = [county, town, village].map((one) => one?.name ?? '').join('');
    return { county: county.id, city: county.parent ?? '', division, name };
  }
}
