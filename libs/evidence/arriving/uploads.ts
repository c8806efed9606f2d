import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { rm } from 'node:fs/promises';
import { type Readable } from 'node:stream';
import { type Upload } from '../../contracts/case-events.js';
import { UploadsOf } from '../../contracts/evidence.js';
import { refuse } from '../../contracts/refusal.js';
import { SQL, type Sql } from '../../platform/sql.js';
import { Together } from '../../platform/together.js';
import { type Arriving } from './arriving.js';
import { TooLarge } from '../files.js';
import { type Claim, type Keeper } from './keeper.js';
import { declaredKind } from './kinds.js';
import { uploadOf } from '../rows.js';

/** Files that come whole, each known by a receipt that its uploader puts into a command. */
export class Uploads {
  constructor(
    private readonly arriving: Arriving,
    private readonly keeper: Keeper,
  ) {}

  /** @throws Refusal input/media-type, input/too-large, upload/files-many, evidence/infected, service/unavailable */
  async receive(claim: Claim, content: Readable): Promise<Upload> {
    const mediaType = declaredKind(claim.mediaType);
    const file = await this.arriving
      .receive(content as AsyncIterable<Buffer>, this.keeper.limits.bytes)
      .catch((error: unknown) => {
        if (error instanceof TooLarge) refuse('input/too-large');
        throw error;
      });
    try {
      return await this.keeper.keep(file, { ...claim, mediaType });
    } finally {
      await rm(file.path, { force: true });
    }
  }
}

type Found = Parameters<typeof uploadOf>[0] & { n: number };

@QueryHandler(UploadsOf)
export class UploadsOfHandler implements IQueryHandler<UploadsOf> {
  readonly #together: Together<UploadsOf, Upload[]>;

  constructor(@Inject(SQL) sql: Sql) {
    this.#together = new Together(async (asked) => {
      const all = asked.flatMap(({ caseId, person, receipts }, n) =>
        receipts.map((receipt) => ({ n, receipt, caseId, person })),
      );
      // Each is looked up by itself: a plan made while the table was small would read all of it.
      const found = await sql<Found[]>`
        select a.n, u.* from unnest(${all.map(({ n }) => n)}::int[], ${all.map(({ receipt }) => receipt)}::uuid[],
          ${all.map(({ caseId }) => caseId)}::uuid[], ${all.map(({ person }) => person)}::text[])
          a(n, receipt, case_id, person)
        cross join lateral (
          select u.receipt, u.sha256, u.bytes, u.media_type as "mediaType", u.taken_at as "takenAt",
            u.latitude_e7 as "latitudeE7", u.longitude_e7 as "longitudeE7", u.holder
          from evidence.uploads u where u.receipt = a.receipt and u.case_id = a.case_id and u.person = a.person
            and u.left_at is null offset 0) u`;
      const answers: Upload[][] = asked.map(() => []);
      for (const { n, ...row } of found) answers[n]?.push(uploadOf(row));
      return answers;
    });
  }

  execute(asked: UploadsOf): Promise<Upload[]> {
    return this.#together.answer(asked);
  }
}
