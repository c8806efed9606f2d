import {
  amended,
  assigned,
  assignedSerious,
  did,
  instructed,
  registered,
  registeredSerious,
  registerProblem,
  registration,
  reopened,
  returned,
  returnUpheld,
  until,
} from '../cases.js';
import {
  adoptCase,
  classifyCase,
  correctRegistration,
  establishFacts,
  factCheckStarted,
  factsEstablished,
  itemsListed,
} from '../intake.js';
import { dispatcherQian, registrarGu, verifierSun } from '../province.js';
import { absorbCase, mergeCase, splitCase, splitItems, splitOpenItem, splitResidual } from '../split.js';
import { notUploaded, orphaned, type WrongTurns } from './wrong-turn.js';

const instructedBefore = { past: [...until.rectifying, instructed] };
const parts = (change: object) =>
  amended(splitCase, { parts: splitCase.parts.map(({ ...part }) => ({ ...part, ...change })) });
const asItIs = { categories: ['roof'], severity: 'general' as const };

export const intakeTurns: WrongTurns = {
  RegisterProblem: {
    'case/state-secret': { command: amended(registerProblem, { secret: true }) },
  },
  AdoptCase: {
    'case/state-secret': { command: amended(adoptCase, { secret: true }) },
  },
  CorrectRegistration: {
    'case/nothing-to-correct': { command: amended(correctRegistration, { to: registration.foundBy }) },
    'case/state-secret': { command: amended(correctRegistration, { to: '机密★省检查组' }) },
  },
  ClassifyCase: {
    'case/class-lowered': {
      past: [registeredSerious, assignedSerious],
      command: amended(classifyCase, { severity: 'general' }),
    },
    'case/no-desk': { past: until.assigned, facts: { register: orphaned('hill-office') } },
    'case/nothing-to-classify': { command: amended(classifyCase, asItIs) },
  },
  VoidCase: {
    'case/closed-before': { past: [...until.closed, reopened], who: dispatcherQian },
    'case/instruction-open': { ...instructedBefore, who: dispatcherQian },
  },
  EstablishFacts: {
    'case/facts-established': { past: [registered, factCheckStarted, factsEstablished] },
    'case/not-checker': { who: verifierSun },
    'case/receipt-unknown': notUploaded,
    'case/receipt-used': {
      past: [
        ...[registered, factCheckStarted, factsEstablished],
        ...[assigned, returned, returnUpheld, factCheckStarted],
      ],
    },
    'case/state-secret': { command: amended(establishFacts, { findings: '见秘密★文件' }) },
  },
  SplitCase: {
    'case/weights-unequal': { command: parts({ weight: 400 }) },
    'case/amounts-unequal': { command: parts({ amountFen: 400 }) },
    'case/instruction-open': instructedBefore,
    'case/item-unknown': { command: splitItems },
    'case/items-undealt': { past: [registered, itemsListed] },
  },
  SplitResidual: {
    'case/residual-whole': { command: amended(splitResidual, { amountFen: 1_250_000 }) },
    'case/money-none': {
      past: [did(registrarGu, { ...registration, amountFen: undefined }), ...until.rectifying.slice(1)],
    },
    'case/money-over': { command: amended(splitResidual, { amountFen: 1_250_001 }) },
    'case/item-unknown': { command: splitOpenItem },
  },
  MergeCase: {
    'case/target-unknown': {
      command: amended(mergeCase, { into: '00000000-0000-4000-8000-0000000000b2' }),
    },
    'case/instruction-open': instructedBefore,
  },
  AbsorbCase: {
    'case/merge-at-risk': { past: until.submitted },
    'case/merge-lighter': { command: amended(absorbCase, { severity: 'major' }) },
  },
};
