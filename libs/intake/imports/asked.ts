import { type TryImport } from '../../contracts/imports.js';
import { invalid, refuse } from '../../contracts/refusal.js';
import { type Given } from '../given.js';
import { shippedMappings } from '../guess.js';
import { type Intake, type Mapping, onSheet } from '../mapping/mapping.js';
import { isTarget, type Value } from '../mapping/targets.js';

/** What was asked for, as a file is read by it. @throws Refusal import/mapping, input/invalid */
export async function readBy({ mapping: wanted, sheet, given }: TryImport): Promise<{
  mapping: Mapping<Intake>;
  given: Given;
}> {
  const mapping = (await shippedMappings()).find(({ name }) => name === wanted);
  if (!mapping) return refuse('import/mapping');
  return { mapping: onSheet(mapping, sheet), given: givenIn(given ?? {}) };
}

/** Only shapes are looked at here: what is given becomes part of every row, and is checked there. */
function givenIn(given: object): Given {
  return Object.fromEntries(
    Object.entries(given).map(([target, value]: [string, unknown]): [string, Value] => {
      if (!isTarget(target)) return invalid(`given.${target}`, 'whitelistValidation', 'This is no field.');
      if (!isValue(value)) return invalid(`given.${target}`, 'isPlainValue', 'This is no value of a field.');
      return [target, value];
    }),
  );
}

const isValue = (value: unknown): value is Value =>
  ['string', 'number', 'boolean'].includes(typeof value) ||
  (Array.isArray(value) && value.every((one) => typeof one === 'string'));
