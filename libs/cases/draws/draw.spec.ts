import { describe, expect, test } from '@jest/globals';
import { each } from '../../eventing/handle.js';
import {
  inspectorChen,
  inspectorDong,
  post,
  province,
  verifierZhao,
} from '../../../test/support/province.js';
import { provinceAt } from '../../../test/support/register.js';
import { type DrawEvent, DrawLookBack, drawEvents } from '../../contracts/draws.js';
import { hashOf } from '../../eventing/canonical.js';
import { decoder } from '../../eventing/decode.js';
import { type Actor } from '../../eventing/event.js';
import { type Circumstances, specification } from '../../eventing/given.js';
import { validated } from '../../platform/validated.js';
import { type DrawFacts, drawing, drawn, evolveDraw, noDraw, seesDraw } from './draw.js';

const given = specification(
  { initial: noDraw, decode: decoder<DrawEvent>(drawEvents), fold: each(evolveDraw) },
  () => drawing,
  () => ['draw/empty', 'case/role', 'case/on-leave', 'case/already-registered'],
);
const candidates = Array.from(
  { length: 40 },
  (_, n) => `00000000-0000-4000-8000-0000000000${String(n).padStart(2, '0')}`,
);
const by = (actor: Actor, among = candidates): Circumstances<DrawFacts> => ({
  actor,
  facts: { now: '2026-09-01T04:00:00.000Z', today: '2026-09-01', register: province, candidates: among },
});
const command = validated(DrawLookBack, {
  seed: '双色球2026100期 03 11 17 22 28 31 +09',
  frame: {
    from: '2026-01-01',
    until: '2026-06-30',
    division: 'hill',
    lead: 'hill-office',
    severity: 'general',
  },
  size: 4,
});
const { type: _, ...asked } = command;

describe('a draw', () => {
  test('is made by an inspector, and says what it was made from', () => {
    given()
      .when(command, by(inspectorChen))
      .then({
        type: 'LookBackDrawn',
        ...asked,
        candidates: 40,
        digest: hashOf(candidates),
        cases: drawn(candidates, command.seed, 4),
      });
    given().when(command, by(verifierZhao)).refused('case/role');
  });

  test('is made by nobody who is on leave', () => {
    const { actor, facts } = by(inspectorChen);
    const register = provinceAt('2026-09-01', {
      'person-chen': [{ type: 'LeaveTaken', from: '2026-09-01', until: '2026-09-30' }],
    });
    given()
      .when(command, { actor, facts: { ...facts, register } })
      .refused('case/on-leave');
  });

  test('is of days that are over, in their order', () => {
    const framed = (from: string, until: string) =>
      given().when(validated(DrawLookBack, { ...asked, frame: { from, until } }), by(inspectorChen));
    framed('2026-02-01', '2026-01-01').invalid('frame.until');
    framed('2026-02-01', '2026-09-01').invalid('frame.until');
  });

  test('draws from something', () => {
    given().when(command, by(inspectorChen, [])).refused('draw/empty');
  });

  test('is seen by the inspectors of its unit and above', () => {
    expect(seesDraw('north-office', inspectorChen, province)).toBe(true);
    expect(seesDraw('north-office', inspectorDong, province)).toBe(false);
    expect(seesDraw('north-office', post('bi', 'hill-office', 'inspector'), province)).toBe(false);
  });
});

describe('what is drawn', () => {
  test('depends on seed and candidates alone', () => {
    expect(drawn(candidates, 'a', 5)).toEqual(drawn([...candidates].reverse(), 'a', 5));
    expect(drawn(candidates, 'a', 5)).not.toEqual(drawn(candidates, 'b', 5));
    // Computed by another program: the least of SHA-256 of ["a","<id>"].
    expect(drawn(candidates, 'a', 2)).toEqual([
      '00000000-0000-4000-8000-000000000009',
      '00000000-0000-4000-8000-000000000024',
    ]);
  });

  test('are different cases, as many as asked for or as there are', () => {
    expect(new Set(drawn(candidates, 'a', 10)).size).toBe(10);
    expect([...drawn(candidates, 'a', 500)].sort()).toEqual(candidates);
    expect(drawn(candidates, 'a', 5)).toEqual(drawn(candidates, 'a', 10).slice(0, 5));
  });
});
