import { type Bearer } from '../../../libs/identity/sessions/tokens.js';
import { MANY_POSTS } from './rectifying.js';
import { type Walk } from './walk.js';

const PROVINCE = 'province-430000';
/** Of four verifiers two stand in for the others. */
const pairOf = (w: Walk, unit: string): [Bearer, Bearer] => {
  const first = w.problem.n % 2 === 1 && unit.startsWith('city-') ? 2 : 0;
  return [w.by(unit, 'verifier', first), w.by(unit, 'verifier', first + 1)];
};
const approverOf = (w: Walk, unit: string): Bearer =>
  w.by(unit, 'approver', unit === PROVINCE ? w.problem.n % 2 : 0);
const slotOf = (w: Walk): string => w.terms.checklist.at(-1)?.id ?? '';

export async function reviewed(w: Walk): Promise<void> {
  const desk = w.desk('review') ?? '';
  await w.attempt(MANY_POSTS(desk, 'reviewer'), 'pass-review');
  await w.act(w.by(desk, 'reviewer'), 'pass-review', { opinion: '材料齐全，同意上报。' });
}

export async function verified(w: Walk): Promise<void> {
  const [first, second] = pairOf(w, w.desk('verify') ?? '');
  const checked = Array.from({ length: w.problem.items }, (_, k) => `item-${k + 1}`);
  const visit = async (by: Bearer): Promise<object> => ({
    method: 'on-site',
    place: w.problem.spot.name,
    visitedOn: w.story.today(),
    findings: '现场查看并入户询问，与上报情况一致。',
    photos: [await w.photo(by, 'visit')],
    ...(checked.length > 0 && { checked }),
  });
  if (w.tries && w.fresh) {
    const other = MANY_POSTS(first.unit, 'verifier');
    await w.attempt(other, 'record-verification', await visit(other));
  }
  await w.act(first, 'record-verification', await visit(first));
  await w.attempt(first, 'confirm-verification');
  await w.act(second, 'confirm-verification');
}

export async function failed(w: Walk): Promise<void> {
  const [first] = pairOf(w, w.desk('verify') ?? '');
  const reasons = [{ slot: slotOf(w), reason: '现场与所附资料不一致，仍未整改到位。' }];
  await w.act(first, 'fail-verification', { reasons });
}

/** The closing is approved where the route wants it. */
export async function approved(w: Walk): Promise<void> {
  const desk = w.desk('approve');
  if (desk === undefined) return;
  const approver = approverOf(w, w.terms.closer);
  await w.attempt(approver, 'close-case');
  await w.attempt(MANY_POSTS(desk, 'approver'), 'approve-closure');
  await w.act(approverOf(w, desk), 'approve-closure', { opinion: '同意销号。' });
}

export async function published(w: Walk): Promise<void> {
  const desk = w.desk('public-notice');
  if (desk === undefined) return;
  const text = `关于${w.problem.spot.name}问题整改结果的公示（样例）`;
  await w.act(approverOf(w, desk), 'start-public-notice', { place: '村务公开栏（样例）', text });
}

/** The last steps, and struck off. */
export async function closed(w: Walk): Promise<void> {
  const discipline = w.desk('discipline-position');
  if (discipline !== undefined) {
    const body = { position: 'no-objection', reason: '未发现需要追究的情形。' };
    const inspector = w.by(discipline, 'inspector');
    await w.act(inspector, 'state-discipline-position', body);
    await supplied(w, inspector, 'discipline-opinion');
  }
  const finder = w.desk('recognition');
  if (finder !== undefined) {
    const body = { result: 'recognised', document: `样例认定${w.problem.n}号`, on: w.story.today() };
    const registrar = w.by(finder, 'registrar');
    await w.act(registrar, 'record-recognition', body);
    await supplied(w, registrar, 'recognition');
  }
  await w.act(approverOf(w, w.terms.closer), 'close-case');
}

/** Who gave their word hands it in on paper. */
async function supplied(w: Walk, by: Bearer, slot: string): Promise<void> {
  const receipt = await w.photo(by, slot);
  await w.act(by, 'supply-evidence', { slot, receipt }, `supply:${slot}`);
}

/** Right away where nothing is published, and when the days of the notice are over where something is. */
export const closedUnlessPublished = async (w: Walk): Promise<void> => {
  if (w.desk('public-notice') === undefined) await closed(w);
};
export const closedIfPublished = async (w: Walk): Promise<void> => {
  if (w.desk('public-notice') !== undefined) await closed(w);
};

export async function objected(w: Walk): Promise<void> {
  const inspector = w.by(PROVINCE, 'inspector');
  await w.act(inspector, 'raise-objection', {
    by: 'inspector',
    text: '抽查发现照片与现场位置不符（样例）。',
  });
}

/** Looked at again by somebody who had no part in it. */
export const lookedBack =
  (outcome: 'passed' | 'failed') =>
  async (w: Walk): Promise<void> => {
    const evaluator = w.by(PROVINCE, 'evaluator');
    const reasons = [{ slot: slotOf(w), reason: '回头看发现整改内容与上报不符。' }];
    await w.act(evaluator, 'record-look-back', {
      ...{ place: w.problem.spot.name, visitedOn: w.story.today(), outcome },
      findings: outcome === 'passed' ? '整改成效保持良好。' : '现场未见整改痕迹，属虚假整改。',
      photos: [await w.photo(evaluator, 'look-back')],
      ...(outcome === 'failed' && { reasons }),
    });
    const resolved = outcome === 'passed' ? 'yes' : 'no';
    const on = w.story.today();
    const said = { resolved, satisfied: resolved, lawful: true, channel: 'phone', on };
    await w.act(evaluator, 'record-callback', { ...said, note: '样例回访记录：住户所述与现场一致。' });
  };

export const reopened =
  (cause: 'false-rectification' | 'relapse') =>
  async (w: Walk): Promise<void> => {
    const reason = cause === 'relapse' ? '雨季后同一部位再次渗漏。' : '回头看认定为虚假整改。';
    await w.act(w.by(PROVINCE, 'inspector'), 'reopen-case', { cause, reason });
  };

export async function heldToAccount(w: Walk): Promise<void> {
  const one = { actions: ['admonish'], rank: 'section', name: '样例责任人甲', unit: '样例单位' };
  await w.act(w.by(PROVINCE, 'inspector'), 'record-accountability', {
    persons: [{ ...one, on: w.story.today(), document: '样例处分〔2025〕1号' }],
  });
}
