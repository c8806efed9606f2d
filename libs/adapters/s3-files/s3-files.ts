import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { type Readable } from 'node:stream';
import { type Arrived, type Files, type Opened } from '../../evidence/files.js';

export interface Store {
  bucket: string;
  region: string;
  /** Another store than Amazon's. */
  endpoint?: string;
  /** Where none are given they are looked for as Amazon's tools do. */
  keys?: { accessKeyId: string; secretAccessKey: string };
}

/** The package writes past our log, in its own words. */
const nothing = (): void => undefined;
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** One request may take so long, in milliseconds. */
const PATIENCE_MS = 60_000;

/** Files in a bucket of an object store that speaks S3, each under `files/` and its hash. */
export class S3Files implements Files {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor({ bucket, region, endpoint, keys }: Store) {
    this.#bucket = bucket;
    this.#client = new S3Client({
      region,
      ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
      ...(keys && { credentials: keys }),
      // What is sent has its hash beside it, and what comes is hashed by whoever reads it. Not every store knows more.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      logger: SILENT,
      requestHandler: { requestTimeout: PATIENCE_MS, connectionTimeout: 10_000 },
    });
  }

  /** Kept is what the store has under the hash, with the length that was sent, once it has answered. */
  async keep({ path, sha256, bytes }: Arrived): Promise<void> {
    await this.#client.send(
      new PutObjectCommand({
        ...this.#at(sha256),
        Body: createReadStream(path),
        ContentLength: bytes,
        ContentType: 'application/octet-stream',
        // The store compares it with what has come.
        ChecksumSHA256: Buffer.from(sha256, 'hex').toString('base64'),
      }),
    );
    const { ContentLength } = await this.#client.send(new HeadObjectCommand(this.#at(sha256)));
    if (ContentLength !== bytes) throw new Error('the store has kept another length than was sent');
    await rm(path, { force: true });
  }

  async open(sha256: string): Promise<Opened | null> {
    try {
      const { Body, ContentLength } = await this.#client.send(new GetObjectCommand(this.#at(sha256)));
      return { bytes: ContentLength ?? 0, content: Body as unknown as Readable };
    } catch (error) {
      if (error instanceof NoSuchKey || error instanceof NotFound) return null;
      throw error;
    }
  }

  async remove(sha256: string): Promise<void> {
    await this.#client.send(new DeleteObjectCommand(this.#at(sha256)));
  }

  close(): void {
    this.#client.destroy();
  }

  #at(sha256: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: `files/${sha256.slice(0, 2)}/${sha256}` };
  }
}
