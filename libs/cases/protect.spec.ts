import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { by, given, registerProblem, assignCase } from '../../test/support/cases.js';
import { occasionOf, sampleOf } from '../../test/support/samples.js';
import { MemoryKeys } from '../../test/doubles/memory-keys.js';
import { isPersonal, IsPersonal, type Sealed } from '../contracts/sealing.js';
import { AreParts, IsText } from '../contracts/values.js';
import { storable } from '../eventing/canonical.js';
import { validated } from '../platform/validated.js';
import { MasterKey } from '../sealing/master-key.js';
import { Sealer } from '../sealing/sealer.js';
import { caseCommands, streamOf } from './commands.js';
import { exchanged, type PersonalText, sealed, withPlaceholders, withStandIns } from './protect.js';
import { sealedTexts } from './shown.js';

const CASE = '6f1c1f0e-0000-5000-8000-000000000001';
const COMMAND = '6f1c1f0e-0000-5000-8000-000000000002';

class Household {
  @IsText(10) number!: string;
  @IsPersonal('name', 50) owner!: Sealed;
  @IsPersonal('phone', 30) phone!: Sealed;
  @IsPersonal('text', 500) remark!: Sealed;
}
class CountHouseholds {
  @AreParts(() => Household, 9) households!: Household[];
}
const counted = validated(CountHouseholds, {
  households: [
    { number: '1', owner: '演示张三', phone: '13800005678', remark: '常年在外' },
    { number: '2', owner: '演示李四', phone: '13800005679', remark: '常年在外' },
  ],
});

function bench(): { keys: MemoryKeys; sealer: Sealer } {
  const keys = new MemoryKeys();
  return {
    keys,
    sealer: new Sealer(keys, MasterKey.fromText(randomBytes(32).toString('base64'))),
  };
}

const textsOf = (body: object): PersonalText[] => {
  const found: PersonalText[] = [];
  exchanged(body, (one) => found.push(one));
  return found;
};

/** Every sealed text in a value, by its path. */
const sealedIn = (value: unknown): [string, Sealed][] =>
  sealedTexts(value).map(({ field, sealed: one }) => [field, one]);

describe('personal texts', () => {
  test('are found in parts and lists of parts, each with its path', () => {
    expect(textsOf(counted).map(({ path, part, kind }) => [path, part, kind])).toEqual([
      ['households.0.owner', 'households.0', 'name'],
      ['households.0.phone', 'households.0', 'phone'],
      ['households.0.remark', 'households.0', 'text'],
      ['households.1.owner', 'households.1', 'name'],
      ['households.1.phone', 'households.1', 'phone'],
      ['households.1.remark', 'households.1', 'text'],
    ]);
  });

  test('are found in what was not made an object of its class', () => {
    const bare = Object.assign(new CountHouseholds(), JSON.parse(JSON.stringify(counted)) as object);
    expect(textsOf(bare)).toEqual(textsOf(counted));
  });

  test('a body whose class has none is left as it is, without a look into it', () => {
    expect(exchanged(assignCase, () => null)).toBe(assignCase);
    expect(withPlaceholders(assignCase)).toBe(assignCase);
  });

  test('nothing else of a body is changed, and the body itself not at all', () => {
    const before = JSON.stringify(counted);
    const other = exchanged(counted, () => 'x') as CountHouseholds;
    expect(other).toBeInstanceOf(CountHouseholds);
    expect(other.households[1]).toBeInstanceOf(Household);
    expect(other.households.map(({ number }) => number)).toEqual(['1', '2']);
    expect(JSON.stringify(counted)).toBe(before);
  });
});

describe('a body as it is hashed', () => {
  test('is the same for the same texts, however a name or number is written, and tells none', () => {
    const { sealer } = bench();
    const once = JSON.stringify(withStandIns(counted, sealer));
    const again = exchanged(counted, ({ kind, text }) => (kind === 'phone' ? ` ${text} ` : text));
    expect(JSON.stringify(withStandIns(again, sealer))).toBe(once);
    for (const { text } of textsOf(counted)) expect(once).not.toContain(text);
  });

  test('is another for other texts, and with another master key', () => {
    const { sealer } = bench();
    const once = JSON.stringify(withStandIns(counted, sealer));
    const other = exchanged(counted, ({ kind, text }) => (kind === 'text' ? `${text}。` : text));
    expect(JSON.stringify(withStandIns(other, sealer))).not.toBe(once);
    expect(JSON.stringify(withStandIns(counted, bench().sealer))).not.toBe(once);
  });
});

