import {
  ApprovePlan,
  CorrectProgress,
  RecordInterimSafety,
  RejectPlan,
  ReportProgress,
  SubmitPlan,
} from '../../contracts/rectification.js';
import { invalid, refuse } from '../../contracts/refusal.js';
import { SEPARATED, separate } from '../separation.js';
import { EXAMINED } from '../examination/guards.js';
import { deskOf, type CaseState, FLAGS } from '../case-state.js';
import { phase } from '../table.js';
import { responsible } from '../posts.js';

export const progress = phase({
  submitPlan: {
    command: SubmitPlan,
    roles: ['handler'],
    at: ({ leads }) => leads,
    in: ['rectifying'],
    flags: ['findingDisputed', 'extensionPending', 'atRisk'],
    decide: ({ measures, doneStandard, stages, fundsFen }, { dueOn }, { today }) => {
      let last = today;
      stages.forEach(({ until }, n) => {
        const field = `stages.${n}.until`;
        if (until < last) invalid(field, 'in-order', `${field} lies before today or the stage before`);
        last = until;
      });
      if (last > dueOn)
        invalid(`stages.${stages.length - 1}.until`, 'in-time', 'the plan ends after the due day');
      return [{ type: 'PlanSubmitted', measures, doneStandard, stages, fundsFen }];
    },
  },
  approvePlan: {
    command: ApprovePlan,
    refuses: [...SEPARATED.reviewer, 'case/plan-missing'],
    roles: ['reviewer'],
    at: (state) => [deskOf(state, 'review')],
    in: ['rectifying'],
    flags: ['findingDisputed', 'extensionPending'],
    may: (state, actor, facts) => {
      separate('reviewer', state, actor, facts);
      planIsSubmitted(state);
    },
    decide: ({ opinion }) => [{ type: 'PlanApproved', opinion }],
  },
  rejectPlan: {
    command: RejectPlan,
    refuses: [...SEPARATED.reviewer, 'case/plan-missing'],
    roles: ['reviewer'],
    at: (state) => [deskOf(state, 'review')],
    in: ['rectifying'],
    flags: ['findingDisputed', 'extensionPending', 'atRisk'],
    may: (state, actor, facts) => {
      separate('reviewer', state, actor, facts);
      planIsSubmitted(state);
    },
    decide: ({ reason }) => [{ type: 'PlanRejected', reason }],
  },
  report: {
    command: ReportProgress,
    roles: ['handler'],
    at: responsible,
    in: ['rectifying', 'sustaining'],
    flags: ['findingDisputed', 'extensionPending', 'suspended', 'atRisk'],
    decide: ({ text, pending }, { reports }) => [
      { type: 'ProgressReported', report: reports + 1, text, pending },
    ],
  },
  correct: {
    command: CorrectProgress,
    refuses: ['case/report-unknown'],
    roles: ['handler'],
    at: responsible,
    in: ['rectifying', 'sustaining'],
    flags: ['findingDisputed', 'extensionPending', 'suspended', 'atRisk'],
    decide: ({ report, text, reason }, { reports }) => {
      if (report > reports) refuse('case/report-unknown');
      return [{ type: 'ProgressCorrected', report, text, reason }];
    },
  },
  interimSafety: {
    command: RecordInterimSafety,
    refuses: ['case/nobody-at-risk'],
    roles: ['handler'],
    at: responsible,
    // People come first: neither a return that waits nor a clock that stands keeps it from being recorded.
    in: ['assigned', 'rectifying', 'sustaining', ...EXAMINED],
    flags: FLAGS,
    may: ({ flags }) => {
      if (!flags.has('atRisk')) refuse('case/nobody-at-risk');
    },
    decide: ({ measures, persons, doneOn }, _, { today }) => {
      if (doneOn > today) invalid('doneOn', 'not-ahead', 'doneOn lies ahead');
      return [{ type: 'InterimSafetyRecorded', measures, persons, doneOn }];
    },
  },
});

function planIsSubmitted({ plan }: CaseState): void {
  if (plan !== 'submitted') refuse('case/plan-missing');
}
