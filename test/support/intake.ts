import { type CaseEvent } from '../../libs/contracts/case-events.js';
import {
  AdoptCase,
  ClassifyCase,
  CorrectRegistration,
  EstablishFacts,
  StartFactCheck,
  VoidCase,
} from '../../libs/contracts/intake.js';
import { ExceptItem, ListItems, RectifyItem } from '../../libs/contracts/items.js';
import { type Actor } from '../../libs/eventing/event.js';
import { validated } from '../../libs/platform/validated.js';
import {
  accepted,
  amended,
  assigned,
  assigning,
  attachEvidence,
  did,
  type PastEvent,
  registered,
  registerProblem,
  registration,
  roofChecklist,
  visit,
  voucher,
} from './cases.js';
import { dispatcherQian, handlerLi, registrarGu, verifierZhao } from './province.js';

const { type: _, ...problem } = registerProblem;
export const adoptCase = validated(AdoptCase, {
  ...problem,
  stated: {
    status: 'closed',
    closedOn: '2025-03-01',
    dueOn: '2025-02-01',
    unit: '山县局',
    closureNumber: '销7号',
  },
  file: { sha256: 'a'.repeat(64), row: 12 },
});
export const correctRegistration = validated(CorrectRegistration, {
  field: 'foundBy',
  to: '省检查二组',
  why: '原件如此',
});
export const classifyCase = validated(ClassifyCase, {
  categories: ['roof', 'money'],
  severity: 'serious',
  rectificationType: 'immediate',
  reason: '经复核',
});
export const startFactCheck = validated(StartFactCheck, { checkers: ['zhao', 'chen'] });
export const establishAtRisk = validated(EstablishFacts, {
  substantiation: 'partial',
  findings: '两户渗漏，一户不渗漏',
  place: '石桥村',
  visitedOn: '2026-08-31',
  photos: [visit.receipt],
  opposing: '第三户亦有水痕',
  taskText: '翻修两户屋面',
  personsAtRisk: true,
});
export const establishFacts = amended(establishAtRisk, { personsAtRisk: undefined });
export const voidCase = validated(VoidCase, { reason: '重复登记', document: '更正〔2026〕1号' });
export const listItems = validated(ListItems, {
  items: [
    {
      id: 'house-1',
      kind: 'household',
      household: 'h-0001',
      label: '东头第一户',
      holder: { name: '演示乙', identityNumber: '430000190001010000', phone: '13800000000' },
      division: 'hill',
      amountFen: 350_000,
      startedOn: '2025-03-01',
      finishedOn: '2025-06-01',
      paidOn: '2025-07-01',
    },
    { id: 'house-2', kind: 'household' },
  ],
});
export const rectifyItem = validated(RectifyItem, {
  item: 'house-1',
  measures: '已换新瓦',
  completedOn: '2026-08-31',
  receipts: [voucher.receipt],
});
export const exceptItem = validated(ExceptItem, {
  item: 'house-2',
  ground: '房屋已拆除',
  reason: '另有住房',
});

type EventOf<T extends CaseEvent['type']> = Extract<CaseEvent, { type: T }>;

export const adoption: EventOf<'CaseAdopted'> = {
  ...registration,
  type: 'CaseAdopted',
  stated: adoptCase.stated,
  file: adoptCase.file,
};
export const adopted = did(registrarGu, adoption);
export const adoptedOpen = did(registrarGu, { ...adoption, stated: { status: 'open', unit: '山县局' } });
export const corrected = did(registrarGu, {
  type: 'RegistrationCorrected',
  field: 'foundBy',
  from: '省检查组',
  to: '省检查二组',
  why: '原件如此',
});
export const correctedAtRisk = did(registrarGu, {
  type: 'RegistrationCorrected',
  ...{ field: 'personsAtRisk', from: false, to: true, why: '次日查明有人居住' },
});
export const classified = did(dispatcherQian, {
  type: 'CaseClassified',
  categories: ['roof', 'money'],
  severity: 'serious',
  rectificationType: 'immediate',
  reason: '经复核',
});
export const factCheckStarted = did(dispatcherQian, {
  type: 'FactCheckStarted',
  checkers: ['zhao', 'chen'],
  units: ['north-office', 'province-office'],
});
export const establishing: EventOf<'FactsEstablished'> = {
  type: 'FactsEstablished',
  substantiation: 'partial',
  findings: '两户渗漏，一户不渗漏',
  place: '石桥村',
  visitedOn: '2026-08-31',
  photos: [visit],
  opposing: '第三户亦有水痕',
  taskText: '翻修两户屋面',
};
export const factsEstablished = did(verifierZhao, establishing);
export const establishedAtRisk = did(verifierZhao, { ...establishing, personsAtRisk: true });
const notSo: typeof establishing = { ...establishing, substantiation: 'none' };
delete notSo.taskText;
export const unsubstantiated = did(verifierZhao, notSo);
export const voided = did(registrarGu, {
  type: 'CaseVoided',
  reason: '重复登记',
  document: '更正〔2026〕1号',
});
export const itemsListed = did(registrarGu, { type: 'ItemsListed', items: listItems.items });
export const itemRectified = did(handlerLi, {
  type: 'ItemRectified',
  item: 'house-1',
  measures: '已换新瓦',
  completedOn: '2026-08-31',
  files: [voucher],
  settled: 1,
});
export const itemExcepted = did(handlerLi, {
  type: 'ItemExcepted',
  item: 'house-2',
  ground: '房屋已拆除',
  reason: '另有住房',
  settled: 2,
});

/** A slot that is wanted for each item, and a file for one of them. */
export const assignedForEach = did(dispatcherQian, {
  ...assigning,
  checklist: roofChecklist.map((slot) => ({ ...slot, each: true })),
});
export const attachForItem = amended(attachEvidence, { item: 'house-1' });

export const intakeSamples: readonly object[] = [
  ...[
    adoptCase,
    correctRegistration,
    classifyCase,
    amended(startFactCheck, { reason: '原核查人调离' }),
    establishAtRisk,
    voidCase,
  ],
  ...[listItems, rectifyItem, exceptItem, attachForItem],
];

const withItems = [registered, assigned, accepted, itemsListed];

export const intakeOccasions: Readonly<Record<string, { past: readonly PastEvent[]; who: Actor }>> = {
  AdoptCase: { past: [], who: registrarGu },
  CorrectRegistration: { past: [registered], who: registrarGu },
  ClassifyCase: { past: [registered], who: dispatcherQian },
  VoidCase: { past: [registered], who: registrarGu },
  StartFactCheck: { past: [registered], who: dispatcherQian },
  EstablishFacts: { past: [registered, factCheckStarted], who: verifierZhao },
  AttachEvidence: { past: [registered, assignedForEach, accepted, itemsListed], who: handlerLi },
  ListItems: { past: [registered], who: registrarGu },
  RectifyItem: { past: withItems, who: handlerLi },
  ExceptItem: { past: withItems, who: handlerLi },
};

/** How a case comes into the statuses before and beside its road. */
export const intakeWays = {
  checking: [registered, factCheckStarted],
  unsubstantiated: [registered, factCheckStarted, unsubstantiated],
  voided: [registered, voided],
};
