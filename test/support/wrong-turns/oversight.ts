import { changeVisibility, restricted } from '../afterwards.js';
import {
  acceptAnswer,
  amended,
  answerInstruction,
  answered,
  excluded,
  excludePerson,
  instructed,
  issueSupervision,
  rejectAnswer,
  supervised,
  until,
} from '../cases.js';
import { inspectorChen } from '../province.js';
import { type WrongTurns } from './wrong-turn.js';

const { rectifying } = until;
const unanswered = { past: [...rectifying, instructed] };
const another = { instruction: 2 };

export const oversightTurns: WrongTurns = {
  IssueSupervision: {
    'case/supervision-rung': { command: amended(issueSupervision, { rung: 'purple' }) },
    'case/supervision-standing': { past: [...rectifying, supervised] },
  },
  LiftSupervision: {
    'case/supervision-missing': { past: rectifying },
  },
  AnswerInstruction: {
    'case/instruction-answered': { past: [...rectifying, instructed, answered] },
    'case/instruction-unknown': { command: amended(answerInstruction, another) },
  },
  AcceptAnswer: {
    'case/instruction-unanswered': unanswered,
    'case/instruction-unknown': { command: amended(acceptAnswer, another) },
  },
  RejectAnswer: {
    'case/instruction-unanswered': unanswered,
    'case/instruction-unknown': { command: amended(rejectAnswer, another) },
  },
  ExcludePerson: {
    'case/exclude-above': { command: amended(excludePerson, { person: 'tang' }) },
    'case/exclude-oneself': { command: amended(excludePerson, { person: 'qian' }) },
    'case/excluded-already': { past: [...rectifying, excluded] },
  },
  LiftExclusion: {
    'case/not-excluded': { past: rectifying },
  },
  ChangeVisibility: {
    'case/visibility-same': {
      past: [...rectifying, restricted],
      who: inspectorChen,
      command: amended(changeVisibility, { to: 'restricted' }),
    },
  },
};
