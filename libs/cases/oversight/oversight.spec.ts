import { describe, expect, test } from '@jest/globals';
import {
  acceptAnswer,
  amended,
  answerAccepted,
  answered,
  answerInstruction,
  answerRejected,
  by,
  closeCase,
  closed,
  did,
  excluded,
  excludePerson,
  given,
  instructed,
  issueSupervision,
  liftSupervision,
  passReview,
  raising,
  recordInstruction,
  rejectAnswer,
  reopened,
  supervised,
  supervisionLifted,
  until,
  liftExclusion,
  exclusionLifted,
  assigning,
  registered,
  assigned,
  returned,
  returnUpheld,
} from '../../../test/support/cases.js';
import { sampleOf } from '../../../test/support/samples.js';
import {
  approverWu,
  dispatcherQian,
  dispatcherTang,
  handlerHe,
  handlerLi,
  inspectorChen,
  post,
  registrarGu,
  reviewerSong,
  reviewerWang,
  dispatcherMeng,
  handlerDuan,
} from '../../../test/support/province.js';
import { isAgent } from '../../contracts/roles.js';
import { caseCommands } from '../commands.js';
import { isInternal } from '../table.js';

const { rectifying } = until;

describe('supervision', () => {
  test('goes by the rungs of the policy', () => {
    given(...rectifying)
      .when(issueSupervision, by(dispatcherQian))
      .then(supervised.event);
    for (const rung of ['pink', 'constructor']) {
      given(...rectifying)
        .when(amended(issueSupervision, { rung }), by(dispatcherQian))
        .refused('case/supervision-rung');
    }
  });

  test('stands once on a rung in a round, and again when it was lifted or the case reopened', () => {
    given(...rectifying, supervised)
      .when(issueSupervision, by(inspectorChen))
      .refused('case/supervision-standing');
    given(...rectifying, supervised, supervisionLifted)
      .when(issueSupervision, by(dispatcherQian))
      .then(supervised.event);
    given(...rectifying, supervised, ...until.closed.slice(3), reopened)
      .when(issueSupervision, by(dispatcherQian))
      .then(supervised.event);
  });

  test('on a rung of the inspectors is theirs alone, to issue and to lift', () => {
    const proposal = amended(issueSupervision, { rung: 'proposal' });
    const proposed = did(inspectorChen, { ...supervised.event, rung: 'proposal' } as typeof supervised.event);
    given(...rectifying)
      .when(proposal, by(inspectorChen))
      .then(proposed.event);
    given(...rectifying)
      .when(proposal, by(dispatcherQian))
      .refused('case/role');
    given(...rectifying, proposed)
      .when(amended(liftSupervision, { rung: 'proposal' }), by(dispatcherQian))
      .refused('case/role');
  });

  test('is lifted where it stands', () => {
    given(...rectifying, supervised)
      .when(liftSupervision, by(dispatcherTang))
      .then(supervisionLifted.event);
    given(...rectifying)
      .when(liftSupervision, by(dispatcherQian))
      .refused('case/supervision-missing');
  });

  test('is lifted by who is in the same office, and no lower than who issued it', () => {
    const inspected = did(inspectorChen, supervised.event);
    for (const who of [dispatcherTang, dispatcherQian]) {
      given(...rectifying, inspected)
        .when(liftSupervision, by(who))
        .refused('case/role');
    }
    given(...rectifying, inspected)
      .when(liftSupervision, by(inspectorChen))
      .then(supervisionLifted.event);
    given(...rectifying, did(dispatcherTang, supervised.event))
      .when(liftSupervision, by(dispatcherQian))
      .refused('case/role');
    given(...rectifying, supervised)
      .when(liftSupervision, by(dispatcherMeng))
      .refused('case/role');
  });

  test('asks for an answer by a day that has not passed', () => {
    given(...rectifying)
      .when(amended(issueSupervision, { answerBy: '2026-08-31' }), by(dispatcherQian))
      .invalid('answerBy');
  });

  test('goes on whatever flag is up', () => {
    for (const past of Object.values(raising)) {
      given(...past)
        .when(issueSupervision, by(dispatcherQian))
        .then(supervised.event);
    }
  });
});

