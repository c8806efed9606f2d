import { describe, expect, test } from '@jest/globals';
import {
  accepted,
  amended,
  assigned,
  attachedAfter,
  attachedBefore,
  by,
  did,
  extended,
  extensionRefused,
  extensionRequested,
  given,
  grantExtension,
  raising,
  refuseExtension,
  registered,
  reopened,
  requestExtension,
  resumeCase,
  resumed,
  reviewSuspension,
  suspensionReviewed,
  submitRectification,
  submitted,
  suspendCase,
  suspended,
  until,
} from '../../../test/support/cases.js';
import { submittedWhole } from '../../../test/support/examination.js';
import {
  approverWu,
  approverYou,
  dispatcherQian,
  handlerLi,
  provinceWith,
  SEED,
} from '../../../test/support/province.js';

const { rectifying } = until;
const again = did(handlerLi, { type: 'ExtensionRequested', until: '2026-12-01', reason: '连续降雨' });
const extendedAgain = did(dispatcherQian, {
  type: 'DeadlineExtended',
  from: '2026-11-10',
  until: '2026-12-01',
});

describe('an extension', () => {
  test('is asked for up to the due day and no later', () => {
    given(...rectifying)
      .when(requestExtension, by(handlerLi))
      .then(extensionRequested.event);
    given(...rectifying)
      .when(requestExtension, by(handlerLi, { on: '2026-10-19' }))
      .then(extensionRequested.event);
    given(...rectifying)
      .when(requestExtension, by(handlerLi, { on: '2026-10-20' }))
      .refused('case/extension-late');
  });

  test('asks for a later day than the due day', () => {
    given(...rectifying)
      .when(amended(requestExtension, { until: '2026-10-19' }), by(handlerLi))
      .invalid('until');
  });

  test('is granted by whoever assigned the case, for no longer than asked', () => {
    given(...rectifying, extensionRequested)
      .when(grantExtension, by(dispatcherQian))
      .then(extended.event);
    given(...rectifying, extensionRequested)
      .when(amended(grantExtension, { until: undefined, opinion: undefined }), by(approverWu))
      .then({ type: 'DeadlineExtended', from: '2026-10-19', until: '2026-11-20' });
    for (const day of ['2026-11-21', '2026-10-19']) {
      given(...rectifying, extensionRequested)
        .when(amended(grantExtension, { until: day }), by(dispatcherQian))
        .invalid('until');
    }
  });

  test('is not granted by who holds a post at the unit that asks', () => {
    given(...rectifying, extensionRequested)
      .when(grantExtension, by(approverYou))
      .refused('case/granter-of-lead');
    given(...rectifying, extensionRequested)
      .when(refuseExtension, by(approverWu, { onBehalfOf: 'li' }))
      .refused('case/granter-of-lead');
  });

  test('is answered only where one was asked for', () => {
    given(...rectifying)
      .when(grantExtension, by(dispatcherQian))
      .refused('case/extension-missing');
    given(...rectifying, extensionRequested, extensionRefused)
      .when(refuseExtension, by(dispatcherQian))
      .refused('case/extension-missing');
  });

  test('is had twice in a round, and again in the next', () => {
    const twice = [extensionRequested, extended, again, extendedAgain];
    given(...rectifying, extensionRequested, extended)
      .when(amended(requestExtension, { until: '2026-12-01' }), by(handlerLi))
      .then(again.event);
    given(...rectifying, ...twice)
      .when(amended(requestExtension, { until: '2026-12-31' }), by(handlerLi))
      .refused('case/extension-many');
    const closedCase = until.closed.slice(3);
    given(...rectifying, ...twice, ...closedCase, reopened)
      .when(requestExtension, by(handlerLi))
      .then(extensionRequested.event);
  });

  test('is no longer, and no more often, than a source of the case allows', () => {
    const { sources } = SEED.policy;
    const PC = { ...sources.PC, extensions: 1, extendedBy: '30cd' };
    const register = provinceWith({ policy: { ...SEED.policy, sources: { ...sources, PC } } });
    // The 30th day after the due day.
    const longest = amended(requestExtension, { until: '2026-11-18' });
    given(...rectifying)
      .when(requestExtension, by(handlerLi, { register }))
      .refused('case/extension-long');
    given(...rectifying)
      .when(longest, by(handlerLi, { register }))
      .then({ ...extensionRequested.event, until: '2026-11-18' } as typeof extensionRequested.event);
    given(...rectifying, extensionRequested)
      .when(amended(grantExtension, { until: undefined }), by(dispatcherQian, { register }))
      .refused('case/extension-long');
    given(...rectifying, extensionRequested)
      .when(grantExtension, by(dispatcherQian, { register }))
      .then(extended.event);
    given(...rectifying, extensionRequested, extended)
      .when(amended(requestExtension, { until: '2026-11-20' }), by(handlerLi, { register }))
      .refused('case/extension-many');
  });

  test('that was refused is not counted', () => {
    const refusedTwice = [extensionRequested, extensionRefused, extensionRequested, extensionRefused];
    given(...rectifying, ...refusedTwice)
      .when(requestExtension, by(handlerLi))
      .then(extensionRequested.event);
  });

  test('is moot once the rectification is submitted', () => {
    const proven = [registered, assigned, accepted, attachedBefore, attachedAfter];
    given(...proven, extensionRequested)
      .when(submitRectification, by(handlerLi))
      .then(submittedWhole.event);
    given(...proven, extensionRequested, submitted)
      .when(grantExtension, by(dispatcherQian))
      .refused('case/status');
  });
});

