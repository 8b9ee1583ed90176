/**
 * How many of many things are on the screen. Up to `step` new ones are drawn at once; more are
 * spread over several frames of the display, so that none of these takes long.
 */
export class Gradually {
  #drawn = $state(0);

  constructor(
    private readonly total: () => number,
    private readonly step: number,
  ) {
    $effect(() => {
      const all = total();
      if (all - this.#drawn <= step) {
        this.#drawn = all;
        return;
      }
      const frame = requestAnimationFrame(() => (this.#drawn += step));
      return () => cancelAnimationFrame(frame);
    });
  }

  get shown(): number {
    const all = this.total();
    return all - this.#drawn <= this.step ? all : this.#drawn;
  }
}
