import {
  AmendFinding,
  ChangeCoUnits,
  DisputeFinding,
  NameHandler,
  ReassignCase,
  UpholdFinding,
} from '../../libs/contracts/assignment.js';
import {
  AcceptPart,
  AssignPart,
  PassPart,
  RejectPart,
  ReturnPart,
  SubmitPart,
} from '../../libs/contracts/parts.js';
import { validated } from '../../libs/platform/validated.js';
import {
  amended,
  another,
  assigned,
  did,
  registered,
  toApprove,
  toReview,
  toVerify,
  until,
  voucher,
} from './cases.js';
import { dispatcherQian, handlerHe, handlerLi, handlerXu, registrarGu } from './province.js';

export const disputeFinding = validated(DisputeFinding, {
  grounds: '户数与现场不符',
  receipts: [another.receipt],
});
export const upholdFinding = validated(UpholdFinding, { reason: '现场复核属实' });
export const amendFinding = validated(AmendFinding, {
  reason: '现场复核有出入',
  taskText: '翻修两户屋面',
  amountFen: 1_000_000,
  severity: 'serious',
  householdCount: 2,
});
export const reassignCase = validated(ReassignCase, {
  leads: ['lake-office'],
  coUnits: ['hill-office'],
  reason: '职能划转',
  dueOn: '2026-10-16',
});
export const changeCoUnits = validated(ChangeCoUnits, { coUnits: ['lake-office'], reason: '另请协办' });
export const nameHandler = validated(NameHandler, { person: 'xu' });
/** Of a part that is there: it is given anew. */
export const assignPart = validated(AssignPart, {
  part: 1,
  unit: 'hill-works',
  duty: '铺设新瓦',
  dueOn: '2026-09-30',
});
export const acceptPart = validated(AcceptPart, { part: 1 });
export const returnPart = validated(ReturnPart, { part: 1, reason: '缺少材料' });
export const submitPart = validated(SubmitPart, {
  part: 1,
  result: '新瓦已铺设',
  receipts: [voucher.receipt],
});
export const passPart = validated(PassPart, { part: 1, opinion: '同意' });
export const rejectPart = validated(RejectPart, { part: 1, reason: '檐口未完工' });

export const disputed = did(handlerLi, {
  type: 'FindingDisputed',
  grounds: '户数与现场不符',
  files: [another],
});
export const findingUpheld = did(registrarGu, { type: 'FindingUpheld', reason: '现场复核属实' });
export const findingAmended = did(registrarGu, {
  type: 'FindingAmended',
  reason: '现场复核有出入',
  taskText: '翻修两户屋面',
  amountFen: 1_000_000,
  severity: 'serious',
  householdCount: 2,
  route: [toReview, toVerify, toApprove],
  closer: 'province-office',
});
export const reassigned = did(dispatcherQian, {
  type: 'CaseReassigned',
  letter: 'N-7',
  leads: ['lake-office'],
  coUnits: ['hill-office'],
  reason: '职能划转',
  dueOn: '2026-10-19',
  returnBy: '2026-09-04',
  disputeBy: '2026-09-08',
  route: [{ ...toReview, unit: 'lake-office' }, toVerify],
  closer: 'north-office',
});
export const coUnitsChanged = did(dispatcherQian, {
  type: 'CoUnitsChanged',
  coUnits: ['lake-office'],
  reason: '另请协办',
  route: [toReview, toVerify],
  closer: 'north-office',
});
export const handlerNamed = did(handlerLi, { type: 'HandlerNamed', person: 'xu' });
export const partAssigned = did(handlerLi, {
  type: 'PartAssigned',
  part: 1,
  unit: 'hill-works',
  duty: '铺设新瓦',
  dueOn: '2026-09-30',
});
export const partAccepted = did(handlerHe, { type: 'PartAccepted', part: 1 });
export const partReturned = did(handlerHe, { type: 'PartReturned', part: 1, reason: '缺少材料' });
export const partSubmitted = did(handlerHe, {
  type: 'PartSubmitted',
  part: 1,
  result: '新瓦已铺设',
  files: [voucher],
});
export const partPassed = did(handlerLi, { type: 'PartPassed', part: 1, opinion: '同意' });
export const partRejected = did(handlerXu, { type: 'PartRejected', part: 1, reason: '檐口未完工' });

/** How a part comes to where it is judged. */
export const partDone = [...until.rectifying, partAssigned, partAccepted, partSubmitted];

/** An earlier day than the policy's, so that a later one is left. */
const assignedEarlier = did(dispatcherQian, {
  ...assigned.event,
  dueOn: '2026-10-15',
} as typeof assigned.event);

export const samples: readonly object[] = [
  disputeFinding,
  upholdFinding,
  amendFinding,
  reassignCase,
  changeCoUnits,
  amended(nameHandler, { reason: '原经办人调离' }),
  assignPart,
  acceptPart,
  returnPart,
  submitPart,
  passPart,
  rejectPart,
];

export const occasions = {
  DisputeFinding: { past: until.assigned, who: handlerLi },
  UpholdFinding: { past: [...until.assigned, disputed], who: registrarGu },
  AmendFinding: { past: [...until.assigned, disputed], who: registrarGu },
  ReassignCase: { past: [registered, assignedEarlier], who: dispatcherQian },
  ChangeCoUnits: { past: until.assigned, who: dispatcherQian },
  NameHandler: { past: until.assigned, who: handlerLi },
  AssignPart: { past: [...until.rectifying, partAssigned], who: handlerLi },
  AcceptPart: { past: [...until.rectifying, partAssigned], who: handlerHe },
  ReturnPart: { past: [...until.rectifying, partAssigned], who: handlerHe },
  SubmitPart: { past: [...until.rectifying, partAssigned, partAccepted], who: handlerHe },
  PassPart: { past: partDone, who: handlerLi },
  RejectPart: { past: partDone, who: handlerLi },
};

export const flagged = { findingDisputed: [...until.assigned, disputed] };
