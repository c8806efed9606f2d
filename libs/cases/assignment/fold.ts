import { type AssignmentEvent, type PartEvent } from '../../contracts/case-events.js';
import { bearers, type CaseState, type Part } from '../case-state.js';
import { EMPTY, fixedBy, type Fold, handedOn, less, NONE, plus, rectified } from '../folding.js';

function withPart({ parts }: CaseState, n: number, now: Partial<Part>): Pick<CaseState, 'parts'> {
  const found = parts.get(n);
  return { parts: found ? new Map([...parts, [n, { ...found, ...now }]]) : parts };
}

export const assignmentFold: Fold<AssignmentEvent | PartEvent> = {
  CaseAssigned: (state, { returnBy, final, circumstances = [], ...terms }, { unit }) => ({
    status: 'assigned',
    assigner: unit,
    ...{ returnBy, final, circumstances, stood: 0, ...fixedBy(terms) },
    ...handedOn(state, terms.leads, terms.coUnits),
  }),
  AssignmentDeemedAccepted: () => ({ status: 'rectifying', begun: false }),
  AssignmentAccepted: (state, _, actor) => ({
    status: 'rectifying',
    ...rectified(state, actor),
    begun: false,
  }),
  AssignmentReturned: (state) => ({ flags: plus(state.flags, 'returnPending'), returns: state.returns + 1 }),
  ReturnUpheld: ({ flags }) => ({
    status: 'registered',
    // With the case goes what its units had against it.
    flags: less(flags, 'returnPending', 'findingDisputed'),
    ...{ leads: [], coUnits: [], handler: undefined, route: [], closer: undefined, checklist: [] },
  }),
  ReturnRejected: ({ flags }) => ({ flags: less(flags, 'returnPending') }),
  FindingDisputed: ({ flags, receipts }, { files }) => ({
    flags: plus(flags, 'findingDisputed'),
    receipts: plus(receipts, ...files.map(({ receipt }) => receipt)),
  }),
  FindingUpheld: ({ flags }) => ({ flags: less(flags, 'findingDisputed'), findingRuled: true }),
  FindingAmended: (state, { taskText, amountFen, severity, householdCount, route, closer }) => ({
    flags: less(state.flags, 'findingDisputed'),
    findingRuled: true,
    registration: state.registration && {
      ...state.registration,
      ...(taskText !== undefined && { taskText }),
      ...(amountFen !== undefined && { amountFen }),
      ...(severity !== undefined && { severity }),
      ...(householdCount !== undefined && { householdCount }),
    },
    amountFen: amountFen ?? state.amountFen,
    severity: severity ?? state.severity,
    route: route ?? state.route,
    closer: closer ?? state.closer,
  }),
  CaseReassigned: (state, { leads, coUnits, dueOn, returnBy, disputeBy, route, closer }) => ({
    status: 'assigned',
    ...{ leads, coUnits, dueOn, returnBy, disputeBy, route, closer },
    ...(dueOn !== state.dueOn && { deadline: undefined }),
    // Their plan and their parts were those of the units before.
    handler: undefined,
    plan: 'none',
    parts: EMPTY,
    ...handedOn(state, leads, coUnits),
  }),
  CoUnitsChanged: (state, { coUnits, route, closer }) => ({
    ...{ coUnits, route, closer },
    ...handedOn(state, state.leads, coUnits),
  }),
  HandlerNamed: (_, { person }) => ({ handler: person }),
  PartAssigned: ({ parts, lastPart }, { part, unit, dueOn }) => ({
    begun: true,
    parts: new Map([
      ...parts,
      [part, { unit, dueOn, standing: 'assigned', submitters: parts.get(part)?.submitters ?? NONE }],
    ]),
    lastPart: Math.max(lastPart, part),
  }),
  PartAccepted: (state, { part }, actor) => ({
    ...withPart(state, part, { standing: 'accepted' }),
    ...rectified(state, actor),
  }),
  PartReturned: (state, { part }) => withPart(state, part, { standing: 'returned' }),
  PartSubmitted: (state, { part, files }, actor) => ({
    ...withPart(state, part, {
      standing: 'submitted',
      submitters: plus(state.parts.get(part)?.submitters ?? NONE, ...bearers(actor)),
    }),
    receipts: plus(state.receipts, ...files.map(({ receipt }) => receipt)),
    ...rectified(state, actor),
  }),
  PartPassed: (state, { part }) => withPart(state, part, { standing: 'passed' }),
  PartRejected: (state, { part }) => withPart(state, part, { standing: 'accepted' }),
};
