import type { PageControl } from '../bindings/PageControl';
import { wayTo } from './ways';

/** What can have the focus. */
const FOCUSABLE = 'button, input:not([type=range]), textarea, select, summary, [tabindex]';

/** Something in the page: what finds it, and what opens its place where it cannot be seen. */
export interface Spot {
  selector: string;
  door?: string | undefined;
}

/** Where a control is. */
export function spotOf(control: PageControl): Spot {
  const selector = (name: PageControl) => `[data-control="${name}"]`;
  const { through } = wayTo(control);
  return { selector: selector(control), door: through && selector(through) };
}

/** Where a field of the request is chosen. */
export const REQUEST_TREE: Spot = { selector: 'section[aria-label="Request"] [role="tree"]' };

/** What a selector finds, if it is to be seen. */
function find(selector: string): HTMLElement | undefined {
  const all = document.querySelectorAll<HTMLElement>(selector);
  // A page that is not drawn, as in a test, cannot tell.
  return [...all].find((it) => it.checkVisibility?.() ?? true);
}

/**
 * What a lesson points at: it gets a soft ring, which is an attribute of the control itself, and
 * the focus on request. Where the page draws the control anew, or later, ring and focus follow.
 */
export class Pointing {
  /** What has the ring. */
  #at: Spot | undefined;
  /** What is to have the focus, until it can be seen. */
  #wanted: Spot | undefined;
  #ringed: HTMLElement | undefined;

  /** Keeps ring and focus where they belong, until what it returns is called. */
  follow(): () => void {
    const observer = new MutationObserver(() => this.#draw());
    const attributeFilter = ['data-control', 'hidden', 'class'];
    observer.observe(document.body, { childList: true, subtree: true, attributeFilter });
    this.#draw();
    return () => {
      observer.disconnect();
      this.#ring(undefined);
    };
  }

  /** Puts the ring around something, or around nothing. */
  at(spot: Spot | undefined): void {
    this.#at = spot;
    this.#draw();
  }

  /** Moves the focus there, now or once it can be seen. */
  show(spot: Spot): void {
    this.#wanted = spot;
    this.#draw();
  }

  #draw(): void {
    const { selector, door } = this.#at ?? {};
    this.#ring((selector && find(selector)) || (door && find(door)) || undefined);
    if (this.#wanted) this.#reach(this.#wanted);
  }

  #ring(element: HTMLElement | undefined): void {
    if (element === this.#ringed) return;
    this.#ringed?.removeAttribute('data-ringed');
    element?.setAttribute('data-ringed', '');
    this.#ringed = element;
  }

  #reach({ selector, door }: Spot): void {
    const found = find(selector);
    if (found) {
      this.#wanted = undefined;
      this.#focus(found);
      return;
    }
    const closed = door === undefined ? undefined : find(door);
    // Once it is open, the page has changed, and what it holds is found.
    if (closed?.getAttribute('aria-expanded') === 'false') closed.click();
  }

  /** What only opens the control is pressed, and the control takes the focus by itself. */
  #focus(found: HTMLElement): void {
    if (found.dataset['opens'] !== undefined) return found.click();
    const element = found.matches(FOCUSABLE) ? found : found.querySelector<HTMLElement>(FOCUSABLE);
    element?.scrollIntoView?.({ block: 'nearest' });
    element?.focus();
  }
}
