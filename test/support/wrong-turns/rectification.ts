import { ListItems } from '../../../libs/contracts/items.js';
import { validated } from '../../../libs/platform/validated.js';
import {
  assignedSustained,
  completeStage,
  firstStage,
  planned,
  registeredSustained,
  sustaining,
} from '../afterwards.js';
import {
  accepted,
  adjustAmount,
  amended,
  another,
  assigned,
  attachedBefore,
  correctProgress,
  did,
  extended,
  extendMany,
  extensionRequested,
  grantExtension,
  moneyRecorded,
  planSubmitted,
  recordMoney,
  registered,
  registration,
  suspendCase,
  until,
  voucher,
} from '../cases.js';
import { assignedForEach, attachForItem, exceptItem, itemsListed, rectifyItem } from '../intake.js';
import { partAssigned } from '../parts.js';
import { handlerLi, post, provinceWith, registrarGu, SEED } from '../province.js';
import { notUploaded, withFalseGrounds, type WrongTurns } from './wrong-turn.js';

const { rectifying } = until;
const houses = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ id: `h-${n}`, kind: 'household' as const }));
const noSuchItem = <C extends { item?: string }>(command: C) => ({
  command: amended(command, { item: 'house-7' } as Partial<C>),
});
const used = (file: typeof another) => did(handlerLi, { type: 'EvidenceAttached', slot: 'after', file });
const phased = did(registrarGu, { ...registration, rectificationType: 'phased' });
const sustained = [registeredSustained, assignedSustained];
const dangerous = did(registrarGu, {
  ...{ ...registration, rectificationType: 'sustained', personsAtRisk: true },
});
const notPlanned = { past: rectifying };
const notAsked = { past: rectifying };
const granterOfLead = { who: post('yang', 'north-office', 'dispatcher') };
const askedForLong = did(handlerLi, {
  ...extensionRequested.event,
  until: '2026-12-20',
} as typeof extensionRequested.event);

const { sources, categories } = SEED.policy;
/** The province, where money in question for a leaking roof is made good. */
const madeGood = provinceWith({
  policy: { ...SEED.policy, categories: { ...categories, roof: { ...categories.roof, madeGood: true } } },
});
/** The province, where its own inspection is put off by a month at most. */
const brieflyExtended = provinceWith({
  policy: { ...SEED.policy, sources: { ...sources, PC: { ...sources.PC, extendedBy: '30cd' } } },
});

export const rectificationTurns: WrongTurns = {
  AttachEvidence: {
    'case/item-unknown': noSuchItem(attachForItem),
    'case/receipt-unknown': notUploaded,
    'case/receipt-used': { past: [registered, assignedForEach, accepted, itemsListed, attachedBefore] },
    'case/slot-unknown': { command: amended(attachForItem, { slot: 'nowhere' }) },
  },
  WithdrawEvidence: {
    'case/receipt-unknown': { past: rectifying },
  },
  SubmitRectification: {
    'case/evidence-missing': { past: rectifying },
    'case/items-open': { past: [...rectifying, itemsListed] },
    'case/money-open': { facts: { register: madeGood } },
    'case/parts-open': { past: [...rectifying, partAssigned] },
    'case/plan-unapproved': { past: [phased, assigned, accepted, planSubmitted] },
    'case/stages-open': { past: [...sustained, ...planned, firstStage] },
    'case/sustained-short': { past: sustaining },
  },
  ListItems: {
    'case/items-many': {
      past: [registered, did(registrarGu, { type: 'ItemsListed', items: houses(5000) })],
      command: validated(ListItems, { items: [{ id: 'house-1', kind: 'household' }] }),
    },
  },
  RectifyItem: {
    'case/item-unknown': noSuchItem(rectifyItem),
    'case/receipt-unknown': notUploaded,
    'case/receipt-used': { past: [...rectifying, itemsListed, used(voucher)] },
  },
  ExceptItem: {
    'case/item-unknown': noSuchItem(exceptItem),
  },
  ApprovePlan: {
    'case/plan-missing': notPlanned,
  },
  RejectPlan: {
    'case/plan-missing': notPlanned,
  },
  CorrectProgress: {
    'case/report-unknown': { command: amended(correctProgress, { report: 2 }) },
  },
  RecordInterimSafety: {
    'case/nobody-at-risk': { past: rectifying },
  },
  CompleteStage: {
    'case/flag-atRisk': {
      past: [dangerous, assignedSustained, ...planned, firstStage],
      command: amended(completeStage, { stage: 2, receipts: [] }),
    },
    'case/plan-unapproved': { past: [phased, assigned, accepted, planSubmitted] },
    'case/receipt-unknown': notUploaded,
    'case/receipt-used': { past: [phased, assigned, ...planned, used(another)] },
    'case/stage-done': { past: [phased, assigned, ...planned, firstStage] },
    'case/stage-order': { command: amended(completeStage, { stage: 2 }) },
    'case/stage-unknown': { command: amended(completeStage, { stage: 3 }) },
    'case/stages-none': { past: rectifying },
  },
  RecordMoney: {
    'case/money-method': { command: amended(recordMoney, { method: 'forgiven' }) },
    'case/money-none': {
      past: [did(registrarGu, { ...registration, amountFen: undefined }), ...rectifying.slice(1)],
    },
    'case/money-over': { command: amended(recordMoney, { fen: 1_250_001 }) },
    'case/money-under': { command: amended(recordMoney, { fen: -1 }) },
  },
  AdjustAmount: {
    'case/money-over': {
      past: [...rectifying, moneyRecorded],
      command: amended(adjustAmount, { amountFen: 249_999 }),
    },
  },
  RequestExtension: {
    'case/extension-late': { facts: { on: '2026-10-20' } },
    'case/extension-long': { facts: { register: brieflyExtended } },
    'case/extension-many': {
      past: [...rectifying, extensionRequested, extended, extensionRequested, extended],
    },
  },
  GrantExtension: {
    'case/extension-missing': notAsked,
    'case/extension-long': {
      facts: { register: brieflyExtended },
      command: amended(grantExtension, { until: undefined }),
    },
    'case/granter-of-lead': granterOfLead,
    'case/extension-ceiling': {
      past: [...rectifying, askedForLong],
      command: amended(grantExtension, { until: '2026-12-01' }),
    },
  },
  ExtendMany: {
    'case/extension-ceiling': { command: amended(extendMany, { until: '2026-12-01' }) },
  },
  RefuseExtension: {
    'case/extension-missing': notAsked,
    'case/granter-of-lead': granterOfLead,
  },
  SuspendCase: {
    'case/suspension-ground': { command: amended(suspendCase, { ground: 'tired' }) },
    'case/suspension-ground-refused': {
      command: amended(suspendCase, { ground: 'own-funds' }),
      facts: { register: withFalseGrounds },
    },
    'case/suspension-long': { command: amended(suspendCase, { until: '2027-03-01' }) },
  },
  ReviewSuspension: {
    'case/not-suspended': { past: rectifying },
  },
  ResumeCase: {
    'case/not-suspended': { past: rectifying },
  },
};
