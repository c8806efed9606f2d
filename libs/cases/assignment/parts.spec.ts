import { describe, expect, test } from '@jest/globals';
import {
  accepted,
  amended,
  assigning,
  attachedAfter,
  attachedBefore,
  attachEvidence,
  by,
  did,
  extended,
  extensionRequested,
  given,
  grantExtension,
  passReview,
  recordInstruction,
  recordVerification,
  registered,
  reopened,
  reportProgress,
  returnAssignment,
  reviewed,
  submitRectification,
  submitted,
  suspended,
  until,
  visit,
  voucher,
} from '../../../test/support/cases.js';
import {
  acceptPart,
  assignPart,
  disputed,
  partAccepted,
  partAssigned,
  partDone,
  partPassed,
  partRejected,
  partReturned,
  partSubmitted,
  passPart,
  reassigned,
  rejectPart,
  returnPart,
  submitPart,
} from '../../../test/support/parts.js';
import {
  approverWu,
  dispatcherMeng,
  dispatcherQian,
  dispatcherTang,
  handlerDuan,
  handlerHe,
  handlerLi,
  handlerXu,
  post,
  reviewerWang,
  verifierZhao,
} from '../../../test/support/province.js';
import { type CaseEvent } from '../../contracts/case-events.js';

type Assigned = Extract<CaseEvent, { type: 'PartAssigned' }>;
const { rectifying } = until;
const onePart = amended(assignPart, { part: undefined });
const given1 = (...more: readonly (typeof registered)[]) => given(...rectifying, partAssigned, ...more);
const partTo = (unit: string, part = 1) =>
  did(handlerLi, { ...(partAssigned.event as Assigned), unit, part });

describe('a part', () => {
  test('is given by the lead, for what it has accepted', () => {
    given(...rectifying)
      .when(onePart, by(handlerLi))
      .then(partAssigned.event);
    given(...rectifying)
      .when(onePart, by(dispatcherMeng))
      .then(partAssigned.event);
    given(...rectifying)
      .when(onePart, by(handlerHe))
      .refused('case/role');
    given(...rectifying, suspended)
      .when(onePart, by(handlerLi))
      .refused('case/flag-suspended');
    for (const waiting of [disputed, extensionRequested]) {
      given(...rectifying, waiting)
        .when(onePart, by(handlerLi))
        .then(partAssigned.event);
    }
  });

  const withLake = did(dispatcherQian, { ...assigning, coUnits: ['lake-office'] });

  test('is for a co-unit, for a unit below the lead, or for a lead itself', () => {
    for (const unit of ['lake-office', 'hill-works', 'hill-office']) {
      given(registered, withLake, accepted)
        .when(amended(onePart, { unit }), by(handlerLi))
        .then({ ...(partAssigned.event as Assigned), unit });
    }
    given(...rectifying)
      .when(amended(onePart, { unit: 'lake-office' }), by(handlerLi))
      .refused('case/part-unit');
    given(...rectifying)
      .when(amended(onePart, { unit: 'nowhere' }), by(handlerLi))
      .invalid('unit');
  });

  test('is for no unit that assigned the case, examines or closes it: every desk stays free', () => {
    const desks = [
      // Another unit of the lead's own division verifies what the county found itself.
      { route: [...assigning.route.slice(0, 1), { step: 'verify', level: 'county', unit: 'hill-works' }] },
      { closer: 'hill-works' },
    ] as const;
    for (const otherwise of desks) {
      const past = did(dispatcherQian, { ...assigning, coUnits: [], ...otherwise } as typeof assigning);
      given(registered, past, accepted).when(onePart, by(handlerLi)).refused('case/part-unit');
    }
    const byWorks = did(post('pan', 'hill-works', 'dispatcher'), { ...assigning, coUnits: [] });
    given(registered, byWorks, accepted).when(onePart, by(handlerLi)).refused('case/part-unit');
    const { state } = given(registered, withLake, accepted, partTo('lake-office'), partTo('hill-works', 2));
    const desksNow = state.route.filter(({ step }) => step !== 'review').map(({ unit }) => unit);
    expect(desksNow).toEqual(['north-office']);
  });

  test('is due no later than the case', () => {
    const due = (dueOn: string) => amended(onePart, { dueOn });
    given(...rectifying)
      .when(due('2026-10-19'), by(handlerLi))
      .then({ ...(partAssigned.event as Assigned), dueOn: '2026-10-19' });
    given(...rectifying)
      .when(due('2026-10-20'), by(handlerLi))
      .refused('case/part-late');
    given(...rectifying)
      .when(due('2026-08-31'), by(handlerLi))
      .refused('case/due-past');
  });

  test('can be given in a case that is overdue, for the same day', () => {
    given(...rectifying)
      .when(amended(onePart, { dueOn: '2026-10-22' }), by(handlerLi, { on: '2026-10-22' }))
      .then({ ...(partAssigned.event as Assigned), dueOn: '2026-10-22' });
    given(...rectifying)
      .when(amended(onePart, { dueOn: '2026-10-23' }), by(handlerLi, { on: '2026-10-22' }))
      .refused('case/part-late');
  });

  test('has the next number; there are fifty at most', () => {
    given1()
      .when(onePart, by(handlerLi))
      .then({ ...(partAssigned.event as Assigned), part: 2 });
    const many = Array.from({ length: 50 }, (_, n) => partTo('hill-works', n + 1));
    given(...rectifying, ...many)
      .when(onePart, by(handlerLi))
      .refused('case/parts-many');
    given(...rectifying, ...many)
      .when(assignPart, by(handlerLi))
      .then(partAssigned.event);
  });
});

