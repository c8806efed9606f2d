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
import { type AbsorbCase } from '../../../libs/contracts/merge.js';
import {
  absorbCase,
  mergeCase,
  otherSource,
  splitCase,
  splitItems,
  splitOpenItem,
  splitResidual,
} from '../split.js';
import { notUploaded, orphaned, withoutRoof, type WrongTurns } from './wrong-turn.js';

const instructedBefore = { past: [...until.rectifying, instructed] };
const parts = (change: object) =>
  amended(splitCase, { parts: splitCase.parts.map(({ ...part }) => ({ ...part, ...change })) });
const absorbing = (other: Partial<AbsorbCase>) => ({ command: amended(absorbCase, other) });
const fromSource = (code: string) => [amended(otherSource, { code })];
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
  StartFactCheck: { 'case/facts-established': { past: [registered, factCheckStarted, factsEstablished] } },
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
    'case/facts-unestablished': { past: [registered, factCheckStarted] },
  },
  AbsorbCase: {
    'case/facts-unestablished': absorbing({ sources: fromSource('PT') }),
    'case/merge-at-risk': { past: until.submitted },
    'case/merge-divisions': absorbing({ divisions: ['hill', 'lake'] }),
    'case/merge-due': absorbing({ sourceDueOn: '2026-10-16' }),
    'case/merge-items': absorbing({ items: ['house-9'] }),
    'case/merge-late': {
      ...{ past: until.submitted, ...absorbing({ atRisk: false, sources: fromSource('AU') }) },
    },
    'case/merge-lighter': absorbing({ severity: 'major' }),
    'case/merge-visibility': absorbing({ visibility: 'restricted' }),
    'case/no-desk': { facts: { register: orphaned('hill-office') } },
    'case/no-policy': { facts: { register: withoutRoof } },
  },
};
