import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { each } from '../../eventing/handle.js';
import { type QueryBus } from '@nestjs/cqrs';
import 'reflect-metadata';
import { MemoryKeys } from '../../../test/doubles/memory-keys.js';
import { MemoryLog } from '../../../test/doubles/memory-log.js';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import {
  inspectorChen,
  inspectorDong,
  post,
  province,
  reviewerWang,
} from '../../../test/support/province.js';
import { SeenAmong } from '../../contracts/access.js';
import { provinceAt } from '../../../test/support/register.js';
import {
  AnswerReferral,
  OnReferral,
  ReferClue,
  type ReferralEvent,
  ReferralOf,
  Referrals,
} from '../../contracts/referrals.js';
import { refuse } from '../../contracts/refusal.js';
import { TakeNumber } from '../../contracts/register.js';
import { READERS } from '../../contracts/roles.js';
import { type Sealed } from '../../contracts/sealing.js';
import { type Actor } from '../../eventing/event.js';
import { type Circumstances, specification } from '../../eventing/given.js';
import { validated } from '../../platform/validated.js';
import { MasterKey } from '../../sealing/master-key.js';
import { Sealer } from '../../sealing/sealer.js';
import { type VisibleCases } from '../case.queries.js';
import { Clock } from '../clock.js';
import { decodeReferral, OnReferralHandler, ReferralStreams } from './on-referral.handler.js';
import { changeOf, migrateReferrals, type Row, referralProjection } from './referral.projection.js';
import { Clues, ReferralOfHandler, ReferralsHandler } from './referral.queries.js';
import { answering, evolveReferral, noReferral, type ReferralFacts, referring } from './referral.js';

const given = specification(
  { initial: noReferral, decode: decodeReferral, fold: each(evolveReferral) },
  (body) => (body instanceof ReferClue ? referring : answering),
  () => ['case/role', 'case/on-leave', 'case/unknown', 'referral/unknown', 'referral/answered'],
);
const by = (actor: Actor): Circumstances<ReferralFacts> => ({
  actor,
  facts: {
    ...{ now: '2026-09-01T04:00:00.000Z', register: province, number: 'R2026-1' },
    divisions: ['hill'],
  },
});
const MASTER = Buffer.from('a master key for specs, 32 bytes').toString('base64');
const onLeave = provinceAt('2026-09-01', {
  [`person-${inspectorChen.person}`]: [{ type: 'LeaveTaken', from: '2026-09-01', until: '2026-09-30' }],
});
const sealer = new Sealer(new MemoryKeys(), MasterKey.fromText(MASTER));
const ID = '00000000-0000-4000-8000-000000000001';
const CASE = '00000000-0000-4000-8000-0000000000aa';
const refer = validated(ReferClue, {
  case: CASE,
  to: '省纪委监委',
  text: '涉嫌套取补助',
  persons: [{ name: '某甲' }],
});
const answer = validated(AnswerReferral, { outcome: 'accepted', document: '立案〔2026〕3号' });

const clue: ReferralEvent = {
  type: 'ClueReferred',
  ...{ number: 'R2026-1', case: CASE, divisions: ['hill'], to: '省纪委监委' },
  // As the specs decide it: on its way in a text is sealed before.
  text: '涉嫌套取补助' as never,
  persons: refer.persons ?? [],
};
const answered: ReferralEvent = {
  type: 'ReferralAnswered',
  outcome: 'accepted',
  document: '立案〔2026〕3号',
};
const did = (event: ReferralEvent) => ({ event, actor: inspectorChen, at: '2026-09-01T04:00:00.000Z' });

describe('a clue', () => {
  test('is referred by an inspector of a unit that covers the case', () => {
    given().when(refer, by(inspectorChen)).then(clue);
    given()
      .when(refer, by(post('bi', 'hill-office', 'inspector')))
      .then(clue);
    given().when(refer, by(inspectorDong)).refused('case/role');
    given().when(refer, by(reviewerWang)).refused('case/role');
  });

  test('is answered once, and unknown to whoever does not cover the case', () => {
    given(did(clue)).when(answer, by(inspectorChen)).then(answered);
    given(did(clue), did(answered)).when(answer, by(inspectorChen)).refused('referral/answered');
    given(did(clue)).when(answer, by(inspectorDong)).refused('referral/unknown');
    given(did(clue))
      .when(answer, by(post('jin', 'hill-office', 'leader')))
      .refused('case/role');
    given().when(answer, by(inspectorChen)).refused('case/unknown');
  });
});

test('whoever is on leave refers and answers nothing', () => {
  const { actor, facts } = by(inspectorChen);
  const away = { actor, facts: { ...facts, register: onLeave } };
  given().when(refer, away).refused('case/on-leave');
  given(did(clue)).when(answer, away).refused('case/on-leave');
});

test('who does not see the case, as who was excluded from it, neither refers a clue of it nor answers one', async () => {
  const log = new MemoryLog();
  const give = handling(log, () => refuse('case/unknown'));
  await expect(give(undefined, refer)).rejects.toMatchObject({ code: 'case/unknown' });
  const { referral } = await handling(log)(undefined, refer);
  await expect(give(referral, answer)).rejects.toMatchObject({ code: 'referral/unknown' });
});