describe('the unit of a part', () => {
  test('accepts it, or returns it before', () => {
    given1().when(acceptPart, by(handlerHe)).then(partAccepted.event);
    given1().when(returnPart, by(handlerHe)).then(partReturned.event);
    for (const command of [acceptPart, returnPart]) {
      given1(partAccepted).when(command, by(handlerHe)).refused('case/part-taken');
    }
  });

  test('does so for its own part only, and for one that there is', () => {
    given1(partTo('hill-office', 2)).when(acceptPart, by(handlerLi)).refused('case/role');
    given1().when(acceptPart, by(handlerLi)).refused('case/role');
    given1()
      .when(amended(acceptPart, { part: 2 }), by(handlerHe))
      .refused('case/part-unknown');
  });

  test('sees the case, reports and attaches evidence, but does not act for the lead', () => {
    const toLake = [registered, did(dispatcherTang, { ...assigning, coUnits: ['lake-office'] }), accepted];
    const lakes = given(...toLake, partTo('lake-office'));
    expect(lakes.when(reportProgress, by(handlerDuan)).outcome).toHaveLength(1);
    const dropped = did(dispatcherTang, {
      type: 'CoUnitsChanged',
      ...{ coUnits: [], reason: '另请协办', route: assigning.route, closer: 'north-office' },
    });
    // Of what it still sees only the part is the reason.
    const only = given(...toLake, partTo('lake-office'), partPassed, dropped);
    expect(only.when(reportProgress, by(handlerDuan)).outcome).toHaveLength(1);
    expect(only.when(attachEvidence, by(handlerDuan)).outcome).toHaveLength(1);
    only.when(submitRectification, by(handlerDuan)).refused('case/role');
    only.when(returnAssignment, by(handlerDuan)).refused('case/role');
    given(...toLake, dropped)
      .when(reportProgress, by(handlerDuan))
      .refused('case/unknown');
  });

  test('that returned it knows of the case no more', () => {
    const toLake = did(dispatcherTang, { ...assigning, coUnits: [] });
    given(registered, toLake, accepted, partTo('lake-office'), partReturned)
      .when(reportProgress, by(handlerDuan))
      .refused('case/unknown');
  });

  test('is responsible: it has no say on an extension, and nobody of it verifies', () => {
    const past = [registered, did(dispatcherQian, { ...assigning, coUnits: [] }), accepted];
    const toWorks = [...past, partTo('hill-works')];
    given(...toWorks, extensionRequested)
      .when(grantExtension, by(post('you', 'north-office', 'approver')))
      .refused('case/granter-of-lead');
    given(...past, extensionRequested)
      .when(grantExtension, by(post('you', 'north-office', 'approver')))
      .then(extended.event);
  });

  test('is given no instruction of its own: those go to whoever answers for the whole', () => {
    const past = [registered, did(dispatcherQian, { ...assigning, coUnits: [] }), accepted];
    given(...past, partTo('hill-works'))
      .when(amended(recordInstruction, { lead: 'hill-works' }), by(dispatcherQian))
      .invalid('lead');
  });
});

