import type { Attachment } from 'svelte/attachments';
import type { Maker } from './bindings/Maker';
import type { Origin } from './bindings/Origin';

/** The name of what makes a part of a request: `model`, `message 3` or `control temperature`. */
export function nameOf(maker: Maker): string | undefined {
  switch (maker.type) {
    case 'model':
      return 'model';
    case 'message':
      return `message ${maker.index}`;
    case 'control':
    case 'unasked':
      return maker.control ? `control ${maker.control}` : undefined;
  }
}

/**
 * What made the part at a JSON pointer, or what is around it. Of a part that several have made, it
 * is what made all of it, if one did.
 */
export function makersOf(origins: readonly Origin[], pointer: string): Maker[] {
  const around = origins.filter((it) => it.pointer !== null && liesIn(pointer, it.pointer));
  if (around.length > 0) return around.map(({ from }) => from);
  const within = origins.filter((it) => it.pointer !== null && liesIn(it.pointer, pointer));
  const [first, ...others] = within.map(({ from }) => from);
  const isOne = first && others.every((it) => nameOf(it) === nameOf(first));
  return isOne ? [first] : [];
}

function liesIn(pointer: string, part: string): boolean {
  return pointer === part || pointer.startsWith(`${part}/`);
}

/**
 * What is pointed at: something that makes a part of the request, or a part of the request. The
 * other side of it is lit up.
 */
export class Pointed {
  #hovered = $state<string>();
  #focused = $state<string>();
  /** The makers of the part of the request that is pointed at. */
  #makers = $state.raw<readonly string[]>([]);
  /**
   * Takes the field of the request that is chosen, where somebody asks for one: its JSON pointer, or
   * `header:` and a name.
   */
  onpick = $state.raw<(place: string) => void>();

  /** The maker that the mouse is on, or else the one with the focus. */
  get maker(): string | undefined {
    return this.#hovered ?? this.#focused;
  }

  /** Whether a part of the request is pointed at that this maker made. */
  isLit(maker: string | undefined): boolean {
    return maker !== undefined && this.#makers.includes(maker);
  }

  /** Points at a part of the request, or at none. */
  at(makers: readonly Maker[]): void {
    const names = makers.map(nameOf).filter((name) => name !== undefined);
    if (names.join() !== this.#makers.join()) this.#makers = names;
  }

  /** The parts of the request to light up; null is the address. */
  lit(origins: readonly Origin[]): (string | null)[] {
    const { maker } = this;
    if (maker === undefined) return [];
    return origins.filter(({ from }) => nameOf(from) === maker).map(({ pointer }) => pointer);
  }

  /** Makes an element stand for what `name` names: it points, and is lit up. */
  stands(name: () => string | undefined): Attachment<HTMLElement> {
    return (element) => {
      let hovers = false;
      let focuses = false;
      const over = () => ([hovers, this.#hovered] = [true, name()]);
      const out = () => {
        if (hovers) [hovers, this.#hovered] = [false, undefined];
      };
      const focus = () => ([focuses, this.#focused] = [true, name()]);
      const blur = () => {
        if (focuses) [focuses, this.#focused] = [false, undefined];
      };
      const events = { pointerenter: over, pointerleave: out, focusin: focus, focusout: blur };
      for (const [event, heard] of Object.entries(events)) element.addEventListener(event, heard);
      $effect(() => void element.toggleAttribute('data-pointed', this.isLit(name())));
      // A message that is being written may come to stand elsewhere.
      $effect(() => {
        const now = name();
        if (hovers) this.#hovered = now;
        if (focuses) this.#focused = now;
      });
      return () => {
        out();
        blur();
        for (const [event, heard] of Object.entries(events)) {
          element.removeEventListener(event, heard);
        }
      };
    };
  }
}
