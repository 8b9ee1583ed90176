import type { Delta } from './bindings/Delta';
import type { Frame } from './bindings/Frame';
import type { Raw } from './bindings/Raw';
import type { TokenChance } from './bindings/TokenChance';
import { firstBeyond, type Choice, type FrameRange, type TextRange } from './selection.svelte';

/** A frame as it came, and which part of the reply's text it brought. */
export interface LoggedFrame extends TextRange {
  attempt: number;
  index: number;
  /** Microseconds since Send, and since the frame before. */
  at: number;
  gap: number;
  offset: number;
  size: number;
  raw: Raw;
  deltas: readonly Delta[];
}

const encoder = new TextEncoder();

/** A frame's bytes as text; what is not UTF-8 shows as U+FFFD. */
export function rawText(raw: Raw): string {
  if (typeof raw === 'string') return raw;
  return new TextDecoder().decode(rawBytes(raw));
}

export function rawBytes(raw: Raw): Uint8Array {
  if (typeof raw === 'string') return encoder.encode(raw);
  return Uint8Array.from(atob(raw.base64), (byte) => byte.charCodeAt(0));
}

/** Every frame of a run, in the order in which they came. It only grows. */
export class FrameLog {
  readonly all: LoggedFrame[] = [];
  #text = 0;

  /** Adds a frame of the attempt `attempt`, which began at `begun`. */
  add(frame: Frame, attempt: number, begun: number): void {
    const last = this.all.at(-1);
    const before = last?.attempt === attempt ? last.at : begun;
    const from = this.#text;
    for (const delta of frame.deltas)
      if (delta.type === 'text' && delta.choice === 0) this.#text += delta.text.length;
    this.all.push({
      attempt,
      index: frame.index,
      at: frame.at_us,
      gap: frame.at_us - before,
      offset: frame.offset,
      size: rawBytes(frame.raw).length,
      raw: frame.raw,
      deltas: frame.deltas,
      from,
      to: this.#text,
    });
  }

  /** The frames that brought the characters of `range`, first and last. */
  over(range: TextRange): FrameRange | undefined {
    const [first, last] = [this.bringing(range.from), this.bringing(range.to - 1)];
    return first === undefined || last === undefined ? undefined : { first, last };
  }

  /** What is chosen with these frames: their text, or themselves if that is not all of them. */
  choice({ first, last }: FrameRange): Choice {
    const range = { from: this.all[first]?.from ?? 0, to: this.all[last]?.to ?? 0 };
    if (range.to <= range.from) return [undefined, { first, last }];
    const over = this.over(range);
    const isAll = over?.first === first && over.last === last;
    return [range, isAll ? undefined : { first, last }];
  }

  /** The frames of the first `count` that came from `from` on and before `to`, in microseconds. */
  between(from: number, to: number, count: number): FrameRange | undefined {
    const firstAt = (time: number) =>
      firstBeyond((index) => this.all[index]?.at ?? 0, count, time - 1);
    const [first, after] = [firstAt(from), firstAt(to)];
    return first < after ? { first, last: after - 1 } : undefined;
  }

  /** The place in `all` of the frame that brought the character at `place`. */
  bringing(place: number): number | undefined {
    const at = firstBeyond((index) => this.all[index]?.to ?? 0, this.all.length, place);
    return at < this.all.length ? at : undefined;
  }
}

/** The piece of text after or before `range`, or at an end; the first where nothing is chosen. */
export function pieceBy(
  step: 'next' | 'before' | 'first' | 'last',
  run: { log: FrameLog; frames: number },
  range: TextRange | undefined,
): TextRange | undefined {
  const { all } = run.log;
  const isBack = step === 'before' || step === 'last';
  let at = isBack ? run.frames - 1 : 0;
  if (range && step === 'next') at = (run.log.bringing(range.to - 1) ?? -1) + 1;
  if (range && step === 'before') at = (run.log.bringing(range.from) ?? 0) - 1;
  for (; at >= 0 && at < run.frames; at += isBack ? -1 : 1) {
    const frame = all[at];
    if (frame && frame.to > frame.from) return { from: frame.from, to: frame.to };
  }
  return undefined;
}

/** How likely the token was that holds the character at `place` of the text, where that was told. */
export function chanceAt(frame: LoggedFrame | undefined, place: number): TokenChance | undefined {
  let at = frame?.from ?? 0;
  for (const delta of frame?.deltas ?? []) {
    if (delta.type !== 'text' || delta.choice !== 0) continue;
    const end = at + delta.text.length;
    for (const chance of delta.logprobs ?? []) {
      at += chance.token.length;
      if (place < at) return chance;
    }
    at = end;
  }
  return undefined;
}
