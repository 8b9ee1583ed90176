/** How much is drawn beyond both ends of what can be seen, in pixels. */
const SPARE = 200;
/** What is taken for seen where nothing can be measured. */
const UNMEASURED = 800;

/** Which part of a long element can be seen, though something around it scrolls. */
export class Windowed {
  #from = $state(0);
  #to = $state(UNMEASURED);
  #scroller: HTMLElement | undefined;
  #room: HTMLElement | undefined;

  /** The first and the last pixel that should be drawn, from the top of the element. */
  get from(): number {
    return this.#from;
  }
  get to(): number {
    return this.#to;
  }

  /** Follows `room`; to be attached to it. */
  readonly follow = (room: HTMLElement): (() => void) => {
    const scroller = scrollerOf(room);
    [this.#room, this.#scroller] = [room, scroller];
    const look = () => {
      const top = scroller.getBoundingClientRect().top - room.getBoundingClientRect().top;
      const height = scroller.clientHeight || UNMEASURED;
      [this.#from, this.#to] = [Math.max(0, top - SPARE), Math.max(0, top + height + SPARE)];
    };
    look();
    scroller.addEventListener('scroll', look, { passive: true });
    const observer = 'ResizeObserver' in globalThis ? new ResizeObserver(look) : undefined;
    observer?.observe(scroller);
    observer?.observe(room);
    return () => {
      scroller.removeEventListener('scroll', look);
      observer?.disconnect();
    };
  };

  /** Scrolls a part of the element into view, clear of so much at either end of the window. */
  show(top: number, bottom: number, head: number, foot: number): void {
    if (!this.#room || !this.#scroller) return;
    const window = this.#scroller.getBoundingClientRect();
    const room = this.#room.getBoundingClientRect().top;
    const above = window.top + head - (room + top);
    const below = room + bottom - (window.top + this.#scroller.clientHeight - foot);
    if (above > 0) this.#scroller.scrollTop -= above;
    else if (below > 0) this.#scroller.scrollTop += Math.min(below, -above);
  }
}

function scrollerOf(element: HTMLElement): HTMLElement {
  let around = element.parentElement;
  while (around && !/auto|scroll/.test(getComputedStyle(around).overflowY)) {
    around = around.parentElement;
  }
  return around ?? document.documentElement;
}
