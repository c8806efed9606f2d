import { randomUUID } from 'node:crypto';
import { type CommandReceipt } from '../../libs/contracts/envelope.js';
import { type Role } from '../../libs/contracts/roles.js';
import { picture } from '../../apps/cli/demo-picture.js';
import { type Answer, type TestServer } from './server.js';

type Who = readonly [person: string, unit: string, role: Role];

/** The people of `config/demo.yaml` that journeys need. */
export const registrar: Who = ['city-registrar', 'city-office', 'registrar'];
export const dispatcher: Who = ['city-dispatcher', 'city-office', 'dispatcher'];
export const handler: Who = ['bronx-handler', 'bronx-office', 'handler'];
export const otherHandler: Who = ['queens-handler', 'queens-office', 'handler'];
export const reviewer: Who = ['bronx-reviewer', 'bronx-office', 'reviewer'];
export const verifier: Who = ['city-verifier-1', 'city-office', 'verifier'];
export const secondVerifier: Who = ['city-verifier-2', 'city-office', 'verifier'];
export const cityApprover: Who = ['city-approver', 'city-office', 'approver'];
export const provinceApprover: Who = ['province-approver', 'province-office', 'approver'];
export const inspector: Who = ['province-inspector', 'province-office', 'inspector'];
export const auditor: Who = ['province-auditor', 'province-office', 'auditor'];
export const auditAdmin: Who = ['audit-admin', 'province-office', 'audit-admin'];
export const operator: Who = ['operator', 'province-office', 'system-admin'];

export const problem = (overrides: object = {}): object => ({
  source: { code: 'CC', document: `检〔2026〕${randomUUID().slice(0, 8)}号`, line: '1' },
  categories: ['99'],
  divisions: ['bronx'],
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

  constructor(private readonly server: TestServer) {}

  async register(body: object = problem(), who: Who = registrar): Promise<Answer> {
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

  async upload(who: Who, label: string): Promise<string> {
    const token = await this.server.token(...who);
    const path = `/api/v1/cases/${this.id}/uploads`;
    const answer = await this.server.send(token, 'POST', path, picture(label), {
      'Content-Type': 'image/png',
    });
    if (answer.status !== 201) throw new Error(`upload: ${answer.status} ${String(answer.body.code)}`);
    return (answer.body as unknown as { receipt: string }).receipt;
  }

  /** Everything up to a status, by the usual people. */
  async to(
    status: 'registered' | 'assigned' | 'rectifying' | 'submitted' | 'rectified' | 'verified',
    body?: object,
  ): Promise<this> {
    const steps = [
      ['registered', () => this.register(body)],
      ['assigned', () => this.give(dispatcher, 'assign-case', assignment)],
      ['rectifying', () => this.give(handler, 'accept-assignment')],
      ['submitted', () => this.submit()],
      ['rectified', () => this.give(reviewer, 'pass-review')],
      ['verified', () => this.verify()],
    ] as const;
    for (const [reached, step] of steps) {
      const answer = await step();
      if (answer.status >= 300) throw new Error(`${reached}: ${answer.status} ${String(answer.body.code)}`);
      if (reached === status) break;
    }
    return this;
  }

  async submit(): Promise<Answer> {
    for (const slot of ['before-photo', 'after-photo', 'result']) {
      const receipt = await this.upload(handler, `${this.id} ${slot} ${randomUUID()}`);
      await this.give(handler, 'attach-evidence', { slot, receipt });
    }
    const body = { result: 'completed', measures: '已修复。', completedOn: '2026-01-20' };
    return this.give(handler, 'submit-rectification', body);
  }

  async verify(): Promise<Answer> {
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

export const assignment = { leads: ['bronx-office'], coUnits: [], requirement: '限期修复并留存照片。' };
