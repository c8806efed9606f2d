import { expect } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { dayIn } from '../../libs/calendar/working-days.js';
import { type LedgerRow } from '../../libs/contracts/ledger.js';
import { type PastEvent } from '../../libs/contracts/envelope.js';
import { type Day } from '../../libs/contracts/values.js';
import { type Who } from './deployments.js';
import { inspector, type Journey, operator } from './people.js';
import { type Answer, type TestServer } from './server.js';

const DAY = 86_400_000;

/** Somebody's day went on: the answer is a yes. */
export async function done(asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked;
  expect([answer.status < 300, answer.body.code, answer.body.errors]).toEqual([true, undefined, undefined]);
  return answer;
}

/** A wrong turn: the answer is this no. */
export async function refused(asked: Promise<Answer>, status: number, code: string): Promise<Answer> {
  const answer = await asked;
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  return answer;
}

/** A wrong turn on account of one field of what was said. */
export async function invalid(asked: Promise<Answer>, field: string): Promise<void> {
  const { body } = await refused(asked, 422, 'input/invalid');
  expect(body.errors?.map((error) => error.field)).toEqual([field]);
}

export const dayAfter = (day: Day, days: number): Day =>
  new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);

/** The day of an instant where the demo is. */
export const dayOf = (instant: string | null | undefined): Day => dayIn('Asia/Shanghai', String(instant));

/** The days of a story: the time of its server, and what can be seen there. */
export class Days {
  constructor(private readonly server: TestServer) {}

  async send(who: Who, method: string, path: string, body?: object): Promise<Answer> {
    const token = await this.server.token(...who);
    const headers = { 'Idempotency-Key': randomUUID() };
    return this.server.send(token, method, `/api/v1/${path}`, body, headers);
  }

  async today(): Promise<Day> {
    return (await this.#clock()).today;
  }

  /** So many days later, at the same time of the day. */
  async later(days: number): Promise<void> {
    const to = new Date(Date.parse((await this.#clock()).now) + days * DAY).toISOString();
    await done(this.send(operator, 'POST', 'clock', { to }));
  }

  /** On that day, which lies ahead. */
  async on(day: Day): Promise<void> {
    await this.later(Math.round((Date.parse(day) - Date.parse(await this.today())) / DAY));
  }

  async row(journey: Journey, who: Who = inspector): Promise<LedgerRow> {
    return (await journey.get(who)).body as unknown as LedgerRow;
  }

  async history(journey: Journey, who: Who = inspector): Promise<PastEvent[]> {
    const { body } = await journey.get(who, '/history');
    return (body as unknown as { events: PastEvent[] }).events;
  }

  /** Waits until something has happened that nobody was asked for; the journey goes on from there. */
  async happened(journey: Journey, type: string, times = 1): Promise<PastEvent> {
    for (let look = 0; look < 400; look++) {
      const events = await this.history(journey);
      const found = events.filter((event) => event.type === type).at(times - 1);
      if (found) {
        journey.revision = events.at(-1)?.revision ?? journey.revision;
        journey.receipt = `${journey.id}@${journey.revision}`;
        return found;
      }
      await pause(50);
    }
    throw new Error(`${type} did not happen`);
  }

  /** How many cases a figure counts. */
  async figures(who: Who = inspector): Promise<Record<string, number>> {
    const { body } = await this.send(who, 'GET', 'figures');
    const { figures } = body as unknown as { figures: { name: string; cases: number }[] };
    return Object.fromEntries(figures.map(({ name, cases }) => [name, cases]));
  }

  async #clock(): Promise<{ now: string; today: Day }> {
    return (await this.send(operator, 'GET', 'clock')).body as unknown as { now: string; today: Day };
  }
}

/** What one verifier says of a visit on the spot. */
export async function visit(journey: Journey, who: Who): Promise<Answer> {
  const photos = [await journey.upload(who, `visit ${randomUUID()}`)];
  const seen = { method: 'on-site', place: '现场', visitedOn: '2026-01-22', findings: '已修复。', photos };
  return journey.give(who, 'record-verification', seen);
}

/** A shortcoming, as examiners and inspectors name it. */
export const shortcomings = [{ slot: 'after-photo', reason: '与现场不符。' }];
