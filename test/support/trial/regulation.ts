import { bearers } from '../../../libs/cases/case-state.js';
import { type CaseEvent } from '../../../libs/contracts/case-events.js';
import { isAgent } from '../../../libs/contracts/roles.js';
import { hashOf } from '../../../libs/eventing/canonical.js';
import { type Recorded } from '../../../libs/eventing/event.js';
import { OF_LEAD } from './people.js';
import {
  type Act,
  barredIn,
  checklistOf,
  closerOf,
  excludedIn,
  isSentBack,
  holdersOf,
  meet,
  type Office,
  OFFICES,
  partakersIn,
  type Past,
  PASSING,
  personsOf,
  rectifiersIn,
  roundOf,
  routeOf,
  severityOf,
  since,
  standingOf,
  those,
  type Type,
  leadsIn,
} from './past.js';

/** An act, and what had happened before it. Nothing here looks at the state that the rules decide by. */
interface Given<T extends Type = Type> {
  past: Past;
  act: Act<T>;
  /** Whoever the act counts for. */
  who: ReadonlySet<string>;
}

/** What the regulation forbids: which acts, and when they are wrong. */
interface Rule {
  of: ReadonlySet<Type> | 'all';
  wrong: (given: Given) => boolean;
}

const rule = <T extends Type>(of: readonly T[], wrong: (given: Given<T>) => boolean): Rule => ({
  of: new Set<Type>(of),
  // It is asked of these acts only.
  wrong: wrong as never,
});

const LOOKING_AGAIN = ['LookBackPassed', 'LookBackFailed', 'ReopeningRefused'] as const;
const EXAMINING = Object.keys(OFFICES) as Type[];
const EXAMINING_OR_CLOSING: readonly Type[] = [...EXAMINING, 'CaseClosed'];
const RULING = ['ObjectionDismissed', 'ObjectionUpheld'] as const;
/** Whoever does it says what the submission is worth. */
const VOUCHING = [
  'ReviewPassed',
  'VerificationRecorded',
  'VerificationConfirmed',
  'ClosureApproved',
] as const;

const officeOf = ({ act }: Given): Office | 'close' => OFFICES[act.event.type] ?? 'close';
/** A case that was adopted as closed has no lead. */
const isOfLead = ({ past, who }: Pick<Given, 'past' | 'who'>): boolean =>
  past.some(({ event }) => 'leads' in event) && meet(who, new Set(OF_LEAD));
const acted = (office: Office, { past, who }: Given): boolean => meet(who, holdersOf(office, roundOf(past)));

