import type { PieceCost } from '../bindings/PieceCost';
import type { LoggedFrame } from '../log';
import type { Play } from '../play.svelte';
import { count, dollars, duration } from '../text';
import { inShort } from './meaning';

export interface Fact {
  figure: string;
  words: string;
}

/** What there is to say of the part of a reply that is lit up. */
export interface Glance {
  /** Its words, or what its frame was. */
  said: string;
  /** Its frame, its time, its tokens, its price: each as a figure, and in words. */
  facts: Fact[];
}

/** What is lit up in `play`, in words; none if nothing is. */
export function glance(play: Play): Glance | undefined {
  const [run, { range }] = [play.seen, play.selection];
  if (!run) return undefined;
  const frames = run.lit(play.selection);
  const first = frames && run.log.all[frames.first];
  if (!frames || !first) return undefined;
  const said = range ? quoted(run.text.slice(range.from, range.to)) : ofFrame(first);
  const [one, other] = [first.index, run.log.all[frames.last]?.index ?? first.index].map(count);
  const facts: Fact[] = [
    frames.first === frames.last
      ? { figure: `#${one}`, words: `frame ${one}` }
      : { figure: `#${one}–${other}`, words: `frames ${one} to ${other}` },
    {
      figure: `${duration(first.at)}, +${duration(first.gap)}`,
      words: `came ${duration(first.at)} after Send, ${duration(first.gap)} after what was before`,
    },
  ];
  const ids = range ? idsOf(play, range).join(' ') : '';
  if (ids !== '') facts.push({ figure: `id ${ids}`, words: `token ${ids}` });
  const cost = priceOf(play, frames);
  if (cost !== undefined) facts.push({ figure: cost, words: `its share of the bill is ${cost}` });
  return { said, facts };
}

/** So much of what is lit up is said, and no more. */
const MOST_SAID = 60;

function quoted(text: string): string {
  return JSON.stringify(text.length > MOST_SAID ? `${text.slice(0, MOST_SAID)}…` : text);
}

function ofFrame(frame: LoggedFrame): string {
  const { kind, said } = inShort(frame);
  return said === '' ? kind : `${kind}: ${said.slice(0, MOST_SAID)}`;
}

/** More ids than these are not read by anybody. */
const MOST_IDS = 6;

function idsOf(play: Play, { from, to }: { from: number; to: number }): (number | string)[] {
  const ids: (number | string)[] = [];
  let end = 0;
  for (const { text, tokens } of play.replyCut.cut?.spans ?? []) {
    const begin = end;
    end += text.length;
    if (end > from && begin < to) ids.push(...tokens.map(({ id }) => id));
    if (begin >= to) break;
  }
  return ids.length > MOST_IDS ? [...ids.slice(0, MOST_IDS), '…'] : ids;
}

/** The share of the bill of some frames, in pico-dollars, since these add up exactly. */
export function picoOf(play: Play, frames: { first: number; last: number }): bigint | undefined {
  const sums = sumsOf(play.run?.pieces ?? []);
  const [before, until] = [sums[frames.first], sums[Math.min(frames.last + 1, sums.length - 1)]];
  if (!before || !until || until.paid === before.paid) return undefined;
  return until.unknown > before.unknown ? undefined : until.cost - before.cost;
}

/** What all pieces before one came to, how many of them were paid for, and of how many it is unknown. */
interface Sum {
  cost: bigint;
  paid: number;
  unknown: number;
}

const known = new WeakMap<readonly PieceCost[], Sum[]>();

/** The sums before each of `pieces`, and after the last. They are worked out once. */
function sumsOf(pieces: readonly PieceCost[]): Sum[] {
  let sums = known.get(pieces);
  if (sums) return sums;
  let last: Sum = { cost: 0n, paid: 0, unknown: 0 };
  sums = [last];
  for (const { tokens, cost } of pieces) {
    last = {
      cost: last.cost + pico(cost ?? '0'),
      paid: last.paid + (tokens > 0 ? 1 : 0),
      unknown: last.unknown + (tokens > 0 && cost === null ? 1 : 0),
    };
    sums.push(last);
  }
  known.set(pieces, sums);
  return sums;
}

/** An exact decimal of dollars in pico-dollars. */
export function pico(dollars: string): bigint {
  const [whole = '0', decimals = ''] = dollars.split('.');
  return BigInt(whole + decimals.padEnd(12, '0'));
}

/** Pico-dollars as an exact decimal. */
export function exact(amount: bigint): string {
  const digits = amount.toString().padStart(13, '0');
  return `${digits.slice(0, -12)}.${digits.slice(-12)}`;
}

function priceOf(play: Play, frames: { first: number; last: number }): string | undefined {
  const cost = picoOf(play, frames);
  return cost === undefined ? undefined : dollars(exact(cost));
}
