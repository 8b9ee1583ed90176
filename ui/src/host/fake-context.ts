import type { Chat } from '../bindings/Chat';
import type { Context } from '../bindings/Context';
import type { ContextBlock } from '../bindings/ContextBlock';
import type { SummaryOffer } from '../bindings/SummaryOffer';
import type { Trimming } from '../bindings/Trimming';

const ASK = 'Summarise our conversation so far.';

/** A word is a token, and each message has four around it. */
const size = (text: string) => 4 + (text.match(/\S+/g)?.length ?? 0);

/** A window of so many tokens with a chat in it, trimmed in a simple way. */
export function fakeContext(chat: Chat, window: number | null, trimming: Trimming): Context {
  const blocks = chat.messages.map(({ role, text }, place): ContextBlock => {
    return { place, role, text: null, tokens: size(text), kept: true };
  });
  const total = () => blocks.reduce((sum, it) => sum + (it.kept ? it.tokens : 0), 3);
  const [whole, reply] = [total(), chat.parameters.max_tokens];
  const most = (window ?? Infinity) - (reply ?? 0);
  const earlier = blocks.filter(({ role }) => role !== 'system').slice(0, -1);
  const gone = leftOut(earlier, trimming);
  for (const pair of gone.pairs) {
    if (gone.untilItFits && total() <= most) break;
    for (const block of pair) block.kept = false;
  }
  if (trimming.type === 'summarise' && trimming.summary) {
    const after = blocks.findLastIndex(({ kept }) => !kept) + 1;
    const turn = [ASK, trimming.summary.text].map((text, at): ContextBlock => {
      const role = at === 0 ? 'user' : 'assistant';
      return { place: null, role, text, tokens: size(text), kept: true };
    });
    if (after > 0) blocks.splice(after, 0, ...turn);
  }
  const tokens = total();
  const over = Math.max(0, tokens - most);
  const free = window === null ? null : Math.max(0, most - tokens);
  const why = over > 0 ? `That is ${String(over)} too many.` : null;
  return { blocks, begin: 3, tokens, whole, unsure: 0, window, reply, free, over, why };
}

/** The messages that may go, a question with its reply at a time. */
function leftOut(
  earlier: readonly ContextBlock[],
  trimming: Trimming,
): { pairs: readonly ContextBlock[][]; untilItFits: boolean } {
  const pairs = earlier.flatMap((it, at) => (at % 2 === 0 ? [earlier.slice(at, at + 2)] : []));
  switch (trimming.type) {
    case 'none':
      return { pairs: [], untilItFits: false };
    case 'keep_last':
      return {
        pairs: pairs.slice(0, Math.max(0, pairs.length - trimming.turns)),
        untilItFits: false,
      };
    case 'summarise': {
      const many = (trimming.summary?.messages ?? 0) / 2;
      return { pairs: pairs.slice(0, many), untilItFits: false };
    }
    default:
      return { pairs, untilItFits: true };
  }
}

/** All but the last turn can be summed up. */
export function fakeSummaryOffer(chat: Chat): SummaryOffer | null {
  const told = chat.messages.filter(({ role }) => role !== 'system').slice(0, -1);
  if (told.length === 0) return null;
  const messages = [...told, { role: 'user' as const, text: ASK }];
  return { call: { chat: { ...chat, messages }, messages: told.length }, estimates: [] };
}
