import { REFERRAL_OUTCOMES } from '../../contracts/referrals.js';
import { type Schema } from '../../platform/http/operation.js';

const ID = { type: 'string', format: 'uuid' };
const TEXT = { type: 'string' };
const TEXT_OR_NONE = { type: ['string', 'null'] };
const SEALED = {
  type: 'object',
  description: 'What is shown of a sealed text, and the `field` by which it is revealed.',
};
const row: Record<string, Schema> = {
  ...{ id: ID, revision: { type: 'integer' }, seq: { type: 'integer' }, number: TEXT, case: ID, to: TEXT },
  text: SEALED,
  persons: { type: 'array', items: { type: 'object', properties: { name: SEALED } } },
  ...{ status: { enum: ['sent', 'answered'] }, sentAt: TEXT, answeredAt: TEXT_OR_NONE },
  ...{ outcome: { enum: [...REFERRAL_OUTCOMES, null] }, document: TEXT_OR_NONE, remark: TEXT_OR_NONE },
};

export const referralSchemas: Record<string, Schema> = {
  ReferralReceipt: {
    type: 'object',
    required: ['referral', 'revision', 'repeated'],
    properties: { referral: ID, revision: { type: 'integer' }, repeated: { type: 'boolean' } },
  },
  ReferralRow: { type: 'object', required: Object.keys(row), properties: row },
};
