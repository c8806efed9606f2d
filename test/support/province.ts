import 'reflect-metadata';
import { type Register } from '../../libs/contracts/register.js';
import { type Agent, type Role } from '../../libs/contracts/roles.js';
import { type Actor } from '../../libs/eventing/event.js';
import { validated } from '../../libs/platform/validated.js';
import { registerOf } from '../../libs/register/seed/seed.js';
import { SeedFile } from '../../libs/register/seed/seed-file.js';

/**
 * A small province for the specs: two cities, three counties, and units whose rules differ from those of any
 * deployment. Hill County has a second unit, the works, below its office.
 */
export const SEED = {
  zone: 'Asia/Shanghai',
  numbers: { case: 'P{year}-{n}', letter: 'L{year}-{n}', closure: 'C{year}-{n}', referral: 'R{year}-{n}' },
  calendar: {
    id: 'national@2026',
    holidays: ['2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-07'],
    moved: ['2026-10-10'],
  },
  policy: {
    id: 'rules@1',
    sources: {
      PC: { title: '省检' },
      AU: { title: '审计' },
      PT: { title: '信访', factCheck: true, personal: true },
      SC: { title: '自查', selfFound: true },
    },
    categories: {
      roof: {
        title: '改造效果不佳',
        checklist: [
          { id: 'before', title: '整改前照片' },
          { id: 'after', title: '整改后照片' },
        ],
      },
      money: {
        title: '资金拨付缓慢',
        checklist: [
          { id: 'after', title: '整改后照片' },
          { id: 'voucher', title: '到账凭证' },
        ],
      },
    },
    checklist: [{ id: 'opinion', title: '来源单位意见', due: 'closing', when: 'source:AU' }],
    circumstances: { disputed: '有异议' },
    completion: {
      immediate: {
        general: { firstAction: '3wd', done: '30wd', ceiling: '90cd' },
        serious: { firstAction: '2wd', done: '20wd', ceiling: '60cd' },
        major: { firstAction: '1wd', done: '10wd', ceiling: '60cd' },
      },
      phased: {
        general: { firstAction: '5wd', plan: '15wd', done: '60wd', ceiling: '12m' },
        serious: { firstAction: '3wd', plan: '10wd', done: '50wd', ceiling: '12m' },
        major: { firstAction: '1wd', plan: '10wd', done: '40wd', ceiling: '12m' },
      },
      sustained: {
        general: { firstAction: '5wd', plan: '20wd', done: '90wd', review: '6m' },
        serious: { firstAction: '3wd', plan: '15wd', done: '80wd', review: '3m' },
        major: { firstAction: '1wd', plan: '15wd', done: '70wd', review: '3m' },
      },
    },
    desks: {
      accept: { PT: '1wd', other: '3wd' },
      return: { PT: '1wd', other: '3wd' },
      returnRuling: '2wd',
      interimSafety: '1cd',
      dispute: '5wd',
      disputeRuling: '10wd',
      review: '5wd',
      verification: { general: '15wd', serious: '10wd', major: '10wd' },
      approval: '10wd',
      publicNotice: '5wd',
      objection: '10wd',
      extensionRuling: '3wd',
      disciplinePosition: '10wd',
      recognitionReminder: '20wd',
      instruction: '10wd',
      suspensionReview: '30cd',
      lookBackAnswer: '5wd',
      terminationHold: '10wd',
    },
    routes: [
      {
        steps: [
          { step: 'review', by: 'lead' },
          { step: 'verify', by: 'above' },
        ],
      },
      {
        when: { severities: ['serious', 'major'] },
        steps: [{ step: 'approve', by: { level: 'province' } }],
      },
      { when: { severities: ['major'] }, steps: [{ step: 'public-notice', by: { level: 'province' } }] },
      {
        when: { categories: ['money'] },
        steps: [
          { step: 'approve', by: { level: 'province' } },
          { step: 'public-notice', by: { level: 'province' } },
          { step: 'discipline-position', by: { level: 'province' } },
        ],
      },
      { when: { sources: ['AU'] }, steps: [{ step: 'recognition', by: 'finder' }] },
    ],
    returnGrounds: { 'not-competent': '非本单位职责', unclear: '要素不清' },
    extensions: 2,
    moneyMethods: { recovered: '追缴', pooled: '统筹盘活' },
    suspension: { most: 40, grounds: { weather: { title: '气候不宜施工', most: 30 } } },
    terminationGrounds: { 'house-gone': '房屋灭失且已安置', court: '生效裁判' },
    countersigned: ['major'],
    sampling: { least: 3, percent: 20, allOf: ['major'] },
    ladder: {
      blue: { title: '蓝色督办单' },
      red: { title: '红色督办单', overdue: 0 },
      circular: { title: '通报', overdue: 20 },
      proposal: { title: '移交问责建议', by: 'inspector' },
    },
    accountability: {
      talk: { title: '谈话提醒', form: 'form-1' },
      warning: { title: '政务警告', form: 'form-2' },
    },
    ranks: { county: '县级', section: '科级' },
    retention: 10,
  },
  divisions: [
    { id: 'province', name: '省', level: 'province' },
    { id: 'north', name: '北市', level: 'city', parent: 'province' },
    { id: 'south', name: '南市', level: 'city', parent: 'province' },
    { id: 'hill', name: '山县', level: 'county', parent: 'north' },
    { id: 'lake', name: '湖县', level: 'county', parent: 'north' },
    { id: 'shore', name: '岸县', level: 'county', parent: 'south' },
  ],
  units: [
    { id: 'province-office', name: '省厅', division: 'province' },
    { id: 'north-office', name: '北市局', division: 'north', parent: 'province-office' },
    { id: 'south-office', name: '南市局', division: 'south', parent: 'province-office' },
    { id: 'hill-office', name: '山县局', division: 'hill', parent: 'north-office' },
    { id: 'hill-works', name: '山县工程队', division: 'hill', parent: 'hill-office' },
    { id: 'lake-office', name: '湖县局', division: 'lake', parent: 'north-office' },
    { id: 'shore-office', name: '岸县局', division: 'shore', parent: 'south-office' },
  ],
  persons: [
    person('gu', ['north-office', 'registrar']),
    person('qian', ['north-office', 'dispatcher']),
    person('tang', ['province-office', 'dispatcher']),
    person('meng', ['hill-office', 'dispatcher']),
    person('shi', ['shore-office', 'dispatcher']),
    person('li', ['hill-office', 'handler']),
    person('xu', ['hill-office', 'handler']),
    person('he', ['hill-works', 'handler']),
    person('duan', ['lake-office', 'handler']),
    person('wang', ['hill-office', 'reviewer']),
    person('song', ['hill-office', 'reviewer']),
    person('lin', ['hill-office', 'leader']),
    person('fu', ['north-office', 'reviewer']),
    person('zhao', ['north-office', 'verifier']),
    person('sun', ['north-office', 'verifier']),
    person('zhou', ['north-office', 'verifier']),
    person('wu', ['north-office', 'approver']),
    person('han', ['north-office', 'approver']),
    person('zheng', ['province-office', 'approver']),
    person('feng', ['province-office', 'approver']),
    person('chen', ['province-office', 'inspector']),
    person('dong', ['shore-office', 'inspector']),
    // They look after Hill County from above and hold a post in it besides.
    person('yang', ['north-office', 'verifier'], ['hill-office', 'auditor']),
    person('you', ['north-office', 'approver'], ['hill-works', 'leader']),
    person('yan', ['province-office', 'approver'], ['hill-office', 'leader']),
  ],
};

