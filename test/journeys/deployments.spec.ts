import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deployments } from '../support/deployments.js';
import { Journey, problem } from '../support/people.js';
import { startServer, type TestServer } from '../support/server.js';

interface Past {
  type: string;
  actor: { person: string };
  leaf: string;
  revision: number;
}

// Whatever its levels, sources and categories: the code knows no deployment.
describe.each(deployments)('where $seed says the rules', (place) => {
  const { people, slots, lead, severe } = place;
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ SEED: place.seed });
  });
  afterAll(() => server.stop());
  const journey = (): Journey => new Journey(server, place);

  /** What somebody may do on a case, and why not. */
  async function actions(one: Journey, who: Parameters<Journey['get']>[0]): Promise<Record<string, string>> {
    const { body } = await one.get(who);
    const offers = (body as unknown as { actions: { command: string; allowed: boolean; code: string }[] })
      .actions;
    return Object.fromEntries(
      offers.map(({ command, allowed, code }) => [command, allowed ? 'allowed' : code]),
    );
  }

  test('a general problem is struck off after review by the lead, verification by two above it, and closing', async () => {
    const one = await journey().to('verified');
    expect(await actions(one, people.closer)).toMatchObject({
      'close-case': 'allowed',
      'approve-closure': 'case/not-of-route',
    });
    expect((await one.give(people.closer, 'close-case')).status).toBe(200);
    const { body, headers } = await one.get(people.inspector);
    expect(body).toMatchObject({
      status: 'closed',
      caseNumber: expect.stringMatching(place.caseNumber),
      round: 1,
      reopened: 0,
      verification: 'passed',
      revision: one.revision,
    });
    expect(headers.get('etag')).toBe(`"${one.revision}"`);
    expect(headers.get('ledger-behind')).toBeNull();
  });

  test('it shows in its history who did what, and a hash of each event', async () => {
    const one = await journey().to('rectifying');
    const { body } = await one.get(people.inspector, '/history');
    const { events } = body as unknown as { events: Past[] };
    expect(events.map(({ type, actor }) => [type, actor.person])).toEqual([
      ['ProblemRegistered', people.registrar[0]],
      ['CaseAssigned', people.dispatcher[0]],
      ['AssignmentAccepted', people.handler[0]],
    ]);
    for (const { leaf } of events) expect(leaf).toMatch(/^[0-9a-f]{64}$/);
    const later = (await one.get(people.inspector, '/history?from=1&limit=1')).body as unknown as {
      events: Past[];
    };
    expect(later.events).toMatchObject([{ type: 'CaseAssigned', revision: 1 }]);
  });

  test('a severe one is approved before it is closed and, reopened, must be proven anew', async () => {
    const one = await journey().to('verified', problem({ severity: severe }, place));
    expect((await one.give(people.approver, 'close-case')).body.code).toBe('case/awaits-approve');
    expect((await one.give(people.approver, 'approve-closure')).status).toBe(200);
    expect((await one.give(people.approver, 'close-case')).status).toBe(200);
    const reason = { cause: 'false-rectification', reason: '现场未整改。' };
    expect((await one.give(people.inspector, 'reopen-case', reason)).status).toBe(200);
    expect((await one.get(people.inspector)).body).toMatchObject({
      ...{ status: 'rectifying', round: 2, reopened: 1, closedAt: null, evidence: 0 },
      heldBy: [lead],
    });
    const again = { result: 'completed', measures: '无', completedOn: '2026-01-20' };
    expect((await one.give(people.handler, 'submit-rectification', again)).body).toMatchObject({
      ...{ code: 'case/evidence-missing', slots },
    });
  });

  test('what lies elsewhere is nobody else’s to see', async () => {
    const one = await journey().to('assigned');
    expect((await one.get(people.otherHandler)).status).toBe(404);
    expect((await one.give(people.otherHandler, 'accept-assignment')).body.code).toBe('case/unknown');
  });
});
