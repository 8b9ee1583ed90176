import type { Lane } from '../bindings/Lane';
import type { TokenExample } from '../bindings/TokenExample';
import type { TokenMarks } from '../bindings/TokenMarks';
import type { TokenSheet } from '../bindings/TokenSheet';
import type { Host } from '../host/host';
import { message } from '../text';
import { ConversationTokens } from './conversationtokens.svelte';
import { Guessing, MOST_TO_CUT } from './guessing.svelte';
import { LANES, MOST_LANES, laneInfo, moved } from './lanes';
import { Languages } from './languages.svelte';
import { ModelCounts } from './modelcount.svelte';
import { Picked } from './picked.svelte';
import { Sheet } from './sheet.svelte';

export type View = 'text' | 'conversation' | 'languages';

/** What the room opens with: it says what it shows. */
const FIRST_TEXT =
  'A model does not read letters. It reads pieces: strawberry, 1234567, naïve, привет, 👩‍🚀.';
const FIRST_LANES: readonly Lane[] = ['o200k_base', 'cl100k_base', 'gpt2'];

/** What the Tokens room knows. */
export class TokensRoom {
  view = $state<View>('text');
  readonly sheet: Sheet;
  readonly picked: Picked;
  readonly guessing: Guessing;
  readonly counts: ModelCounts;
  readonly languages: Languages;
  readonly conversation: ConversationTokens;
  show = $state.raw<TokenMarks>({ ids: false, bytes: false, spaces: false, boundaries: false });
  /** What a teacher wrote above the text. */
  title = $state('');
  note = $state('');
  /** The lanes that the person chose, whether they are hidden now or not. */
  #lanes = $state.raw<readonly Lane[]>(FIRST_LANES);

  examples = $state.raw<readonly TokenExample[]>();
  /** The example that is shown, until the text is another. */
  example = $state.raw<TokenExample>();
  /** What came of the last file or link. */
  said = $state.raw<{ text: string; isBad: boolean }>();

  constructor(
    private readonly host: Host,
    priceAs: string | null,
  ) {
    this.sheet = new Sheet(host);
    this.sheet.priceAs = priceAs;
    this.picked = new Picked(host, this.sheet);
    this.guessing = new Guessing(host, this.sheet);
    this.counts = new ModelCounts(host, this.sheet);
    this.languages = new Languages(host);
    this.conversation = new ConversationTokens(host);
    [this.sheet.text, this.sheet.lanes] = [FIRST_TEXT, FIRST_LANES];
  }

  /** The room is entered: nothing is read before. */
  begin(): void {
    this.sheet.refresh();
    this.counts.refresh();
    void this.wantExamples();
  }

  get lanes(): readonly Lane[] {
    return this.#lanes;
  }

  set lanes(lanes: readonly Lane[]) {
    this.#lanes = lanes;
    this.#lay();
  }

  /** Lanes that could be added. */
  get others(): readonly Lane[] {
    return LANES.map(({ id }) => id).filter((id) => !this.#lanes.includes(id));
  }

  /** Has the sheet show what is wanted: to guess a cut, one lane beside the characters. */
  #lay(): void {
    const { guessing } = this;
    const chosen = this.#lanes.filter((lane) => laneInfo(lane).isEncoding);
    if (!chosen.includes(guessing.lane)) guessing.lane = chosen[0] ?? 'o200k_base';
    this.sheet.lanes = guessing.what === 'cut' ? [guessing.lane, 'characters'] : this.#lanes;
    // Nobody scrolls through what is cut by hand: all of it is there, and no row above its view.
    if (guessing.what === 'cut') this.sheet.look({ first: 0, count: MOST_TO_CUT });
    else this.sheet.refresh();
  }

  /** What is typed. */
  write(text: string): void {
    if (text === this.sheet.text) return;
    this.example = undefined;
    this.#take(text);
  }

