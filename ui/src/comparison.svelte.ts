import type { Cut } from './bindings/Cut';
import type { Kept } from './bindings/Kept';
import { Cuts } from './cuts.svelte';
import { compare, isWord, joined, lines, words, type Diff } from './diff';
import type { Host } from './host/host';
import { replayed } from './kept';
import type { Run } from './run.svelte';
import { count, message, plural } from './text';

/** One of the two: what was kept of it, and its run, folded from its events as ever. */
export interface Side {
  kept: Kept;
  run: Run;
}

/** A diff of two replies, and what it says in a sentence. */
export interface ReplyDiff {
  diff: Diff;
  unit: 'word' | 'token' | 'line';
  says: string;
  /** Why it is not as fine as it was asked for. */
  remark: string | undefined;
}

/** Texts longer than this, in UTF-16 units, are compared by lines: words would take too long. */
const MOST_WORDS = 200_000;
/** And of still longer ones only the beginning is compared. */
const LONGEST = 2_000_000;

/** Two runs side by side: the older is A. */
export class Comparison {
  sides = $state.raw<readonly [Side, Side]>();
  problem = $state<string>();
  readonly cuts: Cuts;

  constructor(
    private readonly host: Host,
    readonly ids: readonly [string, string],
  ) {
    this.cuts = new Cuts(host);
  }

  async load(): Promise<void> {
    try {
      const [one, other] = await Promise.all([this.#side(this.ids[0]), this.#side(this.ids[1])]);
      const isOrdered = one.kept.summary.started_ms <= other.kept.summary.started_ms;
      this.sides = isOrdered ? [one, other] : [other, one];
    } catch (error) {
      this.problem = message(error);
    }
  }

  async #side(id: string): Promise<Side> {
    const kept = await this.host.keptRun(id);
    const run = await replayed(this.host, kept);
    if (run.usage && run.priced)
      run.bill = await this.host.bill(run.target.model, run.usage, run.priced.own, false);
    return { kept, run };
  }
}

/** Two replies by words; very long ones by lines. */
export function diffByWords(a: string, b: string): ReplyDiff {
  const longest = Math.max(a.length, b.length);
  if (longest <= MOST_WORDS) {
    const diff = joined(compare(words(a), words(b)), isWord);
    const has = (pieces: readonly string[]) => pieces.filter(isWord).length;
    if (!diff.isCoarse)
      return { diff, unit: 'word', says: sentence(diff, 'word', has), remark: undefined };
  }
  const [one, other] = [a.slice(0, LONGEST), b.slice(0, LONGEST)];
  const diff = compare(lines(one), lines(other));
  const remark =
    longest > LONGEST
      ? `Only the first ${count(LONGEST)} characters are compared, and by lines.`
      : 'These are too long, or too different, to be compared word by word: this is by lines.';
  return { diff, unit: 'line', says: sentence(diff, 'line', (pieces) => pieces.length), remark };
}

/** Two replies by the tokens that they were cut into. */
export function diffByTokens(a: Cut, b: Cut): ReplyDiff {
  const diff = compare(
    a.spans.map(({ text }) => text),
    b.spans.map(({ text }) => text),
  );
  const isWhole = a.shown_tokens >= a.count && b.shown_tokens >= b.count;
  const most = Math.min(a.shown_tokens, b.shown_tokens);
  const remark = diff.isCoarse
    ? 'These are too different to be compared token by token; all that differs is shown as replaced.'
    : isWhole
      ? undefined
      : `Only the first ${count(most)} tokens are compared.`;
  return { diff, unit: 'token', says: sentence(diff, 'token', (pieces) => pieces.length), remark };
}

/** What a diff comes to; `has` counts the units in pieces. */
function sentence(
  { parts }: Diff,
  unit: string,
  has: (pieces: readonly string[]) => number,
): string {
  const of = (kind: string) =>
    parts.reduce((sum, part) => sum + (part.kind === kind ? has(part.pieces) : 0), 0);
  if (parts.every(({ kind }) => kind === 'same'))
    return `The replies are the same, ${unit} for ${unit}.`;
  const first = parts[0];
  const head = first?.kind === 'same' ? has(first.pieces) : 0;
  const begins =
    head === 0
      ? `They differ from the first ${unit} on`
      : head === 1
        ? `The first ${unit} is the same`
        : `The first ${plural(head, unit)} are the same`;
  return `${begins}; ${plural(of('removed'), unit)} ${of('removed') === 1 ? 'is' : 'are'} only in A, ${count(of('added'))} only in B.`;
}
