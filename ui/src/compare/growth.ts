import type { Bill } from '../bindings/Bill';
import { exact, pico } from '../lenses/glance';
import type { PieceCost } from '../bindings/PieceCost';
import type { Run } from '../run.svelte';

/** A value that is reached at an instant of the common clock, in microseconds. */
export interface Point {
  at: number;
  value: number;
}

/** So many points a line has at most: more than a screen has columns. */
const MOST_POINTS = 400;

/** What was worked out of the pieces of a run, which are long lists. */
const costs = new WeakMap<readonly PieceCost[], { bill: Bill; points: Point[] }>();

/**
 * How the cost of a run grew: the prompt is paid for as soon as it is read, and then each piece of
 * the reply adds its share. Nothing where the price or a count is not known. In dollars.
 */
export function costGrowth(run: Run): Point[] {
  const bill = (run.billAs ?? run.bill)?.bill;
  if (!bill || bill.total === null || run.pieces.length === 0) return [];
  const known = costs.get(run.pieces);
  const points = known?.bill === bill ? known.points : costPoints(run, bill.total);
  costs.set(run.pieces, { bill, points });
  return later(points, run.startUs);
}

/** The same from the beginning of the run itself. */
function costPoints(run: Run, total: string): Point[] {
  const shares = run.pieces.map(({ cost }: PieceCost) => pico(cost ?? '0'));
  const words = shares.reduce((sum, share) => sum + share, 0n);
  // What is not for words was for the prompt.
  let paid = pico(total) - words;
  const all: Point[] = [{ at: 0, value: 0 }];
  const first = run.attempts.at(-1)?.headersAt ?? run.firstWord ?? 0;
  all.push({ at: first, value: Number(exact(paid)) });
  run.log.all.forEach(({ at }, index) => {
    const share = shares[index] ?? 0n;
    if (share === 0n) return;
    paid += share;
    all.push({ at, value: Number(exact(paid)) });
  });
  return thinned(all);
}

/** As many of the points as can be told apart, the first and the last among them. */
function thinned(all: readonly Point[]): Point[] {
  const every = Math.max(1, Math.ceil(all.length / MOST_POINTS));
  return all.filter((_, at) => at % every === 0 || at === all.length - 1);
}

const later = (points: readonly Point[], by: number): Point[] =>
  points.map(({ at, value }) => ({ at: at + by, value }));

/** Into so many parts at most the time since the first token is cut to measure a pace. */
const PARTS = 80;
/** How long a part is at first, in microseconds. */
const SHORTEST = 5000;
/** A rate is of so many parts around it, so that single frames make no peaks. */
const AROUND = 2;

/**
 * How many tokens came in each part of the time since the first. When the parts run out, two and two
 * become one: however many frames there are, only the parts are looked at when a line is drawn.
 */
export class Paces {
  #part = SHORTEST;
  #counts: number[] = [];
  #begun: number | undefined;

  /** Takes in what came at an instant after the beginning of the run, in microseconds. */
  add(at: number, tokens: number): void {
    if (tokens === 0) return;
    const since = at - (this.#begun ??= at);
    while (since >= this.#part * PARTS) this.#widen();
    const part = Math.floor(since / this.#part);
    while (this.#counts.length <= part) this.#counts.push(0);
    this.#counts[part] = (this.#counts[part] ?? 0) + tokens;
  }

  #widen(): void {
    const [before, half] = [this.#counts, Math.ceil(this.#counts.length / 2)];
    const both = (at: number) => (before[at * 2] ?? 0) + (before[at * 2 + 1] ?? 0);
    this.#counts = Array.from({ length: half }, (_, at) => both(at));
    this.#part *= 2;
  }

  /** Tokens per second over time, from the first that came to the last. */
  points(startUs: number): Point[] {
    const [counts, step] = [this.#counts, this.#part];
    if (this.#begun === undefined) return [];
    const points = counts.map((_, at): Point => {
      const near = counts.slice(Math.max(0, at - AROUND), at + AROUND + 1);
      const sum = near.reduce((all, count) => all + count, 0);
      return { at: (at + 0.5) * step, value: sum / near.length / (step / 1e6) };
    });
    const ends = (at: number): Point => ({ at, value: 0 });
    return later([ends(0), ...points, ends(counts.length * step)], startUs + this.#begun);
  }
}

const paces = new WeakMap<readonly PieceCost[], Paces>();

/** How many tokens per second a run wrote over time, by the tokens of each of its pieces. */
export function rateGrowth({ pieces, log, startUs }: Run): Point[] {
  const known = paces.get(pieces) ?? new Paces();
  if (!paces.has(pieces)) {
    pieces.forEach(({ tokens }, index) => known.add(log.all[index]?.at ?? 0, tokens));
    paces.set(pieces, known);
  }
  return known.points(startUs);
}
