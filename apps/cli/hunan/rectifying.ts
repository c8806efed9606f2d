import { type Walk } from './walk.js';
import { STEMS } from './texts.js';

const handlerOf = (w: Walk, nth = 0) => w.by(w.lead, 'handler', nth);
const idsOf = (w: Walk): string[] => Array.from({ length: w.problem.items }, (_, k) => `item-${k + 1}`);

/** The items that are put right; of three the last is excepted. */
const rectifiedOf = (w: Walk): string[] => idsOf(w).slice(0, 2);

export async function accepted(w: Walk): Promise<void> {
  await w.act(handlerOf(w), 'accept-assignment');
}

export async function safe(w: Walk): Promise<void> {
  if (!w.problem.body.personsAtRisk) return;
  const measures = '已将住户转移至村部安置点，封闭危房并设置警示标志。';
  await w.act(handlerOf(w), 'record-interim-safety', { measures, persons: 3, doneOn: w.story.today() });
}

/** A plan with two stages, where the kind of rectification wants one. */
export async function planned(w: Walk): Promise<void> {
  if (w.problem.body.rectificationType === 'immediate') return;
  await w.act(handlerOf(w), 'submit-plan', {
    measures: '逐户制定方案，先急后缓，限时完成。',
    doneStandard: '逐户验收合格，资料齐全。',
    stages: [
      { goal: '完成排查和方案', until: w.story.after(20) },
      { goal: '完成整改和验收', until: w.story.after(50) },
    ],
  });
  await w.act(w.by(w.lead, 'reviewer'), 'approve-plan', { opinion: '同意按计划实施。' });
}

export async function staged(w: Walk): Promise<void> {
  for (const stage of [1, 2]) {
    const receipts = [await w.photo(handlerOf(w), `stage ${stage}`)];
    const body = { stage, result: '本阶段任务已完成。', receipts };
    await w.act(handlerOf(w), 'complete-stage', body, `stage:${stage}`);
  }
}

/** Half way: what is listed, reported and shared out. */
export async function underway(w: Walk): Promise<void> {
  const { problem } = w;
  if (problem.items > 0) {
    const items = idsOf(w).map((id, k) => ({
      ...{ id, kind: 'household', label: `样例户${k + 1}`, household: `sample-${problem.n}-${k + 1}` },
      holder: { name: `样例户主${STEMS[(problem.n + k) % 10]}` },
    }));
    await w.act(handlerOf(w), 'list-items', { items });
  }
  if (problem.n % 2 === 0) {
    const report = { text: '已入户核对，施工队进场。', pending: '受天气影响，下旬完成收尾。' };
    await w.act(handlerOf(w), 'report-progress', report);
  }
}

/** A town does its part where it has somebody. */
async function shared(w: Walk): Promise<void> {
  const town = w.story.places.townUnit(w.problem.spot.county);
  // Whoever had a part in a round before does not see the case any more, and could not repeat it.
  const again = w.problem.outcome === 'false-rectification' || w.problem.outcome === 'relapsed';
  if (town === undefined || again || w.problem.n % 2 === 1) return;
  const part = 1;
  const handler = w.by(town, 'handler');
  await w.act(handlerOf(w), 'assign-part', {
    unit: town,
    duty: '组织逐户核对并签字。',
    dueOn: w.terms.dueOn,
  });
  await w.act(handler, 'accept-part', { part });
  const receipts = [await w.photo(handler, 'part')];
  await w.act(handler, 'submit-part', { part, result: '已逐户核对完毕。', receipts });
  await w.act(w.by(w.lead, 'reviewer'), 'pass-part', { part });
}

/** All that has to be there before it is submitted. */
export async function rectified(w: Walk): Promise<void> {
  await safe(w);
  await planned(w);
  await underway(w);
  await shared(w);
  await settled(w);
  const { amountFen } = w.problem.body;
  if (amountFen !== undefined) {
    const method = w.problem.body.categories.includes('7') ? 'returned-to-channel' : 'payment-sped';
    await w.act(handlerOf(w), 'record-money', {
      method,
      fen: amountFen,
      voucher: `样例凭证${w.problem.n}号`,
    });
  }
  await proven(w);
}

async function settled(w: Walk): Promise<void> {
  for (const item of idsOf(w)) {
    if (rectifiedOf(w).includes(item)) {
      const body = { item, measures: '已按方案整改到位。', completedOn: w.story.today() };
      await w.act(handlerOf(w), 'rectify-item', body, `item:${item}`);
    } else {
      const body = { item, ground: '房屋已拆除', reason: '该户已易地搬迁，旧房已拆除。' };
      await w.act(handlerOf(w), 'except-item', body, `item:${item}`);
    }
  }
}

async function proven(w: Walk): Promise<void> {
  const handler = handlerOf(w);
  for (const { id: slot, each, due } of w.terms.checklist) {
    if (due === 'closing') continue;
    const items = each === true && w.problem.items > 0 ? rectifiedOf(w) : [undefined];
    for (const item of items) {
      const label = `${slot}:${item ?? 'all'}`;
      const receipt = await w.photo(handler, label);
      await w.act(handler, 'attach-evidence', { slot, receipt, item }, `attach:${label}`);
    }
  }
  if (!w.tries) return;
  const helper = MANY_POSTS(w.lead, 'handler');
  const receipt = await w.photo(helper, 'helper');
  await w.act(helper, 'attach-evidence', { slot: 'closure-application', receipt }, 'attach:helper');
}

export const MANY_POSTS = <R extends string>(unit: string, role: R) => ({
  person: 'sample-many-posts',
  ...{ unit, role },
});

export async function submitted(w: Walk): Promise<void> {
  const body = {
    result: 'completed',
    measures: '已按要求整改并逐项留存佐证。',
    completedOn: w.story.today(),
  };
  await w.act(handlerOf(w), 'submit-rectification', body);
  if (w.problem.body.severity === 'major') {
    await w.act(w.by(w.lead, 'leader'), 'countersign-submission', { opinion: '情况属实，同意上报。' });
  }
}
