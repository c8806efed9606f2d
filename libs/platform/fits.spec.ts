import { describe, expect, test } from '@jest/globals';
import { plainToInstance, Type } from 'class-transformer';
import {
  Allow,
  IsDefined,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  MinLength,
  ValidateBy,
  ValidateIf,
  ValidateNested,
  validateSync,
} from 'class-validator';
import fc from 'fast-check';
import { samples } from '../../test/support/samples.js';
import { fits } from './fits.js';
import { validated } from './validated.js';

const OPTIONS = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  stopAtFirstError: true,
};
const isRight = (object: object): boolean => validateSync(object, OPTIONS).length === 0;

class Leg {
  @IsInt() length = 1;
}

class Table {
  @IsDefined() @IsString() @MinLength(2) name: unknown = 'oak';
  @IsOptional() @IsIn(['round', 'square']) top?: unknown;
  @ValidateIf(({ top }: Table) => top === 'round') @IsInt() radius?: unknown;
  @IsOptional() @IsString({ each: true }) marks?: unknown;
  @IsOptional() @ValidateNested({ each: true }) @Type(() => Leg) legs?: unknown;
  @IsOptional() @ValidateNested() @Type(() => Leg) spare?: unknown;
  @IsInt({ validateIf: (_, value) => value !== 'none' }) drawers: unknown = 0;
  @Allow() note?: unknown;
}

class Late {
  @ValidateBy({ name: 'late', validator: { validate: () => Promise.resolve(true) } }) at = 1;
}

const ANYTHING = fc.oneof(
  fc.constantFrom(null, undefined, '', 'oak', 'round', 'none', 0, 1, 1.5, true, {}, [], { length: 1 }),
  fc.constantFrom([{ length: 1 }], [{ length: 'x' }], [[{ length: 1 }]], ['a'], ['a', 1], {
    length: 1,
    x: 1,
  }),
  fc.jsonValue(),
);

describe('what fits is what class-validator finds right', () => {
  test('of every kind of rule', () => {
    const mostly = (right: readonly unknown[]) =>
      fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...right) }, { weight: 1, arbitrary: ANYTHING });
    const fields = fc.record(
      {
        ...{ name: mostly(['oak', 'elm']), top: mostly(['round', 'square']), radius: mostly([3]) },
        ...{ marks: mostly([[], ['a', 'b'], 'a']), legs: mostly([[], [{ length: 1 }]]) },
        ...{ spare: mostly([{ length: 1 }]), drawers: mostly([0, 'none']), note: ANYTHING },
        unknown: fc.constant(1),
      },
      { requiredKeys: ['name', 'drawers'] },
    );
    let right = 0;
    fc.assert(
      fc.property(fields, (body) => {
        const table = plainToInstance(Table, body);
        expect(fits(table)).toBe(isRight(table));
        if (isRight(table)) right++;
      }),
      { numRuns: 5000 },
    );
    expect(right).toBeGreaterThan(100);
  });

  test.each(samples.map((sample) => [sample.constructor.name, sample] as const))(
    'of %s, as it should be and with one thing changed',
    (_, sample) => {
      expect(fits(sample)).toBe(true);
      const body = JSON.parse(JSON.stringify(sample)) as object;
      // Made by class-transformer, or without it where it would only copy.
      const type = sample.constructor as new () => object;
      expect(validated(type, body)).toStrictEqual(plainToInstance(type, body));
      const places = placesIn(body);
      fc.assert(
        fc.property(fc.nat(), ANYTHING, (n, value) => {
          const place = places[n % places.length] ?? [];
          const other = plainToInstance(type, changed(body, place, value) as object);
          expect(fits(other)).toBe(isRight(other));
        }),
        { numRuns: 100 },
      );
    },
  );

  test('and what has no rules, or needs a promise, is left to it', () => {
    expect(fits({})).toBe(false);
    expect(fits(new Late())).toBe(false);
  });
});

/** The path of every value in a body, and one that is not there. */
function placesIn(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    ...Object.entries(value).flatMap(([name, part]) => [[...path, name], ...placesIn(part, [...path, name])]),
    [...path, 'another'],
  ];
}

function changed(value: unknown, [name, ...rest]: readonly string[], other: unknown): unknown {
  if (name === undefined) return other;
  if (Array.isArray(value))
    return value.map((part: unknown, n) => (String(n) === name ? changed(part, rest, other) : part));
  return { ...(value as object), [name]: changed((value as Record<string, unknown>)[name], rest, other) };
}