describe('a part that was given', () => {
  test('is given anew under its number when it was returned, or is not done yet', () => {
    for (const past of [[partReturned], [partAccepted], [partAccepted, partSubmitted, partRejected], []]) {
      given1(...past)
        .when(amended(assignPart, { unit: 'hill-office' }), by(handlerLi))
        .then({ ...(partAssigned.event as Assigned), unit: 'hill-office' });
    }
    given1(partReturned, partTo('hill-office')).when(acceptPart, by(handlerHe)).refused('case/role');
    given1(partReturned, partTo('hill-office')).when(acceptPart, by(handlerLi)).then(partAccepted.event);
  });

  test('is not taken from who has submitted it', () => {
    for (const past of [partDone, [...partDone, partPassed]]) {
      given(...past)
        .when(assignPart, by(handlerLi))
        .refused('case/part-submitted');
    }
    given1()
      .when(amended(assignPart, { part: 2 }), by(handlerLi))
      .refused('case/part-unknown');
  });
});

describe('a part that is done', () => {
  const accepting = [...rectifying, partAssigned, partAccepted];

  test('is submitted with what it shows, once accepted', () => {
    given(...accepting)
      .when(submitPart, by(handlerHe))
      .then(partSubmitted.event);
    given(...accepting)
      .when(amended(submitPart, { receipts: undefined }), by(handlerHe))
      .then({ type: 'PartSubmitted', part: 1, result: '新瓦已铺设', files: [] });
    given1().when(submitPart, by(handlerHe)).refused('case/part-unaccepted');
    given(...partDone)
      .when(amended(submitPart, { receipts: undefined }), by(handlerHe))
      .refused('case/part-unaccepted');
  });

  test('is shown by uploads of one’s own, each used once', () => {
    given(...accepting)
      .when(submitPart, by(handlerHe, { uploads: [visit] }))
      .refused('case/receipt-unknown');
    given(...partDone, partRejected)
      .when(submitPart, by(handlerHe))
      .refused('case/receipt-used');
    given(...partDone)
      .when(amended(attachEvidence, { receipt: voucher.receipt }), by(handlerLi))
      .refused('case/receipt-used');
  });

  test('is passed by the lead, or rejected: then its unit goes on with it', () => {
    for (const who of [handlerLi, reviewerWang]) {
      given(...partDone)
        .when(passPart, by(who))
        .then(partPassed.event);
      given(...partDone)
        .when(rejectPart, by(who))
        .then(partRejected.event);
    }
    given(...partDone)
      .when(passPart, by(handlerHe))
      .refused('case/role');
    given(...partDone, partRejected)
      .when(amended(submitPart, { receipts: [visit.receipt] }), by(handlerHe))
      .then({ type: 'PartSubmitted', part: 1, result: '新瓦已铺设', files: [visit] });
  });

  test('is passed by nobody who submitted it in person', () => {
    const own = [
      partTo('hill-office'),
      did(handlerLi, partAccepted.event),
      did(handlerLi, partSubmitted.event),
    ];
    given(...rectifying, ...own)
      .when(passPart, by(handlerLi))
      .refused('case/part-own');
    given(...rectifying, ...own)
      .when(passPart, by(handlerXu, { onBehalfOf: 'li' }))
      .refused('case/part-own');
    given(...rectifying, ...own)
      .when(passPart, by(handlerXu))
      .then(partPassed.event);
    const byXu = did(handlerXu, {
      ...(partSubmitted.event as { type: 'PartSubmitted' } & object),
      files: [],
    } as never);
    given(...rectifying, ...own, partRejected, byXu)
      .when(passPart, by(handlerLi))
      .refused('case/part-own');
  });

  test('is judged when it is submitted, and not again', () => {
    for (const command of [passPart, rejectPart]) {
      for (const past of [[partAssigned], [partAssigned, partAccepted], [...partDone.slice(3), partPassed]]) {
        given(...rectifying, ...past)
          .when(command, by(handlerLi))
          .refused('case/part-unsubmitted');
      }
      given(...rectifying)
        .when(command, by(handlerLi))
        .refused('case/part-unknown');
    }
  });

  test('is judged by who has seen it: what it was before is stale; an acceptance makes nobody look again', () => {
    given(...partDone)
      .when(passPart, by(handlerLi, { seen: 4 }))
      .refused('case/stale', { basis: 5 });
    given(...accepting)
      .when(submitPart, by(handlerHe, { seen: 3 }))
      .then(partSubmitted.event);
  });
});

