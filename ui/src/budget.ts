import type { CommandError } from './bindings/CommandError';
import type { OverBudget } from './bindings/OverBudget';

/** What stands in the place of a reply that the person did not pay for. */
export const LEFT = 'Left unsent, and nothing was paid.';

/** The budgets that a call could pass, if that is why it was refused. */
export function overBudget(error: unknown): OverBudget | undefined {
  const { code, over } = (error ?? {}) as Partial<CommandError>;
  return code === 'over_budget' ? (over ?? undefined) : undefined;
}
