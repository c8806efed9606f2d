import { type CaseState, weightOf } from '../../../libs/cases/case-state.js';
import { type CaseEvent, type Child } from '../../../libs/contracts/case-events.js';
import { type Past } from './past.js';

/** What a case is worth, and what of its money was put right, as its history alone tells it. */
interface Books {
  weight: number;
  amount: number | undefined;
  rectified: number;
}

/** Whatever does not add up in a history, and at its end in the state. */
export function imbalances(log: Past, state: CaseState): string[] {
  const found: string[] = [];
  let books: Books = { weight: 0, amount: undefined, rectified: 0 };
  for (const { event } of log) {
    found.push(...lost(event, books));
    books = after(event, books);
    if (books.rectified < 0) found.push(`more was taken back than was put right: ${event.type}`);
    if (books.rectified > (books.amount ?? 0))
      found.push(`more was put right than was in question: ${event.type}`);
  }
  const told = [weightOf(state), state.amountFen, state.rectifiedFen];
  const kept = [books.weight, books.amount, books.rectified];
  return told.every((one, n) => one === kept[n]) ? found : [...found, `${told.join()} is not ${kept.join()}`];
}

const sum = (children: readonly Child[], of: 'weight' | 'amountFen'): number =>
  children.reduce((total, child) => total + (child[of] ?? 0), 0);

/** Weight and money are moved, never made or lost; what is left of the money is told as it is. */
function lost(event: CaseEvent, { weight, amount = 0, rectified }: Books): string[] {
  switch (event.type) {
    case 'CaseSplit': {
      const whole = sum(event.children, 'weight') === weight;
      return whole && sum(event.children, 'amountFen') === amount - rectified
        ? []
        : ['a split does not add up'];
    }
    case 'ResidualSplit': {
      const { child } = event;
      const within = child.weight > 0 && child.weight < weight;
      return within && (child.amountFen ?? 0) <= amount - rectified
        ? []
        : ['more was split off than there was'];
    }
    case 'MoneyRectified':
      return event.remainingFen === amount - rectified - event.fen && event.remainingFen >= 0
        ? []
        : ['what remains is told wrongly'];
    default:
      return [];
  }
}

function after(event: CaseEvent, books: Books): Books {
  const { weight, amount, rectified } = books;
  switch (event.type) {
    case 'ProblemRegistered':
    case 'CaseAdopted':
      return { weight: event.weight, amount: event.amountFen, rectified: 0 };
    case 'FindingAmended':
      return { ...books, amount: event.amountFen ?? amount };
    case 'AmountAdjusted':
      return { ...books, amount: event.amountFen };
    case 'MoneyRectified':
      return { ...books, rectified: rectified + event.fen };
    case 'CaseSplit':
      return { ...books, weight: 0, amount: amount === undefined ? undefined : rectified };
    case 'ResidualSplit':
      return {
        ...books,
        weight: weight - event.child.weight,
        amount: amount === undefined ? undefined : amount - (event.child.amountFen ?? 0),
      };
    default:
      return books;
  }
}
