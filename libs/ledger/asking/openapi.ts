import { LOOK_BACK_OUTCOMES, RESOLVED } from '../../contracts/afterwards.js';
import { SEVERITIES, SUBSTANTIATIONS, VISIBILITIES } from '../../contracts/intake.js';
import { DUTY_NAME } from '../../contracts/deadline.js';
import { refusals } from '../../contracts/refusal.js';
import { STATUSES } from '../../contracts/status.js';
import { type Schema } from '../../platform/http/operation.js';
import { COLUMNS, SHOWN_NAMES } from '../rows/columns.js';
import { LIGHTS } from './filters.js';
import { WORKLISTS } from './worklists.js';

const JSON_TYPES: Record<string, Schema> = {
  uuid: { type: 'string', format: 'uuid' },
  text: { type: 'string' },
  int: { type: 'integer' },
  bigint: { type: 'integer' },
  boolean: { type: 'boolean' },
  'text[]': { type: 'array', items: { type: 'string' } },
};

/** A column of the table as the API answers it. */
function property(sqlType: string): Schema {
  const schema = JSON_TYPES[sqlType.split(' ')[0] ?? ''] ?? {};
  const required = /not null|primary key/.test(sqlType);
  return required ? schema : { ...schema, type: [schema.type, 'null'] };
}

const FIGURE = { $ref: '#/components/schemas/Figure' };
const RATE = { $ref: '#/components/schemas/Rate' };
const SUM_NAMES = ['cases', 'weight', 'amountFen', 'rectifiedFen'] as const;
const listOf = (items: Schema): Schema => ({ type: 'array', items });

export const ledgerSchemas: Record<string, Schema> = {
  LedgerRow: {
    type: 'object',
    required: [...SHOWN_NAMES, 'light', 'lightOf', 'heldDays'],
    properties: {
      ...Object.fromEntries(SHOWN_NAMES.map((name) => [name, property(COLUMNS[name])])),
      sources: { type: 'array', items: { $ref: '#/components/schemas/Source' } },
      status: { enum: Object.keys(STATUSES) },
      severity: { enum: [...SEVERITIES] },
      visibility: { enum: [...VISIBILITIES] },
      substantiation: { enum: [...SUBSTANTIATIONS, null] },
      callback: { enum: [...RESOLVED, null] },
      lookBack: { enum: [...LOOK_BACK_OUTCOMES, null] },
      light: { enum: [...LIGHTS, null], description: 'Of the duty that presses most.' },
      lightOf: { type: ['string', 'null'], pattern: DUTY_NAME.source, description: 'That duty.' },
      heldDays: { type: 'integer', description: 'Full days in the present hands.' },
    },
  },
  WorkGroup: {
    type: 'object',
    required: ['name', 'filter', 'order', 'cases', 'rows'],
    properties: {
      name: { enum: [...WORKLISTS] },
      filter: { type: 'object', description: 'The query of `/api/v1/cases` that lists all of them.' },
      order: { type: 'string' },
      cases: { type: 'integer' },
      rows: { type: 'array', items: { $ref: '#/components/schemas/LedgerRow' } },
    },
  },
  ActionOffer: {
    type: 'object',
    required: ['command', 'allowed'],
    properties: {
      command: { type: 'string' },
      allowed: { type: 'boolean' },
      code: { enum: Object.keys(refusals), description: 'Why not.' },
      why: { type: 'string', description: 'What the policy says of it.' },
      slots: { type: 'array', items: { type: 'string' }, description: 'Of the checklist, that are missing.' },
      roles: { type: 'array', items: { type: 'string' }, description: 'Who can.' },
      units: {
        type: 'array',
        items: { type: 'string' },
        description: 'At which units; where any will do that covers the case, the nearest that can.',
      },
      unitNames: { type: 'array', items: { type: 'string' }, description: 'Of these units, in their order.' },
    },
  },
  Figure: {
    type: 'object',
    required: ['name', ...SUM_NAMES],
    properties: {
      name: { type: 'string' },
      cases: { type: 'integer' },
      weight: { type: 'integer', description: 'In thousandths.' },
      amountFen: { type: 'integer' },
      rectifiedFen: { type: 'integer' },
      filter: {
        type: 'object',
        additionalProperties: { type: 'string' },
        description:
          'The query of `/api/v1/cases` that lists exactly these; absent in figures of a day that is over.',
      },
    },
  },
  Rate: {
    type: 'object',
    required: ['name', 'numerator', 'denominator', 'n', 'value', 'few'],
    properties: {
      name: { type: 'string' },
      numerator: FIGURE,
      denominator: FIGURE,
      n: { type: 'integer', description: 'Cases of the denominator.' },
      value: { type: ['integer', 'null'], description: 'In thousandths, by weight.' },
      few: { type: 'boolean', description: 'Fewer than ten cases: too few to compare.' },
    },
  },
  FigureGroup: {
    type: 'object',
    required: ['key', 'figures', 'rates'],
    properties: { key: { type: 'string' }, figures: listOf(FIGURE), rates: listOf(RATE) },
  },
  Figures: {
    type: 'object',
    required: ['division', 'figures', 'rates'],
    properties: {
      division: { type: 'string' },
      figures: listOf(FIGURE),
      rates: listOf(RATE),
      lights: { ...listOf(FIGURE), description: 'Of what is on its way, today.' },
      ageing: { ...listOf(FIGURE), description: 'Of what is on its way, by days in the present hands.' },
      groups: listOf({ $ref: '#/components/schemas/FigureGroup' }),
      asOf: { type: 'string', format: 'date' },
      plainOnly: {
        const: true,
        description: 'Cases that not everybody in scope sees, or that lie in several places, are not in it.',
      },
    },
  },
};
