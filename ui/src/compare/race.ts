import { cost } from './figures';
import type { Run } from '../run.svelte';
import { phases, type PhaseKind } from '../lenses/phases';
import { failure } from '../rooms/play/facts';
import type { TextRange } from '../selection.svelte';
import { characters, dollars, duration, plural, seconds } from '../text';

/** A run that races, by the name that it has on the screen. */
export interface Racing {
  name: string;
  /** As far as it is seen. It began at `startUs` on the common clock. */
  run: Run;
}

/** A stretch of a bar, in microseconds on the common clock. */
export interface Bar {
  kind: BarKind;
  attempt: number;
  from: number;
  to: number;
}

export type BarKind = 'connect' | 'wait' | 'think' | 'text' | 'tail' | 'failed' | 'pause';

/** What the stretches of a bar are called, in the order in which they come. */
export const BARS: Record<BarKind, { name: string; means: string }> = {
  connect: { name: 'Connecting', means: 'Finding the server and opening a connection.' },
  wait: { name: 'Waiting', means: 'The request is there, and no word has come yet.' },
  think: { name: 'Thinking', means: 'The model writes its reasoning, and not yet its reply.' },
  text: { name: 'Text', means: 'The reply itself, from its first word to its last.' },
  tail: { name: 'End', means: 'Counts and the finish reason, after the last word.' },
  failed: { name: 'Failed attempt', means: 'An attempt that did not lead to a reply.' },
  pause: { name: 'Pause', means: 'Nothing is sent: the app waits before it tries again.' },
};

const KINDS: Record<PhaseKind, BarKind> = {
  connect: 'connect',
  headers: 'wait',
  first: 'wait',
  think: 'think',
  stream: 'text',
  tail: 'tail',
  failed: 'failed',
  wait: 'pause',
};

/** The bar of a run until `now`, an instant of the common clock. Waits that touch are one. */
export function bars(run: Run, now: number): Bar[] {
  const all: Bar[] = [];
  // An attempt that was refused has nothing to show for its waiting.
  const lost = run.error && run.firstWord === undefined ? run.attempts.length : undefined;
  for (const { kind, attempt, from, to } of phases(run, Math.max(now - run.startUs, 0))) {
    const last = all.at(-1);
    const isLost = attempt === lost && kind !== 'wait';
    const bar = {
      kind: isLost ? ('failed' as const) : KINDS[kind],
      attempt,
      from: run.startUs + from,
      to: run.startUs + to,
    };
    const joins = bar.kind === 'wait' || bar.kind === 'failed';
    if (joins && last?.kind === bar.kind && last.to === bar.from) last.to = bar.to;
    else all.push(bar);
  }
  return all;
}

/** When something of a run came on the common clock. */
function onClock(run: Run, at: number | undefined): number | undefined {
  return at === undefined ? undefined : run.startUs + at;
}

/** From Send to the first word, on the common clock. */
export function firstWord({ run }: Racing): number | undefined {
  return onClock(run, run.firstWord);
}

/** From Send to the end, on the common clock. */
export function end({ run }: Racing): number | undefined {
  return run.isOver ? onClock(run, run.ended) : undefined;
}

export type Badge = 'first word' | 'fastest' | 'cheapest' | 'shortest';

export const BADGES: Record<Badge, string> = {
  'first word': 'Its first word came soonest after Send.',
  fastest: 'It was done soonest after Send.',
  cheapest: 'It cost the least of those that cost something and whose price is known.',
  shortest: 'Its reply has the fewest characters. Tokens are cut differently by each model.',
};

/** Times that differ by less, in microseconds, are alike: chance makes that much from run to run. */
const ALIKE = 5000;

/**
 * Who is the least in something, by more than `by`; nobody where two are, or where there is nothing
 * to compare.
 */
function least(
  all: readonly Racing[],
  of: (racing: Racing) => number | undefined,
  by = 0,
): Racing | undefined {
  const known = all.flatMap((it) => {
    const value = of(it);
    return value === undefined ? [] : [{ it, value }];
  });
  const best = Math.min(...known.map(({ value }) => value));
  const winners = known.filter(({ value }) => value <= best + by);
  return winners.length === 1 ? winners[0]?.it : undefined;
}

/** What each has won so far. Costs and lengths are known at the end, and only of whole replies. */
export function badges(all: readonly Racing[]): Map<Racing, Badge[]> {
  const won = new Map<Racing, Badge[]>();
  if (all.length < 2) return won;
  const give = (badge: Badge, to: Racing | undefined) =>
    to && won.set(to, [...(won.get(to) ?? []), badge]);
  const whole = all.filter(({ run }) => run.state === 'finished');
  give('first word', least(all, firstWord, ALIKE));
  give('fastest', least(whole, end, ALIKE));
  if (!all.every(({ run }) => run.isOver) || whole.length < 2) return won;
  const paid = whole.filter(({ run }) => !run.isPractice);
  const known = paid.every(({ run }) => cost(run) !== undefined);
  if (known && paid.length > 1)
    give(
      'cheapest',
      least(paid, ({ run }) => cost(run)),
    );
  give(
    'shortest',
    least(whole, ({ run }) => characters(run.text) || undefined),
  );
  return won;
}

