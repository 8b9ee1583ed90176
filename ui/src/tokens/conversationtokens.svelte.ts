import type { Chat } from '../bindings/Chat';
import type { ConversationPart } from '../bindings/ConversationPart';
import type { ConversationReading } from '../bindings/ConversationReading';
import type { Host } from '../host/host';
import { Latest } from '../latest';
import { message } from '../text';

/** A conversation with everything that its model reads, also what nobody wrote. */
export class ConversationTokens {
  reading = $state.raw<ConversationReading>();
  problem = $state<string>();
  readonly #readings: Latest<{ chat: Chat; model: string }, ConversationReading>;

  constructor(host: Host) {
    this.#readings = new Latest(
      ({ chat, model }) => host.readConversation(chat, model),
      (reading) => ([this.reading, this.problem] = [reading, undefined]),
      (error) => (this.problem = message(error)),
    );
  }

  want(chat: Chat, model: string): void {
    this.#readings.want({ chat, model });
  }

  /** The parts by the message that they belong to; the last may be the start of the reply. */
  get groups(): readonly (readonly ConversationPart[])[] {
    const groups: ConversationPart[][] = [];
    let before: number | null | undefined;
    for (const part of this.reading?.parts ?? []) {
      if (groups.length === 0 || part.message !== before) groups.push([]);
      groups.at(-1)?.push(part);
      before = part.message;
    }
    return groups;
  }
}
