import { createHash } from 'node:crypto';
import { caseId, commandId } from '../../libs/eventing/ids.js';

/** A command of a case's whole life, by whom, where and with what. */
export interface Step {
  person: string;
  /** In the address; '' registers. */
  command: string;
  body: object;
}

export const SLOTS = ['before-photo', 'after-photo', 'result'];
/** Files of a case: one for each slot, and the photo of the visit. */
export const FILES = SLOTS.length + 1;

const REGISTRAR = 'city-registrar';

/** The key of the nth case of a client. */
export function keyOf(prefix: string, client: number, n: number): string {
  return `${prefix}-${client}-${n}`;
}

/** The case that a registration under this key begins. */
export function caseOf(key: string): string {
  return caseId('xiaohao', { source: 'LV' }, commandId(REGISTRAR, `${key}-0`));
}

/** The receipt of the nth file of a case. */
export function receiptOf(id: string, file: number): string {
  const hex = createHash('md5').update(`${id}/${file}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** From registration to striking off: eleven commands of seven persons, as the demo's policy wants them. */
export function lifecycle(id: string, today: string): Step[] {
  const type = (name: string, more: object = {}): object => ({ type: name, ...more });
  return [
    {
      person: REGISTRAR,
      command: '',
      body: type('RegisterProblem', {
        source: { code: 'LV' },
        categories: ['99'],
        divisions: ['queens'],
        severity: 'general',
        rectificationType: 'immediate',
        description: '楼梯间堆放杂物，占用消防通道，居民多次反映，至今没有清理。',
        location: { address: '皇后县法拉盛街道缅街四十一号三单元一层至二层楼梯间' },
        foundOn: today,
        personsAtRisk: false,
        weight: 1000,
      }),
    },
    {
      person: 'city-dispatcher',
      command: 'assign-case',
      body: type('AssignCase', {
        leads: ['queens-office'],
        coUnits: [],
        requirement: '限期清理，并举一反三。',
      }),
    },
    { person: 'queens-handler', command: 'accept-assignment', body: type('AcceptAssignment') },
    ...SLOTS.map((slot, file) => ({
      person: 'queens-handler',
      command: 'attach-evidence',
      body: type('AttachEvidence', { slot, receipt: receiptOf(id, file), note: '由同一角度拍摄' }),
    })),
    {
      person: 'queens-handler',
      command: 'submit-rectification',
      body: type('SubmitRectification', {
        result: 'completed',
        measures: '杂物已全部清运，并与住户签订了承诺书。',
        completedOn: today,
      }),
    },
    { person: 'queens-reviewer', command: 'pass-review', body: type('PassReview', { opinion: '材料齐全' }) },
    {
      person: 'city-verifier-1',
      command: 'record-verification',
      body: type('RecordVerification', {
        method: 'on-site',
        place: '皇后县法拉盛街道缅街四十一号',
        visitedOn: today,
        findings: '楼梯间已清空，消防通道畅通。',
        photos: [receiptOf(id, SLOTS.length)],
      }),
    },
    { person: 'city-verifier-2', command: 'confirm-verification', body: type('ConfirmVerification') },
    { person: 'city-approver', command: 'close-case', body: type('CloseCase', { opinion: '同意销号' }) },
  ];
}

/** Who receives the files of which case: handlers those of the slots, the verifier that of the visit. */
export function uploaderOf(file: number): string {
  return file < SLOTS.length ? 'queens-handler' : 'city-verifier-1';
}