  #take(text: string): void {
    this.picked.clear();
    this.guessing.again();
    this.sheet.write(text);
    this.counts.refresh();
  }

  add(lane: Lane): void {
    if (this.#lanes.length < MOST_LANES) this.lanes = [...this.#lanes, lane];
  }

  remove(index: number): void {
    if (this.#lanes.length > 1) this.lanes = this.#lanes.toSpliced(index, 1);
  }

  move(index: number, step: number): void {
    this.lanes = moved(this.#lanes, index, step);
  }

  setSpecials(isOn: boolean): void {
    this.sheet.specials = isOn;
    this.picked.clear();
    this.sheet.refresh();
    this.counts.refresh();
  }

  setPriceAs(model: string): void {
    this.sheet.priceAs = model;
    this.sheet.refresh();
    this.counts.refresh();
  }

  hide(what: TokenSheet['hidden']): void {
    this.picked.clear();
    this.guessing.hide(what);
    this.#lay();
  }

  guessIn(lane: Lane): void {
    this.guessing.lane = lane;
    this.guessing.again();
    this.#lay();
  }

  /** Reads the library, once. */
  async wantExamples(): Promise<void> {
    if (this.examples) return;
    try {
      this.examples = await this.host.tokenExamples();
    } catch (error) {
      this.#fail(error);
    }
  }

  open(example: TokenExample): void {
    this.view = 'text';
    this.sheet.specials = example.specials;
    if (example.lanes.length > 0) this.lanes = example.lanes;
    // What a teacher wrote was of another text.
    [this.title, this.note] = ['', ''];
    this.#take(example.text);
    this.example = example;
    this.#lay();
  }

  /** Everything that a file or a link carries. */
  get written(): TokenSheet {
    const { title, note, show, sheet, guessing } = this;
    const { text, specials, priceAs } = sheet;
    const hidden = guessing.what;
    return {
      title,
      note,
      text,
      lanes: [...this.#lanes],
      specials,
      price_as: priceAs,
      show,
      hidden,
    };
  }

  /** Takes over what a file or a link carried. */
  take(written: TokenSheet): void {
    this.view = 'text';
    [this.title, this.note, this.show] = [written.title, written.note, written.show];
    this.sheet.specials = written.specials;
    if (written.price_as !== null) this.sheet.priceAs = written.price_as;
    this.example = undefined;
    this.guessing.hide(written.hidden);
    if (written.lanes.length > 0) this.#lanes = written.lanes;
    // A text box knows one kind of line end only.
    this.#take(written.text.replace(/\r\n?/g, '\n'));
    this.#lay();
  }

  /** Whether a file was chosen and could be read. */
  async openFile(): Promise<boolean> {
    let isRead = false;
    await this.#try(async () => {
      const written = await this.host.openSheetFile();
      if (written) this.take(written);
      isRead = written !== null;
      return undefined;
    });
    return isRead;
  }

  async saveFile(): Promise<void> {
    await this.#try(async () =>
      (await this.host.saveSheetFile(this.written)) ? 'The file is written.' : undefined,
    );
  }

  /** A link to the text and its settings; undefined, with a reason, if it would be too long. */
  async link(): Promise<string | undefined> {
    let link: string | undefined;
    await this.#try(async () => {
      link = await this.host.sheetLink(this.written);
      return undefined;
    });
    return link;
  }

  /** Whether the link could be read. */
  async openLink(link: string): Promise<boolean> {
    let isRead = false;
    await this.#try(async () => {
      this.take(await this.host.readSheetLink(link.trim()));
      isRead = true;
      return undefined;
    });
    return isRead;
  }

  /** Puts the ids of a lane on the clipboard, as a list that a program can read. */
  async copyIds(lane: Lane): Promise<void> {
    const ids = this.sheet.ids(lane).then((all) => `[${all.join(', ')}]`);
    // What is pressed now may be written a little later only as a promise.
    const write = () =>
      'ClipboardItem' in globalThis
        ? navigator.clipboard.write([new ClipboardItem({ 'text/plain': ids })])
        : ids.then((text) => navigator.clipboard.writeText(text));
    await this.#try(async () => {
      await Promise.all([ids, write()]);
      return `The ids of ${lane} are copied.`;
    });
  }

  /** Does something; what it returns is told, and so is why it failed. */
  async #try(doing: () => Promise<string | undefined>): Promise<void> {
    this.said = undefined;
    try {
      const text = await doing();
      if (text) this.said = { text, isBad: false };
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.said = { text: message(error), isBad: true };
  }
}
