import { type RouteStep, type Slot, type StepName } from '../../../libs/contracts/case-events.js';
import { type CommandReceipt, type PastEvent } from '../../../libs/contracts/envelope.js';
import { type LedgerRow } from '../../../libs/contracts/ledger.js';
import { type Day, type UnitId } from '../../../libs/contracts/values.js';
import { type Bearer } from '../../../libs/identity/sessions/tokens.js';
import { type Api, Refused } from '../api.js';
import { picture } from '../demo-picture.js';
import { type Tried } from '../showing/tale.js';
import { type Places } from './places.js';
import { type Problem, spoken } from './problems.js';

/** What all walks have in common. */
export interface Story {
  places: Places;
  speak: (bearer: Bearer) => Promise<Api>;
  /** The day on which the walks stand now. */
  today: () => Day;
  /** So many days later. */
  after: (days: number) => Day;
  tried: Tried[];
  /** A case that is open and takes others up. */
  target: (n: number) => string;
}

/** What the assignment says of the road ahead. */
interface Terms {
  route: RouteStep[];
  closer: UnitId;
  checklist: Slot[];
  dueOn: Day;
}

/** One case on its way, each act over HTTP by the person whose it is. A step of an earlier run answers as it did then. */
export class Walk {
  id = '';
  /** Whether somebody with too many posts takes part and tries what is refused. */
  tries = false;
  #fresh = false;
  #revision = 0;
  #terms: Terms | undefined;

  constructor(
    readonly story: Story,
    readonly problem: Problem,
  ) {}

  get receipt(): string {
    return `${this.id}@${this.#revision}`;
  }

  get lead(): UnitId {
    return this.problem.leads[0] ?? '';
  }

  get terms(): Terms {
    if (!this.#terms) throw new Error(`${this.problem.n} is not assigned yet`);
    return this.#terms;
  }

  /** Whether it is registered in this run for the first time. */
  get fresh(): boolean {
    return this.#fresh;
  }

  by(unit: UnitId, role: Bearer['role'], nth = 0): Bearer {
    return this.story.places.bearer(unit, role, nth);
  }

  desk(step: StepName): UnitId | undefined {
    return this.terms.route.find((one) => one.step === step)?.unit;
  }

  /** Registers the problem, or takes it over from an old ledger. */
  async begin(more: object = {}): Promise<void> {
    if (this.id !== '') return;
    const { body, finder, n } = this.problem;
    const api = await this.story.speak(this.by(finder, 'registrar'));
    const said = { ...body, ...spoken(this.problem), ...more };
    const send = 'stated' in more ? api.adopt.bind(api) : api.register.bind(api);
    this.#took(await send(said, `hunan:${n}:begin`));
  }

  async act(bearer: Bearer, command: string, body: object = {}, step = command): Promise<void> {
    const api = await this.story.speak(bearer);
    const key = `hunan:${this.problem.n}:${step}`;
    const send = async (): Promise<CommandReceipt> =>
      api.command(this.id, command, body, key, this.#revision);
    try {
      this.#took(await send());
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.code !== 'case/stale') throw this.#told(error, bearer, command);
      // The clock or another case has changed it meanwhile: it is looked at again.
      const { revision } = await api.get<LedgerRow>(`/api/v1/cases/${this.id}`);
      this.#revision = revision;
      this.#took(await send());
    }
  }

  /** A command that is refused. */
  async attempt(bearer: Bearer, command: string, body: object = {}): Promise<void> {
    if (!this.tries || !this.#fresh) return;
    const api = await this.story.speak(bearer);
    const key = `hunan:${this.problem.n}:try:${command}:${bearer.person}`;
    try {
      await api.command(this.id, command, body, key, this.#revision);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.story.tried.push({ who: `${bearer.person} (${bearer.role})`, what: command, code: error.code });
      return;
    }
    throw new Error(`${command} by ${bearer.person} should have been refused`);
  }

  async photo(bearer: Bearer, label: string): Promise<string> {
    const api = await this.story.speak(bearer);
    const { receipt } = await api.upload(this.id, 'image/png', picture(`hunan ${this.problem.n} ${label}`));
    return receipt;
  }

  /** Reads in the history what the assignment fixed. */
  async learnTerms(bearer: Bearer): Promise<void> {
    const api = await this.story.speak(bearer);
    const { events } = await api.get<{ events: PastEvent[] }>(`/api/v1/cases/${this.id}/history`);
    this.#terms = events.find(({ type }) => type === 'CaseAssigned')?.data as Terms | undefined;
  }

  #took({ case: id, revision, repeated }: CommandReceipt): void {
    if (this.id === '') this.#fresh = !repeated;
    this.id = id;
    this.#revision = revision;
  }

  #told({ problem, message }: Refused, { person }: Bearer, command: string): Error {
    const { n, outcome } = this.problem;
    return new Error(`${n} (${outcome}): ${command} by ${person}: ${message} ${JSON.stringify(problem)}`);
  }
}
