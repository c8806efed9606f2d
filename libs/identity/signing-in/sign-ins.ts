import { type CommandBus, type QueryBus } from '@nestjs/cqrs';
import { type Access, NoteAccess, type Outcome } from '../../contracts/access.js';
import { type SessionOf, type Stage } from '../../contracts/identity.js';
import { CurrentRegister, type Register } from '../../contracts/register.js';
import { refuse } from '../../contracts/refusal.js';
import { ADMINISTRATORS } from '../../contracts/roles.js';
import { type ChangePassword, type SignIn, type SwitchPost, type UseSetUp } from '../../contracts/sign-in.js';
import { type Account, type Accounts, plainName } from '../accounts/accounts.js';
import { type Passwords } from '../accounts/passwords.js';
import { namesOf } from '../accounts/names.js';
import { type Post, postsOf } from '../accounts/posts.js';
import { type Enrolment, type SecondFactor } from './second-factor.js';
import { type Kept, type Sessions } from '../sessions/sessions.js';
import { type Throttle } from './throttle.js';
import { type Whence } from '../sessions/whence.js';

/** Of whom a second factor is asked who has none yet. */
export type Asked = 'nobody' | 'administrators' | 'everybody';

export interface SignInParts {
  accounts: Accounts;
  sessions: Sessions;
  passwords: Passwords;
  secondFactor: SecondFactor;
  throttle: Throttle;
  commands: CommandBus;
  queries: QueryBus;
  asked: Asked;
  /** Words of the deployment that no password may consist of, beside the names in the register. */
  words: readonly string[];
}

/** A session, and what is known of whose it is. */
export interface Viewed {
  session: Kept;
  name: string;
  posts: Post[];
  onLeave: boolean;
  /** Whether a second factor is set up. */
  enrolled: boolean;
}

type Whose = Partial<Pick<Access, 'person' | 'unit' | 'role'>>;

/** What somebody does to be known, and to be forgotten again. Every try is noted before it is answered. */
export class SignIns {
  constructor(private readonly parts: SignInParts) {}

  /**
   * Whatever is wrong, the same is done and answered: nobody learns whether there is such a name, or that it is locked.
   * @returns the id of the session
   * @throws Refusal auth/refused, auth/too-many, service/unavailable
   */
  async withPassword(
    { name, password }: SignIn,
    address: string,
    before?: string,
    whence?: Whence,
  ): Promise<string> {
    const { accounts, passwords, throttle } = this.parts;
    throttle.assertAddress(address);
    return passwords.inTurn(async () => {
      const account = await accounts.named(name);
      const attempt = `password ${plainName(name)}`;
      const open = await throttle.begin(attempt);
      const right = await passwords.matches(account?.password, password);
      const posts = account ? await this.postsOf(account.person) : [];
      if (!open || !right || !account || account.disabled || posts.length === 0) {
        return this.failed(open ? 'password' : 'locked', account?.person, address);
      }
      await throttle.succeeded(attempt);
      if (account.password !== null && passwords.isWeak(account.password)) {
        const anew = await passwords.rehashed(password);
        await accounts.rehash(account, anew);
        account.password = anew;
      }
      return this.begin(account.person, { by: 'password', strong: false }, before, whence);
    });
  }

  /**
   * @returns the id of the new session
   * @throws Refusal auth/refused, auth/too-many
   */
  async withCode({ hash }: SessionOf, code: string, address: string): Promise<string> {
    const { sessions, throttle } = this.parts;
    throttle.assertAddress(address);
    const session = await this.#session(hash);
    const account = await this.#accountOf(session);
    await this.#tried(account, address, () => this.parts.secondFactor.matches(account, code));
    await this.#note('signed-in', session, 'code');
    return sessions.begin({ ...session, stage: 'whole', strong: true }, hash);
  }

