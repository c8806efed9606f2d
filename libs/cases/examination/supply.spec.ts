import { describe, expect, test } from '@jest/globals';
import {
  accepted,
  amended,
  assigning,
  by,
  closeCase,
  closureRejected,
  did,
  given,
  registered,
  submitRectification,
  until,
  voucher,
} from '../../../test/support/cases.js';
import {
  absenceAccepted,
  declareAbsent,
  EVIDENCE,
  notRecognised,
  recognised,
  submittedWhole,
  supplied,
  supplyEvidence,
  supplying,
  supplyOpinion,
  waitingForOpinion,
  wholly,
} from '../../../test/support/examination.js';
import { itemExcepted, itemRectified, itemsListed } from '../../../test/support/intake.js';
import {
  approverHan,
  approverWu,
  dispatcherQian,
  handlerLi,
  inspectorChen,
  post,
  registrarGu,
  verifierZhao,
} from '../../../test/support/province.js';

const waiting = [...waitingForOpinion, recognised];
const rectifying = waitingForOpinion.slice(0, 5);

describe('a slot that is due at the closing', () => {
  test('is not wanted at the submission', () => {
    given(...rectifying)
      .when(submitRectification, by(handlerLi))
      .then(submittedWhole.event);
  });

  test('is wanted by the closing, which names it', () => {
    given(...waiting)
      .when(closeCase, by(approverWu))
      .refused('case/evidence-missing', { slots: ['opinion'] });
    given(...waiting, supplied)
      .when(closeCase, by(approverWu))
      .then({
        ...{ type: 'CaseClosed', closureNumber: 'N-7', opinion: '销号' },
        evidence: supplying.evidence,
      });
  });

  test('may have been filled before the submission', () => {
    const early = did(handlerLi, { type: 'EvidenceAttached', slot: 'opinion', file: voucher });
    const past = [...rectifying, early, ...waiting.slice(5)];
    expect(given(...past).when(closeCase, by(approverWu)).outcome).toMatchObject([{ type: 'CaseClosed' }]);
  });

  test('may be declared absent, and the closing waits until that is accepted by name', () => {
    given(...rectifying)
      .when(amended(declareAbsent, { slot: 'opinion' }), by(handlerLi))
      .then({ type: 'EvidenceDeclaredAbsent', slot: 'opinion', reason: '整改前未留存照片' });
    const none = did(handlerLi, { type: 'EvidenceDeclaredAbsent', slot: 'opinion', reason: '无' });
    const past = [...rectifying, none, ...waiting.slice(5)];
    given(...past)
      .when(closeCase, by(approverHan))
      .refused('case/absence-open');
    const known = did(approverWu, { ...absenceAccepted.event, slot: 'opinion' } as never);
    expect(given(...past, known).when(closeCase, by(approverHan)).outcome).toMatchObject([
      { type: 'CaseClosed' },
    ]);
  });
});

describe('what is supplied after the submission', () => {
  test('comes from who rectified, from the source and from the discipline organ', () => {
    given(...waiting)
      .when(supplyOpinion, by(registrarGu))
      .then(supplying);
    for (const who of [dispatcherQian, handlerLi]) {
      given(...waiting)
        .when(supplyOpinion, by(who))
        .then(supplying);
    }
    given(...wholly.toBeSupplied)
      .when(supplyOpinion, by({ ...inspectorChen, unit: 'province-office' }))
      .then(supplying);
  });

  test('and from nobody who judges the submission', () => {
    for (const who of [approverWu, verifierZhao, post('chen', 'hill-office', 'inspector')]) {
      given(...waiting)
        .when(supplyOpinion, by(who))
        .refused('case/role');
    }
  });

  test('fills no other slot: what was submitted stays as it was', () => {
    given(...waiting)
      .when(amended(supplyOpinion, { slot: 'after' }), by(handlerLi))
      .refused('case/evidence-frozen');
    given(...waiting)
      .when(amended(supplyOpinion, { slot: 'letter' }), by(handlerLi))
      .refused('case/slot-unknown');
    given(...until.verified)
      .when(supplyOpinion, by(handlerLi))
      .refused('case/evidence-frozen');
  });

  test('is a file of its own, and shows an item where one is wanted for each', () => {
    given(...waiting, supplied)
      .when(supplyOpinion, by(registrarGu))
      .refused('case/receipt-used');
    given(...waiting)
      .when(supplyOpinion, by(registrarGu, { uploads: [] }))
      .refused('case/receipt-unknown');
    given(...waiting)
      .when(supplyEvidence, by(registrarGu))
      .invalid('item');
  });

  test('is not what was approved before: each approval names what there was when it was given', () => {
    const { state } = given(...waiting);
    expect(state.evidenceHash).toBe(EVIDENCE);
    const more = given(...waiting, supplied).state;
    expect([more.evidenceHash, more.passed]).toEqual([supplying.evidence, state.passed]);
    expect(more.basis).toBe(state.basis + 1);
    given(...waiting, supplied)
      .when(closeCase, by(approverWu, { seen: state.basis }))
      .refused('case/stale');
  });

  test('makes a rectifier of a handler only', () => {
    const { rectifiers } = given(...waiting, supplied).state;
    expect(rectifiers.has(registrarGu.person)).toBe(false);
    const he = did(post('he', 'hill-office', 'handler'), supplying);
    expect(given(...waiting, he).state.rectifiers.has('he')).toBe(true);
  });

  test('belongs to the submission: sent back, it is to be supplied anew', () => {
    for (const back of [closureRejected, notRecognised]) {
      const past = [...waitingForOpinion, supplied, back];
      expect(given(...past).state.evidence.size).toBe(2);
      const again = [...past, submittedWhole, ...waiting.slice(6)];
      given(...again)
        .when(closeCase, by(approverHan))
        .refused('case/evidence-missing', { slots: ['opinion'] });
      given(...again)
        .when(supplyOpinion, by(registrarGu))
        .then(supplying);
    }
  });

  test('is wanted for each item where the slot is', () => {
    const opinion = { id: 'opinion', title: '逐户意见', due: 'closing' as const, each: true as const };
    const items = [itemsListed, itemRectified, itemExcepted];
    const assigned = did(dispatcherQian, { ...assigning, checklist: [opinion] });
    const past = [registered, assigned, accepted, ...items, submittedWhole, ...until.verified.slice(6)];
    given(...past)
      .when(closeCase, by(approverWu))
      .refused('case/evidence-missing', { slots: ['opinion'], items: ['house-1'] });
    const shown = did(handlerLi, { ...supplying, item: 'house-1' });
    expect(given(...past, shown).when(closeCase, by(approverWu)).outcome).toMatchObject([
      { type: 'CaseClosed' },
    ]);
  });
});
