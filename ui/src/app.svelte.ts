import type { ModelInfo } from './bindings/ModelInfo';
import type { LensName } from './bindings/LensName';
import type { PageControl } from './bindings/PageControl';
import type { Room } from './bindings/Room';
import type { KeyList } from './bindings/KeyList';
import type { Settings } from './bindings/Settings';
import type { Start } from './bindings/Start';
import type { Target } from './bindings/Target';
import type { Host } from './host/host';
import { Learn } from './learn/learn.svelte';
import { wayTo, type Way } from './learn/ways';
import { Layout } from './lenses/layout.svelte';
import { Compare } from './compare/compare.svelte';
import { Panels } from './compare/panels.svelte';
import { Costs } from './costs/costs.svelte';
import { Batches, type BatchKind } from './batch/batches.svelte';
import { Comparison } from './comparison.svelte';
import { Play } from './play.svelte';
import { Runs } from './runs.svelte';
import { message } from './text';
import { TokensRoom } from './tokens/room.svelte';

export type RoomName = Room;
/** `compare` picks the model of a new column. */
export type DialogName = 'models' | 'compare' | 'settings' | 'help';

/** The question that the first start opens with. */
export const FIRST_QUESTION = 'Why is the sky blue?';
/** What takes longer to open, in milliseconds, is said to be under way. */
const PATIENCE = 300;
/** Settings are written this many milliseconds after the last change. */
const SAVE_DELAY = 300;

/** What outlives a room: settings, dialogs, and the rooms' own state. */
export class App {
  settings = $state.raw<Settings>() as Settings;
  room = $state<RoomName>('play');
  dialog = $state<DialogName>();
  /** Two runs that are compared, in the place of the room. */
  comparison = $state.raw<Comparison>();
  /** Whether sweeps and sets are shown, in the place of the room. */
  isBatching = $state(false);
  notices = $state.raw<string[]>([]);
  /** Where there are keys, as far as that was asked. */
  keyList = $state.raw<KeyList>();
  /** The columns of Play: one of them, until something is compared. */
  readonly columns: Compare;
  readonly panels = new Panels();
  readonly batches: Batches;
  readonly runs: Runs;
  readonly tokens: TokensRoom;
  readonly costs: Costs;
  readonly learn: Learn;
  /** The models that we know something of, at the prices of today. */
  models = $state.raw<readonly ModelInfo[]>([]);
  /** The lenses that the person opened; a lesson has its own. */
  readonly ownLayout: Layout;

