import type { Elsewhere } from '../bindings/Elsewhere';
import type { ModelBill } from '../bindings/ModelBill';
import type { Summary } from '../bindings/Summary';
import type { Target } from '../bindings/Target';
import type { Usage } from '../bindings/Usage';
import { utcDay } from '../days';
import type { Host } from '../host/host';
import { Latest } from '../latest';
import { EVERY_RUN } from '../runs.svelte';
import { isPractice } from '../targets';
import { message } from '../text';

/** A call that was made: what it used, on which model, and when. */
export interface Call {
  id: string;
  name: string;
  model: string;
  /** Where it went. */
  target: Target;
  /** Whether it was a call to Practice, which costs nothing. */
  isFree: boolean;
  usage: Usage;
  /** Milliseconds since 1970. */
  at: number;
}

/** So many runs are offered. */
const RECENT = 30;

interface Question {
  call: Call;
  others: string[] | null;
  day: string | null;
}

/** One run, priced on other models. */
export class OtherPlaces {
  runs = $state.raw<readonly Call[]>();
  call = $state.raw<Call>();
  answer = $state.raw<Elsewhere>();
  /** What the call came to on its own model. */
  own = $state.raw<ModelBill>();
  problem = $state<string>();
  /** Which models are shown: those that have one of these words in their names. */
  text = $state('');
  /** Whether models that have ended are priced as well. */
  isEvery = $state(false);
  /** Whether the prices are those of the run's own day. */
  isThen = $state(false);

  readonly rows = $derived.by(() => {
    const words = this.text.toLowerCase().split(/\s+/).filter(Boolean);
    return (this.answer?.rows ?? []).filter(
      ({ model, name, provider }) =>
        model === this.call?.model ||
        words.every((word) => `${model} ${name} ${provider}`.toLowerCase().includes(word)),
    );
  });
  readonly #answers: Latest<Question, void>;

  constructor(
    private readonly host: Host,
    private readonly everyModel: () => string[],
  ) {
    this.#answers = new Latest(
      async ({ call, others, day }) => {
        const { model, target, usage } = call;
        const today = { type: 'today', target } as const;
        const pricedBy = day === null ? today : ({ type: 'day', day, target } as const);
        const [answer, own] = await Promise.all([
          host.elsewhere(model, usage, others, day),
          host.bill(model, usage, pricedBy, false),
        ]);
        // Another call may have been chosen meanwhile.
        if (call.id === this.call?.id) [this.answer, this.own] = [answer, own];
      },
      () => (this.problem = undefined),
      (error) => (this.problem = message(error)),
    );
  }

  /** Offers the newest runs, and begins with the newest of all. */
  async read(): Promise<void> {
    try {
      const { runs } = await this.host.listRuns({ ...EVERY_RUN, limit: RECENT });
      const calls = runs.map(callOf).filter((call) => call !== undefined);
      const isKept = this.call && !calls.some(({ id }) => id === this.call?.id);
      this.runs = isKept && this.call ? [this.call, ...calls] : calls;
      if (!this.call && calls[0]) this.choose(calls[0]);
      else this.ask();
    } catch (error) {
      this.problem = message(error);
    }
  }

  choose(call: Call): void {
    if (call.id !== this.call?.id) this.answer = undefined;
    this.call = call;
    this.ask();
  }

  ask(): void {
    const { call } = this;
    if (!call) return;
    const others = this.isEvery ? this.everyModel() : null;
    this.#answers.want({ call, others, day: this.isThen ? utcDay(call.at) : null });
  }
}

/** What a run that is kept used; none if nobody said. */
function callOf(run: Summary): Call | undefined {
  const { id, usage, target, started_ms } = run;
  const name = run.title || run.question || 'No message';
  const isFree = isPractice(target);
  const { model } = target;
  return usage ? { id, name, model, target, isFree, usage, at: started_ms } : undefined;
}