test('no personal text of a clue is written down in clear, and nothing leads from a person to it', async () => {
  const log = new MemoryLog();
  const give = handling(log);
  const { referral } = await give(undefined, refer);
  expect(await give(undefined, refer)).toEqual({ referral, revision: 0, repeated: true });
  await give(referral, answer);
  const stream = `referral-${referral}`;
  const [stored] = log.of(stream);
  expect(log.all).toHaveLength(2);
  for (const clear of ['涉嫌套取补助', '某甲']) expect(stored?.data).not.toContain(clear);
  const { text, persons } = JSON.parse(stored?.data ?? '') as Extract<
    ReferralEvent,
    { type: 'ClueReferred' }
  >;
  expect(await sealer.openText(text, { stream, field: 'text' })).toBe('涉嫌套取补助');
  expect(await sealer.openText(persons[0]?.name as Sealed, { stream, field: 'persons.0.name' })).toBe('某甲');
  expect(await sealer.find('name', '某甲')).toEqual([]);
});

/** Gives commands as the API does. @param sees the case, or refuses */
function handling(log: MemoryLog, sees: () => object = () => ({ divisions: ['hill'] })) {
  const queries = {
    execute: (asked: object) => Promise.resolve(asked instanceof TakeNumber ? 'R1' : province),
  };
  const visible = { get: () => Promise.resolve().then(() => ({ state: sees() })) };
  const handler = new OnReferralHandler(
    new ReferralStreams(log),
    visible as unknown as VisibleCases,
    queries as unknown as QueryBus,
    new Clock(),
    sealer,
  );
  return (about: string | undefined, body: AnswerReferral | ReferClue) =>
    handler.execute(
      new OnReferral(about, body, inspectorChen, { idempotencyKey: body.type, correlationId: 'c' }),
    );
}

describe('the list of clues', () => {
  /** Cases that do not exist for the caller. */
  const hidden = new Set<string>();
  const queries = {
    execute: (asked: object) =>
      Promise.resolve(asked instanceof SeenAmong ? asked.caseIds.filter((id) => !hidden.has(id)) : province),
  } as unknown as QueryBus;
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
    await migrateReferrals(database.sql);
    const rows = [1, 2, 3].map((n) => rowOf(n, n === 1 ? [clue, answered] : [clue]));
    await database.sql.begin((tx) => referralProjection.save(tx, rows));
  });
  afterAll(() => database.drop());

  function rowOf(n: number, events: readonly ReferralEvent[]): Row {
    const id = ID.slice(0, -1) + String(n);
    const folded = events.reduce<Row | undefined>((row, event, revision) => {
      const meta = {
        ...{ recordedAt: `2026-09-0${revision + 1}`, commandId: '', requestHash: '', correlationId: '' },
        ...{ causationId: '', actor: inspectorChen, entryMode: 'live' as const },
      };
      const recorded = { id: '', stream: `referral-${id}`, revision, event, meta };
      return { ...(row as Row), ...changeOf(row, recorded, n) };
    }, undefined);
    return folded as Row;
  }

  const list = (who: Actor, limit = 50, before?: number) =>
    new ReferralsHandler(clues()).execute(new Referrals(who, limit, before));
  const clues = () => new Clues(database.sql, queries, sealer);

  test('is read by inspectors of units that cover the case, and by nobody else', async () => {
    for (const unit of ['province-office', 'north-office', 'hill-office', 'shore-office']) {
      for (const role of READERS) {
        const { rows } = await list(post('jin', unit, role));
        expect([unit, role, rows.length]).toEqual([
          unit,
          role,
          role === 'inspector' && unit !== 'shore-office' ? 3 : 0,
        ]);
      }
    }
    const one = new ReferralOfHandler(clues());
    expect(await one.execute(new ReferralOf(inspectorDong, ID))).toBeNull();
    expect(await one.execute(new ReferralOf(inspectorChen, ID))).toEqual({
      ...{ id: ID, revision: 1, seq: 1, number: 'R2026-1', case: CASE, to: '省纪委监委' },
      ...{ text: '涉嫌套取补助', persons: [{ name: '某甲' }], status: 'answered' },
      ...{ sentAt: '2026-09-01', answeredAt: '2026-09-02', outcome: 'accepted' },
      ...{ document: '立案〔2026〕3号', remark: null },
    });
  });

  test('has nothing of a case from which the inspector was excluded', async () => {
    hidden.add(CASE);
    expect(await list(inspectorChen)).toEqual({ rows: [] });
    expect(await new ReferralOfHandler(clues()).execute(new ReferralOf(inspectorChen, ID))).toBeNull();
    hidden.clear();
  });

  test('shows a veil in the place of a sealed text, by which it is revealed', async () => {
    const log = new MemoryLog();
    const { referral } = await handling(log)(undefined, refer);
    const [stored] = log.of(`referral-${referral}`).map(decodeReferral);
    const row = { ...changeOf(undefined, stored as never, 9) } as Row;
    await database.sql.begin((tx) => referralProjection.save(tx, [row]));
    const shown = await new ReferralOfHandler(clues()).execute(new ReferralOf(inspectorChen, referral));
    expect(shown).toMatchObject({
      text: { sealed: true, kind: 'text', masked: '**', field: 'text' },
      persons: [{ name: { sealed: true, kind: 'name', masked: '某**', field: 'persons.0.name' } }],
    });
    await database.sql`delete from referrals_v1.rows where id = ${referral}`;
  });

  test('comes in pages, newest first', async () => {
    const first = await list(inspectorChen, 2);
    expect(first.rows.map(({ seq }) => seq)).toEqual([3, 2]);
    const last = await list(inspectorChen, 2, first.before);
    expect(last.rows.map(({ seq }) => seq)).toEqual([1]);
    expect(last.before).toBeUndefined();
  });

  test('finds the rows again to go on with', async () => {
    const found = await referralProjection.load(database.sql, [`referral-${ID}`]);
    expect(found.get(`referral-${ID}`)).toMatchObject({ revision: 1, divisions: ['hill'] });
  });
});
