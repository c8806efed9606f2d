import { Type } from 'class-transformer';
import { applyDecorators, FieldFacts } from './decorators.js';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsInt,
  IsObject,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  Validate,
  ValidateIf,
  ValidateNested,
  ValidatorConstraint,
  type ValidatorConstraintInterface,
} from 'class-validator';

/** A day of the deployment's calendar, YYYY-MM-DD. */
export type Day = string;
/** Opaque ids of the register; they survive renames and are never parsed. */
export type UnitId = string;
export type DivisionId = string;
export type PersonId = string;
/** RFC 9562 in lower case. */
export type Uuid = string;

const MANY = { each: true } as const;

// Line breaks and tabs belong to a text; other control characters, direction marks and halves of characters do not.
const PLAIN = /^(?:[\t\n\r]|[^\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069])*$/u;
// An id is short and made of letters that need no escaping anywhere.
const ID = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const SOURCE = /^[A-Z][A-Z0-9]{0,7}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A text of people, in characters, without control characters. */
export const IsText = (longest: number, shortest = 1): PropertyDecorator =>
  applyDecorators(
    IsString(),
    Length(shortest, longest),
    Matches(PLAIN, { message: '$property has control characters' }),
  );

/** A text that may be anything but blank. */
export const IsFilled = (longest: number): PropertyDecorator =>
  applyDecorators(IsText(longest), Matches(/\S/, { message: '$property must not be blank' }));

export const IsReason = (): PropertyDecorator => IsFilled(2000);

export const IsId = (): PropertyDecorator => Matches(ID);

/** Whether the text can be an id. */
export const isId = (text: unknown): text is string => typeof text === 'string' && ID.test(text);

/** The id of a version of rules: a name, and the number of the version behind an at sign. */
export const IsVersion = (): PropertyDecorator => Matches(/^[a-z0-9-]{1,50}@\d{1,9}$/);

/** The code of a kind of source, such as PT. Which there are is the policy's to say. */
export const IsSource = (): PropertyDecorator => Matches(SOURCE);

export const isSource = (text: string): boolean => SOURCE.test(text);

export const IsReceipt = (): PropertyDecorator => Matches(UUID);

/** The id of a case. */
export const IsCase = (): PropertyDecorator => Matches(UUID);

export const isUuid = (text: unknown): text is Uuid => typeof text === 'string' && UUID.test(text);

const list = (most: number, fewest: number, ...each: PropertyDecorator[]): PropertyDecorator =>
  applyDecorators(IsArray(), ArrayMinSize(fewest), ArrayMaxSize(most), ArrayUnique(), ...each);

/** Different ids, at least `fewest`. */
export const AreIds = (most: number, fewest = 1): PropertyDecorator => list(most, fewest, Matches(ID, MANY));

export const AreReceipts = (most: number, fewest = 1): PropertyDecorator =>
  list(most, fewest, Matches(UUID, MANY));

/** Ids of different cases. */
export const AreCases = AreReceipts;

/** A text, a whole number, or yes or no. */
export type PlainValue = string | number | boolean;

@ValidatorConstraint({ name: 'isPlainValue' })
class PlainValueConstraint implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value === 'string'
      ? PLAIN.test(value) && value.length <= 10_000
      : typeof value === 'boolean' || Number.isSafeInteger(value);
  }

  defaultMessage(): string {
    return '$property must be a text, a whole number, true or false';
  }
}

/** A value whose kind another field tells. */
export const IsPlainValue = (): PropertyDecorator => Validate(PlainValueConstraint);

/** A whole number, not negative. */
export const IsCount = (most: number, least = 0): PropertyDecorator =>
  applyDecorators(IsInt(), Min(least), Max(most));

/** In fen, the most that a case is about. */
export const MOST_FEN = 100_000_000_000_000;

/** Money in fen. */
export const IsFen = (least = 0): PropertyDecorator => IsCount(MOST_FEN, least);

/** A field that may be left out; null is no way of leaving it out. */
export const Optional = (): PropertyDecorator => ValidateIf((_, value) => value !== undefined);

type PartOf = () => new () => object;

const parts = new FieldFacts<PartOf>();

/** The fields of a class that are objects, or lists of objects, of a class of their own, which is said as a function. */
export const partsOf = (of: object): ReadonlyMap<string, PartOf> => parts.of(of);

/** An object of a class of its own. */
export const IsPart = (type: PartOf): PropertyDecorator =>
  applyDecorators(IsObject(), ValidateNested(), Type(type), parts.note(type));

/** Objects of a class of their own. */
export const AreParts = (type: PartOf, most: number): PropertyDecorator =>
  applyDecorators(
    IsArray(),
    ArrayMinSize(1),
    ArrayMaxSize(most),
    IsObject(MANY),
    ValidateNested(MANY),
    Type(type),
    parts.note(type),
  );

@ValidatorConstraint({ name: 'isDay' })
class DayConstraint implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value === 'string' && isDay(value);
  }

  defaultMessage(): string {
    return '$property must be a day that exists, as YYYY-MM-DD';
  }
}

export const IsDay = (options: { each?: boolean } = {}): PropertyDecorator =>
  applyDecorators(Validate(DayConstraint, options), Matches(/^\d{4}-\d{2}-\d{2}$/, options));

/** Whether the text is a day that exists, from 1900 to 2199. */
export function isDay(text: string): boolean {
  if (!/^(?:19|20|21)\d{2}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