/** In the words of whoever would complain. */
const RULES: Readonly<Record<string, Rule>> = {
  'somebody examined or closed what they had rectified': rule(EXAMINING_OR_CLOSING, ({ past, who }) =>
    meet(who, rectifiersIn(past)),
  ),
  'a reviewer took another office': rule(
    EXAMINING_OR_CLOSING,
    (given) => officeOf(given) !== 'review' && acted('review', given),
  ),
  'a verifier took another office': rule(
    EXAMINING_OR_CLOSING,
    (given) => officeOf(given) !== 'verify' && acted('verify', given),
  ),
  'an approver took another office': rule(
    EXAMINING,
    (given) => officeOf(given) !== 'approve' && acted('approve', given),
  ),
  'somebody examined who had passed a false rectification': rule(EXAMINING_OR_CLOSING, ({ past, who }) =>
    meet(who, barredIn(past)),
  ),
  'somebody of the lead examined it from above': rule(
    EXAMINING_OR_CLOSING,
    (given) =>
      isOfLead(given) && !(officeOf(given) === 'review' && given.act.meta.actor.unit === 'hill-office'),
  ),
  'both verifiers are one': rule(['VerificationConfirmed'], ({ past, who }) =>
    meet(who, personsOf(those(standingOf(past), 'VerificationRecorded'))),
  ),
  'a step was taken at another desk': rule(
    VOUCHING,
    ({ past, act }) =>
      routeOf(past).find(({ step }) => step === officeOf({ past, act, who: new Set() }))?.unit !==
      act.meta.actor.unit,
  ),
  'whoever passed it looked at other evidence': rule(
    [...VOUCHING, 'RectificationSubmitted', 'CaseClosed'],
    ({ past, act }) => act.event.evidence !== evidenceOf(roundOf(past)),
  ),
  'a major problem went on without its countersignature': rule(
    [...VOUCHING, 'PublicNoticeStarted', 'CaseClosed'],
    ({ past }) =>
      severityOf(past) === 'major' && those(standingOf(past), 'SubmissionCountersigned').length !== 1,
  ),
  'a part was open': rule(['RectificationSubmitted'], ({ past }) => openParts(past).size > 0),
  'an item was open': rule(['RectificationSubmitted'], ({ past }) => openItems(past).size > 0),
  'an item was lost in a split': rule(['CaseSplit'], ({ past }) => itemsIn(past).length > 0),
  'it was submitted while its finding was disputed': rule(
    ['RectificationSubmitted'],
    ({ past }) =>
      those(since(past, 'FindingUpheld', 'FindingAmended', 'ReturnUpheld', 'CaseReopened'), 'FindingDisputed')
        .length > 0,
  ),
  'it was submitted while its clock stood': rule(
    ['RectificationSubmitted'],
    ({ past }) => those(since(past, 'CaseResumed', 'CaseReopened'), 'CaseSuspended').length > 0,
  ),
  'an objection was ruled on by who had a part in it': rule(
    RULING,
    ({ past, who }) =>
      meet(who, rectifiersIn(past)) ||
      meet(who, barredIn(past)) ||
      (['review', 'verify', 'approve'] as const).some((office) =>
        meet(who, holdersOf(office, roundOf(past))),
      ),
  ),
  'a notice was cut short': rule(['PublicNoticeEnded'], ({ past, act }) => {
    const until = those(standingOf(past), 'PublicNoticeStarted').at(-1)?.event.until;
    return until === undefined || dayOf(act) <= until;
  }),
  'a rectifier took a step besides': rule(
    ['PublicNoticeStarted', 'DisciplinePositionStated', 'RecognitionRecorded'],
    ({ past, who }) => meet(who, rectifiersIn(past)),
  ),
  'a rectifier gave it up': rule(['CaseTerminated'], ({ past, who }) => meet(who, rectifiersIn(past))),
  'it was given up over a leader’s word': rule(
    ['CaseTerminated', 'CaseSplit', 'CaseMerged', 'CaseClosed'],
    ({ past }) => openInstructions(past).size > 0,
  ),
  'whoever answers for it decided on it from above': rule(
    [
      ...(['CaseClassified', 'CaseVoided', 'CaseMerged', 'CaseSplit', 'CaseTransferredOut'] as const),
      ...(['PersonExcluded', 'ExclusionLifted', 'SupervisionLifted', 'VisibilityChanged'] as const),
    ],
    ({ past, act, who }) => {
      const leads = leadsIn(past);
      return (
        leads.includes(act.meta.actor.unit) || (leads.includes('hill-office') && meet(who, new Set(OF_LEAD)))
      );
    },
  ),
  'somebody looked back at what they had a part in': rule(
    LOOKING_AGAIN,
    (given) => isOfLead(given) || meet(given.who, partakersIn(given.past)),
  ),
  'somebody asked after what they rectified': rule(
    ['CallbackRecorded'],
    (given) => isOfLead(given) || meet(given.who, rectifiersIn(given.past)),
  ),
  'somebody of the lead ruled on what the lead asked for': rule(
    ['DeadlineExtended', 'ExtensionRefused', 'FindingUpheld', 'FindingAmended'],
    (given) => isOfLead(given) && !('document' in given.act.event),
  ),
  'somebody passed their own part': rule(['PartPassed'], ({ past, act, who }) =>
    meet(
      who,
      personsOf(those(roundOf(past), 'PartSubmitted').filter(({ event }) => event.part === act.event.part)),
    ),
  ),
  'somebody acted to whom the case does not exist': {
    of: 'all',
    wrong: ({ past, act, who }) => !isAgent(act.meta.actor.role) && meet(who, excludedIn(past)),
  },

  'it was closed without a submission': rule(['CaseClosed'], ({ past }) => standingOf(past).length === 0),
  'it was closed without its whole route': rule(['CaseClosed'], ({ past }) => !isWholeRoute(past)),
  'it was closed elsewhere': rule(['CaseClosed'], ({ past, act }) => act.meta.actor.unit !== closerOf(past)),
  'it was closed against a hold, or over a silence': rule(
    ['CaseClosed'],
    ({ past }) => isAsked('discipline-position', past) && positionOf(past) !== 'no-objection',
  ),
  'it was closed over an objection': rule(
    ['CaseClosed'],
    ({ past }) => openObjections(standingOf(past)).size > 0,
  ),
  'it was closed without what is due at the closing': rule(['CaseClosed'], ({ past }) => {
    const filled = [...filesIn(roundOf(past)).values()].map(([slot]) => slot);
    const there = new Set([...filled, ...absentIn(roundOf(past))]);
    return checklistOf(past).some(({ id, due }) => due === 'closing' && !there.has(id));
  }),
  'it was closed over an absence that nobody accepted': rule(['CaseClosed'], ({ past }) => {
    const accepted = new Set(those(standingOf(past), 'AbsenceAccepted').map(({ event }) => event.slot));
    return [...absentIn(roundOf(past))].some((slot) => !accepted.has(slot));
  }),
};