function person(id: string, ...posts: [string, Role][]) {
  return { id, name: id, appointments: posts.map(([unit, role]) => ({ unit, role })) };
}

/** The register of the province, in parts otherwise than usual. */
export function provinceWith(changes: Partial<Record<keyof typeof SEED, string | object>>): Register {
  return registerOf(validated(SeedFile, { ...SEED, ...changes }));
}

export const province = provinceWith({});

/** Somebody in a post, whether or not the register still says so. */
export const post = (who: string, unit: string, role: Role | Agent): Actor => ({
  person: who,
  unit,
  role,
  via: 'http',
});

export const registrarGu = post('gu', 'north-office', 'registrar');
export const dispatcherQian = post('qian', 'north-office', 'dispatcher');
export const dispatcherTang = post('tang', 'province-office', 'dispatcher');
export const dispatcherMeng = post('meng', 'hill-office', 'dispatcher');
export const dispatcherShi = post('shi', 'shore-office', 'dispatcher');
export const handlerLi = post('li', 'hill-office', 'handler');
export const handlerXu = post('xu', 'hill-office', 'handler');
export const handlerHe = post('he', 'hill-works', 'handler');
export const handlerDuan = post('duan', 'lake-office', 'handler');
export const reviewerWang = post('wang', 'hill-office', 'reviewer');
export const reviewerSong = post('song', 'hill-office', 'reviewer');
export const leaderLin = post('lin', 'hill-office', 'leader');
export const reviewerFu = post('fu', 'north-office', 'reviewer');
export const verifierZhao = post('zhao', 'north-office', 'verifier');
export const verifierSun = post('sun', 'north-office', 'verifier');
export const verifierZhou = post('zhou', 'north-office', 'verifier');
export const verifierYang = post('yang', 'north-office', 'verifier');
export const approverWu = post('wu', 'north-office', 'approver');
export const approverHan = post('han', 'north-office', 'approver');
export const approverYou = post('you', 'north-office', 'approver');
export const approverZheng = post('zheng', 'province-office', 'approver');
export const approverFeng = post('feng', 'province-office', 'approver');
export const approverYan = post('yan', 'province-office', 'approver');
export const inspectorChen = post('chen', 'province-office', 'inspector');
export const theClock = post('clock', 'province-office', 'clock');
export const inspectorDong = post('dong', 'shore-office', 'inspector');