  /**
   * A session of somebody who has shown who they are, in the first of their posts.
   * @param strong whether a second factor was given
   * @param before the id of the session that the browser had
   * @returns the id
   */
  async begin(
    person: string,
    { by, strong }: { by: string; strong: boolean },
    before?: string,
    whence?: Whence,
  ): Promise<string> {
    const { accounts, sessions } = this.parts;
    const account = await accounts.of(person);
    const [post] = await this.postsOf(person);
    if (!post || account?.disabled === true) return refuse('auth/refused');
    const { unit, role } = post;
    const stage = await this.#stageOf(person, account, strong);
    const instead = before === undefined ? undefined : (await sessions.find(before))?.hash;
    const id = await sessions.begin(
      {
        ...{ person, unit, role, stage, strong },
        ...(account && { account: account.id }),
        ...(whence && { whence }),
      },
      instead,
      async (tx) => account && accounts.signedIn(tx, account),
    );
    await this.#note('signed-in', { person, unit, role }, by);
    return id;
  }

  /** @returns the id of the new session @throws Refusal auth/post-missing */
  async switchPost({ hash }: SessionOf, { unit, role }: SwitchPost, person: string): Promise<string> {
    const posts = await this.postsOf(person);
    if (!posts.some((post) => post.unit === unit && post.role === role)) refuse('auth/post-missing');
    return (await this.parts.sessions.renew(hash, { unit, role })) ?? refuse('auth/invalid');
  }

  async signOut({ hash }: SessionOf, whose: Whose): Promise<void> {
    await this.parts.sessions.end(hash);
    await this.#note('signed-out', whose);
  }

  async signOutEverywhere(whose: Whose & { person: string }): Promise<void> {
    await this.parts.sessions.endAll(whose.person);
    await this.#note('signed-out', whose, 'everywhere');
  }

  /** Ends one of the caller's own. @throws Refusal session/unknown */
  async signOutOne(id: string, whose: Whose & { person: string }): Promise<void> {
    const { sessions } = this.parts;
    const found = (await sessions.list(whose.person)).find((one) => one.id === id);
    if (!found || !(await sessions.end(found.hash))) return refuse('session/unknown');
    await this.#note('signed-out', whose, 'another');
  }

