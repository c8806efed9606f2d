import { join } from 'node:path';
import { type DivisionId, isId, type UnitId } from '../../contracts/values.js';
import { StartFault } from '../../platform/fault.js';
import { type LoadedDivisions } from './divisions-file.js';
import { readYaml, UnitsFile } from './divisions-shape.js';

export interface LoadedUnit {
  /** Level and division, such as `county-430102`: the same in every run. */
  id: UnitId;
  name: string;
  division: DivisionId;
  /** The unit of the nearest division above that has one. */
  parent?: UnitId;
}

/**
 * One unit for each division of a level that `units.yaml` has rules for, parents first.
 * @throws StartFault where a rule names no level, or none fits a division
 */
export async function readUnits(
  folder: string,
  { levels, divisions }: LoadedDivisions,
): Promise<readonly LoadedUnit[]> {
  const file = join(folder, 'units.yaml');
  const { units: rules } = await readYaml(file, UnitsFile);
  for (const { level } of rules) {
    if (!levels.some(({ id }) => id === level)) throw new StartFault(`${file}: there is no level ${level}.`);
  }
  const units: LoadedUnit[] = [];
  // The unit that answers for each division: its own, or the nearest above.
  const answering = new Map<DivisionId, UnitId | undefined>();
  for (const { id: division, name, level, parent: above } of divisions) {
    const parent = above === undefined ? undefined : answering.get(above);
    const own = rules.filter((rule) => rule.level === level);
    answering.set(division, parent);
    if (own.length === 0) continue;
    const rule = own.find(({ ends }) => ends?.some((end) => name.endsWith(end)) ?? true);
    const id = `${level}-${division}`;
    if (!rule) throw new StartFault(`${file}: no rule fits the division ${division} ${name}.`);
    if (!isId(id)) throw new StartFault(`${file}: ${level}-${division} can be no id of a unit.`);
    answering.set(division, id);
    // A function, so that a dollar sign in a name is no instruction to `replace`.
    const title = rule.name.replace('{name}', () => name);
    units.push({ id, name: title, division, ...(parent !== undefined && { parent }) });
  }
  return units;
}
