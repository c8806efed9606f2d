import { amended, type Occasion, raising, registered, reviewSuspension, until } from '../support/cases.js';
import { itemsListed } from '../support/intake.js';
import { recordCallback, recordLookBack } from '../support/afterwards.js';
import { dispatcherQian, post, registrarGu } from '../support/province.js';
import { occasionOf, sampleOf } from '../support/samples.js';
import { managerAtNorth, registerPartOfItems, splitItems, splitOpenItem } from '../support/split.js';

/** A command on an occasion of its own. */
export type Variant = Required<Occasion>;

/** Had no part in any case. */
const outsider = post('outsider', 'province-office', 'evaluator');
const closed = { past: until.closed, who: outsider };

/** Where what a command leads to depends on what it says: an occasion for each. */
const several: Readonly<Record<string, readonly Variant[]>> = {
  RecordCallback: [{ ...closed, command: recordCallback }],
  SplitCase: [{ past: [registered, itemsListed], who: registrarGu, command: splitItems }],
  SplitResidual: [{ past: [...until.rectifying, itemsListed], who: dispatcherQian, command: splitOpenItem }],
  RegisterPart: [{ past: [], who: managerAtNorth, command: registerPartOfItems }],
  ReviewSuspension: [true, false].map((holds) => ({
    ...{ past: raising.suspended, who: dispatcherQian },
    command: amended(reviewSuspension, { holds }),
  })),
  RecordLookBack: [
    { ...closed, command: amended(recordLookBack, { outcome: 'passed', reasons: undefined }) },
    { ...closed, command: recordLookBack },
  ],
};

/** The occasions of a command that lead to all that it can lead to. */
export const variants = (name: string): readonly Variant[] =>
  several[name] ?? [{ command: sampleOf({ name }), ...occasionOf({ name }) }];
