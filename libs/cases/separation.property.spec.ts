import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  ASSIGNED,
  audited,
  type Beginning,
  BEGINNINGS,
  BEGUN,
  CLOSED,
  PROVED,
  REVIEWED,
  type Script,
  SUBMITTED,
  VERIFIED,
} from '../../test/support/trial/beginnings.js';
import { imbalances } from '../../test/support/trial/balance.js';
import {
  deciding,
  overlooking,
  unasked,
  unhindered,
  withoutPosts,
  anywhere,
  withoutScope,
  withoutWeights,
} from '../../test/support/trial/mutants.js';
import { wrongs, wrongsOf } from '../../test/support/trial/regulation.js';
import { run } from '../../test/support/trial/run.js';
import { told, tries, type Try } from '../../test/support/trial/tries.js';
import { caseEvents, type CaseEvent, type StepName } from '../contracts/case-events.js';
import { type Severity } from '../contracts/intake.js';
import { caseCommands } from './commands.js';
import { type AnyCaseRow } from './table.js';

const severities = fc.constantFrom<Severity>('general', 'serious', 'major');

const BEGINNING = Object.keys(BEGINNINGS) as Beginning[];
const beginnings = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Beginning>('nothing') },
  { weight: 1, arbitrary: fc.constantFrom(...BEGINNING) },
);
/** Each of them at least once, and nothing but what is told. */
const examples = BEGINNING.map((beginning): [Severity, Beginning, Try[]] => ['general', beginning, []]);

/** What no run can come to, and why. */
const UNSEEN: readonly CaseEvent['type'][] = [
  // No run lasts as many years.
  'RetentionEnded',
  // No calendar is published while it runs.
  'DeadlineMoved',
];

describe('whatever people try, whoever they are', () => {
  const seen = new Set<CaseEvent['type']>();
  const ofChance = new Map<CaseEvent['type'], number>();
  let runs = 0;

  function count(beginning: Beginning, types: ReadonlySet<CaseEvent['type']>): void {
    for (const type of types) seen.add(type);
    if (beginning !== 'nothing' || types.size === 0) return;
    runs++;
    for (const type of types) ofChance.set(type, (ofChance.get(type) ?? 0) + 1);
  }

  test('no case is closed but by its whole route, each step by other people, and all of it adds up', () => {
    fc.assert(
      fc.property(severities, beginnings, tries, (severity, beginning, all) => {
        const { log, state, faults } = run({
          rows: caseCommands,
          severity,
          tries: [...told(BEGINNINGS[beginning]), ...all],
        });
        count(beginning, new Set(log.map(({ event }) => event.type)));
        expect([...faults, ...wrongs(log), ...imbalances(log, state)]).toEqual([]);
      }),
      { numRuns: 1000, examples },
    );
  }, 240_000);

  test('and cases do get closed: a good part of the runs, some of them twice', () => {
    const share = (type: CaseEvent['type']) => (ofChance.get(type) ?? 0) / runs;
    expect(share('VerificationConfirmed')).toBeGreaterThan(0.2);
    expect(share('ClosureApproved')).toBeGreaterThan(0.05);
    // Some 0.17: of five hundred runs that begin with nothing a bound of 0.1 lies four standard deviations off.
    expect(share('CaseClosed')).toBeGreaterThan(0.1);
    expect(share('CaseReopened')).toBeGreaterThan(0.05);
  });

  test('and whatever can happen to a case does', () => {
    const all = Object.keys(caseEvents) as CaseEvent['type'][];
    expect(all.filter((type) => !seen.has(type))).toEqual(UNSEEN);
  });
});

/** A table that forgets something. */
interface Mutant {
  rows: readonly AnyCaseRow[];
  /** What happens first. */
  from?: Script;
  /** By which of its sentences the regulation must find it out; by any, where none is named. */
  by?: string;
  severity?: Severity;
}