describe('a sealed body', () => {
  test('holds no text, and each opens where it stands in this case only', async () => {
    const { sealer } = bench();
    const closed = await sealed(counted, sealer, CASE, COMMAND);
    for (const { path, kind, text } of textsOf(counted)) {
      expect(storable(closed)).not.toContain(text);
      const found = new Map(sealedIn(closed)).get(path);
      expect(found?.kind).toBe(kind);
      if (!found) continue;
      expect(await sealer.openText(found, { stream: streamOf(CASE), field: path })).toBe(text);
      await expect(sealer.open(found, { stream: streamOf(COMMAND), field: path })).rejects.toThrow();
    }
  });

  test('has a holder for each person and each free text, the same when it is sealed again', async () => {
    const { sealer } = bench();
    const holders = async (): Promise<string[]> =>
      sealedIn(await sealed(counted, sealer, CASE, COMMAND)).map(([, { holder }]) => holder);
    const [owner, phone, remark, ...second] = await holders();
    expect(phone).toBe(owner);
    expect(new Set([owner, remark, ...second]).size).toBe(4);
    expect(await holders()).toEqual([owner, phone, remark, ...second]);
    const other = sealedIn(await sealed(counted, sealer, CASE, CASE)).map(([, { holder }]) => holder);
    expect(other).not.toContain(owner);
  });

  test('erasing a person takes all of that person along and nobody else, the free text neither', async () => {
    const { sealer } = bench();
    const closed = sealedIn(await sealed(counted, sealer, CASE, COMMAND));
    await sealer.erase(closed[0]?.[1].holder ?? '');
    const outcomes = await Promise.allSettled(
      closed.map(([field, one]) => sealer.openText(one, { stream: streamOf(CASE), field })),
    );
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...['rejected', 'rejected', 'fulfilled'],
      ...['fulfilled', 'fulfilled', 'fulfilled'],
    ]);
  });

  test('makes a key for each holder, and lets persons be found', async () => {
    const { sealer, keys } = bench();
    const made: string[] = [];
    const create = keys.create.bind(keys);
    keys.create = (key) => {
      made.push(key.holder);
      return create(key);
    };
    await sealed(counted, sealer, CASE, COMMAND);
    expect(made).toHaveLength(4);
    expect(new Set(made).size).toBe(4);
    expect(await sealer.find('name', ' 演示张三')).toEqual([CASE]);
    expect(await sealer.find('phone', '138-0000-5679')).toEqual([CASE]);
    expect(await sealer.find('name', '常年在外')).toEqual([]);
  });
});

const personal = caseCommands.filter(({ command }) => isPersonal(command)).map(({ command }) => command);

test('there are commands with personal fields', () => {
  expect(personal).toContain(registerProblem.constructor);
});

// Otherwise a text could not be opened again: its place is part of it.
describe.each(personal.map((command) => [command.name, command] as const))('%s', (_, command) => {
  const sample = sampleOf(command);
  const { past, who } = occasionOf(command);

  test('decides an event that holds each sealed text at the path that it has in the command', async () => {
    const { sealer } = bench();
    const closed = await sealed(sample, sealer, CASE, COMMAND);
    const texts = textsOf(sample);
    expect(sealedIn(closed)).toHaveLength(texts.length);
    const { outcome } = given(...past).when(closed, by(who));
    if (!Array.isArray(outcome)) throw outcome;
    const decided = new Map(outcome.flatMap((event) => sealedIn(event)));
    for (const [path, one] of sealedIn(closed)) expect([path, decided.get(path)]).toEqual([path, one]);
    for (const { text } of texts) expect(storable(outcome)).not.toContain(text);
  });

  test('is decided alike while its texts are not sealed yet', () => {
    const { outcome } = given(...past).when(withPlaceholders(sample), by(who));
    if (!Array.isArray(outcome)) throw outcome;
    expect(outcome.length).toBeGreaterThan(0);
  });
});
