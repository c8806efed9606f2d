import { type Role } from '../contracts/roles.js';
import { CASE_ID } from '../platform/http/headers.js';
import { type OperationOf, type Parameter, type Schema } from '../platform/http/operation.js';
import { KINDS } from './arriving/kinds.js';

/** As the protocol has it. */
export const PARTS = 'application/offset+octet-stream';

const header = (name: string, description: string, pattern?: string, required = false): Parameter => ({
  ...{ name, description, required },
  in: 'header',
  schema: { type: 'string', ...(pattern !== undefined && { pattern }) },
});

const VERSION = header('Tus-Resumable', 'The version of the protocol.', '^1\\.0\\.0$', true);
const UPLOAD_ID: Parameter = {
  ...{ name: 'upload', in: 'path', required: true, description: 'The upload.' },
  schema: { type: 'string', format: 'uuid' },
};
const CHECKSUM = header(
  'Upload-Checksum',
  'What this part comes to: sha1 or sha256, and the base64 of it. A part that does not is as if it had not come.',
  '^(sha1|sha256) [A-Za-z0-9+/]+={0,2}$',
);
const COME = [
  'upload/checksum',
  'upload/offset',
  'upload/files-many',
  'evidence/infected',
  'personal/erased',
] as const;

type Of = (may: readonly Role[]) => OperationOf;
const operation =
  (own: Omit<OperationOf, 'may'>): Of =>
  (may) => ({
    ...own,
    may,
    refusals: ['case/unknown', 'upload/protocol', ...(own.refusals ?? [])],
  });
const part = { [PARTS]: { type: 'string', contentMediaType: PARTS } };

/** The routes of the tus protocol. */
export const tus = {
  options: operation({
    summary: 'What resumable uploads (tus 1.0.0) can do here, and how large a file may be.',
    parameters: [CASE_ID],
    answers: {
      204: { description: 'In headers.', headers: ['Tus-Version', 'Tus-Extension', 'Tus-Max-Size'] },
    },
  }),
  begin: operation({
    summary: 'Begins a resumable upload, which only who began it goes on with.',
    parameters: [
      ...[CASE_ID, VERSION, header('Upload-Length', 'Bytes of the file.', '^\\d+$', true)],
      header(
        'Upload-Metadata',
        'filetype: its media type; people: true where there are people in it, then it is sealed. Nothing else is kept.',
      ),
      CHECKSUM,
    ],
    answers: {
      201: { description: 'Go on at Location.', headers: ['Location', 'Upload-Expires', 'Upload-Offset'] },
    },
    refusals: [...COME, 'input/too-large', 'input/media-type', 'upload/unknown'],
  }),
  ask: operation({
    summary: 'How far a resumable upload has come; once it is whole, its receipt.',
    parameters: [CASE_ID, UPLOAD_ID, VERSION],
    answers: {
      200: { description: 'In headers.', headers: ['Upload-Offset', 'Upload-Length', 'Upload-Receipt'] },
    },
    refusals: ['upload/unknown'],
  }),
  goOn: operation({
    summary: 'Brings the next part of a resumable upload. The answer to the last one has the receipt.',
    parameters: [
      ...[CASE_ID, UPLOAD_ID, VERSION, header('Upload-Offset', 'Bytes that have come.', '^\\d+$', true)],
      CHECKSUM,
    ],
    body: part,
    answers: {
      204: { description: 'It is safe.', headers: ['Upload-Offset', 'Upload-Expires', 'Upload-Receipt'] },
    },
    refusals: [...COME, 'upload/unknown'],
  }),
  giveUp: operation({
    summary: 'Gives a resumable upload up. A file that has its receipt stays.',
    parameters: [CASE_ID, UPLOAD_ID, VERSION],
    answers: { 204: { description: 'It is gone.' } },
    refusals: ['upload/unknown'],
  }),
};

const uuid = { type: 'string', format: 'uuid' };
const object = (properties: Record<string, Schema>, optional: readonly string[] = []): Schema => ({
  type: 'object',
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
});

export const evidenceSchemas: Record<string, Schema> = {
  Upload: object(
    {
      receipt: uuid,
      sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
      bytes: { type: 'integer' },
      mediaType: { enum: Object.keys(KINDS) },
      takenAt: {
        type: 'string',
        pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d([+-]\\d\\d:\\d\\d)?$',
        description:
          'When the photo says that it was taken: local time, with its offset where the camera knew it.',
      },
      takenPlace: object({
        latitudeE7: { type: 'integer' },
        longitudeE7: { type: 'integer' },
        datum: { enum: ['WGS-84'] },
      }),
      holder: { ...uuid, description: 'Of a file with people in it: whose key seals it.' },
    },
    ['takenAt', 'takenPlace', 'holder'],
  ),
  PhotoLeads: object({
    leads: {
      type: 'array',
      items: object({
        evidence: uuid,
        other: object({ case: uuid, evidence: uuid }),
        distance: { type: 'integer', description: 'Bits of 64 in which the pictures differ.' },
        same: { type: 'boolean', description: 'The very same file.' },
      }),
    },
  }),
};