const none: ReadonlySet<never> = new Set();
/** A step of the route that nobody needs to take, and a history in which nobody does. */
const skipping = (step: StepName, commands: readonly string[]): Mutant => ({
  rows: unhindered(
    'awaitingRecognition',
    overlooking(({ passed }) => ({ passed: new Set([...passed, step]) })),
  ),
  from: audited(CLOSED.filter((name) => name !== 'CloseCase' && !commands.includes(name))),
});

const MUTANTS: Readonly<Record<string, Mutant>> = {
  'that rectifiers do not examine': {
    by: 'somebody examined or closed what they had rectified',
    rows: overlooking(() => ({ rectifiers: none })),
    from: SUBMITTED,
  },
  'who reviewed': { rows: overlooking(() => ({ reviewers: none })), from: REVIEWED },
  'who verified': { rows: overlooking(() => ({ verifiers: none })), from: VERIFIED, severity: 'serious' },
  'who approved': {
    by: 'an approver took another office',
    rows: overlooking(() => ({ approvers: none })),
    from: VERIFIED,
    severity: 'serious',
  },
  'who is barred': { rows: overlooking(() => ({ barred: none })), from: [...CLOSED, 'ReopenCase'] },
  'who is of the lead': {
    by: 'somebody of the lead examined it from above',
    rows: withoutPosts,
    from: VERIFIED,
  },
  'who recorded': {
    by: 'both verifiers are one',
    rows: overlooking(() => ({ recordedBy: new Set(['nobody']) }), 'ConfirmVerification'),
    from: [...REVIEWED, 'RecordVerification'],
  },
  'everything that a reviewer may not': { rows: unasked('PassReview'), from: SUBMITTED },
  'everything that a verifier may not': { rows: unasked('RecordVerification'), from: REVIEWED },
  'everything that a second verifier may not': {
    by: 'both verifiers are one',
    rows: unasked('ConfirmVerification'),
    from: [...REVIEWED, 'RecordVerification'],
  },
  'everything that an approver may not': {
    rows: unasked('ApproveClosure'),
    from: VERIFIED,
    severity: 'serious',
  },
  'everything that a closer may not': { rows: unasked('CloseCase'), from: VERIFIED },
  'everything that an arbiter may not': {
    rows: unasked('DismissObjection'),
    from: [...VERIFIED, ['RaiseObjection', 2]],
  },
  'everything that who looks back may not': { rows: unasked('RecordLookBack'), from: CLOSED },
  'everything that who refuses a reopening may not': {
    rows: unasked('RefuseReopening'),
    from: [...CLOSED, ['RecordLookBack', 3]],
  },
  'everything that who calls back may not': { rows: unasked('RecordCallback'), from: CLOSED },
  'everything that who gives a case up may not': { rows: unasked('TerminateCase'), from: SUBMITTED },
  'everything that who extends a deadline may not': {
    rows: unasked('GrantExtension'),
    from: [...BEGUN, 'RequestExtension'],
  },
  'everything that who refuses more time may not': {
    rows: unasked('RefuseExtension'),
    from: [...BEGUN, 'RequestExtension'],
  },
  'everything that who rules on a finding may not': {
    rows: unasked('UpholdFinding'),
    from: [...ASSIGNED, 'DisputeFinding'],
  },
  'everything that who publishes a notice may not': {
    rows: unasked('StartPublicNotice'),
    from: [...VERIFIED, 'ApproveClosure'],
    severity: 'major',
  },
  'who passes a part': {
    rows: deciding('PassPart', ({ parts }) => ({
      parts: new Map([...parts].map(([n, part]) => [n, { ...part, submitters: none }])),
    })),
    from: [...BEGUN, ['AssignPart', 2], 'AcceptPart', 'SubmitPart'],
  },
  'whose case it is': { rows: anywhere, from: BEGUN },
  'who is excluded': { rows: withoutScope, from: [...BEGUN, 'ExcludePerson'] },
  'that parts are open': {
    rows: overlooking(() => ({ parts: new Map() })),
    from: [...PROVED, ['AssignPart', 2]],
  },
  'that items are open': { rows: overlooking(() => ({ items: new Map() })), from: [...PROVED, 'ListItems'] },
  'that items are to be dealt out': {
    by: 'an item was lost in a split',
    rows: deciding('SplitCase', () => ({ items: new Map() })),
    from: ['RegisterProblem', 'ListItems'],
  },
  'that an instruction is open': {
    rows: overlooking(() => ({ instructions: new Map() })),
    from: [...VERIFIED, 'RecordInstruction'],
  },
  'that a submission is countersigned': {
    rows: overlooking(() => ({ countersigned: true })),
    from: [...PROVED, 'SubmitRectification'],
    severity: 'major',
  },
  'that an objection is open': {
    rows: unhindered('objectionOpen'),
    from: [...VERIFIED, ['RaiseObjection', 2]],
  },
  'that a finding is disputed': { rows: unhindered('findingDisputed'), from: [...PROVED, 'DisputeFinding'] },
  'that the clock stands': { rows: unhindered('suspended'), from: [...PROVED, 'SuspendCase'] },
  'that a notice has its days': {
    by: 'a notice was cut short',
    rows: unasked('EndPublicNotice'),
    from: [...VERIFIED, 'ApproveClosure', 'StartPublicNotice'],
    severity: 'major',
  },
  'what is absent': {
    rows: overlooking(({ absent }) => ({ absenceAccepted: absent })),
    from: [...BEGUN, ['DeclareAbsent', 0], 'AttachEvidence', ...VERIFIED.slice(5)],
  },
  'what is due at the closing': {
    by: 'it was closed without what is due at the closing',
    rows: overlooking(() => ({ checklist: [] }), 'CloseCase'),
    from: audited(CLOSED.filter((name) => !['SupplyEvidence', 'CloseCase'].includes(name))),
  },
  'that parts weigh what the whole did': { rows: withoutWeights, from: ASSIGNED },
  'what was put right before': {
    rows: deciding('RecordMoney', () => ({ rectifiedFen: 0 })),
    from: [...BEGUN, ['RecordMoney', 2]],
  },
  'that somebody approves': skipping('approve', ['ApproveClosure']),
  'that there is a notice': skipping('public-notice', ['StartPublicNotice', 'EndPublicNotice']),
  'that discipline is asked': skipping('discipline-position', ['StateDisciplinePosition']),
  'that its source recognises it': skipping('recognition', ['RecordRecognition']),
};

