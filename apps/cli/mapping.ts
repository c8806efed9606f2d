import { InvalidArgumentError } from 'commander';
import { type Given } from '../../libs/intake/given.js';
import { type Guess, guessMappingOf, shippedMappings, theOne } from '../../libs/intake/guess.js';
import { type Intake, type Mapping, onSheet } from '../../libs/intake/mapping/mapping.js';
import { readAnyMapping } from '../../libs/intake/mapping/mapping-file.js';
import { isTarget, targets } from '../../libs/intake/mapping/targets.js';
import { StartFault } from '../../libs/platform/fault.js';

/** A mapping by its file or name; or, without either, the one that fits the headings of the file. */
export async function mappingFor(
  file: string,
  wanted: string | undefined,
  sheet: string | undefined,
): Promise<{ mapping: Mapping<Intake>; guess?: Guess }> {
  const guess =
    wanted === undefined ? theOne(await guessMappingOf(file, await shippedMappings(), sheet)) : undefined;
  const mapping = guess?.mapping ?? (await named(wanted ?? ''));
  return { mapping: onSheet(mapping, sheet), ...(guess && { guess }) };
}

async function named(wanted: string): Promise<Mapping<Intake>> {
  if (/[/\\]|\.ya?ml$/.test(wanted)) return readAnyMapping(wanted);
  const shipped = await shippedMappings();
  const found = shipped.find(({ name }) => name === wanted);
  if (found) return found;
  throw new StartFault(
    `There is no mapping ${wanted}; there are: ${shipped.map(({ name }) => name).join(', ')}.`,
  );
}

/** `field=value`, several times; lists are parted by commas. */
export function givenOf(text: string, before: Given): Given {
  const [, target = '', value = ''] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (!isTarget(target)) throw new InvalidArgumentError('a field and its value, as source.document=台账');
  return { ...before, [target]: targets[target].kind === 'texts' ? value.split(',') : value };
}
