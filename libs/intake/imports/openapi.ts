import { IMPORT_STATES } from '../../contracts/imports.js';
import { type Schema } from '../../platform/http/operation.js';

const TEXT = { type: 'string' };
const TEXTS = { type: 'array', items: TEXT };
const COUNT = { type: 'integer', minimum: 0 };
const UUID = { ...TEXT, format: 'uuid' };

const object = (required: Record<string, Schema>, optional: Record<string, Schema> = {}): Schema => ({
  type: 'object',
  required: Object.keys(required),
  properties: { ...required, ...optional },
});

/** What the routes of imports answer. */
export const importSchemas = {
  ReceivedImport: object({
    ...{ import: UUID, sha256: TEXT, bytes: COUNT, sheets: TEXTS },
    mappings: { type: 'array', items: object({ mapping: TEXT, missing: TEXTS, ofAll: { type: 'number' } }) },
  }),
  TriedImport: object({
    ...{ rows: COUNT, new: COUNT, known: COUNT, wrong: COUNT, blank: COUNT },
    ...{ missing: TEXTS, unread: TEXTS, otherSheets: TEXTS },
    wrongRows: {
      type: 'array',
      items: object({ row: COUNT, reason: TEXT, message: TEXT }, { column: TEXT, value: TEXT, among: TEXT }),
    },
  }),
  ImportProgress: object(
    {
      ...{ import: UUID, state: { enum: [...IMPORT_STATES] }, sha256: TEXT },
      ...{ row: COUNT, registered: COUNT, known: COUNT, refused: COUNT },
    },
    { name: TEXT, mapping: TEXT, rows: COUNT, code: { ...TEXT, description: 'Why it failed.' } },
  ),
} satisfies Record<string, Schema>;
