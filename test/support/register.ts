import { type Register } from '../../libs/contracts/register.js';
import {
  AbolishUnit,
  AppointPerson,
  CloseBatch,
  CloseDivision,
  EndAppointment,
  EndDelegation,
  EndLeave,
  EnterPerson,
  GiveDelegation,
  MergeDivision,
  MoveDivision,
  MoveUnit,
  OpenBatch,
  OpenDivision,
  OpenUnit,
  PublishCalendar,
  PublishPolicy,
  RecordSource,
  RenameDivision,
  RenamePerson,
  RenameUnit,
  TakeLeave,
} from '../../libs/contracts/register-commands.js';
import {
  type PersonEvent,
  type RegisterEvent,
  type RegisterKind,
} from '../../libs/contracts/register-events.js';
import { Refusal, type RefusalCode } from '../../libs/contracts/refusal.js';
import { type Actor } from '../../libs/eventing/event.js';
import { decide } from '../../libs/eventing/handle.js';
import { validated } from '../../libs/platform/validated.js';
import { registerAt } from '../../libs/register/at.js';
import { rowOf } from '../../libs/register/commands.js';
import { type Docs, fold } from '../../libs/register/docs.js';
import { docsOf } from '../../libs/register/seed/seed.js';
import { SeedFile } from '../../libs/register/seed/seed-file.js';
import { codesOf, entries, type RegisterFacts } from '../../libs/register/table.js';
import { post, SEED } from './province.js';
import { TODAY } from './cases.js';

/** An event of a person as a file that is read at the start would have it. */
export type Said = Exclude<RegisterEvent, PersonEvent> | PersonEvent<string>;

/** What happened to entries, by stream. */
export type Happened = Readonly<Record<string, readonly Said[]>>;

/** The province as the seed file has it, and what happened since. */
export function docsAfter(happened: Happened = {}): Docs<string> {
  const docs = docsOf(validated(SeedFile, SEED));
  for (const [stream, events] of Object.entries(happened)) {
    const [kind, ...id] = stream.split('-') as [RegisterKind, ...string[]];
    const all = docs[kind] as Map<string, unknown>;
    const name = id.join('-');
    for (const event of events) {
      const after = fold(kind, all.get(name) as never, event, '2026-08-31T04:00:00.000Z');
      all.set(name, after);
    }
  }
  return docs;
}

export const provinceAt = (day: string, happened: Happened): Register =>
  registerAt(docsAfter(happened), day, SEED.zone);

export const systemAdmin = post('xi', 'province-office', 'system-admin');
export const securityAdmin = post('an', 'province-office', 'security-admin');

/** Given what happened, when somebody commands on an entry, then this is decided. */
export function when(
  body: object,
  kind: RegisterKind,
  id: string,
  by: Actor,
  happened: Happened = {},
  more: Pick<RegisterFacts, 'namesake'> = {},
) {
  const docs = docsAfter(happened);
  const doc = docs[kind].get(id);
  const ended = doc !== undefined && ['merged', 'abolished', 'closed'].some((end) => end in doc);
  const status = doc && (ended ? ('ended' as const) : ('open' as const));
  const row = rowOf(body);
  const facts = { now: `${TODAY}T04:00:00.000Z`, today: TODAY, id, docs, ...more };
  let outcome: readonly object[] | Refusal;
  try {
    const state = { ...entries.initial, status, doc };
    outcome = decide({ row, body, actor: by, seen: undefined }, state, facts);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (![...codesOf(row), 'input/invalid'].includes(error.code))
      throw new Error(`${body.constructor.name} refuses with ${error.code}, which its row does not say`);
    outcome = error;
  }
  return {
    outcome,
    /** As it would be stored. */
    events: outcome instanceof Refusal ? outcome.code : (JSON.parse(JSON.stringify(outcome)) as object[]),
    fields: outcome instanceof Refusal ? outcome.details.errors?.map(({ field }) => field) : undefined,
  };
}

export type Code = RefusalCode;

const from = '2026-09-01';
const until = '2026-12-31';

export const openDivision = validated(OpenDivision, { name: '新县', level: 'county', parent: 'north', from });
export const renameDivision = validated(RenameDivision, { name: '山市', level: 'city', from });
export const moveDivision = validated(MoveDivision, { parent: 'south', from });
export const mergeDivision = validated(MergeDivision, { into: 'lake', from });
export const closeDivision = validated(CloseDivision, { from });
export const openUnit = validated(OpenUnit, {
  ...{ name: '新局', division: 'hill', parent: 'north-office', from },
});
export const renameUnit = validated(RenameUnit, { name: '山县住建局', from });
export const moveUnit = validated(MoveUnit, { division: 'hill', parent: 'north-office', from });
export const abolishUnit = validated(AbolishUnit, { successor: 'hill-office', from });
/** Of nobody: its check digit is wrong. */
const NUMBER = '430102199003071234';
export const enterPerson = validated(EnterPerson, { name: '鲁', identityNumber: NUMBER, from });
export const renamePerson = validated(RenamePerson, { name: '鲁某', identityNumber: NUMBER, from });
export const appointPerson = validated(AppointPerson, {
  ...{ unit: 'hill-office', role: 'handler', from, until, acting: true },
});
export const endAppointment = validated(EndAppointment, { unit: 'hill-office', role: 'handler', from });
export const giveDelegation = validated(GiveDelegation, {
  ...{ to: 'xu', unit: 'hill-office', role: 'handler', from, until },
});
export const endDelegation = validated(EndDelegation, {
  ...{ to: 'xu', unit: 'hill-office', role: 'handler', from },
});
export const takeLeave = validated(TakeLeave, { from, until });
export const endLeave = validated(EndLeave, { from });
export const publishPolicy = validated(PublishPolicy, {
  id: 'rules@2',
  policy: { ...SEED.policy, extensions: 3 },
  from,
});
export const publishCalendar = validated(PublishCalendar, {
  id: 'national@2027',
  holidays: ['2027-01-01'],
  moved: ['2027-01-02'],
  until: '2027-12-31',
  divisions: [{ division: 'hill', holidays: ['2027-09-03'], moved: ['2027-09-04'] }],
  from,
});
export const recordSource = validated(RecordSource, {
  ...{ code: 'PC', number: '省检〔2026〕7号', issuer: '省检查组', date: '2026-08-20', lines: 31 },
  ...{ dueOn: '2026-12-31', recogniser: '省检查组', recogniserUnit: 'province-office' },
});
export const openBatch = validated(OpenBatch, { file: 'a'.repeat(64), rows: 7 });
export const closeBatch = validated(CloseBatch, {
  ...{ registered: 3, known: 2, refused: [{ reason: 'isIn', column: '严重程度', rows: [4, 6] }] },
});

/** One of each, every field filled. */
export const registerSamples: readonly object[] = [
  ...[openDivision, renameDivision, moveDivision, mergeDivision, closeDivision],
  ...[openUnit, renameUnit, moveUnit, abolishUnit],
  ...[enterPerson, renamePerson, appointPerson, endAppointment, giveDelegation, endDelegation],
  ...[takeLeave, endLeave, publishPolicy, publishCalendar, recordSource, openBatch, closeBatch],
];
