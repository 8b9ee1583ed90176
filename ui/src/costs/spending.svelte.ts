import type { BudgetState } from '../bindings/BudgetState';
import type { Spending } from '../bindings/Spending';
import type { SpentBy } from '../bindings/SpentBy';
import { dayIn } from '../days';
import type { Host } from '../host/host';
import { Latest } from '../latest';
import { message, midnight } from '../text';
import { begins, everyDay, type By, type Span } from './spans';

/** What the recordings came to, and how much of the budgets is used. */
export class SpendingView {
  span = $state<Span>('days');
  by = $state<By>('days');
  /** The figures, since when they are, and their days, by when they begin. */
  answer = $state.raw<{ spending: Spending; span: Span; days: readonly number[] }>();
  budget = $state.raw<BudgetState>();
  problem = $state<string>();
  readonly #answers: Latest<Span, void>;

  constructor(private readonly host: Host) {
    this.#answers = new Latest(
      async (span) => {
        const days = everyDay(begins(span, midnight()), midnight());
        const [spending, budget] = await Promise.all([host.spending(days), host.budgetState()]);
        [this.answer, this.budget] = [{ spending, span, days }, budget];
      },
      () => (this.problem = undefined),
      (error) => (this.problem = message(error)),
    );
  }

  /** The rows by what they are asked by, days without runs included. */
  get rows(): readonly SpentBy[] {
    if (!this.answer) return [];
    const { spending, days } = this.answer;
    if (this.by !== 'days') return spending[this.by];
    return spending.days.map((spent, at) => ({ key: dayIn(days[at] ?? 0), spent }));
  }

  look(span: Span): void {
    this.span = span;
    this.read();
  }

  read(): void {
    this.#answers.want(this.span);
  }
}
