import type { Context } from '../../bindings/Context';
import type { ContextBlock } from '../../bindings/ContextBlock';

/** What a block of the context window is, in the order in which they stand there. */
export const KINDS = {
  system: 'system',
  earlier: 'earlier',
  summary: 'summary',
  new: 'new message',
  begun: 'beginning of the reply',
} as const;

export type BlockKind = keyof typeof KINDS;

export function kindOf({ blocks }: Context, block: ContextBlock): BlockKind {
  const last = blocks.findLastIndex(({ place }) => place !== null);
  const at = blocks.indexOf(block);
  if (at > last) return 'begun';
  if (block.place === null) return 'summary';
  if (block.role === 'system') return 'system';
  return at === last && block.role === 'user' ? 'new' : 'earlier';
}
