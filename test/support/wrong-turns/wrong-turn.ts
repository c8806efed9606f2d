import { type RefusalCode } from '../../../libs/contracts/refusal.js';
import { type Register } from '../../../libs/contracts/register.js';
import { type Actor } from '../../../libs/eventing/event.js';
import { classified } from '../intake.js';
import { amended, did, type Otherwise, type PastEvent, shortcoming } from '../cases.js';
import { dispatcherQian, provinceWith, SEED } from '../province.js';

/** In what it differs from the command's occasion, so that it is refused. */
export interface WrongTurn {
  past?: readonly PastEvent[];
  who?: Actor;
  command?: object;
  /** As `by` takes it. */
  facts?: Otherwise;
}

/** Of one command, by the code with which it is refused. */
export type Turns = { readonly [C in RefusalCode]?: WrongTurn };

/** By the name of the command. */
export type WrongTurns = Readonly<Record<string, Turns>>;

/** None of the files is this person's for this case. */
export const notUploaded: WrongTurn = { facts: { uploads: [] } };

/** A shortcoming of what the checklist does not ask for. */
export const nowhere = [amended(shortcoming, { slot: 'nowhere' })];

/** The class was raised; the principal has not answered for it. */
export const raised = did(dispatcherQian, {
  ...classified.event,
  severity: 'major',
} as typeof classified.event);

/** The province, where no unit stands above this one. */
export const orphaned = (id: string): Register =>
  provinceWith({ units: SEED.units.map((unit) => (unit.id === id ? { ...unit, parent: undefined } : unit)) });

/** The province, where nothing is said of leaking roofs. */
export const withoutRoof = provinceWith({
  policy: { ...SEED.policy, categories: { money: SEED.policy.categories.money } },
});

/** The province, where some grounds are named only to say that they are none. */
export const withFalseGrounds = provinceWith({
  policy: {
    ...SEED.policy,
    refusedReturnGrounds: { 'no-money': '缺资金（走延期）' },
    suspension: { ...SEED.policy.suspension, refused: { 'own-funds': '本级资金不足' } },
  },
});
