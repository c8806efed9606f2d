import { decodeCase } from '../../libs/cases/case.queries.js';
import { rowOf } from '../../libs/cases/commands.js';
import { withDuties } from '../support/duties.js';
import { fold, noCase } from '../../libs/cases/state.js';
import { storable } from '../../libs/eventing/canonical.js';
import { type StoredEvent } from '../../libs/eventing/event.js';
import { decide } from '../../libs/eventing/handle.js';
import { by, closeCase, type PastEvent, reported, until } from '../support/cases.js';
import { approverWu } from '../support/province.js';
import { type Contest, type Size } from './contest.js';
import { type Results } from './results.js';

/** Events of the case that is decided on. */
export const EVENTS = 60;

/** From stored text to what the log would be given: a case of sixty events is decoded, folded and closed. */
export function decideContest(results: Results, { rounds }: Size): Contest {
  const stored = longPast().map(storedOf);
  const { actor, facts } = by(approverWu);
  const row = rowOf(closeCase);
  const once = (): number => {
    const state = fold(noCase, stored.map(decodeCase));
    const events = decide({ row, body: closeCase, actor, seen: undefined }, state, facts);
    return withDuties(events, state, facts, actor).length;
  };
  const kept = fold(noCase, stored.map(decodeCase));
  const again = (): number => {
    const events = decide({ row, body: closeCase, actor, seen: undefined }, kept, facts);
    return withDuties(events, kept, facts, actor).length;
  };
  const many = rounds > 1 ? 20_000 : 4000;
  return {
    round: () => {
      results.add('decide/whole', microseconds(once, many));
      results.add('decide/kept', microseconds(again, many));
      return Promise.resolve();
    },
    end: () => Promise.resolve(),
  };
}

/** Reports of progress in the middle make a short case long. */
function longPast(): PastEvent[] {
  const [beginning, rest] = [until.rectifying, until.verified.slice(until.rectifying.length)];
  const reports = Array.from({ length: EVENTS - beginning.length - rest.length }, () => reported);
  return [...beginning, ...reports, ...rest];
}

function storedOf({ event: { type, ...data }, actor, at }: PastEvent, revision: number): StoredEvent {
  const id = `00000000-0000-4000-8000-${String(revision).padStart(12, '0')}`;
  const meta = {
    recordedAt: at,
    commandId: id,
    requestHash: 'a'.repeat(64),
    correlationId: id,
    causationId: id,
  };
  return {
    ...{ id, stream: 'case-1', revision, type },
    data: storable(data),
    meta: storable({ ...meta, actor, entryMode: 'live' }),
  };
}

/** Of one act, over many. */
function microseconds(act: () => number, many: number): number {
  for (let n = 0; n < many / 10; n++) act();
  const from = performance.now();
  for (let n = 0; n < many; n++) act();
  return ((performance.now() - from) * 1000) / many;
}
