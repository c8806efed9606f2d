import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { allRoutes } from '../../apps/standalone/document.js';
import { caseCommands } from '../../libs/cases/commands.js';
import { isInternal } from '../../libs/cases/table.js';
import { FindPerson, RevealText } from '../../libs/contracts/access.js';
import { ShowEvidence } from '../../libs/contracts/evidence.js';
import { DecideMany, HandOver } from '../../libs/contracts/batch.js';
import { CommitImport, TryImport } from '../../libs/contracts/imports.js';
import { BeginDraft, ChangeDraft, PublishDraft } from '../../libs/contracts/policy-drafts.js';
import { AskErasure, EndErasure } from '../../libs/contracts/erasures.js';
import { AskKnown } from '../../libs/contracts/intake.js';
import { MoveClock } from '../../libs/contracts/clock.js';
import { AskRetention } from '../../libs/contracts/retention.js';
import { DrawLookBack } from '../../libs/contracts/draws.js';
import { AnswerReferral, ReferClue } from '../../libs/contracts/referrals.js';
import {
  ChangePassword,
  EnrolCode,
  GiveCode,
  LeaveToSignIn,
  LinkSubject,
  MakeAccount,
  SignIn,
  SwitchPost,
  UseSetUp,
} from '../../libs/contracts/sign-in.js';
import { bodyIn } from '../../libs/platform/http/openapi-words.js';
import { validated } from '../../libs/platform/validated.js';
import { addressed } from '../../libs/register/commands.js';
import { TWIN } from '../support/cases.js';
import { registerSamples } from '../support/register.js';
import { sampleOf } from '../support/samples.js';

const FILE = 'libs/contracts/examples.json';

/** Nobody's password. */
const password = '（自己想一句长话）';
/** The rest of a policy is as in a seed file. */
const DRAFTED = { extensions: 1 };

/** Not on one case. */
const others: readonly object[] = [
  validated(DrawLookBack, {
    seed: '双色球2026100期 03 11 17 22 28 31 +09',
    frame: {
      from: '2026-01-01',
      until: '2026-06-30',
      division: 'hill',
      lead: 'hill-office',
      severity: 'general',
    },
    size: 20,
  }),
  validated(ReferClue, {
    case: TWIN,
    to: '演示纪委监委',
    text: '涉嫌套取补助',
    persons: [{ name: '演示某甲' }],
  }),
  validated(AnswerReferral, { outcome: 'accepted', document: '立案〔2026〕3号', remark: '已立案' }),
  validated(FindPerson, { kind: 'name', text: '演示某甲' }),
  validated(RevealText, { revision: 0, field: 'petitioner.phone', purpose: '电话回访核实' }),
  validated(SignIn, { name: 'yanshi.jia', password }),
  validated(GiveCode, { code: '123456' }),
  validated(LeaveToSignIn, { back: '/cases?status=assigned' }),
  validated(SwitchPost, { unit: 'hill-office', role: 'reviewer' }),
  validated(ChangePassword, { present: password, password: '（另想一句长话）' }),
  validated(EnrolCode, { password }),
  validated(UseSetUp, { token: 'link'.repeat(11).slice(1), password }),
  validated(MakeAccount, { person: 'yanshi-jia', name: 'yanshi.jia' }),
  validated(LinkSubject, { subject: '248289761001' }),
  validated(ShowEvidence, { purpose: '核对安置人员名单' }),
  validated(MoveClock, { to: '2026-12-31T16:00:00.000Z' }),
  validated(AskKnown, { sources: [{ code: 'PC', document: '省检〔2026〕7号', line: '12' }] }),
  ...[TryImport, CommitImport].map((type) =>
    validated<object>(type, {
      mapping: 'ledger',
      sheet: '台账',
      given: { 'source.document': '山县台账', divisions: ['hill'] },
      ...(type === CommitImport && { onlyGood: true }),
    }),
  ),
  validated(BeginDraft, { title: '缩短严重问题时限', policy: DRAFTED }),
  validated(ChangeDraft, { title: '缩短严重问题时限', policy: DRAFTED, seen: 1 }),
  validated(PublishDraft, { seen: 2, id: 'province@2', from: '2026-10-01' }),
  validated(AskErasure, {
    ...{ case: TWIN, revision: 0, field: 'petitioner.name' },
    ...{ reason: '当事人要求删除', legalGround: '个人信息保护法第四十七条' },
  }),
  validated(AskRetention, { dueBy: '2026-08-31', reason: '保存期限已满' }),
  validated(EndErasure, { reason: '保存期限未满' }),
  validated(HandOver, { person: 'zhang-san', to: 'li-si', reason: '原经办人调离' }),
  validated(DecideMany, {
    command: 'close-case',
    cases: [{ case: TWIN, seen: 12 }],
    body: { entry: { effectiveOn: '2026-08-31', document: '批〔2026〕9号' } },
  }),
];

const rows = caseCommands.filter((row) => !isInternal(row));
const registered = registerSamples.filter((one) => addressed.some(({ command }) => one instanceof command));
const samples = [...rows.map(({ command }) => sampleOf(command)), ...registered, ...others];

/** As it is sent: the address says which command it is. */
const sent = ({ type: _, ...body }: { type?: string }): object => body;

/** `WRITE=1 npm test -- test/reference` writes it anew. */
test('the examples are the samples that the specs of the commands are given', () => {
  const all = Object.fromEntries(samples.map((sample) => [sample.constructor.name, sent(sample)]));
  const made = `${JSON.stringify(all, null, 2)}\n`;
  if (process.env.WRITE === '1') writeFileSync(FILE, made);
  expect(readFileSync(FILE, 'utf8')).toBe(made);
});

describe('the examples', () => {
  const examples = (): Record<string, object> => JSON.parse(readFileSync(FILE, 'utf8')) as never;
  const classes = new Map(
    [...rows, ...addressed].map(({ command }): [string, new () => object] => [command.name, command]),
  );

  test('are there for everything that an address takes', () => {
    const taken = allRoutes().flatMap(({ operation }) => bodyIn(operation) ?? []);
    expect(Object.keys(examples()).sort()).toEqual([...new Set(taken)].sort());
  });

  test.each([...classes.keys()])('of %s would be taken as it stands', (name) => {
    const command = classes.get(name);
    if (command) expect(() => validated(command, examples()[name])).not.toThrow();
  });

  test('show no sealed text', () => {
    expect(JSON.stringify(examples())).not.toMatch(/"(?:alg|iv|tag)":/);
  });
});
