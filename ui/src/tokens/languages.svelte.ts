import type { Encoding } from '../bindings/Encoding';
import type { LanguageRow } from '../bindings/LanguageRow';
import type { LanguageTable } from '../bindings/LanguageTable';
import type { Host } from '../host/host';
import { Latest } from '../latest';
import { message } from '../text';

/** One paragraph in many languages, counted in every encoding, and a text of one's own. */
export class Languages {
  table = $state.raw<LanguageTable>();
  encoding = $state<Encoding>('o200k_base');
  own = $state('');
  problem = $state<string>();
  readonly #tables: Latest<{ priceAs: string | null; own: string | null }, LanguageTable>;

  constructor(host: Host) {
    this.#tables = new Latest(
      ({ priceAs, own }) => host.languageCosts(priceAs, own),
      (table) => ([this.table, this.problem] = [table, undefined]),
      (error) => (this.problem = message(error)),
    );
  }

  want(priceAs: string | null): void {
    const own = this.own.trim() === '' ? null : this.own;
    this.#tables.want({ priceAs, own }, this.table ? 120 : 0);
  }

  /** Where the counts of the chosen encoding stand in each row. */
  get index(): number {
    return Math.max(this.table?.encodings.indexOf(this.encoding) ?? 0, 0);
  }

  /** The rows, the one with the fewest tokens first. */
  get rows(): readonly LanguageRow[] {
    const tokens = (row: LanguageRow) => row.counts[this.index]?.tokens ?? 0;
    return (this.table?.rows ?? []).toSorted((a, b) => tokens(a) - tokens(b));
  }

  /** The most tokens that any row has in any encoding. */
  get most(): number {
    const all = (this.table?.rows ?? []).flatMap(({ counts }) => counts.map((it) => it.tokens));
    return Math.max(1, ...all);
  }
}
