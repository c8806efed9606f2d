import { AdoptCase } from '../../contracts/intake.js';
import { type PersonalKind, personalFields } from '../../contracts/sealing.js';
import { partsOf } from '../../contracts/values.js';
import { mask } from '../../sealing/masks.js';
import { type TargetPath } from './targets.js';

/** What kind of personal text a field holds, if any: the command's class says so. */
export function personalKind(target: TargetPath): PersonalKind | undefined {
  const steps = target.split('.');
  const last = steps.pop() ?? target;
  let type: (new () => object) | undefined = AdoptCase;
  for (const step of steps) type = type && partsOf(type).get(step)?.();
  return type && personalFields(type).get(last);
}

/** A value as it may be told of in a list of what is wrong: what is about a person is masked. */
export function shown(target: TargetPath, value: string): string {
  const kind = personalKind(target);
  if (kind === undefined || value === '') return value;
  return kind === 'text' ? '**' : mask(kind, value);
}
