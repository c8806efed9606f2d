import 'reflect-metadata';
import { expect, test } from '@jest/globals';
import { by, did, given } from '../../../test/support/cases.js';
import {
  dismissed,
  endNotice,
  noticeStarted,
  objected,
  startNotice,
  wholly,
} from '../../../test/support/examination.js';
import { approverZheng, theClock } from '../../../test/support/province.js';
import { type CaseEvent } from '../../contracts/case-events.js';
import { EndPublicNotice } from '../../contracts/examination-notice.js';
import { withDuties } from '../../../test/support/duties.js';
import { commandFor } from './ticks.js';

const circumstances = by(approverZheng, { on: '2026-08-21' });
const { state, when } = given(...wholly.toBeNoticed);
const { outcome } = when(startNotice, circumstances);
const [started] = withDuties(outcome as CaseEvent[], state, circumstances.facts, approverZheng);

test('with a public notice the clock is told when to end it', () => {
  const { until } = noticeStarted.event as Extract<CaseEvent, { type: 'PublicNoticeStarted' }>;
  expect(started?.duties?.begin).toMatchObject({
    'notice-end': { due: until, units: ['province-office'], tickOn: '2026-08-29' },
  });
  expect(commandFor('notice-end', false)).toBeInstanceOf(EndPublicNotice);
});

test('it is told again as long as somebody waits for an answer, and no more when it has ended it', () => {
  const running = [...wholly.toBeNoticed, did(approverZheng, started as CaseEvent)];
  expect(given(...running, objected, dismissed).state.duties.has('notice-end')).toBe(true);
  const late = by(theClock, { on: '2026-08-29' });
  const { state: after, when: then } = given(...running);
  const ended = then(endNotice, late).outcome as CaseEvent[];
  expect(withDuties(ended, after, late.facts, theClock)[0]?.duties?.end).toContain('notice-end');
});
