import type { Attempt, Run } from '../run.svelte';
import type { FrameRange } from '../selection.svelte';

export type PhaseKind =
  'connect' | 'headers' | 'first' | 'think' | 'stream' | 'tail' | 'failed' | 'wait';

/** A part of the time of a run: what went on, from when, until when, in microseconds since Send. */
export interface Phase {
  kind: PhaseKind;
  attempt: number;
  from: number;
  to: number;
}

export const PHASES: Record<PhaseKind, { name: string; means: string }> = {
  connect: {
    name: 'Connect',
    means: 'Finding the server, opening a connection, and agreeing on encryption.',
  },
  headers: {
    name: 'Wait for headers',
    means: 'The request is on its way, and the server has not answered yet.',
  },
  first: {
    name: 'Wait for a token',
    means: 'The server has accepted. The model reads the prompt, and may think.',
  },
  think: { name: 'Thinking', means: 'The model writes its reasoning, and not yet its reply.' },
  stream: { name: 'Stream', means: 'The model writes, token after token.' },
  tail: { name: 'Tail', means: 'After the last word: counts, the finish reason, the end.' },
  failed: { name: 'Failed attempt', means: 'An attempt that did not lead to a reply.' },
  wait: { name: 'Wait before a retry', means: 'Nothing is sent; the app waits to try again.' },
};

/** What went on in a run until `now`, in order and without a gap within an attempt. */
export function phases(run: Run, now: number): Phase[] {
  return run.attempts.flatMap((attempt, index) => {
    const isLast = index === run.attempts.length - 1;
    const until = attempt.endedAt ?? now;
    const parts: Phase[] = isLast
      ? lastOnes(run, attempt, until)
      : [{ kind: 'failed', attempt: attempt.number, from: attempt.startedAt, to: until }];
    const { wait } = attempt;
    if (wait) {
      const to = run.attempts[index + 1]?.startedAt ?? run.ended ?? now;
      parts.push({ kind: 'wait', attempt: attempt.number, from: wait.at, to });
    }
    return parts;
  });
}

/** The frames that came in a phase of `run`. Each frame is of one phase, if of any. */
export function framesIn(run: Run, { kind, from, to }: Phase): FrameRange | undefined {
  if (kind === 'wait') return undefined;
  // The first word begins the stream, and the last one is still of it.
  const isBefore = kind === 'connect' || kind === 'headers' || to === run.firstWord;
  const isOpen = kind === 'think' ? to === run.firstText : kind !== 'stream' && isBefore;
  const [begin, end] = [kind === 'tail' ? from + 1 : from, isOpen ? to : to + 1];
  return run.log.between(begin, end, run.frames);
}

/** The phases of the attempt that led to the reply, or did not. */
function lastOnes(run: Run, attempt: Attempt, until: number): Phase[] {
  const { number, startedAt, connectedAt, headersAt } = attempt;
  const phase = (kind: PhaseKind, from: number, to: number) => ({
    kind,
    attempt: number,
    from,
    to,
  });
  if (attempt.error && headersAt === undefined) return [phase('failed', startedAt, until)];
  // While it goes on, another word may follow.
  const last = run.isOver ? run.lastWord : undefined;
  const thought = run.firstText !== run.firstWord;
  const marks: [PhaseKind, number | null | undefined][] = [
    ['connect', connectedAt],
    ['headers', headersAt],
    ['first', run.firstWord],
    ['think', thought ? (run.firstText ?? last) : null],
    ['stream', thought && run.firstText === undefined ? null : last],
    ['tail', until],
  ];
  const found: Phase[] = [];
  let from = startedAt;
  for (const [kind, to] of marks) {
    // An open connection that is used again has no time of its own.
    if (to === null) continue;
    if (to === undefined) {
      // This is where it stands, or where it ended.
      found.push(phase(kind, from, until));
      return found;
    }
    if (to > from || kind === 'stream' || isOnlyThought(run, kind))
      found.push(phase(kind, from, to));
    from = to;
  }
  return found;
}

/** A single thought, and nothing after it, has a moment of its own too. */
function isOnlyThought(run: Run, kind: PhaseKind): boolean {
  return kind === 'think' && run.firstText === undefined;
}

/** How many tokens came by when, and how fast: one value for each of `parts` of the time. */
export interface Pace {
  /** Tokens per second within the part. */
  rates: number[];
  /** Tokens per second from Send until the end of the part. */
  withWait: number[];
  /** The same from the first word on, where none have come it is 0. */
  withoutWait: number[];
}

/**
 * The pace of a reply whose frames brought so many tokens each, over `length` microseconds.
 */
export function pace(
  frames: readonly { at: number }[],
  tokens: readonly number[],
  length: number,
  parts: number,
): Pace {
  const counts = Array.from({ length: parts }, () => 0);
  let first: number | undefined;
  let before = 0;
  for (const [index, { at }] of frames.entries()) {
    const count = tokens[index] ?? 0;
    if (count === 0) continue;
    if (first === undefined) {
      first = at;
      before = count;
    }
    const part = Math.min(Math.floor((at / length) * parts), parts - 1);
    counts[part] = (counts[part] ?? 0) + count;
  }
  const seconds = length / parts / 1e6;
  let sum = 0;
  const sums = counts.map((count) => (sum += count));
  const until = (part: number) => (part + 1) * seconds;
  const since = (part: number) => until(part) - (first ?? 0) / 1e6;
  return {
    rates: counts.map((count) => count / seconds),
    withWait: sums.map((so, part) => so / until(part)),
    // The first token ends the wait, so it is none of the stream's.
    withoutWait: sums.map((so, part) =>
      since(part) > 0 && so > before ? (so - before) / since(part) : 0,
    ),
  };
}
