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
  const said = range ? JSON.stringify(run.text.slice(range.from, range.to)) : ofFrame(first);
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

function ofFrame(frame: LoggedFrame): string {
  const { kind, said } = inShort(frame);
  return said === '' ? kind : `${kind}: ${said.slice(0, 60)}`;
}

/** More ids than these are not read by anybody. */
const MOST_IDS = 6;

function idsOf(play: Play, { from, to }: { from: number; to: number }): (number | string)[] {
  const ids: (number | string)[] = [];
  let end = 0;
  for (const { text, tokens } of play.replyCut?.spans ?? []) {
    const begin = end;
    end += text.length;
    if (end > from && begin < to) ids.push(...tokens.map(({ id }) => id));
    if (begin >= to) break;
  }
  return ids.length > MOST_IDS ? [...ids.slice(0, MOST_IDS), '…'] : ids;
}

/** The share of the bill of some frames, in pico-dollars, since these add up exactly. */
export function picoOf(play: Play, frames: { first: number; last: number }): bigint | undefined {
  const pieces = play.run?.pieces.slice(frames.first, frames.last + 1) ?? [];
  const paid = pieces.filter(({ tokens }) => tokens > 0);
  if (paid.length === 0 || paid.some(({ cost }) => cost === null)) return undefined;
  return paid.reduce((sum, { cost }) => sum + pico(cost ?? '0'), 0n);
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
