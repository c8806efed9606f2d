import { type CaseState, FLAGS } from '../../libs/cases/case-state.js';
import { noCase } from '../../libs/cases/state.js';
import { casePhases } from '../../libs/cases/commands.js';
import { type AnyCaseRow, codesOf, isInternal } from '../../libs/cases/table.js';
import { INPUT, LOG } from '../../libs/platform/http/openapi.js';
import { STEPS } from '../../libs/contracts/case-events.js';
import { type Catalogue, PHASES } from '../../libs/contracts/messages/catalogue.js';
import { type CommandName } from '../../libs/contracts/messages/command-name.js';
import { en } from '../../libs/contracts/messages/en.js';
import { zhCN } from '../../libs/contracts/messages/zh-CN.js';
import { Refusal, type RefusalCode } from '../../libs/contracts/refusal.js';
import { STATUSES, type Status } from '../../libs/contracts/status.js';
import { statusOf } from '../../libs/platform/http/problem.js';
import { by, given } from '../support/cases.js';
import { type Variant, variants } from './variants.js';

const statuses = Object.keys(STATUSES) as Status[];
const nameOf = ({ command }: AnyCaseRow): CommandName => command.name as CommandName;

type Simple = 'events' | 'flags' | 'roles' | 'statuses';

/** `待签收 assigned`, for each. */
const both = <P extends Simple>(part: P, names: readonly (keyof Catalogue[P])[]): string =>
  names.map((name) => `${String(zhCN[part][name])} \`${String(name)}\``).join('、') || '–';

const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(...head), row(...head.map(() => '---')), ...rows.map((cells) => row(...cells))].join('\n');

/** Units of a case that are called by what they do in it. */
const UNITS: Record<string, string> = {
  lead: '责任单位 the lead',
  'co-unit': '协办单位 a co-unit',
  finder: '登记单位 the unit that registered it',
  assigner: '交办单位 the unit that assigned it',
  closer: '销号单位 the unit that closes it',
  checker: '核查单位 a unit of the checkers',
  part: '分工单位 a unit with a part',
  instructed: '批示承办单位 the unit that carries the instruction out',
  instructing: '批示登记单位 the unit that gave the instruction',
  ...Object.fromEntries(
    STEPS.map((step) => [step, `${zhCN.steps[step]}单位 the unit of the step \`${step}\``]),
  ),
};

/** A case in which every desk is taken, each by a unit of that name. */
const TELLING: CaseState = {
  ...noCase,
  ...{ finder: 'finder', assigner: 'assigner', closer: 'closer', leads: ['lead'], coUnits: ['co-unit'] },
  checkerUnits: ['checker'],
  route: STEPS.map((step) => ({ step, level: '', unit: step })),
  parts: new Map([[1, { unit: 'part', standing: 'accepted' } as never]]),
  instructions: new Map([
    [1, { lead: 'instructed', by: 'instructing', standing: 'open', dueOn: '2026-10-01' }],
  ]),
};

const DESKS = {
  covering: '辖区覆盖该问题全部区划的单位 any unit whose division covers all of the case',
  outside:
    '辖区覆盖该问题全部区划的单位，责任单位除外 any unit whose division covers all of the case and that does not answer for it',
  above:
    '辖区覆盖该问题全部区划、不低于发现单位的单位，责任单位除外 any unit whose division covers all of the case, that does not answer for it and is not below the unit that found it',
} as const;

function deskOf(one: AnyCaseRow): string {
  if (isInternal(one)) return '仅由系统办理 the system only';
  if (typeof one.at === 'string') return DESKS[one.at];
  return one
    .at(TELLING)
    .map((unit) => UNITS[unit ?? ''] ?? `?${unit ?? ''}`)
    .join('、');
}

/** What a command leads to on its occasion, and on others where it depends on what it says. */
export function eventsOf({ past, who, command }: Variant): string[] {
  const { outcome } = given(...past).when(command, by(who));
  if (outcome instanceof Refusal) throw outcome;
  return outcome.map(({ type }) => type);
}

const codes = (all: readonly RefusalCode[]): string =>
  table(
    ['代码 code', 'HTTP', '中文', 'English'],
    all.map((code) => [`\`${code}\``, String(statusOf(code)), zhCN.refusals[code], en.refusals[code]]),
  );

function section(one: AnyCaseRow): string {
  const name = nameOf(one);
  const events = [...new Set(variants(name).flatMap(eventsOf))] as (keyof Catalogue['events'])[];
  return [
    `### ${zhCN.commands[name][0]} ${name}`,
    `${zhCN.commands[name][1]} ${en.commands[name][1]}`,
    [
      `- 岗位 roles: ${both('roles', one.roles)}`,
      `- 办理单位 desk: ${deskOf(one)}`,
      `- 状态 statuses: ${
        both(
          'statuses',
          one.in.filter((status) => status !== 'new'),
        ) || '–'
      }`,
      `- 不受影响的标记 flags that do not stop it: ${both(
        'flags',
        FLAGS.filter((flag) => one.flags?.includes(flag)),
      )}`,
      `- 事件 events: ${both('events', events)}`,
    ].join('\n'),
    codes(codesOf(one)),
  ].join('\n\n');
}

function matrix(rows: readonly AnyCaseRow[]): string {
  const marks = (one: AnyCaseRow): string[] =>
    (['new', ...statuses] as const).map((status) => (one.in.includes(status) ? '✓' : '–'));
  return table(
    ['办理事项 command', '未登记', ...statuses.map((status) => STATUSES[status])],
    rows.map((one) => [`${zhCN.commands[nameOf(one)][0]} \`${nameOf(one)}\``, ...marks(one)]),
  );
}

const heading = (phase: (typeof PHASES)[number]): string => `${zhCN.areas[phase][0]} ${en.areas[phase][0]}`;

const ANY = [
  'auth/missing',
  'auth/invalid',
  'auth/forbidden',
  'service/unavailable',
  'service/fault',
] as const;

/** The page of all commands on a case, made from their table. */
export function casePage(): string {
  return [
    '# 问题办理事项 Commands on a case',
    '本页由命令表生成。This page is made from the table of commands: `WRITE=1 npm test -- test/reference` writes it anew.',
    '## 状态矩阵 In which status',
    `✓ 可以办理 may happen; – 不能办理 is refused with \`case/status\`. 状态 statuses: ${both('statuses', statuses)}.`,
    ...PHASES.flatMap((phase) => [`### ${heading(phase)}`, matrix(casePhases[phase])]),
    '## 共同的拒绝 With what any command may be refused',
    codes([...INPUT, ...ANY, ...LOG]),
    ...PHASES.flatMap((phase) => [
      `## ${heading(phase)}`,
      `${zhCN.areas[phase][1]} ${en.areas[phase][1]}`,
      ...casePhases[phase].map(section),
    ]),
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n');
}
