/** Two panels beside each other need so much, in pixels of the page. */
const TWO = 900;

/** How many panels have room beside each other. */
export function roomIn(width: number): number {
  return width < TWO ? 1 : 2;
}

/** Which panels are open below the columns: at most so many as have room beside each other. */
export class Panels {
  /** In the order in which they were opened. */
  open = $state.raw<readonly string[]>(['differences', 'race']);

  /** Those that have room, where there is room for so many: the newest. */
  shown(room: number): readonly string[] {
    return this.open.slice(-room);
  }

  /** Opens a panel, which the oldest makes room for, or closes it; one is always open. */
  toggle(id: string, room: number): void {
    const others = this.open.filter((it) => it !== id);
    const isShown = this.shown(room).includes(id);
    if (!isShown) this.open = [...others, id].slice(-2);
    else if (others.length > 0 && room > 1) this.open = others;
  }

  /** Opens this one alone. */
  alone(id: string): void {
    this.open = [id];
  }

  /** Opens a panel, where it is not open yet. */
  want(id: string, room: number): void {
    if (!this.shown(room).includes(id)) this.toggle(id, room);
  }
}
