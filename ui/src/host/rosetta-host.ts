import type { Chat } from '../bindings/Chat';
import type { ReplyAnatomy } from '../bindings/ReplyAnatomy';
import type { Rosetta } from '../bindings/Rosetta';
import type { Target } from '../bindings/Target';
import type { Variety } from '../bindings/Variety';

/** What the page may ask about what is alike: one chat in several formats, and several replies. */
export interface RosettaHost {
  /** One chat as each target's format writes it; nothing is sent. */
  rosetta(chat: Chat, targets: Target[]): Promise<Rosetta>;
  /** What the frames of a run mean, in the same words for every format. */
  rosettaReply(id: string): Promise<ReplyAnatomy>;
  /** How much the replies of some runs vary, cut by the encoding of `model`. */
  variety(ids: string[], model: string, limit: number): Promise<Variety>;
}
