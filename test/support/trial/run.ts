import { isDeepStrictEqual } from 'node:util';
import { type CaseState } from '../../../libs/cases/case-state.js';
import { evolve, noCase } from '../../../libs/cases/state.js';
import { withDuties } from '../duties.js';
import { type AnyCaseRow, type CaseFacts, codesOf } from '../../../libs/cases/table.js';
import { caseEvents, type CaseEvent } from '../../../libs/contracts/case-events.js';
import { type Severity } from '../../../libs/contracts/intake.js';
import { Refusal } from '../../../libs/contracts/refusal.js';
import { canonical, storable } from '../../../libs/eventing/canonical.js';
import { decoder } from '../../../libs/eventing/decode.js';
import { type Actor, type Recorded, type StoredEvent } from '../../../libs/eventing/event.js';
import { decide } from '../../../libs/eventing/handle.js';
import { validated } from '../../../libs/platform/validated.js';
import { by } from '../cases.js';
import { bodyOf, uploadsAt } from './forms.js';
import { register } from './people.js';
import { type Attempt, chosen, tempting, type Try } from './tries.js';

const decode = decoder<CaseEvent>(caseEvents);
/** From one try to the next, so that terms run out now and then. */
const TURN = 8 * 3_600_000;
const BEGIN = Date.UTC(2026, 8, 1);

export interface Run {
  log: Recorded<CaseEvent>[];
  state: CaseState;
  /** What the engine itself got wrong. */
  faults: string[];
}

interface Trial {
  rows: readonly AnyCaseRow[];
  severity: Severity;
  tries: readonly Try[];
  /** The table as it should be: where it refuses what the other one allows, that is tried first. */
  sound?: readonly AnyCaseRow[];
  /** Whether to go on with what happened so far. */
  until?: (run: Run) => boolean;
}

/** Carries out the tries, as the one write path does: decide, write, read back, fold. */
export function run(trial: Trial): Run {
  // Most tries are refused, and where is of no interest: it would take most of the time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return new Carrying(trial).out();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

class Carrying implements Run {
  readonly log: Recorded<CaseEvent>[] = [];
  readonly faults: string[] = [];
  readonly #stored: StoredEvent[] = [];
  readonly #sound: ReadonlyMap<string, AnyCaseRow>;
  state = noCase;
  /** As folded from what was decided, before it was text. */
  #decided = noCase;
  #now = BEGIN;
  #turn = 0;

  constructor(private readonly trial: Trial) {
    this.#sound = new Map(trial.sound?.map((row) => [row.command.name, row]));
  }

  out(): Run {
    for (const [turn, one] of this.trial.tries.entries()) {
      this.#turn = turn;
      this.#now += TURN;
      const attempt = this.#attemptOf(one);
      if (!attempt) continue;
      this.#now = attempt.now;
      const before = this.log.length;
      this.#make(attempt, one);
      if (this.log.length > before && this.trial.until?.(this)) break;
    }
    this.#compare();
    return this;
  }

  #attemptOf(one: Try): Attempt | undefined {
    const { rows, sound } = this.trial;
    const choice = { rows, state: this.state, now: this.#now, factsAt: (now: number) => this.#factsAt(now) };
    // Every other time, so that what is allowed wrongly for ever does not keep the case from its end.
    const tempted =
      sound && one.name === undefined && one.form % 2 === 0
        ? tempting(choice, one, this.#sound, (row) => this.#bodyOf(row, one))
        : undefined;
    return tempted ?? chosen(choice, one);
  }

  #make({ row, actor }: Attempt, one: Try): void {
    const body = this.#bodyOf(row, one);
    const facts = this.#factsAt(this.#now);
    let events: CaseEvent[];
    try {
      events = decide({ row, body, actor, seen: undefined }, this.state, facts);
    } catch (error) {
      this.#refused(row, error);
      return;
    }
    this.faults.push(...unsendable(row, body));
    for (const event of withDuties(events, this.state, facts, actor)) this.#happened(event, actor, facts);
  }

  #refused(row: AnyCaseRow, error: unknown): void {
    const { name } = row.command;
    if (!(error instanceof Refusal)) this.faults.push(`${name} threw ${String(error)}`);
    else if (error.code !== 'input/invalid' && !codesOf(row).includes(error.code))
      this.faults.push(`${name} refused with ${error.code}, which its row does not say`);
  }

  #happened(event: CaseEvent, actor: Actor, { now: recordedAt }: CaseFacts): void {
    const stored = asStored(event, actor, recordedAt, this.log.length);
    const recorded = decode(stored);
    const { type, ...data } = recorded.event;
    if (type !== stored.type || canonical(data) !== stored.data)
      this.faults.push(`${stored.type} does not come back as it was`);
    this.#stored.push(stored);
    this.log.push(recorded);
    this.state = evolve(this.state, recorded);
    this.#decided = evolve(this.#decided, { ...recorded, event });
    if (this.state.basis > recorded.revision) this.faults.push(`basis ${this.state.basis} is ahead`);
  }

  /** The state is the same whether it comes from what was decided or from the text in the log. */
  #compare(): void {
    const again = this.#stored.map(decode).reduce(evolve, noCase);
    const [read, decided] = [again, this.#decided].map((state) => structuredClone(defined(state)));
    if (!isDeepStrictEqual(read, decided)) this.faults.push('its text tells another history');
    if (!isDeepStrictEqual(again, this.state)) this.faults.push('read again it is another case');
  }

  #bodyOf({ command }: AnyCaseRow, { form }: Try): object {
    return bodyOf(command, { severity: this.trial.severity, form, turn: this.#turn, state: this.state });
  }

  #factsAt(now: number): CaseFacts {
    const who = { person: '', unit: '', role: '', via: 'http' } as const;
    const at = new Date(now).toISOString();
    return by(who, { at, register, uploads: uploadsAt(this.#turn) }).facts;
  }
}

/** Only what could have been sent may be accepted. */
function unsendable({ command }: AnyCaseRow, body: object): string[] {
  try {
    validated(command, body);
    return [];
  } catch (error) {
    const { errors = [] } = error instanceof Refusal ? error.details : {};
    return [`${command.name} cannot be sent so: ${errors.map(({ message }) => message).join(', ')}`];
  }
}

/** Without what is undefined, which no text has. */
function defined(value: unknown): unknown {
  if (value instanceof Map) return new Map([...value].map(([key, one]) => [key, defined(one)]));
  if (Array.isArray(value)) return value.map(defined);
  if (typeof value !== 'object' || value === null || value instanceof Set) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => (one === undefined ? [] : [[key, defined(one)]])),
  );
}

function asStored(
  { type, ...data }: CaseEvent,
  actor: Actor,
  recordedAt: string,
  revision: number,
): StoredEvent {
  const ids = { commandId: `${revision}`, requestHash: '', correlationId: '', causationId: '' };
  const meta = { recordedAt, actor, ...ids, entryMode: 'live' };
  return {
    ...{ id: `${revision}`, stream: 'case-1', revision, type },
    data: storable(data),
    meta: storable(meta),
  };
}
