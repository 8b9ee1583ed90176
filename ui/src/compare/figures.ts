import type { Run } from '../run.svelte';
import { count, dollars, duration } from '../text';
import { ending } from '../rooms/play/facts';

/** One figure of two runs, A and B. An unknown one is no number, and never 0. */
export interface Figure {
  name: string;
  numbers: readonly [number | undefined, number | undefined];
  /** The numbers as they are read. */
  values: readonly [string, string];
  /** B less A, and in percent of A; empty where one is unknown or both are the same. */
  difference: string;
  /** What the figure is, where its name does not say it. */
  title: string | undefined;
}

interface Kind {
  name: string;
  of: (run: Run) => number | undefined;
  write: (value: number) => string;
  title?: string;
}

const KINDS: readonly Kind[] = [
  { name: 'Input tokens', of: (run) => run.usage?.input_tokens ?? undefined, write: count },
  {
    name: 'From cache',
    of: (run) => run.usage?.cache_read_tokens ?? undefined,
    write: count,
    title: "Input tokens that the provider had in its cache; they are part of the input's",
  },
  { name: 'Output tokens', of: (run) => run.usage?.output_tokens ?? undefined, write: count },
  {
    name: 'Reasoning',
    of: (run) => run.usage?.reasoning_tokens ?? undefined,
    write: count,
    title: "Output tokens that were not shown; they are part of the output's",
  },
  {
    name: 'First token',
    of: (run) => run.firstWord,
    write: duration,
    title: 'From Send to the first word',
  },
  { name: 'Duration', of: (run) => run.ended, write: duration, title: 'From Send to the end' },
  {
    name: 'Tokens/s',
    of: (run) => run.rate,
    write: (value) => value.toFixed(1),
    title: 'While it streamed; the wait for the first token is left out',
  },
  { name: 'Cost', of: cost, write: (value) => (value === 0 ? 'free' : dollars(String(value))) },
  { name: 'Frames', of: (run) => run.frames, write: count },
  { name: 'Attempts', of: (run) => run.attempts.length, write: count },
];

/** What a run cost, in dollars. */
export function cost(run: Run): number | undefined {
  if (run.isPractice) return 0;
  const total = run.bill?.bill.total;
  return total == null ? undefined : Number(total);
}

function difference(a: number | undefined, b: number | undefined, write: Kind['write']): string {
  // What reads the same is no difference that anybody could see.
  if (a === undefined || b === undefined || write(a) === write(b)) return '';
  const size = write(Math.abs(b - a));
  if (size.startsWith('<')) return '';
  const sign = b > a ? '+' : '−';
  const percent = a > 0 ? Math.round((Math.abs(b - a) / a) * 100) : 0;
  const share = percent > 0 ? ` (${sign}${count(percent)}\u00a0%)` : '';
  return `${sign}${size}${share}`;
}

/** The figures of two runs, side by side. What neither of them has is left out. */
export function figures(a: Run, b: Run): Figure[] {
  return KINDS.flatMap(({ name, of, write, title }): Figure[] => {
    const numbers = [of(a), of(b)] as const;
    if (numbers.every((value) => value === undefined)) return [];
    const [one, other] = numbers.map((value) => (value === undefined ? 'unknown' : write(value)));
    const values = [one ?? '', other ?? ''] as const;
    return [{ name, numbers, values, difference: difference(...numbers, write), title }];
  });
}

/** How a run ended, with the provider's own word for it. */
export function ended(run: Run): string {
  const words = run.error?.title ?? run.refusedBecause ?? ending(run);
  return run.finish ? `${words} (${run.finish.raw})` : words || 'ended';
}

/** Which of two is less, by more than chance: times differ from run to run. */
function lesser(a: number, b: number): 'A' | 'B' | undefined {
  if (Math.abs(a - b) <= Math.max(a, b) * 0.02) return undefined;
  return a < b ? 'A' : 'B';
}

function speed(a: Run, b: Run): string {
  if (a.ended === undefined || b.ended === undefined) return '';
  const faster = lesser(a.ended, b.ended);
  if (!faster) return 'Both took about as long.';
  const [quick, slow] = faster === 'A' ? [a, b] : [b, a];
  const earlier = duration((slow.ended ?? 0) - (quick.ended ?? 0));
  const done = `${faster} was faster: it was done ${earlier} sooner`;
  if (quick.firstWord === undefined || slow.firstWord === undefined) return `${done}.`;
  const first = lesser(quick.firstWord, slow.firstWord);
  if (!first) return `${done}; the first token came after about as long.`;
  const by = duration(Math.abs(slow.firstWord - quick.firstWord));
  return `${done}; its first token came ${by} ${first === 'A' ? 'sooner' : 'later'}.`;
}

function price(a: Run, b: Run): string {
  const [one, other] = [cost(a), cost(b)];
  if (one === undefined || other === undefined)
    return 'Which was cheaper is not known: a price or a count is missing.';
  if (one === other)
    return one === 0 ? 'Both were free.' : `Both cost the same, ${dollars(String(one))}.`;
  const [cheap, dear] = one < other ? [one, other] : [other, one];
  const name = one < other ? 'A' : 'B';
  if (cheap === 0) return `${name} was free; the other cost ${dollars(String(dear))}.`;
  const less = Math.round((1 - cheap / dear) * 100);
  return `${name} was cheaper, by ${dollars(String(dear - cheap))} (${less}\u00a0% less).`;
}

/** Who was faster and who was cheaper, in words. */
export function verdicts(a: Run, b: Run): string[] {
  return [speed(a, b), price(a, b)].filter(Boolean);
}
