import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { type Who } from './deployments.js';
import { type Journey } from './people.js';
import { type Answer, type TestServer } from './server.js';

export const PARTS = 'application/offset+octet-stream';

const metadata = (of: Record<string, string>): string =>
  Object.entries(of)
    .map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
    .join();

/** Somebody who uploads in parts, as a browser does: only what the protocol says. */
export class Tus {
  constructor(
    private readonly server: TestServer,
    private readonly one: Pick<Journey, 'id'>,
    private readonly who: Who,
  ) {}

  async begin(
    length: number,
    about: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return this.send('POST', `/api/v1/cases/${this.one.id}/uploads/tus`, undefined, {
      'Upload-Length': String(length),
      'Upload-Metadata': metadata(about),
      ...headers,
    });
  }

  /** @returns where it is gone on with */
  async begun(length: number, mediaType: string, about: Record<string, string> = {}): Promise<string> {
    const { status, headers, body } = await this.begin(length, { filetype: mediaType, ...about });
    if (status !== 201) throw new Error(`begin: ${status} ${String(body.code)}`);
    return headers.get('location') ?? '';
  }

  send(method: string, at: string, body?: Uint8Array, headers: Record<string, string> = {}): Promise<Answer> {
    return this.#token().then((token) =>
      this.server.send(token, method, at, body, { 'Tus-Resumable': '1.0.0', ...headers }),
    );
  }

  part(at: string, offset: number, bytes: Uint8Array, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('PATCH', at, bytes, {
      'Content-Type': PARTS,
      'Upload-Offset': String(offset),
      ...headers,
    });
  }

  async offset(at: string): Promise<number> {
    const { headers } = await this.send('HEAD', at);
    return Number(headers.get('upload-offset') ?? NaN);
  }

  /** Once what was sent over a line that is dead now has been noted; as it stands, where that does not come about. */
  async offsetBehind(at: string, before: number): Promise<number> {
    let offset = await this.offset(at);
    for (let look = 0; look < 100 && offset === before; look++) {
      await pause(50);
      offset = await this.offset(at);
    }
    return offset;
  }

  async receiptOf(at: string): Promise<string | null> {
    const { headers } = await this.send('HEAD', at);
    return headers.get('upload-receipt');
  }

  /** In one part. @returns the receipt */
  async whole(content: Uint8Array, mediaType: string, about: Record<string, string> = {}): Promise<string> {
    const at = await this.begun(content.length, mediaType, about);
    const { status, headers, body } = await this.part(at, 0, content);
    if (status !== 204) throw new Error(`part: ${status} ${String(body.code)}`);
    return headers.get('upload-receipt') ?? '';
  }

  /** Says that all the rest comes, and destroys the connection behind some of it. */
  async cutOff(at: string, offset: number, bytes: Uint8Array, after: number): Promise<void> {
    const token = await this.#token();
    await new Promise<void>((resolve) => {
      const sending = request(this.server.url + at, {
        method: 'PATCH',
        headers: {
          ...{ Authorization: `Bearer ${token}`, 'Tus-Resumable': '1.0.0' },
          ...{ 'Content-Type': PARTS, 'Upload-Offset': String(offset), 'Content-Length': bytes.length },
        },
      });
      sending.on('error', () => undefined);
      sending.on('close', () => {
        resolve();
      });
      // Only once it has left this side: what is still here when the line dies was never sent.
      sending.write(bytes.subarray(0, after), () => setTimeout(() => sending.destroy(), 100));
    });
  }

  /** Sends some of it and falls silent, the connection open. @returns ends it */
  async hanging(at: string, bytes: Uint8Array, some: number): Promise<() => void> {
    const token = await this.#token();
    const sending = request(this.server.url + at, {
      method: 'PATCH',
      headers: {
        ...{ Authorization: `Bearer ${token}`, 'Tus-Resumable': '1.0.0' },
        ...{ 'Content-Type': PARTS, 'Upload-Offset': '0', 'Content-Length': bytes.length },
      },
    });
    sending.on('error', () => undefined);
    await new Promise<void>((resolve) => {
      sending.write(bytes.subarray(0, some), () => {
        setTimeout(resolve, 200);
      });
    });
    return () => sending.destroy();
  }

  #token(): Promise<string> {
    return this.server.token(...this.who);
  }
}

export const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');
