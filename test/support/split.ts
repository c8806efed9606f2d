import { type CaseEvent, type Limits } from '../../libs/contracts/case-events.js';
import { Source } from '../../libs/contracts/intake.js';
import { AbsorbCase, MergeCase, UndoMerge } from '../../libs/contracts/merge.js';
import { RegisterPart, SplitCase, SplitPart, SplitResidual } from '../../libs/contracts/split.js';
import { partId } from '../../libs/eventing/ids.js';
import { validated } from '../../libs/platform/validated.js';
import { amended, did, registration, toReview, toVerify, TWIN, until } from './cases.js';
import { toRecognition, withOpinion } from './examination.js';
import { dispatcherQian, post, registrarGu } from './province.js';

/** The case of the specs: its stream is `case-1`. */
const WHOLE = '1';
export const first = partId(WHOLE, 0);
export const second = partId(WHOLE, 1);

export const managerAtNorth = {
  ...post('process-manager', 'north-office', 'manager'),
  via: 'manager' as const,
};
export const registrarTong = post('tong', 'province-office', 'registrar');

const { type: _, ...problem } = registration;
const whole = { ...problem, caseNumber: undefined, amountFen: undefined, householdCount: undefined };
export const otherSource = validated(Source, { code: 'PC', document: '检〔2026〕3号', line: '4', part: 'b' });
export const limits: Limits = { rectifiers: ['li'], barred: ['zhao'], excluded: ['zhou'] };

export const splitCase = validated(SplitCase, {
  parts: [
    {
      ...{ weight: 400, taskText: '东屋屋面', categories: ['roof'], divisions: ['hill'] },
      ...{ amountFen: 250_000, householdCount: 1 },
    },
    validated(SplitPart, { weight: 600, amountFen: 1_000_000 }),
  ],
  reason: '两处须分别整改',
});
export const splitResidual = validated(SplitResidual, {
  ...{ weight: 250, taskText: '剩余一户', amountFen: 500_000, householdCount: 1, reason: '该户外出' },
});
export const registerPart = validated(RegisterPart, {
  problem: { ...whole, weight: 400, description: '东屋屋面', parent: WHOLE, finder: 'north-office', limits },
});
/** Each part gets one of the two houses that are listed. */
export const splitItems = amended(splitCase, {
  parts: splitCase.parts.map(({ ...part }, n) => ({ ...part, items: [`house-${n + 1}`] })),
});
export const splitOpenItem = amended(splitResidual, { items: ['house-2'] });
export const registerPartOfItems = amended(registerPart, {
  items: [{ id: 'house-1', kind: 'household', label: '东头第一户' }],
});
export const mergeCase = validated(MergeCase, { into: TWIN, reason: '同一问题' });
export const absorbCase = validated(AbsorbCase, {
  ...{ from: TWIN, caseNumber: 'N-8', weight: 1000, sources: [otherSource], atRisk: true, limits },
  ...{ severity: 'general', categories: ['roof'], amountFen: 250_000, sourceDueOn: '2026-12-31' },
  ...{ visibility: 'normal', divisions: ['hill'], items: [] },
});
export const absorbListed = amended(absorbCase, { items: ['house-1'] });
export const undoMerge = validated(UndoMerge, { into: TWIN, code: 'case/status' });

type EventOf<T extends CaseEvent['type']> = Extract<CaseEvent, { type: T }>;

export const splitting: EventOf<'CaseSplit'> = {
  type: 'CaseSplit',
  children: [
    {
      ...{ case: first, weight: 400, taskText: '东屋屋面', categories: ['roof'], divisions: ['hill'] },
      ...{ amountFen: 250_000, householdCount: 1 },
    },
    { case: second, weight: 600, amountFen: 1_000_000 },
  ],
  reason: '两处须分别整改',
};
export const split = did(registrarGu, splitting);
const dealing = (part: string, item: string, settled: number): EventOf<'ItemsDealt'> => ({
  ...{ type: 'ItemsDealt', case: part, items: [item], settled },
});
export const firstDealt = did(registrarGu, dealing(first, 'house-1', 0));
export const secondDealt = did(registrarGu, dealing(second, 'house-2', 0));
export const leftDealt = did(dispatcherQian, dealing(first, 'house-2', 1));
export const residual = did(dispatcherQian, {
  type: 'ResidualSplit',
  child: { case: first, weight: 250, taskText: '剩余一户', amountFen: 500_000, householdCount: 1 },
  reason: '该户外出',
});
export const partRegistered = did(managerAtNorth, {
  type: 'ProblemRegistered',
  ...registerPart.problem,
  caseNumber: 'N-7',
});
export const merged = did(registrarGu, { type: 'CaseMerged', into: TWIN, reason: '同一问题' });
export const absorbing: EventOf<'CaseAbsorbed'> = {
  type: 'CaseAbsorbed',
  ...{ from: TWIN, caseNumber: 'N-8', weight: 1000, sources: [otherSource], atRisk: true, limits },
  sourceDueOn: '2026-12-31',
};
export const absorbed = did(managerAtNorth, absorbing);
/** What it brought was to be recognised. */
export const absorbedAudit = did(managerAtNorth, {
  ...{ ...absorbing, atRisk: false, sourceDueOn: '2026-11-30', closer: 'north-office' },
  route: [toReview, toVerify, toRecognition],
  checklist: withOpinion,
});
export const mergeUndone = did(managerAtNorth, {
  type: 'MergeUndone',
  ...{ into: TWIN, code: 'case/status', status: 'registered' },
});

export const samples: readonly object[] = [
  ...[splitItems, splitOpenItem, registerPartOfItems],
  ...[mergeCase, absorbListed, undoMerge],
];

export const occasions = {
  SplitCase: { past: until.registered, who: registrarGu, command: splitCase },
  SplitResidual: { past: until.rectifying, who: dispatcherQian, command: splitResidual },
  RegisterPart: { past: [], who: managerAtNorth, command: registerPart },
  MergeCase: { past: until.registered, who: registrarGu },
  AbsorbCase: { past: until.rectifying, who: managerAtNorth, command: absorbCase },
  UndoMerge: { past: [...until.rectifying, merged], who: managerAtNorth },
};

export const ways = {
  merged: [...until.rectifying, merged],
  split: [...until.rectifying, split],
};
