import type { HowCut } from '../bindings/HowCut';
import type { Lane } from '../bindings/Lane';
import type { Host } from '../host/host';
import { Latest } from '../latest';
import { message } from '../text';
import { MergeSteps } from './mergesteps.svelte';
import { placeAt, type Place } from './rows';
import type { Sheet } from './sheet.svelte';

/** The piece that is selected, in one of the lanes, and how it came about. */
export class Picked {
  #lane = $state<Lane>();
  #place = $state.raw<Place>();
  /** Whether it stays when the pointer moves on. */
  isPinned = $state(false);
  /** How the piece around it was cut; null for a lane that merges nothing. */
  how = $state.raw<HowCut | null>();
  problem = $state<string>();
  readonly steps = new MergeSteps();
  readonly #cuts: Latest<{ lane: Lane; at: number }, HowCut | null | undefined>;

  constructor(
    host: Host,
    private readonly sheet: Sheet,
  ) {
    this.#cuts = new Latest(
      ({ lane, at }) => sheet.with((id, revision) => host.howCut(id, revision, lane, at)),
      (how) => {
        if (!this.#place) return;
        const isOther = how?.at !== this.how?.at || how?.encoding !== this.how?.encoding;
        [this.how, this.problem] = [how ?? null, undefined];
        if (isOther || how?.selected !== this.steps.of?.selected) this.steps.show(how ?? undefined);
      },
      (error) => (this.problem = message(error)),
    );
  }

  get lane(): Lane | undefined {
    return this.place && this.#lane;
  }

  /** Where the lane stands among the others. */
  get laneIndex(): number {
    return this.#lane === undefined ? -1 : this.sheet.lanes.indexOf(this.#lane);
  }

  /** The piece, as the newest rows have it. */
  get place(): Place | undefined {
    if (!this.#place || this.laneIndex < 0) return undefined;
    return placeAt(this.sheet.rows, this.laneIndex, this.at) ?? this.#place;
  }

  /** Where it begins in the text, in UTF-16 code units. */
  get at(): number {
    return this.#place ? this.#place.row.at + this.#place.span.from : 0;
  }

  /** The pointer is over a piece. */
  point(lane: Lane, place: Place): void {
    if (!this.isPinned) this.#set(lane, place);
  }

  /** A piece is pressed: it stays, until it is pressed again. */
  press(lane: Lane, place: Place): void {
    const isSame =
      this.isPinned && lane === this.#lane && place.row.at + place.span.from === this.at;
    if (isSame) this.clear();
    else this.pin(lane, place);
  }

  pin(lane: Lane, place: Place): void {
    this.isPinned = true;
    this.#set(lane, place);
  }

  clear(): void {
    [this.#lane, this.#place, this.isPinned] = [undefined, undefined, false];
    [this.how, this.problem] = [undefined, undefined];
    this.steps.show(undefined);
  }

  #set(lane: Lane, place: Place): void {
    const isSame = lane === this.#lane && place.row.at + place.span.from === this.at;
    [this.#lane, this.#place] = [lane, place];
    if (!isSame) this.#cuts.want({ lane, at: this.at }, 40);
  }

  /** To the next piece of the lane, to the one before, to the first or the last. */
  async walk(step: 'next' | 'before' | 'first' | 'last'): Promise<void> {
    const { place } = this;
    const lane = this.#lane ?? this.sheet.lanes[0];
    const last = (this.sheet.reading?.rows ?? 1) - 1;
    if (!lane || !this.sheet.reading) return;
    if (step === 'first' || (!place && step === 'next')) return this.#to(lane, 0, 0);
    if (step === 'last' || !place) return this.#to(lane, last, Infinity);
    const { row, span } = place;
    if (step === 'next') {
      const isInRow = span.to < row.text.length;
      if (isInRow || row.index < last)
        await this.#to(lane, row.index + (isInRow ? 0 : 1), row.at + span.to);
    } else if (span.from > 0 || row.index > 0) {
      await this.#to(lane, row.index - (span.from > 0 ? 0 : 1), row.at + span.from - 1);
    }
  }

  /** To the same place in another lane. */
  async turn(step: 1 | -1): Promise<void> {
    const { place, laneIndex } = this;
    const lane = this.sheet.lanes[laneIndex + step];
    if (place && lane) await this.#to(lane, place.row.index, this.at);
  }

  async #to(lane: Lane, index: number, at: number): Promise<void> {
    const near = this.sheet.rows.find((row) => row.index === index);
    const row = near ?? (await this.sheet.rowsAt({ first: index, count: 1 }))[0];
    if (!row || row.text === '') return;
    const within = Math.min(Math.max(at, row.at), row.at + row.text.length - 1);
    const place = placeAt([row], this.sheet.lanes.indexOf(lane), within);
    if (place) this.pin(lane, place);
  }
}
