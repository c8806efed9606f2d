import { ERRORS, Server } from '@tus/server';
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { type IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { Refusal, type RefusalCode, refuse } from '../../contracts/refusal.js';
import { type Uuid } from '../../contracts/values.js';
import { type Sql } from '../../platform/sql.js';
import { type Arriving } from './arriving.js';
import { type Keeper } from './keeper.js';
import { declaredKind } from './kinds.js';
import { type Call, ResumableStore } from './resumable-store.js';

/** Of parts: as the protocol names them, and as they are computed. */
const ALGORITHMS: Readonly<Record<string, number>> = { sha1: 20, sha256: 32 };
/** So much of a refused part is still heard, so that whoever sends it hears the answer. */
const HEARD_OUT = 1024 * 1024;
/** By what of the answer a refusal is told; what is not here is not as the protocol has it. */
const BY_STATUS: Readonly<Record<number, RefusalCode>> = {
  404: 'upload/unknown',
  409: 'upload/offset',
  410: 'upload/unknown',
  413: 'input/too-large',
};

export interface Answered {
  status: number;
  headers: Record<string, string>;
}

/** Uploads in parts by the tus protocol, as `@tus/server` has it; what is ours of it is who may, where it goes and what it becomes. */
export class Resumable {
  readonly store: ResumableStore;
  readonly #calls = new AsyncLocalStorage<Call>();
  readonly #server: Server;
  /** Uploads that are being kept: one that is finished twice at once is kept once. */
  readonly #finishing = new Map<string, Promise<Uuid>>();

  /** @param keepMs an upload may be gone on with for so long after it was begun */
  constructor(
    sql: Sql,
    arriving: Arriving,
    private readonly keeper: Keeper,
    keepMs: number,
  ) {
    this.store = new ResumableStore(sql, arriving, () => this.#call(), keepMs);
    this.#server = new Server({
      path: '/uploads',
      datastore: this.store,
      maxSize: keeper.limits.bytes,
      allowedOrigins: () => false,
      namingFunction: () => randomUUID(),
      generateUrl: (_, { id }) => `/api/v1/cases/${this.#call().caseId}/uploads/tus/${id}`,
      getFileIdFromRequest: (_, last) => last,
      disableTerminationForFinishedUploads: true,
      onUploadCreate: async (_, { metadata = {} }) => {
        const { caseId, person } = this.#call();
        const filetype = declaredKind(metadata.filetype ?? '');
        await keeper.assertRoom({ caseId, person });
        // No more of what was said is kept: names of files name people.
        return { metadata: { filetype, ...(metadata.people === 'true' && { people: 'true' }) } };
      },
      onUploadFinish: async (_, { id }) => ({ headers: { 'Upload-Receipt': await this.#finish(id) } }),
      onResponseError: (_, error) => {
        const call = this.#call();
        call.failure ??= error instanceof Refusal ? error : failureOf(error);
        return undefined;
      },
    });
  }

  /**
   * @param id of the upload; undefined where it is to be begun, or where it is asked what can be done
   * @throws Refusal upload/unknown, upload/offset, upload/checksum, upload/protocol, and those of keeping it
   */
  async answer(request: IncomingMessage, about: Omit<Call, 'failure'>, id?: Uuid): Promise<Answered> {
    const call: Call = { ...about, ...checksumIn(request) };
    return this.#calls.run(call, async () => {
      const body = bodyOf(request);
      const response = await this.#server.handleWeb(asked(request, body, id));
      if (response.status >= 400) {
        if (body) heardOut(request, body);
        throw call.failure ?? new Refusal(BY_STATUS[response.status] ?? 'upload/protocol');
      }
      return { status: response.status, headers: await this.#headers(request, response, id) };
    });
  }

  async #headers(request: IncomingMessage, response: Response, id?: Uuid): Promise<Record<string, string>> {
    const headers: Record<string, string> = {};
    // Nothing of another origin speaks with this.
    for (const [name, value] of response.headers)
      if (!name.startsWith('access-control-')) headers[name] = value;
    if (request.method === 'OPTIONS') headers['tus-checksum-algorithm'] = Object.keys(ALGORITHMS).join();
    // Whoever lost the answer that told it asks so.
    const receipt = request.method === 'HEAD' && id !== undefined ? await this.store.receiptOf(id) : null;
    if (receipt !== null) headers['upload-receipt'] = receipt;
    return headers;
  }

  /** @returns the receipt */
  async #finish(id: string): Promise<Uuid> {
    const under = this.#finishing.get(id);
    if (under) return under;
    const finishing = this.#kept(id).finally(() => this.#finishing.delete(id));
    this.#finishing.set(id, finishing);
    return finishing;
  }

  async #kept(id: string): Promise<Uuid> {
    const found = await this.store.finished(id);
    if ('receipt' in found) return found.receipt;
    try {
      const { receipt } = await this.keeper.keep(found.file, found.claim);
      await this.store.noteReceipt(id, receipt);
      return receipt;
    } catch (error) {
      // What is refused for what it is will be refused again; a scanner or a store that was away may be back.
      if (error instanceof Refusal && error.code !== 'service/unavailable') await this.store.forget(id);
      throw error;
    } finally {
      if (found.passing) await rm(found.file.path, { force: true });
    }
  }

  #call(): Call {
    const call = this.#calls.getStore();
    if (!call) throw new Error('an upload is asked for outside of a request');
    return call;
  }
}

