import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import * as people from '../support/people.js';
import { Journey, problem } from '../support/people.js';
import { startServer, type TestServer } from '../support/server.js';
import { went } from '../support/stories.js';
import { type Who } from '../support/deployments.js';

const { dispatcher, handler, otherHandler, inspector } = people;

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

interface Heard {
  id: number;
  event: string;
  cases: { id: string; revision: number }[];
}

/** Somebody who listens; `heard` grows. */
class Ear {
  readonly heard: Heard[] = [];
  readonly #line = new AbortController();
  over = false;

  private constructor(readonly status: number) {}

  static async open(who: Who, last?: string): Promise<Ear> {
    const token = await server.token(...who);
    const ear = new Ear(0);
    const response = await fetch(`${server.url}/api/v1/live`, {
      headers: {
        Authorization: `Bearer ${token}`,
        ...(last !== undefined && { 'Last-Event-ID': last }),
      },
      signal: ear.#line.signal,
    });
    if (!response.ok || !response.body) throw new Error(String(response.status));
    void ear.#listen(response.body);
    return ear;
  }

  async #listen(body: ReadableStream<Uint8Array>): Promise<void> {
    const [reader, decoder] = [body.getReader(), new TextDecoder()];
    let text = '';
    try {
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        text += decoder.decode(read.value, { stream: true });
        const messages = text.split('\n\n');
        text = messages.pop() ?? '';
        for (const message of messages) this.#take(message);
      }
    } catch {
      // Hung up.
    }
    this.over = true;
  }

  #take(message: string): void {
    const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(message)?.[1];
    const [id, event, data] = [field('id'), field('event'), field('data')];
    if (event === undefined) return;
    const { cases = [] } = JSON.parse(data ?? '{}') as Partial<Heard>;
    this.heard.push({ id: Number(id), event, cases });
  }

  hangUp(): void {
    this.#line.abort();
  }

  async until(meets: (heard: Heard[]) => boolean): Promise<void> {
    for (let look = 0; look < 400 && !meets(this.heard); look++) await pause(25);
    expect(this.heard.map(({ event }) => event)).not.toEqual([]);
    expect(meets(this.heard)).toBe(true);
  }
}

const hears =
  (one: Journey, revision = one.revision) =>
  (heard: Heard[]): boolean =>
    heard.some(({ cases }) => cases.some((each) => each.id === one.id && each.revision >= revision));

test('whoever may see a case hears of it, by its id and nothing else; others hear nothing', async () => {
  const [near, far] = [await Ear.open(handler), await Ear.open(otherHandler)];
  const one = new Journey(server);
  await went(one.register(problem()));
  await near.until(hears(one));
  await went(one.give(dispatcher, 'assign-case', people.assignment));
  await near.until(hears(one));
  expect(
    near.heard.flatMap(({ cases }) => cases).every((each) => Object.keys(each).join() === 'id,revision'),
  ).toBe(true);
  expect(far.heard).toEqual([]);
  near.hangUp();
  far.hangUp();
});

test('what was missed is told by the id of the last event heard', async () => {
  const first = await Ear.open(inspector);
  const one = new Journey(server);
  await went(one.register(problem()));
  await first.until(hears(one));
  first.hangUp();
  const last = first.heard.at(-1)?.id;
  await went(one.give(dispatcher, 'assign-case', people.assignment));
  const other = new Journey(server);
  await went(other.register(problem()));
  await one.get(inspector);
  await other.get(inspector);
  const second = await Ear.open(inspector, String(last));
  await second.until((heard) => hears(one)(heard) && hears(other)(heard));
  second.hangUp();
});

test('who is excluded from a case does not hear of it any more', async () => {
  const one = new Journey(server);
  await went(one.register(problem()));
  await went(one.give(dispatcher, 'assign-case', people.assignment));
  const person = handler[0];
  await went(one.give(inspector, 'exclude-person', { person, reason: '近亲属为施工方' }));
  await one.get(inspector);
  const [excluded, watching] = [await Ear.open(handler), await Ear.open(inspector)];
  await went(
    one.give(inspector, 'issue-supervision', { rung: 'blue', demand: '抓紧整改。', answerBy: '2190-01-01' }),
  );
  await watching.until(hears(one));
  expect(excluded.heard).toEqual([]);
  excluded.hangUp();
  watching.hangUp();
});

test('an id that was never given, or is long gone, is answered with reset', async () => {
  const ear = await Ear.open(inspector, '999999999');
  await ear.until((heard) => heard.some(({ event }) => event === 'reset'));
  ear.hangUp();
  const token = await server.token(...inspector);
  for (const bad of ['x', '-1', '1.5', '9'.repeat(16)]) {
    const answer = await server.send(token, 'GET', '/api/v1/live', undefined, { 'Last-Event-ID': bad });
    expect([bad, answer.status, answer.body.code]).toEqual([bad, 422, 'input/invalid']);
  }
});

test('a token that is withdrawn ends what is heard by it', async () => {
  const who: Who = ['queens-reviewer', 'queens-office', 'reviewer'];
  const ear = await Ear.open(who);
  const { Tokens } = await import('../../libs/identity/sessions/tokens.js');
  const { Bell } = await import('../../libs/platform/session.js');
  const bell = new Bell(server.database.address, 'identity');
  await new Tokens(server.database.sql, bell).revoke(who[0]);
  await bell.end();
  for (let look = 0; look < 200 && !ear.over; look++) await pause(25);
  expect(ear.over).toBe(true);
});