  /** Whether something of the past is read, and takes a while. */
  isOpening = $state(false);
  /** What was asked to be opened last; none once the person went elsewhere. */
  #opening: object | undefined;

  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly host: Host,
    readonly first: Start,
  ) {
    this.settings = first.settings;
    this.notices = first.notices;
    this.models = first.models;
    this.runs = new Runs(host, (ids) => {
      this.columns.forget(ids);
      this.batches.forget(ids);
      void this.columns.versions.read();
    });
    this.tokens = new TokensRoom(host, first.settings.price_as);
    this.costs = new Costs(host, () => void this.#newPrices());
    this.ownLayout = new Layout(first.settings.lenses);
    const play = new Play({
      host,
      target: first.settings.target,
      system: first.settings.system,
      parameters: first.settings.parameters,
      priceAs: first.settings.price_as,
      draft: FIRST_QUESTION,
    });
    this.columns = new Compare(host, play);
    this.batches = new Batches(host, () => this.named);
    this.learn = new Learn(host, {
      columns: this.columns,
      batches: this.batches,
      go: (room) => this.go(room),
      onbegin: () => this.change({ offers_course: false }),
    });
  }

  /** The column that is looked at. */
  get play(): Play {
    return this.columns.play;
  }

  /** Which lenses are open. */
  get layout(): Layout {
    return this.learn.card?.layout ?? this.ownLayout;
  }

  /** Whether Play is looked at, and not what stands in its place. */
  get isPlaying(): boolean {
    return this.room === 'play' && !this.comparison && !this.isBatching;
  }

  /**
   * The column that the other rooms go by. While names are hidden it is always the same one: the
   * name of the one that is looked at would tell whose letter it has.
   */
  get named(): Play {
    return this.columns.blind.isHidden ? this.columns.first.play : this.play;
  }

  /** Takes over `changes` and has them written. */
  change(changes: Partial<Settings>): void {
    this.settings = { ...this.settings, ...changes };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#save(), SAVE_DELAY);
  }

  /** Takes over `changes` when they are written; what is wrong with them is the caller's to tell. */
  async keep(changes: Partial<Settings>): Promise<void> {
    await this.host.saveSettings({ ...this.settings, ...changes });
    // What was changed meanwhile stays, and is written.
    this.change(changes);
  }

  /** Chooses the model of the column that is looked at. */
  pick(target: Target): void {
    this.play.target = target;
    const isOwn = this.play === this.columns.first.play && !this.learn.card;
    if (isOwn) this.change({ target });
    void this.learnKeys();
  }

  /** Adds a column that asks `target`. */
  pickMore(target: Target): void {
    this.columns.add(target);
    this.go('play');
    void this.learnKeys();
  }

  go(room: RoomName): void {
    this.#settle();
    this.room = room;
    this.comparison = undefined;
    this.isBatching = false;
  }

  /** Goes to where a control can be seen; how it comes to be seen there. */
  reach(control: PageControl, isNarrow: boolean): Way {
    const way = wayTo(control);
    if (!way.isEverywhere && !this.isPlaying) this.go('play');
    if (way.lens) this.openLens(way.lens, isNarrow);
    return way;
  }

  /** Shows a lens of Play. */
  openLens(lens: LensName, isNarrow: boolean): void {
    if (!this.isPlaying) this.go('play');
    if (!this.layout.shown(isNarrow).some(({ id }) => id === lens)) {
      this.layout.toggle(lens, isNarrow);
    }
  }

  /** Shows where many calls are sent at once: a sweep, or a set of prompts. */
  openBatch(kind: BatchKind): void {
    this.batches.begin(kind);
    this.go('play');
    this.isBatching = true;
  }

  /** Shows two runs side by side until the person goes back. */
  compare(ids: readonly [string, string]): void {
    this.#settle();
    this.comparison = new Comparison(this.host, ids);
  }

  /** Opens a run of the past in the Play room. */
  open(id: string): Promise<void> {
    return this.#open(async () => this.columns.readingRun(await this.host.keptRun(id)));
  }

  /** Opens a comparison of the past: its columns come back, or its grid. */
  openComparison(id: string): Promise<void> {
    return this.#open(async () => {
      const kept = await this.host.openComparison(id);
      if (kept.summary.kind === 'columns') return this.columns.reading(kept);
      return () => {
        this.isBatching = true;
        void this.batches.open(kept);
      };
    });
  }

  /**
   * Reads something of the past, and then shows it in Play: unless something else was asked for
   * meanwhile, or the person went to another room.
   */
  async #open(read: () => Promise<() => void>): Promise<void> {
    const asked = (this.#opening = {});
    const isWanted = () => this.#opening === asked;
    const slow = setTimeout(() => (this.isOpening = isWanted()), PATIENCE);
    try {
      const show = await read();
      if (!isWanted()) return;
      this.go('play');
      show();
      void this.learnKeys();
    } catch (error) {
      if (!isWanted()) return;
      if (this.room === 'runs') this.runs.problem = message(error);
      else this.notices = [...this.notices, message(error)];
    } finally {
      clearTimeout(slow);
      if (isWanted()) this.#settle();
    }
  }

  /** Nothing is waited for any more. */
  #settle(): void {
    [this.#opening, this.isOpening] = [undefined, false];
  }

  /**
   * Finds out whether there is a key for the target, so that the request is shown with its
   * header. Practice needs no key, so it never makes the keyring ask for a password.
   */
  async learnKeys(): Promise<void> {
    const plays = this.columns.all.map(({ play }) => play);
    if (plays.every(({ isPractice }) => isPractice)) return;
    try {
      await this.keys();
      for (const play of plays) play.refresh();
    } catch (error) {
      this.notices = [...this.notices, message(error)];
    }
  }

  zoom(step: number): void {
    const zoom = step === 0 ? 1 : Math.round((this.settings.zoom + step) * 10) / 10;
    if (zoom >= 0.5 && zoom <= 3) this.change({ zoom });
  }

  dismiss(notice: string): void {
    this.notices = this.notices.filter((it) => it !== notice);
  }

  /** Finds out, once the window is open, which models have a price of the person's own. */
  learnPrices(): Promise<void> {
    return this.costs.prices.read();
  }

  /** Every place that may have a key, the server that was added just now among them. */
  async keys(): Promise<KeyList> {
    clearTimeout(this.#timer);
    await this.#save();
    this.keyList = await this.host.keys();
    return this.keyList;
  }

  /** Whether there is known to be a key for a provider. */
  hasKey(provider: string): boolean {
    const keys = this.keyList?.keys ?? [];
    return keys.some((key) => key.provider === provider && key.place !== null);
  }

  /** Another model's price counts: what can be asked of its provider depends on a key. */
  async setPriceAs(model: string): Promise<void> {
    for (const { play } of this.columns.all) play.priceAs = model;
    const provider = this.first.models.find(({ id }) => id === model)?.provider;
    if (!this.first.providers.some(({ id, needs_key }) => id === provider && needs_key)) return;
    // Without keys there is a count of our own all the same.
    await this.keys().catch(() => undefined);
  }

  /** Shows what the program was started with: a file of the Tokens room, or a link to it. */
  async openStarted(): Promise<void> {
    try {
      const sheet = await this.host.openedSheet();
      if (!sheet) return;
      this.tokens.take(sheet);
      this.go('tokens');
    } catch (error) {
      this.notices = [...this.notices, message(error)];
    }
  }

  /** Prices have changed: what was billed is billed anew when somebody looks. */
  async #newPrices(): Promise<void> {
    for (const { play } of this.columns.all) play.bills.forget();
    this.costs.month.read();
    try {
      this.models = (await this.host.start()).models;
    } catch (error) {
      this.notices = [...this.notices, message(error)];
    }
  }

  async #save(): Promise<void> {
    try {
      await this.host.saveSettings(this.settings);
    } catch (error) {
      this.notices = [...this.notices, message(error)];
    }
  }
}
