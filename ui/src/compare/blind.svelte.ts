import type { TallyRow } from '../bindings/TallyRow';
import type { Host } from '../host/host';
import { message } from '../text';
import type { Column } from './column.svelte';
import type { Compare } from './compare.svelte';

/** What was chosen, and what it turned out to be. */
export interface Chosen {
  /** The column that was liked best; none for a tie. */
  best: Column | undefined;
  /** Its letter, or a tie. */
  letter: string | undefined;
}

/**
 * Judging without names: the columns are shuffled and called by letters until somebody has chosen
 * the better reply. Only models that said something can be chosen.
 */
export class Blind {
  isOn = $state(false);
  /** The columns as they are shuffled; the first is A. It stays until the next question. */
  #order = $state.raw<readonly Column[]>();
  chosen = $state.raw<Chosen>();
  /** How often each model was chosen so far. */
  tally = $state.raw<readonly TallyRow[]>();
  problem = $state<string>();

  constructor(
    private readonly host: Host,
    private readonly compare: Compare,
    private readonly random: () => number = Math.random,
  ) {}

  /** Whether names are hidden now. */
  get isHidden(): boolean {
    return this.isOn && this.chosen === undefined;
  }

  /** The columns as they stand while this goes on. */
  get order(): readonly Column[] | undefined {
    return this.isOn ? this.#order : undefined;
  }

  letterOf(column: Column): string | undefined {
    return this.isHidden ? this.#letter(column) : undefined;
  }

  /** Whether all have answered, and there is something to choose from. */
  get canChoose(): boolean {
    const { lanes, rounds } = this.compare;
    const isOver = lanes.every(({ run }) => run.isOver);
    const cell = lanes[0] && rounds.cellOf(lanes[0].run);
    // Who has chosen has seen the names of these replies.
    const isChosen = rounds.votes.some(
      ({ row, repeat }) => row === cell?.row && repeat === cell.repeat,
    );
    const isBlind = this.isHidden && !isChosen;
    return isBlind && isOver && lanes.filter(({ run }) => run.hasText).length > 1;
  }

  begin(): void {
    this.isOn = true;
    this.hide();
  }

  /** Hides the names, in a new order: something is about to be asked. */
  hide(): void {
    if (!this.isOn) return;
    this.chosen = undefined;
    this.#order = shuffled(this.compare.all, this.random);
    // The lenses show one column, and nobody is to know which.
    this.compare.select(this.#order[0]);
  }

  end(): void {
    this.isOn = false;
    this.chosen = undefined;
    this.#order = undefined;
  }

  /** Chooses the best reply, or a tie, and lets the names be seen. */
  async choose(best: Column | undefined): Promise<void> {
    if (!this.canChoose) return;
    const { rounds, lanes } = this.compare;
    const among = lanes
      .filter(({ run }) => run.hasText)
      .map(({ column }) => rounds.placeOf(column))
      .sort((one, other) => one - other);
    const cell = lanes[0] && rounds.cellOf(lanes[0].run);
    this.chosen = { best, letter: best && this.#letter(best) };
    const place = best ? rounds.placeOf(best) : null;
    const vote = { row: cell?.row ?? 0, repeat: cell?.repeat ?? 0, best: place, among };
    rounds.votes = [...rounds.votes, vote];
    await this.#tell(() => rounds.save());
  }

  toggle(): void {
    if (this.isOn) this.end();
    else this.begin();
  }

  /** Reads how often each model was chosen. */
  read(): Promise<void> {
    return this.#tell(() => Promise.resolve());
  }

  /** Forgets every choice. */
  async forget(): Promise<void> {
    this.compare.rounds.votes = [];
    await this.#tell(() => this.host.forgetVotes());
  }

  async #tell(first: () => Promise<void>): Promise<void> {
    try {
      await first();
      [this.tally, this.problem] = [await this.host.blindTally(), undefined];
    } catch (error) {
      this.problem = message(error);
    }
  }

  #letter(column: Column): string {
    return String.fromCharCode(65 + (this.#order?.indexOf(column) ?? 0));
  }
}

/** The same things in an order that chance makes (Fisher and Yates). */
export function shuffled<T>(all: readonly T[], random: () => number): T[] {
  const left = [...all];
  const out: T[] = [];
  while (left.length > 0) out.push(...left.splice(Math.floor(random() * left.length), 1));
  return out;
}
