import 'reflect-metadata';
import { type Register } from '../../libs/contracts/register.js';
import { type Role } from '../../libs/contracts/roles.js';
import { type Actor } from '../../libs/eventing/event.js';
import { validated } from '../../libs/platform/validated.js';
import { registerOf } from '../../libs/register/seed.js';
import { SeedFile } from '../../libs/register/seed-file.js';

/**
 * A small province for the specs: two cities, three counties, and units whose rules differ from those of any
 * deployment. Hill County has a second unit, the works, below its office.
 */
export const SEED = {
  zone: 'Asia/Shanghai',
  numbers: { case: 'P{year}-{n}', letter: 'L{year}-{n}', closure: 'C{year}-{n}' },
  calendar: {
    id: 'national@2026',
    holidays: ['2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-07'],
    moved: ['2026-10-10'],
  },
  policy: {
    id: 'rules@1',
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
    completion: {
      immediate: { general: 30, serious: 20, major: 10 },
      phased: { general: 60, serious: 50, major: 40 },
      sustained: { general: 90, serious: 80, major: 70 },
    },
    returnDays: 3,
    returnGrounds: { 'not-competent': '非本单位职责', unclear: '要素不清' },
    extensions: 2,
    moneyMethods: { recovered: '追缴', pooled: '统筹盘活' },
    suspension: { most: 40, grounds: { weather: { title: '气候不宜施工', most: 30 } } },
    ladder: { blue: { title: '蓝色督办单' }, proposal: { title: '移交问责建议', by: 'inspector' } },
    routes: {
      general: [
        { step: 'review', by: 'lead' },
        { step: 'verify', by: 'above' },
      ],
      serious: [
        { step: 'review', by: 'lead' },
        { step: 'verify', by: 'above' },
        { step: 'approve', by: { level: 'province' } },
      ],
      major: [
        { step: 'review', by: 'lead' },
        { step: 'verify', by: 'above' },
        { step: 'approve', by: { level: 'province' } },
      ],
    },
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
export const post = (who: string, unit: string, role: Role): Actor => ({
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
export const inspectorDong = post('dong', 'shore-office', 'inspector');
