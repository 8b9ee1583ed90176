import type { Message } from './bindings/Message';
import type { Exchange } from './conversation.svelte';
import type { Run } from './run.svelte';

/**
 * Who says a message: the system box, the question of a turn, its reply, what is being written, or
 * a summary of what was left out.
 */
export type Speaker = 'system' | 'draft' | 'summary' | Exchange | Run;

export interface Said {
  by: Speaker;
  message: Message;
}

/** The messages that carry `turns` and then `question`, which is written in the message box. */
export function said(system: string, turns: readonly Exchange[], question: string): Said[] {
  const all: Said[] = [];
  if (system.trim() !== '') all.push({ by: 'system', message: { role: 'system', text: system } });
  for (const turn of turns) {
    const { question: text, run } = turn;
    // A question that got no reply is not part of the history, nor is a reply to none.
    if (!run?.text || text === '') continue;
    all.push({ by: turn, message: { role: 'user', text } });
    all.push({ by: run, message: { role: 'assistant', text: run.text } });
  }
  if (question !== '') all.push({ by: 'draft', message: { role: 'user', text: question } });
  return all;
}

/** Whether the same is said by the same speakers. */
export function isSame(one: readonly Said[], other: readonly Said[]): boolean {
  return (
    one.length === other.length &&
    one.every(
      ({ by, message }, at) => by === other[at]?.by && message.text === other[at].message.text,
    )
  );
}

/** Which message each says, from 0. The last question may be one that is sent `again`. */
export function places(
  all: readonly Said[],
  again: Exchange | undefined,
): ReadonlyMap<Speaker, number> {
  const found = new Map(all.map(({ by }, index) => [by, index]));
  const last = found.get('draft');
  if (again && last !== undefined) found.set(again, last);
  return found;
}
