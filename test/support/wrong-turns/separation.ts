import { SEPARATED } from '../../../libs/cases/separation.js';
import { type AnyCaseRow } from '../../../libs/cases/table.js';
import {
  accepted,
  closureRejected,
  did,
  failed,
  type Occasion,
  type PastEvent,
  reviewRejected,
} from '../cases.js';
import { escalated } from '../examination.js';
import { absorbing, managerAtNorth } from '../split.js';
import { type Turns, type WrongTurn } from './wrong-turn.js';

type Office = keyof typeof SEPARATED;
type Code = (typeof SEPARATED)[Office][number];
type Limit = Code extends `case/${Office}-${infer L}` ? L : never;

const absorbedWithLimits = did(managerAtNorth, {
  ...{ ...absorbing, atRisk: false },
  limits: { rectifiers: [], barred: ['zhou'], excluded: [] },
});

/** For each limit: who may not hold an office, though at its desk, and what they did earlier in the round. */
const unfit: { readonly [L in Limit]: { person: string; did?: PastEvent } } = {
  rectified: { person: 'li' },
  reviewed: { person: 'wang', did: reviewRejected },
  verified: { person: 'zhao', did: failed },
  approved: { person: 'wu', did: closureRejected },
  barred: { person: 'zhou', did: absorbedWithLimits },
  'of-lead': { person: 'yang' },
};

/** Where the case came to be rectified, something happened before everything else. */
function earlier(past: readonly PastEvent[], happened: PastEvent): PastEvent[] {
  return past.flatMap((one) => (one === accepted ? [one, happened] : [one]));
}

function turn(office: Office, limit: Limit, { past, who }: Occasion): WrongTurn {
  const { person, did: happened } = unfit[limit];
  // The lead unit's own people review; those of a lead are only kept from a review that is above it.
  if (office === 'reviewer' && limit === 'of-lead')
    return { past: earlier(past, escalated), who: { ...who, person, unit: 'north-office' } };
  return { past: happened ? earlier(past, happened) : past, who: { ...who, person } };
}

/** Of a row that names an office: everybody whom the separation of duties keeps from it. */
export function separated({ refuses = [] }: AnyCaseRow, occasion: Occasion): Turns {
  const offices = Object.keys(SEPARATED) as Office[];
  return Object.fromEntries(
    offices.flatMap((office) =>
      SEPARATED[office]
        .filter((code) => refuses.includes(code))
        .map((code) => [code, turn(office, code.slice(`case/${office}-`.length) as Limit, occasion)]),
    ),
  );
}
