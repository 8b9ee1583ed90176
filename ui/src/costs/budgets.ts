import type { Budget } from '../bindings/Budget';
import type { BudgetState } from '../bindings/BudgetState';
import type { Dollars } from '../bindings/Dollars';
import type { PassedBudget } from '../bindings/PassedBudget';
import type { OverBudget } from '../bindings/OverBudget';
import { amount, bound as atMost, count, plural } from '../text';

type Which = keyof Budget;

export const BUDGETS: readonly { id: Which; name: string; says: string }[] = [
  { id: 'run', name: 'For a run', says: 'What one Send may cost at most.' },
  { id: 'day', name: 'For a day', says: 'All runs since midnight.' },
  { id: 'month', name: 'For a month', says: 'All runs since the first of the month.' },
];

/** An amount as it is typed; null for an empty field, a sentence for what is no amount. */
export function amountOf(text: string): Dollars | null | { problem: string } {
  const plain = text.trim().replace(/^\$/, '');
  if (plain === '') return null;
  if (/^\d{1,9}(\.\d{1,12})?$/.test(plain)) return plain;
  return { problem: 'Write an amount in dollars such as 2.50, or nothing for no budget.' };
}

/** How much of a budget is used: what is known of it, and what runs under way may add. */
export interface Used {
  spent: Dollars;
  inFlight: Dollars;
  /** How many calls of that time cost something that nobody knows. */
  unknown: number;
}

/** How much of the budget of a day or a month is used; a run's is used by each anew. */
export function usedOf(which: Which, state: BudgetState | undefined): Used | undefined {
  if (which === 'run' || !state) return undefined;
  const { cost, unknown } = state[which];
  return { spent: cost, inFlight: state.in_flight, unknown };
}

const TIMES = { run: 'a run', day: 'today', month: 'this month' } as const;

/** What is to be decided, in sentences: what the run may cost, and which budgets it could pass. */
export function question({ runs, bound, passed }: OverBudget): string[] {
  const these = runs > 1 ? `these ${count(runs)} runs together` : 'this run';
  const first =
    bound === null
      ? `Nobody knows what ${these} may cost at most.`
      : `${these.charAt(0).toUpperCase()}${these.slice(1)} may cost up to ${atMost(bound)}.`;
  return [first, ...passed.map(budgetSays)];
}

function budgetSays({ which, limit, spent, in_flight, unknown }: PassedBudget): string {
  if (which === 'run') return `Your budget for a run is ${amount(limit)}.`;
  const also = [
    Number(in_flight) > 0 ? `runs under way may take up to ${atMost(in_flight)}` : '',
    unknown > 0 ? `what ${plural(unknown, 'call')} cost is unknown` : '',
  ].filter(Boolean);
  const more = also.length > 0 ? `, ${also.join(', ')}` : '';
  return `Your budget for ${TIMES[which]} is ${amount(limit)}, of which ${amount(spent)} is spent${more}.`;
}