describe('an instruction', () => {
  test('is given to a unit that answers for the case, and counted', () => {
    given(...rectifying)
      .when(recordInstruction, by(dispatcherQian))
      .then(instructed.event);
    given(...rectifying, instructed)
      .when(amended(recordInstruction, { lead: 'hill-works' }), by(post('jin', 'north-office', 'leader')))
      .then({ ...instructed.event, instruction: 2, lead: 'hill-works' } as typeof instructed.event);
    given(...rectifying)
      .when(amended(recordInstruction, { lead: 'lake-office' }), by(dispatcherQian))
      .invalid('lead');
    given(...rectifying)
      .when(amended(recordInstruction, { dueOn: '2026-08-31' }), by(dispatcherQian))
      .invalid('dueOn');
  });

  test('is answered by that unit, once at a time', () => {
    given(...rectifying, instructed)
      .when(answerInstruction, by(handlerLi))
      .then(answered.event);
    given(...rectifying, instructed)
      .when(answerInstruction, by(handlerHe))
      .refused('case/role');
    given(...rectifying, instructed, answered)
      .when(answerInstruction, by(handlerLi))
      .refused('case/instruction-answered');
    given(...rectifying, instructed, answered, answerRejected)
      .when(answerInstruction, by(handlerLi))
      .then(answered.event);
    given(...rectifying, instructed)
      .when(amended(answerInstruction, { instruction: 2 }), by(handlerLi))
      .refused('case/instruction-unknown');
  });

  test('has its answer judged by the unit that gave it', () => {
    given(...rectifying, instructed, answered)
      .when(acceptAnswer, by(dispatcherQian))
      .then(answerAccepted.event);
    given(...rectifying, instructed, answered)
      .when(rejectAnswer, by(dispatcherQian))
      .then(answerRejected.event);
    given(...rectifying, instructed, answered)
      .when(acceptAnswer, by(dispatcherTang))
      .refused('case/role');
    for (const past of [[instructed], [instructed, answered, answerAccepted]]) {
      given(...rectifying, ...past)
        .when(rejectAnswer, by(dispatcherQian))
        .refused('case/instruction-unanswered');
    }
  });

  test('goes with the case to whoever it is assigned to after a return', () => {
    const elsewhere = did(dispatcherQian, { ...assigning, leads: ['lake-office'], coUnits: [] });
    const { outcome } = given(registered, assigned, instructed, returned, returnUpheld, elsewhere).when(
      answerInstruction,
      by(handlerDuan),
    );
    expect(outcome).toMatchObject([{ type: 'InstructionAnswered', instruction: 1 }]);
  });

  test('without an accepted answer keeps the case from being closed', () => {
    for (const past of [[instructed], [instructed, answered], [instructed, answered, answerRejected]]) {
      given(...until.verified, ...past)
        .when(closeCase, by(approverWu))
        .refused('case/instruction-open');
    }
    given(...until.verified, instructed, answered, answerAccepted)
      .when(closeCase, by(approverWu))
      .then(closed.event);
  });
});

describe('who is excluded', () => {
  const out = did(dispatcherQian, { type: 'PersonExcluded', person: 'wang', reason: '近亲属为施工方' });

  test('is somebody of the register, once, and not whoever says so', () => {
    given(...rectifying)
      .when(excludePerson, by(dispatcherQian))
      .then(excluded.event);
    given(...rectifying)
      .when(amended(excludePerson, { person: 'nobody' }), by(dispatcherQian))
      .invalid('person');
    given(...rectifying, excluded)
      .when(excludePerson, by(dispatcherQian))
      .refused('case/excluded-already');
    given(...rectifying)
      .when(amended(excludePerson, { person: 'qian' }), by(dispatcherQian))
      .refused('case/exclude-oneself');
  });

  test('is nobody who watches over whoever says so, and nobody is excluded by the responsible unit', () => {
    for (const person of ['zheng', 'chen']) {
      given(...rectifying)
        .when(amended(excludePerson, { person }), by(dispatcherQian))
        .refused('case/exclude-above');
    }
    given(...rectifying)
      .when(amended(excludePerson, { person: 'zheng' }), by(inspectorChen))
      .then({ type: 'PersonExcluded', person: 'zheng', reason: excludePerson.reason });
    given(...rectifying)
      .when(excludePerson, by(dispatcherMeng))
      .refused('case/role');
  });

  test('is let in again by an inspector', () => {
    const { state } = given(...rectifying, excluded, exclusionLifted);
    expect(state.excluded).toEqual(new Set());
    given(...rectifying, excluded)
      .when(liftExclusion, by(inspectorChen))
      .then(exclusionLifted.event);
    given(...rectifying)
      .when(liftExclusion, by(inspectorChen))
      .refused('case/not-excluded');
    given(...rectifying, excluded)
      .when(liftExclusion, by(dispatcherQian))
      .refused('case/role');
  });

  test('finds no such case, whatever they try, in whichever post, for themselves or for another', () => {
    const past = [...until.submitted, out];
    for (const row of caseCommands) {
      const { command, roles, in: statuses } = row;
      if (statuses.includes('new') || isInternal(row)) continue;
      for (const role of roles.filter((one) => !isAgent(one))) {
        given(...past)
          .when(sampleOf(command), by(post('wang', 'north-office', role)))
          .refused('case/unknown');
      }
    }
    given(...past)
      .when(passReview, by(reviewerSong, { onBehalfOf: 'wang' }))
      .refused('case/unknown');
  });

  test('is the only one to whom the case is lost', () => {
    const { outcome } = given(...until.submitted, out).when(passReview, by(reviewerSong));
    expect(outcome).toEqual([{ type: 'ReviewPassed', opinion: '材料齐全' }]);
    given(...until.submitted, out)
      .when(passReview, by(reviewerWang))
      .refused('case/unknown');
    given(...until.registered)
      .when(excludePerson, by({ ...registrarGu, role: 'dispatcher' }))
      .then(excluded.event);
  });
});
