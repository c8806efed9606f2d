import { type Walk } from './walk.js';

const PROVINCE = 'province-430000';
const CHECKED: readonly string[] = ['PT', 'PO', 'HL', 'MD'];

const dispatcherOf = (w: Walk) => w.by(w.problem.assigner, 'dispatcher');
const handlerOf = (w: Walk) => w.by(w.lead, 'handler');
const registrarOf = (w: Walk) => w.by(w.problem.finder, 'registrar');

export async function checking(w: Walk): Promise<void> {
  const checkers = [w.by(PROVINCE, 'evaluator').person, w.by(PROVINCE, 'verifier').person];
  await w.act(dispatcherOf(w), 'start-fact-check', { checkers });
}

const found = async (w: Walk, substantiation: string): Promise<void> => {
  const evaluator = w.by(PROVINCE, 'evaluator');
  await w.act(evaluator, 'establish-facts', {
    substantiation,
    findings: substantiation === 'none' ? '经实地核查，反映情况不属实。' : '经核查，反映情况属实。',
    ...{ place: w.problem.spot.name, visitedOn: w.story.today() },
    photos: [await w.photo(evaluator, 'fact-check')],
  });
};

export async function unsubstantiated(w: Walk): Promise<void> {
  await checking(w);
  await found(w, 'none');
}

/** Checked first where its source asks for it, then given to the leads. */
export async function assigned(w: Walk): Promise<void> {
  const { problem } = w;
  if (CHECKED.includes(problem.body.source.code)) {
    await checking(w);
    await found(w, problem.n % 2 === 0 ? 'full' : 'basic');
  }
  const requirement = '对照问题逐项整改，举一反三，如实留存整改前后佐证。';
  await w.act(dispatcherOf(w), 'assign-case', { leads: problem.leads, coUnits: [], requirement });
  await w.learnTerms(dispatcherOf(w));
  if (w.tries) await w.attempt(w.by('county-433123', 'handler'), 'accept-assignment');
}

export async function returned(w: Walk): Promise<void> {
  await w.act(handlerOf(w), 'return-assignment', {
    ground: 'wrong-division',
    reason: '该户不在本县辖区内。',
  });
}

export async function disputed(w: Walk): Promise<void> {
  const receipts = [await w.photo(handlerOf(w), 'dispute')];
  await w.act(handlerOf(w), 'dispute-finding', { grounds: '鉴定报告结论与通报不一致。', receipts });
}

export async function extended(w: Walk): Promise<void> {
  const until = later(w.terms.dueOn, 10);
  await w.act(handlerOf(w), 'request-extension', { until, reason: '持续降雨，无法施工。' });
}

export async function suspended(w: Walk): Promise<void> {
  await w.act(dispatcherOf(w), 'suspend-case', {
    ...{ ground: 'weather', until: w.story.after(20), document: '样例气象函〔2025〕1号' },
    reason: '气候不宜施工。',
  });
}

/** What is late is pressed on, on the rungs that stand open to each. */
export async function supervised(w: Walk): Promise<void> {
  const { n } = w.problem;
  const answerBy = w.story.after(5);
  const press = (by: ReturnType<typeof dispatcherOf>, rung: string): Promise<void> =>
    w.act(by, 'issue-supervision', { rung, demand: '立即整改并书面说明原因。', answerBy }, `rung:${rung}`);
  await press(dispatcherOf(w), 'red');
  if (n % 3 === 0) await press(w.by(PROVINCE, 'leader'), 'interview');
  if (n % 5 === 0) await press(w.by(PROVINCE, 'inspector'), 'accountability-proposal');
}

export async function instructed(w: Walk): Promise<void> {
  if (w.problem.n % 4 !== 0) return;
  const body = { from: '样例省级领导', original: '请抓紧核实，限期办结。', lead: w.lead };
  await w.act(w.by(PROVINCE, 'leader'), 'record-instruction', { ...body, dueOn: w.story.after(10) });
}

export async function terminated(w: Walk): Promise<void> {
  await w.act(w.by(w.terms.closer, 'approver'), 'terminate-case', {
    ...{ ground: 'house-gone', reason: '房屋已灭失，农户已集中安置。' },
    ...{ minutes: '样例纪要〔2025〕1号', document: '样例安置协议' },
  });
}

export async function held(w: Walk): Promise<void> {
  const reason = '安置情况未见佐证，暂缓终止。';
  await w.act(w.by(PROVINCE, 'inspector'), 'hold-termination', { reason });
}

export async function transferredOut(w: Walk): Promise<void> {
  const body = { to: '样例主管部门', document: '样例移交函〔2025〕1号', reason: '属其他部门职责。' };
  await w.act(dispatcherOf(w), 'transfer-out', body);
}

export async function voided(w: Walk): Promise<void> {
  await w.act(registrarOf(w), 'void-case', { reason: '重复录入，原件系同一问题。', document: '样例说明1号' });
}

export async function merged(w: Walk): Promise<void> {
  const into = w.story.target(w.problem.n);
  await w.act(w.by(PROVINCE, 'registrar'), 'merge-case', { into, reason: '与另案系同一问题。' });
}

/** Into two or three, by weight and money. */
export async function split(w: Walk): Promise<void> {
  const { amountFen } = w.problem.body;
  const weights = w.problem.n % 2 === 0 ? [600, 400] : [500, 300, 200];
  const parts = weights.map((weight, k) => {
    const share = amountFen === undefined ? undefined : (amountFen / 1000) * weight;
    return {
      weight,
      taskText: `分片整改第${k + 1}片（样例）`,
      ...(share !== undefined && { amountFen: share }),
    };
  });
  await w.act(registrarOf(w), 'split-case', { parts, reason: '涉及多个片区，分别整改。' });
}

/** A rest that takes longer goes on as a case of its own. */
export async function leftOver(w: Walk): Promise<void> {
  const body = { weight: 300, taskText: '剩余农户待开春施工（样例）。', reason: '其余已整改到位。' };
  await w.act(dispatcherOf(w), 'split-residual', body);
}

function later(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}
