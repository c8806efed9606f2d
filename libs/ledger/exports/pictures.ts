import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { imageSize } from 'image-size';
import { type Upload } from '../../contracts/case-events.js';
import { ServedCopy } from '../../contracts/evidence.js';
import { type Picture } from '../../platform/xlsx/drawing.js';
import { type Exhibit } from './dossier.js';

/** A larger picture is listed, not shown. */
const MOST_BYTES = 2 * 1024 * 1024;

/** The kept files that are pictures, as they may leave: without what cameras wrote into them. */
@Injectable()
export class Pictures {
  constructor(private readonly queries: QueryBus) {}

  /** @returns null where there is none, or it is too large to be shown */
  async bytesOf({ receipt, mediaType }: Upload): Promise<Buffer | null> {
    if (!mediaType.startsWith('image/')) return null;
    return this.queries.execute<ServedCopy, Buffer | null>(new ServedCopy(receipt, MOST_BYTES));
  }

  /** As it lies in a workbook. @returns undefined where it cannot be shown there */
  async pictureOf({ title, file }: Exhibit): Promise<Picture | undefined> {
    const bytes = await this.bytesOf(file);
    const size = bytes && sizeOf(bytes);
    if (!size) return undefined;
    const again = async (): Promise<Buffer> => (await this.bytesOf(file)) ?? Buffer.alloc(0);
    return { ...size, key: file.sha256, name: title, bytes: again };
  }
}

function sizeOf(bytes: Buffer): Pick<Picture, 'type' | 'width' | 'height'> | undefined {
  try {
    const { type, width, height } = imageSize(bytes);
    if ((type !== 'jpg' && type !== 'png') || width < 1 || height < 1) return undefined;
    return { type: type === 'jpg' ? 'jpeg' : type, width, height };
  } catch {
    return undefined;
  }
}
