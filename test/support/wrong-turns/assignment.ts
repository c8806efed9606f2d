import {
  amended,
  another,
  assignCase,
  assigned,
  assignedAsFinal,
  assigning,
  did,
  failed,
  moneyRecorded,
  type PastEvent,
  registered,
  returnAssignment,
  returnRejected,
  returned,
  returnUpheld,
  until,
  voucher,
} from '../cases.js';
import { factCheckStarted, factsEstablished } from '../intake.js';
import * as parts from '../parts.js';
import { dispatcherQian, dispatcherTang, handlerLi, post } from '../province.js';
import { notUploaded, orphaned, withFalseGrounds, withoutRoof, type WrongTurns } from './wrong-turn.js';

const { amendFinding, assignPart, changeCoUnits, reassignCase } = parts;
const { disputed, findingUpheld, partAccepted, partAssigned, partDone, partSubmitted } = parts;

/** The facts were checked by somebody who holds a post at a unit that is to answer for the case. */
export const checkedBy = (person: string): PastEvent[] => [
  registered,
  did(dispatcherQian, {
    ...factCheckStarted.event,
    checkers: ['zhao', person],
  } as typeof factCheckStarted.event),
  factsEstablished,
];
const withFile = (file: typeof another): PastEvent =>
  did(handlerLi, { type: 'EvidenceAttached', slot: 'before', file });
const noSuchPart = <C extends { part?: number }>(command: C) => ({
  command: amended(command, { part: 7 } as Partial<C>),
});
const returnedTwice = [returned, returnUpheld, assigned, returned, returnUpheld];
const noDesk = { facts: { register: orphaned('hill-office') } };
const notDisputed = { past: until.assigned };
const finderOfLead = { who: post('yang', 'north-office', 'registrar') };
const assignedAlone = did(dispatcherQian, { ...assigning, coUnits: [] });
const assignedByTheProvince = did(dispatcherTang, { ...assigning, closer: 'province-office' });
const taken = { past: [...until.rectifying, partAssigned, partAccepted] };
const assignedToLead = did(handlerLi, {
  ...partAssigned.event,
  unit: 'hill-office',
} as typeof partAssigned.event);

export const assignmentTurns: WrongTurns = {
  AssignCase: {
    'case/assignment-not-final': { past: [registered, assigned, ...returnedTwice] },
    'case/checker-of-lead': { past: checkedBy('yang') },
    'case/due-late': { command: amended(assignCase, { dueOn: '2026-10-20' }) },
    'case/due-past': { command: amended(assignCase, { dueOn: '2026-08-31' }) },
    'case/facts-unestablished': { past: [registered, factCheckStarted] },
    'case/lead-outside': { command: amended(assignCase, { leads: ['shore-office'] }) },
    'case/no-desk': noDesk,
    'case/no-policy': { facts: { register: withoutRoof } },
    'case/final-too-soon': { command: amended(assignCase, { final: true }) },
  },
  ReturnAssignment: {
    'case/return-final': { past: [registered, assignedAsFinal] },
    'case/return-ground': { command: amended(returnAssignment, { ground: 'too-far' }) },
    'case/return-ground-refused': {
      command: amended(returnAssignment, { ground: 'no-money' }),
      facts: { register: withFalseGrounds },
    },
    'case/return-late': { facts: { on: '2026-09-05' } },
  },
  UpholdReturn: {
    'case/return-missing': { past: until.assigned },
  },
  RejectReturn: {
    'case/return-missing': { past: until.assigned },
    'case/return-second': { past: [registered, assigned, returned, returnRejected, returned] },
  },
  DisputeFinding: {
    'case/dispute-late': { facts: { on: '2026-09-09' } },
    'case/dispute-ruled': { past: [...until.assigned, disputed, findingUpheld] },
    'case/receipt-unknown': notUploaded,
    'case/receipt-used': { past: [...until.rectifying, withFile(another)] },
  },
  UpholdFinding: {
    'case/dispute-missing': notDisputed,
    'case/finder-of-lead': finderOfLead,
  },
  AmendFinding: {
    'case/dispute-missing': notDisputed,
    'case/finder-of-lead': finderOfLead,
    'case/money-over': {
      past: [...until.rectifying, moneyRecorded, disputed],
      command: amended(amendFinding, { amountFen: 249_999 }),
    },
    'case/no-desk': noDesk,
  },
  ReassignCase: {
    'case/due-late': { command: amended(reassignCase, { dueOn: '2026-10-20' }) },
    'case/due-past': { facts: { on: '2026-10-19' } },
    'case/lead-outside': { command: amended(reassignCase, { leads: ['shore-office'] }) },
    'case/leads-same': { command: amended(reassignCase, { leads: ['hill-office'], coUnits: [] }) },
    'case/no-desk': { facts: { register: orphaned('lake-office') } },
    'case/checker-of-lead': { past: [...checkedBy('yang'), assigned] },
  },
  ChangeCoUnits: {
    'case/checker-of-lead': {
      past: [...checkedBy('you'), assignedAlone],
      command: amended(changeCoUnits, { coUnits: ['hill-works'] }),
    },
    'case/co-unit-desk': {
      past: [registered, assignedByTheProvince, ...until.rectified.slice(2), failed],
      who: dispatcherTang,
      command: amended(changeCoUnits, { coUnits: ['north-office'] }),
    },
    'case/co-unit-part': { past: [...until.rectifying, partAssigned] },
    'case/co-units-same': { command: amended(changeCoUnits, { coUnits: ['hill-works'] }) },
    'case/lead-outside': { command: amended(changeCoUnits, { coUnits: ['shore-office'] }) },
    'case/no-desk': noDesk,
  },
  AssignPart: {
    'case/due-past': { command: amended(assignPart, { dueOn: '2026-08-31' }) },
    'case/part-late': { command: amended(assignPart, { dueOn: '2026-10-20' }) },
    'case/part-submitted': { past: partDone },
    'case/part-unit': { command: amended(assignPart, { unit: 'north-office' }) },
    'case/part-unknown': noSuchPart(assignPart),
    'case/parts-many': {
      past: [
        ...until.rectifying,
        ...Array.from({ length: 50 }, (_, n) =>
          did(handlerLi, { ...partAssigned.event, part: n + 1 } as typeof partAssigned.event),
        ),
      ],
      command: amended(assignPart, { part: undefined }),
    },
  },
  AcceptPart: {
    'case/part-taken': taken,
    'case/part-unknown': noSuchPart(parts.acceptPart),
  },
  ReturnPart: {
    'case/part-taken': taken,
    'case/part-unknown': noSuchPart(parts.returnPart),
  },
  SubmitPart: {
    'case/part-unaccepted': { past: [...until.rectifying, partAssigned] },
    'case/part-unknown': noSuchPart(parts.submitPart),
    'case/receipt-unknown': notUploaded,
    'case/receipt-used': { past: [...taken.past, withFile(voucher)] },
  },
  PassPart: {
    'case/part-own': {
      past: [
        ...[...until.rectifying, assignedToLead],
        ...[partAccepted, partSubmitted].map(({ event }) => did(handlerLi, event)),
      ],
    },
    'case/part-unknown': noSuchPart(parts.passPart),
    'case/part-unsubmitted': taken,
  },
  RejectPart: {
    'case/part-unknown': noSuchPart(parts.rejectPart),
    'case/part-unsubmitted': taken,
  },
};
