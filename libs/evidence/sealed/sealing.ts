import { Readable } from 'node:stream';
import { Erased } from '../../sealing/errors.js';
import { type Sealer } from '../../sealing/sealer.js';
import { type Opened } from '../files.js';
import { keyPlace } from '../arriving/keeper.js';
import { type Row } from '../rows.js';
import { clearBytes, opening } from './sealed-content.js';

/** Files with people in them, on their way out. */
export class Sealing {
  constructor(private readonly sealer: Sealer) {}

  /** The key of its content; undefined once its holder is erased. */
  async keyOf({ caseId, contentKey }: Row): Promise<Buffer | undefined> {
    if (!contentKey) return undefined;
    try {
      return await this.sealer.open(contentKey, keyPlace(caseId));
    } catch (error) {
      if (error instanceof Erased) return undefined;
      throw error;
    }
  }

  /** In clear; what was changed breaks off before the piece that was. */
  opened({ content, bytes }: Opened, key: Buffer): Opened {
    const clear = opening(content as AsyncIterable<Buffer>, key);
    return { bytes: clearBytes(bytes, key), content: Readable.from(clear, { objectMode: false }) };
  }
}
