import { getMetadataStorage, ValidationTypes } from 'class-validator';

const storage = getMetadataStorage();
type Rule = ReturnType<typeof storage.getTargetValidationMetadatas>[number];
type Type = Parameters<typeof storage.getTargetValidationMetadatas>[0];
type Holds = (object: object, value: unknown) => boolean;

/** What is asked of a field, unless a condition of its own keeps it from being asked at all. */
interface Field {
  name: string;
  conditions: readonly Holds[];
  rules: readonly Holds[];
}

interface Shape {
  names: ReadonlySet<string>;
  fields: readonly Field[];
}

/**
 * Whether class-validator would find nothing wrong with an object and nothing unknown in it: its own validators are asked,
 * as they stand at the classes, and nothing is made ready for telling what is wrong. That was most of its work, and most
 * of what comes is right. What needs a promise is left to it, and does not fit.
 */
export function fits(object: object): boolean {
  const { names, fields } = shapeOf(object.constructor);
  if (fields.length === 0 || !Object.keys(object).every((name) => names.has(name))) return false;
  return fields.every(({ name, conditions, rules }) => {
    const value = (object as Record<string, unknown>)[name];
    return conditions.some((holds) => !holds(object, value)) || rules.every((holds) => holds(object, value));
  });
}

/** The names that something is declared of. */
export const fieldsOf = (type: Type): string[] => [...shapeOf(type).names];

const known = new WeakMap<Type, Shape>();

/** Classes are whole before the first request comes. */
function shapeOf(type: Type): Shape {
  const found = known.get(type) ?? read(type);
  known.set(type, found);
  return found;
}

function read(type: Type): Shape {
  const rules = storage.groupByPropertyName(storage.getTargetValidationMetadatas(type, '', false, false));
  const fields = Object.entries(rules).map(([name, all]) => ({
    name,
    conditions: all.filter(isCondition).map(({ constraints: [holds] }) => holds as Holds),
    rules: all.filter((rule) => !isCondition(rule)).map(asked),
  }));
  return { names: new Set(fields.map(({ name }) => name)), fields };
}

const isCondition = ({ type }: Rule): boolean => type === ValidationTypes.CONDITIONAL_VALIDATION;

function asked(rule: Rule): Holds {
  const { validateIf } = rule;
  const holds = ruled(rule);
  return validateIf ? (object, value) => !validateIf(object, value) || holds(object, value) : holds;
}

function ruled(rule: Rule): Holds {
  switch (rule.type) {
    case ValidationTypes.WHITELIST:
      return () => true;
    case ValidationTypes.NESTED_VALIDATION:
      return (_, value) => within(value);
    case ValidationTypes.CUSTOM_VALIDATION:
    case ValidationTypes.IS_DEFINED:
      return validating(rule);
    default:
      return () => false;
  }
}

/** What is not there, a list of what fits, or what fits. */
function within(value: unknown): boolean {
  if (value === undefined) return true;
  if (Array.isArray(value)) return value.every(within);
  return value instanceof Object && !(value instanceof Set || value instanceof Map) && fits(value);
}

function validating({ constraintCls, constraints, propertyName: property, each }: Rule): Holds {
  const validators = storage.getTargetValidatorConstraints(constraintCls).map(({ instance }) => instance);
  return (object, value) => {
    const about = { targetName: object.constructor.name, property, object, value, constraints };
    const values: readonly unknown[] = each && Array.isArray(value) ? value : [value];
    // A promise is not `true`.
    return validators.every((one) => values.every((part) => one.validate(part, about) === true));
  };
}
