import { type ClassConstructor, plainToInstance } from 'class-transformer';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { type ValidationError, validateSync } from 'class-validator';
import { type FieldError, invalid, refuse } from '../contracts/refusal.js';
import { fieldsOf, fits } from './fits.js';

/**
 * A body as the class it must be: nothing unknown in it, every field as declared.
 * @throws Refusal input/invalid, naming each field
 */
export function validated<C extends object>(Type: ClassConstructor<C>, body: unknown): C {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return invalid('', 'object', 'The body must be a JSON object');
  }
  const strange = unnatural(body, '', DEEPEST);
  if (strange !== undefined) return invalid(strange, 'whitelistValidation', `${strange} should not exist`);
  const instance = isFlat(Type) ? Object.assign(new Type(), body) : plainToInstance(Type, body);
  if (fits(instance)) return instance;
  const errors = validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: true,
  });
  if (errors.length > 0)
    refuse('input/invalid', { errors: errors.flatMap((error) => fields(error, '')).slice(0, 50) });
  return instance;
}

const flat = new WeakMap<ClassConstructor<object>, boolean>();

/** Whether no field is declared to be of another type than it comes as: then there is nothing to make but the whole. */
function isFlat(Type: ClassConstructor<object>): boolean {
  let known = flat.get(Type);
  if (known === undefined) {
    known = fieldsOf(Type).every(
      // Declared as if there were always something to be found.
      (name) => (defaultMetadataStorage.findTypeMetadata(Type, name) as object | undefined) === undefined,
    );
    flat.set(Type, known);
  }
  return known;
}

/** No command is deeper; what is would only cost. */
const DEEPEST = 20;

/** The path of a name that every object has by nature and that is no field, or of what is nested too deep. */
function unnatural(value: unknown, path: string, depth: number): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth === 0) return path;
  for (const [name, part] of Object.entries(value)) {
    const here = path === '' ? name : `${path}.${name}`;
    if (name in Object.prototype) return here.slice(0, 200);
    const found = unnatural(part, here, depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function fields({ property, constraints, children }: ValidationError, path: string): FieldError[] {
  // A name that was made up by the sender is shown shortened.
  const field = `${path}${property.slice(0, 100)}`;
  const own = Object.entries(constraints ?? {}).map(([rule, message]) => ({
    field,
    rule,
    message: message.slice(0, 300),
  }));
  return [...own, ...(children ?? []).flatMap((child) => fields(child, `${field}.`))];
}
