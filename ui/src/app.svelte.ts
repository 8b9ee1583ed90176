import type { KeyList } from './bindings/KeyList';
import type { Summary } from './bindings/Summary';
import type { Settings } from './bindings/Settings';
import type { Start } from './bindings/Start';
import type { Target } from './bindings/Target';
import type { Host } from './host/host';
import { Layout } from './lenses/layout.svelte';
import { Comparison } from './comparison.svelte';
import { Play } from './play.svelte';
import { Runs } from './runs.svelte';
import { message } from './text';

export type RoomName = 'play' | 'runs';
export type DialogName = 'models' | 'settings' | 'help';

/** The question that the first start opens with. */
const FIRST_QUESTION = 'Why is the sky blue?';
/** Settings are written this many milliseconds after the last change. */
const SAVE_DELAY = 300;

/** What outlives a room: settings, dialogs, and the rooms' own state. */
export class App {
  settings = $state.raw<Settings>() as Settings;
  room = $state<RoomName>('play');
  dialog = $state<DialogName>();
  /** Two runs that are compared, in the place of the room. */
  comparison = $state.raw<Comparison>();
  notices = $state.raw<string[]>([]);
  readonly play: Play;
  readonly runs: Runs;
  readonly layout: Layout;

  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly host: Host,
    readonly first: Start,
  ) {
    this.settings = first.settings;
    this.notices = first.notices;
    this.runs = new Runs(host);
    this.layout = new Layout(first.settings.lenses);
    this.play = new Play({
      host,
      target: first.settings.target,
      system: first.settings.system,
      parameters: first.settings.parameters,
      priceAs: first.settings.price_as,
      draft: FIRST_QUESTION,
    });
  }

  /** Takes over `changes` and has them written. */
  change(changes: Partial<Settings>): void {
    this.settings = { ...this.settings, ...changes };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#save(), SAVE_DELAY);
  }

  pick(target: Target): void {
    this.play.target = target;
    this.change({ target });
    void this.learnKeys();
  }

  go(room: RoomName): void {
    this.room = room;
    this.comparison = undefined;
  }

  /** Shows two runs side by side until the person goes back. */
  compare(ids: readonly [string, string]): void {
    this.comparison = new Comparison(this.host, ids);
  }

  /** Opens a run of the past in the Play room. */
  async open(run: Summary): Promise<void> {
    try {
      await this.play.open(await this.host.keptRun(run.id));
      this.go('play');
      void this.learnKeys();
    } catch (error) {
      this.runs.problem = message(error);
    }
  }

  /**
   * Finds out whether there is a key for the target, so that the request is shown with its
   * header. Practice needs no key, so it never makes the keyring ask for a password.
   */
  async learnKeys(): Promise<void> {
    if (this.play.isPractice) return;
    try {
      await this.keys();
      this.play.refresh();
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

  /** Every place that may have a key, the server that was added just now among them. */
  async keys(): Promise<KeyList> {
    clearTimeout(this.#timer);
    await this.#save();
    return this.host.keys();
  }

  async #save(): Promise<void> {
    try {
      await this.host.saveSettings(this.settings);
    } catch (error) {
      this.notices = [...this.notices, message(error)];
    }
  }
}
