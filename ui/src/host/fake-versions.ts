import type { Chat } from '../bindings/Chat';
import type { SystemVersion } from '../bindings/SystemVersion';

/** The system messages that were sent, as an app would keep them. */
export class FakeVersions {
  #all: SystemVersion[] = [];
  #last = 0;

  /** The newest first. */
  all(): SystemVersion[] {
    return [...this.#all].sort((one, other) => other.number - one.number);
  }

  sent({ messages }: Chat): void {
    const text = messages.find(({ role }) => role === 'system')?.text;
    if (text === undefined) return;
    const known = this.#all.find((it) => it.text === text);
    if (known) return this.#change(known.number, { runs: known.runs + 1 });
    const number = ++this.#last;
    const ms = 1_790_000_000_000 + number;
    const made = { number, text, name: '', note: '', created_ms: ms, runs: 1, last_ms: ms };
    this.#all = [...this.#all, made];
  }

  name(number: number, name: string, note: string): void {
    this.#change(number, { name: name.trim(), note: note.trim() });
  }

  delete(number: number): void {
    this.#all = this.#all.filter((it) => it.number !== number);
  }

  restore(version: SystemVersion): void {
    this.#all = [...this.#all, version];
  }

  deleteAll(): number {
    const many = this.#all.length;
    this.#all = [];
    return many;
  }

  #change(number: number, changes: Partial<SystemVersion>): void {
    this.#all = this.#all.map((it) => (it.number === number ? { ...it, ...changes } : it));
  }
}
