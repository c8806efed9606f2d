import { readFile } from 'node:fs/promises';
import { type CommandReceipt } from '../../libs/contracts/envelope.js';
import { type Source } from '../../libs/contracts/intake.js';
import { type RefusalCode } from '../../libs/contracts/refusal.js';

const WORKBOOK = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Filter and further parameters as an address has them. */
export const queryOf = (parameters: Readonly<Record<string, string>>): string =>
  new URLSearchParams(parameters).toString();

/** A refusal as it came over HTTP. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: RefusalCode,
    readonly problem: Record<string, unknown>,
  ) {
    super(`${status} ${code}`);
    this.name = 'Refused';
  }
}

/** Speaks to a running Xiaohao over HTTP as one person in one role. */
export class Api {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  get<T>(path: string, receipt?: string): Promise<T> {
    return this.#send<T>('GET', path, receipt === undefined ? {} : { 'Ledger-At-Least': receipt });
  }

  /** A question that is too private or too long for an address. */
  ask<T>(path: string, body: object): Promise<T> {
    return this.#json(path, body, {});
  }

  /** A file as it comes. What breaks off is an error of whoever reads it. @throws Refused */
  file(path: string): Promise<Response> {
    return this.#answer('GET', path, {});
  }

  /** Brings a workbook that is to be imported. */
  bring<T>(content: Buffer, name: string): Promise<T> {
    const headers = {
      'Content-Type': WORKBOOK,
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
    };
    return this.#send('POST', '/api/v1/imports', headers, content);
  }

  register(body: object, key: string): Promise<CommandReceipt> {
    return this.#json('/api/v1/cases', body, { 'Idempotency-Key': key });
  }

  adopt(body: object, key: string): Promise<CommandReceipt> {
    return this.#json('/api/v1/cases/adopted', body, { 'Idempotency-Key': key });
  }

  /** Whether each is a case already; at most as many as AskKnown takes. */
  async known(sources: readonly Source[]): Promise<boolean[]> {
    const { known } = await this.ask<{ known: boolean[] }>('/api/v1/cases/known', { sources });
    return known;
  }

  /** A command on an entry of the register. */
  onRegister(path: string, body: object, key: string): Promise<object> {
    return this.#json(`/api/v1/register/${path}`, body, { 'Idempotency-Key': key });
  }

  /** Moves the time of a demo on. */
  moveClock(to: string): Promise<object> {
    return this.ask('/api/v1/clock', { to });
  }

  command(caseId: string, command: string, body: object, key: string, seen: number): Promise<CommandReceipt> {
    const headers = { 'Idempotency-Key': key, 'If-Match': `"${seen}"` };
    return this.#json(`/api/v1/cases/${caseId}/${command}`, body, headers);
  }

  upload(caseId: string, mediaType: string, content: Buffer): Promise<{ receipt: string; sha256: string }> {
    return this.#send('POST', `/api/v1/cases/${caseId}/uploads`, { 'Content-Type': mediaType }, content);
  }

  #json<T>(path: string, body: object, headers: Record<string, string>): Promise<T> {
    return this.#send<T>(
      'POST',
      path,
      { ...headers, 'Content-Type': 'application/json' },
      JSON.stringify(body),
    );
  }

  async #send<T>(
    method: string,
    path: string,
    headers: Record<string, string>,
    body: string | Buffer | null = null,
  ): Promise<T> {
    const response = await this.#answer(method, path, headers, body);
    return (await response.json()) as T;
  }

  async #answer(
    method: string,
    path: string,
    headers: Record<string, string>,
    body: string | Buffer | null = null,
  ): Promise<Response> {
    const authorised = { ...headers, Authorization: `Bearer ${this.token}` };
    const response = await fetch(this.url + path, { method, headers: authorised, body });
    if (response.ok) return response;
    const problem = (await response.json()) as Record<string, unknown>;
    throw new Refused(response.status, problem.code as RefusalCode, problem);
  }
}

/** Where a server is running on this data folder, or undefined. */
export async function runningAt(dataDir: string): Promise<string | undefined> {
  try {
    const { url } = JSON.parse(await readFile(`${dataDir}/server.json`, 'utf8')) as { url: string };
    const live = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(2000) });
    return live.ok ? url : undefined;
  } catch {
    return undefined;
  }
}