describe('a suspension', () => {
  test('has a ground of the policy, a document and an end', () => {
    given(...rectifying)
      .when(suspendCase, by(dispatcherQian))
      .then(suspended.event);
    for (const ground of ['no-money', 'constructor']) {
      given(...rectifying)
        .when(amended(suspendCase, { ground }), by(dispatcherQian))
        .refused('case/suspension-ground');
    }
    given(...rectifying)
      .when(amended(suspendCase, { until: '2026-09-01' }), by(dispatcherQian))
      .invalid('until');
  });

  test('lasts no longer than its ground allows, in working days', () => {
    // The 30th working day after 1 September, over the National Day and its moved Saturday.
    given(...rectifying)
      .when(amended(suspendCase, { until: '2026-10-19' }), by(dispatcherQian))
      .then({ ...suspended.event, until: '2026-10-19' } as typeof suspended.event);
    given(...rectifying)
      .when(amended(suspendCase, { until: '2026-10-20' }), by(dispatcherQian))
      .refused('case/suspension-long');
  });

  test('takes from what all of them may last together', () => {
    const stood = did(dispatcherQian, {
      type: 'CaseResumed',
      days: 38,
      dueOn: '2026-12-10',
      reason: '天气转好',
    });
    given(...rectifying, suspended, stood)
      .when(amended(suspendCase, { until: '2026-09-03' }), by(dispatcherQian))
      .then({ ...suspended.event, until: '2026-09-03' } as typeof suspended.event);
    given(...rectifying, suspended, stood)
      .when(amended(suspendCase, { until: '2026-09-04' }), by(dispatcherQian))
      .refused('case/suspension-long');
    const used = did(dispatcherQian, {
      type: 'CaseResumed',
      days: 40,
      dueOn: '2026-12-10',
      reason: '天气转好',
    });
    given(...rectifying, suspended, used)
      .when(amended(suspendCase, { until: '2026-09-02' }), by(dispatcherQian))
      .refused('case/suspension-long');
  });

  test('ends with the due day moved by the working days that the clock stood', () => {
    given(...rectifying, suspended)
      .when(resumeCase, by(dispatcherQian, { on: '2026-09-08' }))
      .then(resumed.event);
    given(...rectifying, suspended)
      .when(resumeCase, by(dispatcherQian))
      .then({ ...resumed.event, days: 0, dueOn: '2026-10-19' } as typeof resumed.event);
  });

  test('is looked at again, and ends where its ground no longer holds', () => {
    given(...raising.suspended)
      .when(reviewSuspension, by(dispatcherQian))
      .then(suspensionReviewed.event);
    given(...raising.suspended)
      .when(
        amended(reviewSuspension, { holds: false, reason: '天气转好' }),
        by(dispatcherQian, { on: '2026-09-08' }),
      )
      .then({ type: 'SuspensionReviewed', holds: false, reason: '天气转好' }, resumed.event);
    given(...rectifying)
      .when(reviewSuspension, by(dispatcherQian))
      .refused('case/not-suspended');
  });

  test('gives no day beyond its last, however late its end is said', () => {
    // From the day after the 1st up to and with the 30th; the holidays after it are not its days.
    for (const on of ['2026-09-30', '2026-10-01', '2026-11-30'])
      expect(given(...raising.suspended).when(resumeCase, by(dispatcherQian, { on })).outcome).toMatchObject([
        { days: 21 },
      ]);
  });

  test('must stand to be ended', () => {
    given(...rectifying)
      .when(resumeCase, by(dispatcherQian))
      .refused('case/not-suspended');
    given(...raising.suspended, resumed)
      .when(resumeCase, by(dispatcherQian))
      .refused('case/not-suspended');
  });

  test('stops the work on the case, but not the people', () => {
    given(...raising.suspended, attachedBefore)
      .when(submitRectification, by(handlerLi))
      .refused('case/flag-suspended');
  });
});