  /** @returns the id of the new session; all others end @throws Refusal auth/refused, input/invalid */
  async changePassword({ hash }: SessionOf, body: ChangePassword, address: string): Promise<string> {
    const { accounts, passwords, sessions, throttle } = this.parts;
    throttle.assertAddress(address);
    const session = await this.#session(hash);
    const account = await this.#accountOf(session);
    return passwords.inTurn(async () => {
      await this.#knows(account, body.present, address);
      const hashed = await passwords.hashed(body.password, account.name, await this.#words());
      await accounts.setPassword(account, hashed, hash);
      await this.#note('account-changed', session, 'password', account.person);
      return (await sessions.renew(hash, {})) ?? refuse('auth/invalid');
    });
  }

  /** @throws Refusal auth/refused where the password is wrong */
  async enrol({ hash }: SessionOf, password: string, address: string): Promise<Enrolment> {
    const { passwords, secondFactor, throttle } = this.parts;
    throttle.assertAddress(address);
    const account = await this.#accountOf(await this.#session(hash));
    return passwords.inTurn(async () => {
      await this.#knows(account, password, address);
      return secondFactor.enrol(account);
    });
  }

  /** @returns the id of the new session, and recovery codes @throws Refusal as SecondFactor.confirm */
  async confirm(
    { hash }: SessionOf,
    code: string,
    address: string,
  ): Promise<{ id: string; codes: string[] }> {
    const { secondFactor, sessions, throttle } = this.parts;
    throttle.assertAddress(address);
    const session = await this.#session(hash);
    const account = await this.#accountOf(session);
    let codes: string[] | undefined;
    await this.#tried(account, address, async () => {
      codes = await secondFactor.confirm(account, code);
      return codes !== undefined;
    });
    await this.#note('account-changed', session, 'second-factor', account.person);
    const id = await sessions.renew(hash, { stage: 'whole', strong: true });
    return id !== undefined && codes ? { id, codes } : refuse('auth/invalid');
  }

  /**
   * Chooses a password by a link, and signs in. Whoever was signed in by the old one is signed out.
   * @returns the id of the session
   * @throws Refusal auth/set-up, input/invalid
   */
  async setUp({ token, password }: UseSetUp, address: string, whence?: Whence): Promise<string> {
    const { accounts, passwords, throttle } = this.parts;
    throttle.assertAddress(address);
    return passwords.inTurn(async () => {
      const account = await accounts.meant(token).catch(async (error: unknown) => {
        throttle.failedFrom(address);
        await this.#note('sign-in-failed', {}, 'set-up');
        throw error;
      });
      await accounts.setUp(
        token,
        account,
        await passwords.hashed(password, account.name, await this.#words()),
      );
      return this.begin(account.person, { by: 'set-up', strong: false }, undefined, whence);
    });
  }

  /** What somebody who signed in wants to know of it. @throws Refusal auth/invalid where it has ended */
  async view({ hash }: SessionOf): Promise<Viewed> {
    const session = await this.#session(hash);
    const register = await this.#register();
    const person = register.person(session.person);
    const account =
      session.account === undefined ? undefined : await this.parts.accounts.get(session.account);
    return {
      ...{ session, name: person?.name ?? '', onLeave: person?.onLeave ?? false },
      ...{
        posts: postsOf(register, session.person),
        enrolled: account !== undefined && account.totp !== null,
      },
    };
  }

  /** Counts and notes a failure. @throws Refusal auth/refused, always */
  async failed(by: string, person: string | undefined, address: string): Promise<never> {
    this.parts.throttle.failedFrom(address);
    await this.#note('sign-in-failed', { ...(person !== undefined && { person }) }, by);
    return refuse('auth/refused');
  }

  async postsOf(person: string): Promise<Post[]> {
    return postsOf(await this.#register(), person);
  }

  async #stageOf(person: string, account: Account | undefined, strong: boolean): Promise<Stage> {
    if (strong) return 'whole';
    if (account?.totp) return 'code';
    const { asked } = this.parts;
    if (asked === 'nobody') return 'whole';
    const posts = await this.postsOf(person);
    const administers = posts.some(({ role }) => (ADMINISTRATORS as readonly string[]).includes(role));
    return asked === 'everybody' || administers ? 'enrolment' : 'whole';
  }

  async #knows(account: Account, password: string, address: string): Promise<void> {
    const { passwords, throttle } = this.parts;
    const attempt = `password ${account.name}`;
    const open = await throttle.begin(attempt);
    const right = await passwords.matches(account.password, password);
    if (!open || !right) return this.failed(open ? 'password' : 'locked', account.person, address);
    await throttle.succeeded(attempt);
  }

  async #tried(account: Account, address: string, right: () => Promise<boolean>): Promise<void> {
    const { throttle } = this.parts;
    const attempt = `code ${account.id}`;
    const open = await throttle.begin(attempt);
    // A code is not even looked at where it may not be tried: it would be used up.
    if (!open || !(await right())) return this.failed(open ? 'code' : 'locked', account.person, address);
    await throttle.succeeded(attempt);
  }

  async #session(hash: string): Promise<Kept> {
    return (await this.parts.sessions.get(hash)) ?? refuse('auth/invalid');
  }

  #accountOf({ account }: Kept): Promise<Account> {
    return account === undefined ? refuse('account/unknown') : this.parts.accounts.get(account);
  }

  async #words(): Promise<string[]> {
    return [...this.parts.words, ...namesOf(await this.#register())];
  }

  #register(): Promise<Register> {
    return this.parts.queries.execute<CurrentRegister, Register>(new CurrentRegister());
  }

  async #note(outcome: Outcome, whose: Whose, field?: string, subject?: string): Promise<void> {
    const { person = '', unit = '', role = '' } = whose;
    await this.parts.commands.execute(
      new NoteAccess({
        ...{ person, unit, role, via: 'http', outcome },
        ...(field !== undefined && { field }),
        ...(subject !== undefined && { subject }),
      }),
    );
  }
}
