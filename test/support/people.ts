import { randomUUID } from 'node:crypto';
import { type CommandReceipt } from '../../libs/contracts/envelope.js';
import { picture } from '../../apps/cli/demo-picture.js';
import { demo, type Deployment, type Who } from './deployments.js';
import { type Answer, type TestServer } from './server.js';

/** The people of `config/demo.yaml` that journeys need. */
export const { registrar, dispatcher, handler, otherHandler, reviewer, verifier, secondVerifier, inspector } =
  demo.people;
export const cityApprover: Who = demo.people.closer;
export const provinceApprover: Who = demo.people.approver;
export const leader: Who = ['province-leader', 'province-office', 'leader'];
export const countyLeader: Who = ['bronx-leader', 'bronx-office', 'leader'];
export const evaluator: Who = ['province-evaluator', 'province-office', 'evaluator'];
export const auditor: Who = ['province-auditor', 'province-office', 'auditor'];
export const securityAdmin: Who = ['security-admin', 'province-office', 'security-admin'];
export const auditAdmin: Who = ['audit-admin', 'province-office', 'audit-admin'];
export const operator: Who = ['operator', 'province-office', 'system-admin'];

export const problem = (overrides: object = {}, { source, category, division } = demo): object => ({
  source: { code: source, document: `检〔2026〕${randomUUID().slice(0, 8)}号`, line: '1' },
  categories: [category],
  divisions: [division],
  severity: 'general',
  rectificationType: 'immediate',
  description: '外墙抹灰层脱落，存在坠落风险。',
  foundOn: '2026-01-05',
  personsAtRisk: false,
  weight: 1000,
  ...overrides,
});

/** A case on its way over HTTP: knows the revision that was seen last. */
export class Journey {
  revision = -1;
  id = '';
  receipt = '';

  constructor(
    private readonly server: TestServer,
    private readonly place: Deployment = demo,
  ) {}

  async register(
    body: object = problem({}, this.place),
    who: Who = this.place.people.registrar,
  ): Promise<Answer> {
    const token = await this.server.token(...who);
    const headers = { 'Idempotency-Key': randomUUID() };
    return this.#note(await this.server.send(token, 'POST', '/api/v1/cases', body, headers));
  }

  async give(
    who: Who,
    command: string,
    body: object = {},
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const token = await this.server.token(...who);
    const all = { 'Idempotency-Key': randomUUID(), 'If-Match': `"${this.revision}"`, ...headers };
    return this.#note(
      await this.server.send(token, 'POST', `/api/v1/cases/${this.id}/${command}`, body, all),
    );
  }

  async get(who: Who, path = ''): Promise<Answer> {
    const token = await this.server.token(...who);
    const promised = { 'Ledger-At-Least': this.receipt };
    return this.server.send(token, 'GET', `/api/v1/cases/${this.id}${path}`, undefined, promised);
  }

  upload(who: Who, label: string): Promise<string> {
    return this.uploaded(who, picture(label));
  }

  async uploaded(who: Who, content: Buffer): Promise<string> {
    const token = await this.server.token(...who);
    const path = `/api/v1/cases/${this.id}/uploads`;
    const answer = await this.server.send(token, 'POST', path, content, {
      'Content-Type': 'image/png',
    });
    if (answer.status !== 201) throw new Error(`upload: ${answer.status} ${String(answer.body.code)}`);
    return (answer.body as unknown as { receipt: string }).receipt;
  }

  /** What its source wants looked into is so. */
  async check(): Promise<Answer> {
    const { dispatcher, inspector, verifier } = this.place.people;
    await this.give(dispatcher, 'start-fact-check', { checkers: [inspector[0], verifier[0]] });
    const found = { substantiation: 'full', findings: '属实。', photos: [] };
    return this.give(inspector, 'establish-facts', found);
  }

  /** Everything up to a status, by the usual people. A case that is registered already goes on from there. */
  async to(
    status: 'registered' | 'assigned' | 'rectifying' | 'submitted' | 'rectified' | 'verified',
    body?: object,
  ): Promise<this> {
    const { dispatcher, handler, reviewer } = this.place.people;
    const steps = [
      ['registered', () => this.register(body)],
      ['assigned', () => this.give(dispatcher, 'assign-case', assignmentIn(this.place))],
      ['rectifying', () => this.give(handler, 'accept-assignment')],
      ['submitted', () => this.submit()],
      ['rectified', () => this.give(reviewer, 'pass-review')],
      ['verified', () => this.verify()],
    ] as const;
    for (const [reached, step] of steps.slice(this.id === '' ? 0 : 1)) {
      const answer = await step();
      if (answer.status >= 300) throw new Error(`${reached}: ${answer.status} ${String(answer.body.code)}`);
      if (reached === status) break;
    }
    return this;
  }

  async submit(): Promise<Answer> {
    const { handler } = this.place.people;
    for (const slot of this.place.slots) {
      const receipt = await this.upload(handler, `${this.id} ${slot} ${randomUUID()}`);
      await this.give(handler, 'attach-evidence', { slot, receipt });
    }
    const body = { result: 'completed', measures: '已修复。', completedOn: '2026-01-20' };
    return this.give(handler, 'submit-rectification', body);
  }

  async verify(): Promise<Answer> {
    const { verifier, secondVerifier } = this.place.people;
    const photos = [await this.upload(verifier, `${this.id} visit ${randomUUID()}`)];
    const visit = { method: 'on-site', place: '现场', visitedOn: '2026-01-22', findings: '已修复。', photos };
    const recorded = await this.give(verifier, 'record-verification', visit);
    return recorded.status === 200 ? this.give(secondVerifier, 'confirm-verification') : recorded;
  }

  #note(answer: Answer): Answer {
    if (answer.status >= 300) return answer;
    const receipt = answer.body as unknown as CommandReceipt;
    this.id = receipt.case;
    this.revision = receipt.revision;
    this.receipt = receipt.receipt;
    return answer;
  }
}

export const assignmentIn = ({ lead }: Deployment): object => ({
  leads: [lead],
  coUnits: [],
  requirement: '限期修复并留存照片。',
});

export const assignment = assignmentIn(demo);
