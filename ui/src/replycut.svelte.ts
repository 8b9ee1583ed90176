import type { Cut } from './bindings/Cut';
import type { Span } from './bindings/Span';
import type { Host } from './host/host';
import { Latest } from './latest';
import type { Run } from './run.svelte';
import { message } from './text';

/** How many spans of tokens are asked for at first, and how many times as many each time. */
const SPANS = 600;
const MORE = 4;
/** The reply is cut anew this many milliseconds after it grew. */
const DELAY = 200;
const LAST_DELAY = 50;

/** What is cut: the Play room, or whatever stands in for it. */
export interface Read {
  /** The run as it is shown, which may be one of the past. */
  readonly seen: Run | undefined;
  readonly time: { readonly isPast: boolean };
}

interface Question {
  text: string;
  model: string;
  limit: number;
}

/** The reply cut into tokens, as far as it has come and as far as somebody wants to see them. */
export class ReplyCut {
  cut = $state.raw<Cut>();
  /** Why it cannot be cut. */
  problem = $state<string>();
  /** How many spans are asked for, here and of the prompt. */
  spans = $state(SPANS);

  readonly #cuts: Latest<Question, Cut>;

  constructor(
    host: Host,
    private readonly of: Read,
  ) {
    this.#cuts = new Latest(
      ({ text, model, limit }) => host.cut(text, model, limit),
      (cut) => ([this.cut, this.problem] = [kept(this.cut, cut), undefined]),
      (error) => ([this.cut, this.problem] = [undefined, message(error)]),
    );
  }

  /** Cuts the reply as far as it has come. The page calls it whenever that may differ. */
  read(): void {
    const run = this.of.seen;
    if (!run?.text) {
      this.cut = undefined;
      this.problem = undefined;
      return;
    }
    const { isPast } = this.of.time;
    // Its pieces take longer to draw than a reply in a rush takes to come.
    if (run.isRushing && !run.isOver && !isPast) return;
    // A long reply is cut less often while it grows, and its end is shown before it is cut.
    const delay = run.isOver || isPast ? LAST_DELAY : DELAY + run.text.length / 50;
    this.#cuts.want({ text: run.text, model: run.target.model, limit: this.spans }, delay);
  }

  showMore(): void {
    this.spans *= MORE;
  }

  /** Something new begins: of that no more is wanted than at first. */
  reset(): void {
    this.spans = SPANS;
  }
}

/** `cut` with the spans of `before` where they are the same, so that these are not drawn anew. */
function kept(before: Cut | undefined, cut: Cut): Cut {
  const isSame = (a: Span | undefined, b: Span) =>
    a?.text === b.text && a.tokens.every(({ id }, at) => id === b.tokens[at]?.id);
  const spans = cut.spans.map((span, at) => {
    const old = before?.spans[at];
    return old && isSame(old, span) ? old : span;
  });
  return { ...cut, spans };
}