/** Marks for a time axis of `length` microseconds, at round times, no more than `most`. */
export function ticks(length: number, most = 6): number[] {
  if (!(length > 0)) return [0];
  // A microsecond is the least that a clock tells.
  const rough = Math.max(length / most, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((it) => it * power).find((it) => it >= rough) ?? 10 * power;
  const all: number[] = [];
  for (let at = 0; at <= length * (1 + 1e-9); at += step) all.push(Math.round(at));
  return all;
}

/** Tokens per second with the wait in: all of them over the time from Send to the last word. */
export function rateFromSend({ run }: Racing): number | undefined {
  const tokens = run.usage?.output_tokens;
  const last = onClock(run, run.lastWord);
  return tokens && last ? tokens / (last / 1e6) : undefined;
}

/** What went wrong on the way, and what was done about it. */
function troubles({ name, run }: Racing): string[] {
  const said: string[] = [];
  const failed = run.attempts.filter(({ error }) => error);
  const waited = run.attempts.reduce((sum, { wait }, at) => {
    const until = run.attempts[at + 1]?.startedAt;
    return wait && until !== undefined ? sum + until - wait.at : sum;
  }, 0);
  const first = failed[0]?.error;
  if (waited > 0 && first) {
    const times = run.attempts.length === 2 ? 'once' : plural(run.attempts.length - 1, 'time');
    const why =
      first.status === 429
        ? `was refused ${times} for asking too often`
        : `failed ${times} (${first.title})`;
    said.push(
      `${name} ${why}, waited ${seconds(waited)} and tried again: the wait is part of its time.`,
    );
  }
  if (run.state === 'failed' || run.state === 'interrupted')
    said.push(`${name} did not finish: ${failure(run)}.`);
  if (run.state === 'cancelled') said.push(`${name} was stopped.`);
  return said;
}

/** What a teacher would say of a race, as far as it has come. */
export function told(all: readonly Racing[]): string[] {
  const said: string[] = [];
  const first = least(all, firstWord, ALIKE);
  const at = first && firstWord(first);
  const isOver = all.every(({ run }) => run.isOver);
  const spoke = all.filter((it) => firstWord(it) !== undefined).length;
  if (first && at !== undefined)
    said.push(`${first.name} spoke first, ${duration(at)} after Send.`);
  else if (spoke > 1 && isOver)
    said.push('Nobody spoke first: their first words came within a few milliseconds.');
  const done = least(
    all.filter(({ run }) => run.state === 'finished'),
    end,
    ALIKE,
  );
  const ended = done && end(done);
  if (isOver && done && ended !== undefined && all.length > 1) {
    said.push(
      done === first
        ? `It was also done first, after ${duration(ended)}.`
        : `${done.name} was done first, after ${duration(ended)}${first ? ': who speaks first need not be done first' : ''}.`,
    );
  }
  return [...said, ...all.flatMap(troubles)];
}

/**
 * How a column ended, in a few sentences for those who listen. While names are hidden it has no
 * figure and no reason that could tell one.
 */
export function summary({ name, run }: Racing, isHidden = false): string {
  if (run.refusedBecause) return `${name}: not sent. ${isHidden ? '' : run.refusedBecause}`.trim();
  if (run.error) return `${name}: failed. ${run.error.title}.`;
  const how = run.state === 'cancelled' ? 'stopped' : 'done';
  const out = run.usage?.output_tokens;
  const total = run.bill?.bill.total;
  const figures = [
    run.ended === undefined ? '' : `after ${duration(run.startUs + run.ended)}`,
    ...(isHidden
      ? []
      : [
          out == null ? plural(characters(run.text), 'character') : plural(out, 'token'),
          run.isPractice ? 'free' : total == null ? '' : dollars(total),
        ]),
  ];
  const beginning = run.text.trim().slice(0, 160);
  const more = run.text.trim().length > 160 ? '…' : '';
  return `${name}: ${how} ${figures.filter(Boolean).join(', ')}. ${beginning}${more}`;
}

/** Characters of a reply for each of its tokens, as billed: how coarsely the model's are cut. */
export function charactersPerToken({ run }: Racing): number | undefined {
  const tokens = run.usage?.output_tokens;
  return tokens && run.text ? characters(run.text) / tokens : undefined;
}

/**
 * Characters of a reply per second of its stream. The first piece ends the wait, which is left out,
 * and so is that piece.
 */
export function charactersPerSecond({ run }: Racing): number | undefined {
  const brings = ({ from, to }: TextRange) => to > from;
  const [first, last] = [run.log.all.find(brings), run.log.all.findLast(brings)];
  if (!run.isOver || !first || !last || last.at <= first.at) return undefined;
  return characters(run.text.slice(first.to)) / ((last.at - first.at) / 1e6);
}
