import 'reflect-metadata';
import { expect, test } from '@jest/globals';
import { isPersonal, IsPersonal, isSealed, personalFields, type Sealed } from './sealing.js';
import { AreParts, IsPart, IsText } from './values.js';

class Person {
  @IsPersonal('name', 50) name!: Sealed;
  @IsPersonal('phone', 30) phone!: Sealed;
}
class Householder extends Person {
  @IsPersonal('address', 200) home!: Sealed;
}
class House {
  @IsText(10) number!: string;
  @IsPart(() => Householder) owner!: Householder;
}
class Village {
  @AreParts(() => House, 5) houses!: House[];
}
class Town {
  @IsPart(() => Village) village!: Village;
  @IsPart(() => Town) neighbour!: Town;
}
class Nobody {
  @IsText(10) number!: string;
  @IsPart(() => Nobody) next!: Nobody;
}

test('the personal fields of a class are known, with those that it inherits', () => {
  expect([...personalFields(Person)]).toEqual([
    ['name', 'name'],
    ['phone', 'phone'],
  ]);
  expect([...personalFields(Householder).keys()]).toEqual(['name', 'phone', 'home']);
  expect(personalFields(House).size).toBe(0);
});

test.each([
  [Person, true],
  [Householder, true],
  [House, true],
  [Village, true],
  [Town, true],
  [Nobody, false],
])('whether %p has personal fields at any depth: %p', (of, has) => {
  expect(isPersonal(of)).toBe(has);
  expect(isPersonal(of)).toBe(has);
});

test('a sealed text is known by its parts', () => {
  const sealed: Sealed = {
    holder: '6f1c1f0e-0000-4000-8000-000000000001',
    alg: 'AES-256-GCM',
    key: 1,
    iv: 'AA',
    text: 'AA',
    tag: 'AA',
  };
  expect(isSealed(sealed)).toBe(true);
  expect(isSealed({ ...sealed, kind: 'name' })).toBe(true);
  for (const part of ['holder', 'alg', 'key', 'iv', 'text', 'tag'] as const) {
    expect([part, isSealed({ ...sealed, [part]: undefined })]).toEqual([part, false]);
  }
  expect([null, 'text', 5, [], {}].some(isSealed)).toBe(false);
});
