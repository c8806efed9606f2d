import { AnswerReferral, ReferClue, type ReferralEvent } from '../../contracts/referrals.js';
import { refuse } from '../../contracts/refusal.js';
import { type Register } from '../../contracts/register.js';
import { type DivisionId, type Uuid } from '../../contracts/values.js';
import { type Actor, type Recorded } from '../../eventing/event.js';
import { type Decided, type Facts, type Row } from '../../eventing/handle.js';
import { atWork } from '../table.js';

export interface ReferralState extends Decided {
  status: 'sent' | 'answered' | undefined;
  /** The case that it is about. */
  about: Uuid | undefined;
  divisions: readonly DivisionId[];
}

export const noReferral: ReferralState = {
  status: undefined,
  about: undefined,
  flags: new Set(),
  basis: -1,
  divisions: [],
};

export interface ReferralFacts extends Facts {
  register: Register;
  /** Divisions of the case that the clue is about; whoever does not see that case learns no facts. */
  divisions: readonly DivisionId[];
  number: string;
}

type ReferralRowOf<C extends object> = Row<ReferralState, C, ReferralEvent, ReferralFacts>;

export const referring: ReferralRowOf<ReferClue> = {
  command: ReferClue,
  roles: ['inspector'],
  in: ['new'],
  reach: atWork,
  may: (_, actor, { register, divisions }) => {
    if (!coversAll(divisions, actor, register)) refuse('case/role');
  },
  decide: ({ case: about, to, text, persons = [] }, _, { divisions, number }) => [
    { type: 'ClueReferred', number, case: about, divisions: [...divisions], to, text, persons },
  ],
};

export const answering: ReferralRowOf<AnswerReferral> = {
  command: AnswerReferral,
  roles: ['inspector'],
  in: ['sent', 'answered'],
  sees: ({ divisions }, actor, { register }) => {
    if (!coversAll(divisions, actor, register)) refuse('referral/unknown');
  },
  reach: atWork,
  may: ({ status }) => {
    if (status === 'answered') refuse('referral/answered');
  },
  decide: ({ outcome, document, remark }) => [{ type: 'ReferralAnswered', outcome, document, remark }],
};

/** A clue is read by inspectors of units that cover the whole case, as far as they see it. */
export function coversAll(divisions: readonly DivisionId[], { unit }: Actor, register: Register): boolean {
  const home = register.unit(unit)?.division;
  return home !== undefined && divisions.every((division) => register.covers(home, division));
}

export function evolveReferral(
  state: ReferralState,
  { event, revision }: Recorded<ReferralEvent>,
): ReferralState {
  const basis = revision;
  if (event.type === 'ReferralAnswered') return { ...state, basis, status: 'answered' };
  return { ...state, basis, status: 'sent', about: event.case, divisions: event.divisions };
}
