import type { Catalogue } from '../bindings/Catalogue';
import type { CatalogueRow } from '../bindings/CatalogueRow';
import type { OwnPrice } from '../bindings/OwnPrice';
import type { Host } from '../host/host';
import { message } from '../text';
import { COLUMNS, NAME, PROVIDER, sorted } from './columns';
import { fieldsOf, ownPriceOf } from './ownprice';
import { refusal, type Refusal } from './refusal';

export interface Narrowed {
  text: string;
  provider: string;
  status: CatalogueRow['status'] | '';
  /** Whether only the person's own prices are wanted. */
  isOwn: boolean;
}

export const EVERY_MODEL: Narrowed = { text: '', provider: '', status: '', isOwn: false };

/** Every model with its prices: which are wanted, in which order, and those of the person's own. */
export class Prices {
  catalogue = $state.raw<Catalogue>();
  problem = $state<string>();
  /** The day that the prices are of; empty for today. */
  day = $state('');
  /** The day that the rows are of: until the answer is there, another one than was asked for. */
  shown = $state('');
  filter = $state.raw<Narrowed>(EVERY_MODEL);
  /** The price of the person's own that was removed last, until another is kept. */
  removed = $state.raw<OwnPrice>();
  order = $state.raw({ column: 'id', isUp: true });

  readonly rows = $derived.by(() => {
    const { column, isUp } = this.order;
    const by = [NAME, PROVIDER, ...COLUMNS].find(({ id }) => id === column) ?? NAME;
    const fitting = (this.catalogue?.rows ?? []).filter((row) => this.#fits(row));
    return sorted(fitting, by, isUp);
  });
  readonly providers = $derived(
    (this.catalogue?.rows ?? [])
      .map(({ provider }) => provider)
      .filter((it, index, all) => it !== '' && all.indexOf(it) === index)
      .sort(),
  );

  /** Models outside the built-in catalogue that have a price. */
  readonly others = $derived(
    (this.catalogue?.rows ?? [])
      .filter(({ origin, price }) => origin !== 'built_in' && price)
      .map(({ id }) => id),
  );

  constructor(
    private readonly host: Host,
    /** Prices are not what they were: whoever shows one asks again. */
    private readonly onchange: () => void,
  ) {}

  get isFiltered(): boolean {
    return JSON.stringify(this.filter) !== JSON.stringify(EVERY_MODEL);
  }

  narrow(changes: Partial<Narrowed>): void {
    this.filter = { ...this.filter, ...changes };
  }

  /** Sorts by a column; by the same one again, the other way. */
  sortBy(column: string): void {
    const isSame = this.order.column === column;
    this.order = { column, isUp: isSame ? !this.order.isUp : true };
  }

  find(model: string): CatalogueRow | undefined {
    return this.catalogue?.rows.find(({ id }) => id === model);
  }

  async read(): Promise<void> {
    const asked = this.day;
    try {
      const catalogue = await this.host.catalogue(asked || null);
      // Another day may have been asked for meanwhile.
      if (asked !== this.day) return;
      [this.catalogue, this.shown, this.problem] = [catalogue, asked, undefined];
    } catch (error) {
      if (asked === this.day) this.problem = message(error);
    }
  }

  /** Takes over what changed. Answers are of today; another day is asked for again. */
  async changed(catalogue: Catalogue): Promise<void> {
    if (this.day === '') [this.catalogue, this.shown] = [catalogue, ''];
    else await this.read();
    this.onchange();
  }

  /** Keeps a price of the person's own; tells what is wrong with it. */
  async setOwn(own: OwnPrice): Promise<Refusal | undefined> {
    try {
      await this.changed(await this.host.setOwnPrice(own));
      this.removed = undefined;
      return undefined;
    } catch (error) {
      return refusal(error);
    }
  }

  async removeOwn(model: string): Promise<void> {
    const row = this.find(model);
    const provider = row?.origin === 'own' ? row.provider : null;
    try {
      await this.changed(await this.host.removeOwnPrice(model));
      this.removed = ownPriceOf(fieldsOf(row, model), provider).own;
    } catch (error) {
      this.problem = message(error);
    }
  }

  async undoRemove(): Promise<void> {
    if (this.removed) this.problem = (await this.setOwn(this.removed))?.says;
  }

  #fits(row: CatalogueRow): boolean {
    const { text, provider, status, isOwn } = this.filter;
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const told = [row.id, row.name, row.provider, ...row.aliases, row.note ?? ''];
    const said = told.join(' ').toLowerCase();
    return (
      words.every((word) => said.includes(word)) &&
      (provider === '' || row.provider === provider) &&
      (status === '' || row.status === status) &&
      (!isOwn || row.price?.origin === 'own' || row.origin === 'own')
    );
  }
}
