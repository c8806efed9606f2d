import { type CaseEvent } from '../../contracts/case-events.js';
import { type AbsorbCase } from '../../contracts/merge.js';
import { refuse } from '../../contracts/refusal.js';
import { checklistFor, closerOf, completionFor, raised, routeFor } from '../duty.js';
import { isLower } from './corrections.js';
import { factsAreEstablished } from './facts.js';
import { type CaseState, partUnits } from '../case-state.js';
import { earlier } from './fold.js';
import { type CaseFacts } from '../table.js';

/** Whose people at risk are still going to be brought to safety, and whose evidence gathered, in the ordinary way. */
const UNSUBMITTED: readonly string[] = ['registered', 'checking', 'assigned', 'rectifying'];

/** A problem is no way for another to lose its examiners, its watchers or a part of itself. */
export function isNoLess(other: AbsorbCase, state: CaseState, { register }: CaseFacts): void {
  const { severity, categories, amountFen = 0, visibility, divisions, items, atRisk } = other;
  if (atRisk && (!isUnsubmitted(state) || state.flags.has('suspended'))) refuse('case/merge-at-risk');
  const known = new Set(state.categories);
  if (
    isLower(state.severity, severity) ||
    categories.some((category) => !known.has(category)) ||
    amountFen > (state.amountFen ?? 0)
  )
    refuse('case/merge-lighter');
  if (visibility !== state.visibility) refuse('case/merge-visibility');
  const lies = (inner: string): boolean => state.divisions.some((outer) => register.covers(outer, inner));
  if (!divisions.every(lies)) refuse('case/merge-divisions');
  if (items.some((id) => !state.items.has(id))) refuse('case/merge-items');
}

type TakenUp = Pick<Extract<CaseEvent, { type: 'CaseAbsorbed' }>, 'route' | 'closer' | 'checklist'>;

/** What an assigned case comes to for the round: what was asked of the one is asked of the other. */
export function takenUp(other: AbsorbCase, state: CaseState, facts: CaseFacts): TakenUp {
  const { leads, coUnits, closer, assigner = closer } = state;
  if (leads.length === 0 || assigner === undefined) return {};
  const both = {
    ...state,
    sources: [...state.sources, ...other.sources],
    sourceDueOn: earlier(state.sourceDueOn, other.sourceDueOn),
  };
  factsAreEstablished(both, facts);
  if (dueOf(both, facts) < dueOf(state, facts)) refuse('case/merge-due');
  const wanted = routeFor(both, leads, [...coUnits, ...partUnits(state)], facts);
  const route = raised(state.route, wanted, facts.register);
  const standing = new Set(state.checklist.map(({ id }) => id));
  const slots = checklistFor(both, facts).filter(({ id }) => !standing.has(id));
  const isMore = route.some((step) => !state.route.includes(step));
  if ((isMore || slots.length > 0) && !isUnsubmitted(state)) refuse('case/merge-late');
  return {
    ...(isMore && { route, closer: closerOf(route, assigner) }),
    ...(slots.length > 0 && { checklist: [...state.checklist, ...slots] }),
  };
}

const isUnsubmitted = ({ status }: CaseState): boolean => UNSUBMITTED.some((one) => one === status);

/** Until when it would have been due, had it been assigned as it stands now. */
function dueOf(state: CaseState, facts: CaseFacts): string {
  return completionFor(state, { ...facts, today: state.assignedOn ?? facts.today }, undefined).dueOn;
}
