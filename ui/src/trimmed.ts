import type { Context } from './bindings/Context';
import type { Message } from './bindings/Message';
import type { Said, Speaker } from './speakers';
import { plural } from './text';

/** What is left out of the next request, and what stands in for it. */
export interface Decision {
  out: ReadonlySet<Speaker>;
  standsIn: readonly Message[];
}

export const NOTHING: Decision = { out: new Set(), standsIn: [] };

/** What was decided of `said`. */
export function decided(said: readonly Said[], { blocks }: Context): Decision {
  const last = blocks.findLastIndex(({ place }) => place !== null);
  // What stands behind all messages is the beginning of the reply, and no message.
  const added = blocks.filter(({ place }, at) => place === null && at < last);
  const gone = blocks.flatMap(({ place, kept }) => (kept ? [] : (place ?? [])));
  return {
    out: new Set(gone.flatMap((place) => said[place]?.by ?? [])),
    standsIn: added.map(({ role, text }) => ({ role, text: text ?? '' })),
  };
}

export function isSame(one: Decision, other: Decision): boolean {
  if (one.out.size !== other.out.size || one.standsIn.length !== other.standsIn.length)
    return false;
  const words = ({ standsIn }: Decision) => standsIn.map(({ text }) => text).join('\n');
  return [...one.out].every((by) => other.out.has(by)) && words(one) === words(other);
}

/** What is sent of `said`: what stands in for the rest comes behind the instructions. */
export function sent(said: readonly Said[], { out, standsIn }: Decision): readonly Said[] {
  const kept = said.filter(({ by }) => !out.has(by));
  if (kept.length === said.length) return said;
  const first = kept.findIndex(({ message: { role } }) => role !== 'system');
  const summary = standsIn.map((message): Said => ({ by: 'summary', message }));
  return kept.toSpliced(first < 0 ? kept.length : first, 0, ...summary);
}

/** What was left out of a request that was sent. */
export interface LeftOut {
  messages: number;
  isSummed: boolean;
}

/** What is left out of `said`; nothing where all of it goes. */
export function leftOut(said: readonly Said[], { out, standsIn }: Decision): LeftOut | undefined {
  const messages = said.filter(({ by }) => out.has(by)).length;
  return messages > 0 ? { messages, isSummed: standsIn.length > 0 } : undefined;
}

/** What was left out of a request, in a sentence. */
export function leftOutSentence({ messages, isSummed }: LeftOut): string {
  const many = plural(messages, 'earlier message');
  if (isSummed) return `In this request a summary stood in for ${many}.`;
  const were = messages === 1 ? 'was' : 'were';
  return `${many} ${were} left out of this request: the model did not see ${
    messages === 1 ? 'it' : 'them'
  }.`;
}