/** An error of the package says its status; any other is a fault. */
function failureOf(error: Error | { status_code: number }): Error {
  if (error === ERRORS.ABORTED || error === ERRORS.ERR_LOCK_TIMEOUT)
    return new Refusal('service/unavailable');
  if ('status_code' in error && typeof error.status_code === 'number' && error.status_code < 500)
    return new Refusal(BY_STATUS[error.status_code] ?? 'upload/protocol');
  return error instanceof Error ? error : new Error('an upload could not be written');
}

/** What `Upload-Checksum` says. @throws Refusal upload/protocol */
function checksumIn({ headers }: IncomingMessage): Pick<Call, 'checksum'> {
  const said = headers['upload-checksum'];
  if (said === undefined) return {};
  const [, algorithm = '', text = ''] = /^(\w+) ([A-Za-z0-9+/]+={0,2})$/.exec(String(said)) ?? [];
  const digest = Buffer.from(text, 'base64');
  const length = Object.hasOwn(ALGORITHMS, algorithm) ? ALGORITHMS[algorithm] : undefined;
  return digest.length === length ? { checksum: { algorithm, digest } } : refuse('upload/protocol');
}

/** A part of its own stream, so that the connection outlives whatever becomes of it. */
function bodyOf(request: IncomingMessage): PassThrough | undefined {
  if (request.method !== 'PATCH' && request.method !== 'POST') return undefined;
  const body = new PassThrough({ highWaterMark: 512 * 1024 });
  // The package asks before it listens; what breaks off before that is told all the same.
  body.on('error', () => undefined);
  // What had come when the line was cut is kept: to the package it is a part that ended there.
  request.on('error', () => body.end());
  request.on('close', () => {
    if (!request.complete) body.end();
  });
  return request.pipe(body);
}

/** To the package every request stands at one place: what it was asked at is none of its business. */
function asked(request: IncomingMessage, body: PassThrough | undefined, id: Uuid | undefined): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers))
    if (typeof value === 'string' && /^(?:tus-|upload-|content-)/.test(name)) headers.set(name, value);
  return new Request(`http://uploads/uploads${id === undefined ? '' : `/${id}`}`, {
    ...{ method: request.method ?? '', headers },
    // What has come meanwhile is handed on as one piece: each piece goes through six streams on its way.
    ...(body && { body: ReadableStream.from(body), duplex: 'half' }),
  });
}

/** The rest of what is refused is not kept anywhere; whoever sends more than a little is cut off. */
function heardOut(request: IncomingMessage, body: PassThrough): void {
  request.unpipe(body);
  body.destroy();
  let heard = 0;
  request.on('data', (chunk: Buffer) => {
    heard += chunk.length;
    if (heard > HEARD_OUT) request.destroy();
  });
  request.resume();
}
