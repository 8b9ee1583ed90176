import type { KeptComparison } from '../bindings/KeptComparison';
import type { Plan } from '../bindings/Plan';
import type { Round } from '../bindings/Round';
import type { RunEvent } from '../bindings/RunEvent';
import type { TallyRow } from '../bindings/TallyRow';

/** Comparisons as the fake host keeps them: a test tells what comes of each run. */
export class FakeComparisons {
  readonly rounds: Round[] = [];
  readonly plans = new Map<string, Plan>();
  readonly pictures: string[] = [];
  /** What `open` answers. */
  kept: KeptComparison | undefined;
  readonly #tells = new Map<string, (events: RunEvent[]) => void>();

  take(round: Round, onEvents: readonly ((events: RunEvent[]) => void)[]): void {
    this.rounds.push(round);
    this.plans.set(round.comparison, round.plan);
    round.runs.forEach(({ id }, at) => this.#tells.set(id, onEvents[at] ?? (() => undefined)));
  }

  /** Has events of a run arrive. */
  tell(id: string, events: RunEvent[]): void {
    this.#tells.get(id)?.(events);
  }

  open(id: string): Promise<KeptComparison> {
    if (!this.kept) throw new Error(`There is no comparison ${id} any more.`);
    return Promise.resolve(this.kept);
  }

  tally(): TallyRow[] {
    const models = new Map<string, TallyRow>();
    for (const { votes, columns } of this.plans.values()) {
      for (const { best, among } of votes) {
        for (const at of among) {
          const { provider = '', model = '' } = columns[at]?.target ?? {};
          const row = models.get(model) ?? { provider, model, won: 0, tied: 0, lost: 0 };
          row[best === null ? 'tied' : best === at ? 'won' : 'lost']++;
          models.set(model, row);
        }
      }
    }
    return [...models.values()].sort((one, other) => other.won - one.won);
  }

  forget(): void {
    for (const [id, plan] of this.plans) this.plans.set(id, { ...plan, votes: [] });
  }
}