/** What the regulation says of the log alone: everything that is wrong in it. */
export const wrongs = (log: Past): string[] => log.flatMap((act) => wrongsOf(act, log));

/** @param log with the act in it */
export function wrongsOf(act: Recorded<CaseEvent>, log: Past): string[] {
  const rules = Object.entries(RULES).filter(([, { of }]) => of === 'all' || of.has(act.event.type));
  const past = log.slice(0, act.revision);
  const given = { past, act: act as Act, who: new Set(bearers(act.meta.actor)) };
  return rules.flatMap(([sentence, { wrong }]) => (wrong(given) ? [sentence] : []));
}

const dayOf = ({ meta }: Pick<Act, 'meta'>): string =>
  new Date(Date.parse(meta.recordedAt) + 8 * 3_600_000).toISOString().slice(0, 10);

const isAsked = (step: string, past: Past): boolean => routeOf(past).some((one) => one.step === step);

/** Every step of the route was taken, and once, since the standing submission. */
function isWholeRoute(past: Past): boolean {
  const route = routeOf(past);
  const standing = standingOf(past);
  const types = route.flatMap(({ step }) => PASSING[step]);
  return route.length > 0 && types.every((type) => those(standing, type).length === 1);
}

const positionOf = (past: Past): string | undefined =>
  those(standingOf(past), 'DisciplinePositionStated').at(-1)?.event.position;

/** What was begun and not ended. */
function open<T>(
  past: Past,
  begins: (event: CaseEvent) => readonly T[],
  ends: (event: CaseEvent) => readonly T[],
): Set<T> {
  const found = new Set<T>();
  for (const { event } of past) {
    for (const one of begins(event)) found.add(one);
    for (const one of ends(event)) found.delete(one);
  }
  return found;
}

const openObjections = (past: Past) =>
  open(
    past,
    (event) => (event.type === 'ObjectionRaised' ? [event.objection] : []),
    (event) => (event.type === 'ObjectionDismissed' ? [event.objection] : []),
  );
const openInstructions = (past: Past) =>
  open(
    past,
    (event) => (event.type === 'InstructionRecorded' ? [event.instruction] : []),
    (event) => (event.type === 'AnswerAccepted' ? [event.instruction] : []),
  );
/** Of the leads and the round: other leads, and another round, give parts anew. */
const openParts = (past: Past) =>
  open(
    since(past, 'CaseReassigned', 'CaseReopened'),
    (event) => (event.type === 'PartAssigned' ? [event.part] : []),
    (event) => (event.type === 'PartPassed' ? [event.part] : []),
  );
const absentIn = (past: Past) =>
  open(
    past,
    (event) => (event.type === 'EvidenceDeclaredAbsent' ? [event.slot] : []),
    (event) => (event.type === 'EvidenceAttached' || event.type === 'EvidenceSupplied' ? [event.slot] : []),
  );

/** Those that were not dealt out to a part. */
function itemsIn(past: Past): string[] {
  const dealt = new Set(those(past, 'ItemsDealt').flatMap(({ event }) => event.items));
  const listed = those(past, 'ItemsListed').flatMap(({ event }) => event.items.map(({ id }) => id));
  return listed.filter((id) => !dealt.has(id));
}

/** Every round begins with all of them. */
function openItems(past: Past): Set<string> {
  const settled = those(roundOf(past), 'ItemRectified', 'ItemExcepted').map(({ event }) => event.item);
  return new Set(itemsIn(past).filter((id) => !settled.includes(id)));
}

/** Files that stand in the slots: which slot, which content. */
function filesIn(round: Past): Map<string, readonly [slot: string, sha256: string, item?: string]> {
  const files = new Map<string, readonly [string, string, string?]>();
  const supplied = new Set<string>();
  for (const act of round) {
    const { event } = act;
    if (event.type === 'EvidenceAttached' || event.type === 'EvidenceSupplied')
      files.set(event.file.receipt, [event.slot, event.file.sha256, event.item]);
    if (event.type === 'EvidenceSupplied') supplied.add(event.file.receipt);
    if (event.type === 'EvidenceWithdrawn') files.delete(event.receipt);
    if (isSentBack(act)) for (const receipt of supplied) files.delete(receipt);
    if (isSentBack(act)) supplied.clear();
    if (event.type !== 'VerificationFailed') continue;
    for (const [receipt, [, , item]] of files)
      if (item !== undefined && event.failed?.includes(item)) files.delete(receipt);
  }
  return files;
}

/** Hash of the files that stand in the slots. */
function evidenceOf(round: Past): string {
  const files = [...filesIn(round)].map(([receipt, [slot, sha256]]) => [slot, receipt, sha256] as const);
  // Slots and receipts have no character that would come before the separator.
  return hashOf(files.sort((a, b) => (a.join(' ') < b.join(' ') ? -1 : 1)));
}