type History = ReturnType<typeof run>['log'];

/** Whether the last thing that happened was wrong, in this respect or in any. */
function isWrong(log: History, by?: string): boolean {
  const last = log.at(-1);
  const found = last ? wrongsOf(last, log) : [];
  return by === undefined ? found.length > 0 : found.includes(by);
}

/** Whether something wrong can be brought about, by whatever a table allows that the real one does not. */
function isFoundOut({ rows, from = [], by, severity = 'general' }: Mutant, numRuns = 40): boolean {
  const goesWrong = fc.property(fc.nat(9), tries, (first, all) => {
    const { log, state } = run({
      ...{ rows, severity, sound: caseCommands },
      tries: [...told(from, first), ...all],
      until: ({ log: soFar }) => isWrong(soFar, by),
    });
    return !isWrong(log, by) && imbalances(log, state).length === 0;
  });
  return fc.check(goesWrong, { numRuns, seed: 3, endOnFailure: true }).failed;
}

describe('the property notices when this is forgotten:', () => {
  test.each(Object.entries(MUTANTS))('%s', (_, mutant) => {
    expect(isFoundOut(mutant)).toBe(true);
  });

  test('and, where nothing is forgotten, notices nothing', () => {
    const begins = [...new Set(Object.values(MUTANTS).map(({ from }) => from))];
    for (const from of begins)
      expect(isFoundOut({ rows: caseCommands, from, severity: 'major' }, 4)).toBe(false);
  });
});
