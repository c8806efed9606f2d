import { hash, parseOptions, verify } from '@node-rs/argon2';
import { randomBytes } from 'node:crypto';
import { invalid } from '../../contracts/refusal.js';
import { Turns } from '../../platform/turns.js';
import { CommonPasswords, isMadeOf } from './common-passwords.js';
import { LONGEST, SHORTEST } from './password-length.js';

/** Of fewer different characters a password is a pattern, however long. */
const DIFFERENT = 5;

/** A name that is shorter stands in many a word. */
const NAME_TOLD = 3;

/** What one hash costs. */
export interface Cost {
  kib: number;
  passes: number;
  lanes: number;
}

/** As it is compared: the same characters, however a keyboard puts them together. */
const plain = (password: string): string => password.normalize('NFKC');

/** Hashes passwords by argon2id, few at once: each takes memory and a processor. */
export class Passwords {
  readonly #turns: Turns;
  readonly #nobodys: Promise<string>;
  #verified = 0;
  #common: Promise<CommonPasswords> | undefined;

  constructor(
    private readonly cost: Cost,
    atOnce = 2,
    waiting = 64,
  ) {
    this.#turns = new Turns(atOnce, waiting);
    this.#nobodys = this.#hash(randomBytes(32).toString('base64'));
    // Whoever asks is told.
    this.#nobodys.catch(() => undefined);
  }

  /** How many have been compared until now, those of nobody among them. */
  get verified(): number {
    return this.#verified;
  }

  /** One attempt after the other, few abreast. @throws Refusal service/unavailable where too many wait */
  inTurn<T>(act: () => Promise<T>): Promise<T> {
    return this.#turns.take(act);
  }

  /** Where there is no hash, the same work is done. */
  async matches(hashed: string | null | undefined, password: string): Promise<boolean> {
    this.#verified += 1;
    const same = await verify(hashed ?? (await this.#nobodys), plain(password));
    return same && typeof hashed === 'string';
  }

  /**
   * @param words of the organisation: a password of nothing else is easily guessed
   * @throws Refusal input/invalid where it is too short, or easily guessed
   */
  async hashed(password: string, name: string, words: readonly string[] = []): Promise<string> {
    // Read when the first password is chosen: most starts never need it.
    this.#common ??= CommonPasswords.read();
    assertGood(plain(password), name, await this.#common, words);
    return this.#hash(plain(password));
  }

  /** Of one that has been taken before. */
  rehashed(password: string): Promise<string> {
    return this.#hash(plain(password));
  }

  /** Whether it was made when less was asked for. */
  isWeak(hashed: string): boolean {
    const { memoryCost, timeCost, parallelism } = parseOptions(hashed);
    const { kib, passes, lanes } = this.cost;
    return memoryCost < kib || timeCost < passes || parallelism < lanes;
  }

  #hash(password: string): Promise<string> {
    const { kib, passes, lanes } = this.cost;
    return hash(password, { memoryCost: kib, timeCost: passes, parallelism: lanes });
  }
}

function assertGood(password: string, name: string, common: CommonPasswords, words: readonly string[]): void {
  const length = Array.from(password).length;
  const refused = (rule: string, message: string): never => invalid('password', rule, message);
  if (length < SHORTEST) refused('minLength', `The password must have ${SHORTEST} characters or more`);
  if (length > LONGEST) refused('maxLength', `The password must have ${LONGEST} characters at most`);
  const lower = password.toLowerCase();
  if (name.length >= NAME_TOLD && lower.includes(name))
    refused('containsName', 'The password must not contain the name');
  const plainWords = words.map((word) => plain(word).toLowerCase());
  if (isMadeOf(lower, plainWords))
    refused('organisation', 'The password must not consist of names of this organisation');
  if (common.has(lower) || new Set(lower).size < DIFFERENT) {
    refused('common', 'The password is among the first that anybody would try');
  }
}
