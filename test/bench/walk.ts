import { type Connection, type Reply } from './connection.js';
import { caseOf, lifecycle, type Step } from './lifecycle.js';

/** A case on its way through its commands, each seen at the revision that the one before answered. */
export class Walk {
  readonly id: string;
  readonly #steps: Step[];
  #next = 0;
  #etag = '';

  constructor(
    private readonly key: string,
    private readonly tokens: Record<string, string>,
    today: string,
  ) {
    this.id = caseOf(key);
    this.#steps = lifecycle(this.id, today);
  }

  get done(): boolean {
    return this.#next === this.#steps.length;
  }

  /** @returns the revision that was answered */
  async step(connection: Connection): Promise<number> {
    const n = this.#next;
    const step = this.#steps[n];
    if (!step) throw new Error('the case is closed');
    const path = step.command === '' ? '/api/v1/cases' : `/api/v1/cases/${this.id}/${step.command}`;
    const headers =
      `Authorization: Bearer ${this.tokens[step.person] ?? ''}\r\nIdempotency-Key: ${this.key}-${n}\r\n` +
      (this.#etag === '' ? '' : `If-Match: ${this.#etag}\r\n`);
    const reply = await connection.post(path, headers, JSON.stringify(step.body));
    assertDone(reply, step);
    this.#next++;
    this.#etag = reply.etag;
    return Number(reply.etag.slice(1, -1));
  }
}

function assertDone({ status, body }: Reply, { command }: Step): void {
  if (status !== 200 && status !== 201)
    throw new Error(`${command || 'register'} was refused: ${status} ${body}`);
}
