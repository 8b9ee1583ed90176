/**
 * A component that is fetched when it is first wanted, so that what opens the window is smaller.
 * Until it is there, what was there before stays.
 */
export class Later<C> {
  component = $state.raw<C>();

  constructor(private readonly fetch: () => Promise<{ default: C }>) {}

  async want(): Promise<void> {
    const { default: component } = await this.fetch();
    this.component = component;
  }
}