describe('whoever had a part in it', () => {
  test('is a rectifier by accepting or submitting a part', () => {
    expect(given1(partAccepted).state.rectifiers).toEqual(new Set(['li', 'he']));
    expect(given1(did(handlerXu, partSubmitted.event)).state.rectifiers).toEqual(new Set(['li', 'xu']));
  });

  test('does not review or verify, in whichever post', () => {
    const past = [...partDone, partPassed, attachedBefore, attachedAfter, submitted];
    given(...past)
      .when(passReview, by(post('he', 'hill-office', 'reviewer')))
      .refused('case/reviewer-rectified');
    given(...past, reviewed)
      .when(recordVerification, by(post('he', 'north-office', 'verifier')))
      .refused('case/verifier-rectified');
    given(...past, reviewed)
      .when(recordVerification, by({ ...verifierZhao, onBehalfOf: 'he' }))
      .refused('case/verifier-rectified');
  });
});

describe('a case with parts', () => {
  const proof = [attachedBefore, attachedAfter];

  test('is submitted when all of them are passed', () => {
    for (const open of [
      [partAssigned],
      [partAssigned, partReturned],
      [partAssigned, partAccepted],
      [partAssigned, partAccepted, partSubmitted],
      [partAssigned, partAccepted, partSubmitted, partPassed, partTo('hill-works', 2)],
    ]) {
      given(...rectifying, ...proof, ...open)
        .when(submitRectification, by(handlerLi))
        .refused('case/parts-open');
    }
    expect(
      given(...partDone, partPassed, ...proof).when(submitRectification, by(handlerLi)).outcome,
    ).toMatchObject([{ type: 'RectificationSubmitted' }]);
  });

  test('begins without them in another round and with other leads; the numbers go on', () => {
    const closed = [...partDone, partPassed, ...until.closed.slice(3)];
    for (const past of [
      [...closed, reopened],
      [...rectifying, partAssigned, reassigned, did(handlerDuan, accepted.event)],
    ]) {
      expect(given(...past).state.parts.size).toBe(0);
      given(...past, ...proof)
        .when(acceptPart, by(handlerHe))
        .refused('case/role');
    }
    given(...closed, reopened)
      .when(onePart, by(handlerLi))
      .then({ ...(partAssigned.event as Assigned), part: 2 });
    expect(
      given(...closed, reopened, ...proof).when(submitRectification, by(handlerLi)).outcome,
    ).toMatchObject([{ type: 'RectificationSubmitted' }]);
    given(...rectifying, partAssigned, reassigned)
      .when(amended(assignPart, {}), by(approverWu))
      .refused('case/role');
  });
});
