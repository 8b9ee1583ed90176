import type { Host } from '../host/host';
import { OtherPlaces, type Call } from './elsewhere.svelte';
import { Month } from './month.svelte';
import { Prices } from './prices.svelte';
import { Refresh } from './refresh.svelte';
import { SpendingView } from './spending.svelte';

/** What the Costs room is about, in the order in which it is asked. */
export const SECTIONS = [
  { value: 'month', text: 'Month' },
  { value: 'catalogue', text: 'Catalogue' },
  { value: 'spending', text: 'Spending' },
  { value: 'elsewhere', text: 'A run elsewhere' },
] as const;

export type Section = (typeof SECTIONS)[number]['value'];

/** What the Costs room knows. */
export class Costs {
  section = $state<Section>('month');
  readonly month: Month;
  readonly prices: Prices;
  readonly refresh: Refresh;
  readonly spending: SpendingView;
  readonly elsewhere: OtherPlaces;

  constructor(host: Host, onprices: () => void) {
    this.month = new Month(host);
    this.prices = new Prices(host, onprices);
    this.refresh = new Refresh(host, this.prices);
    this.spending = new SpendingView(host);
    this.elsewhere = new OtherPlaces(
      host,
      () => this.prices.catalogue?.rows.map(({ id }) => id) ?? [],
    );
  }

  /** Goes to what a call would have cost elsewhere. */
  compare(call: Call): void {
    this.section = 'elsewhere';
    this.elsewhere.choose(call);
  }
}
