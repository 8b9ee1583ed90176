import { SvelteMap } from 'svelte/reactivity';
import type { Course } from '../bindings/Course';
import type { LessonInfo } from '../bindings/LessonInfo';
import type { Room } from '../bindings/Room';
import type { Batches } from '../batch/batches.svelte';
import type { Compare } from '../compare/compare.svelte';
import type { Host } from '../host/host';
import type { Play } from '../play.svelte';
import { message } from '../text';
import { Card } from './card.svelte';
import { Pointing } from './pointing.svelte';

/** Where a lesson is worked through. */
export interface Stage {
  columns: Compare;
  batches: Batches;
  go: (room: Room) => void;
  /** A lesson begins. */
  onbegin: () => void;
}

/** The course: its lessons, which of them is open, and what the person had in Play before it. */
export class Learn {
  course = $state.raw<Course>();
  problem = $state<string>();
  /** The card of the lesson that is open. */
  card = $state.raw<Card>();
  /** Whether the card is folded to a line. */
  isFolded = $state(false);
  readonly pointing = new Pointing();

  /** Brings back what the person had before a lesson. */
  #back: (() => void) | undefined;
  /** Brings back lessons that were left, by their slugs. */
  readonly #left = new SvelteMap<string, { card: Card; back: () => void }>();

  constructor(
    private readonly host: Host,
    private readonly stage: Stage,
  ) {}

  get lessons(): readonly LessonInfo[] {
    return this.course?.lessons ?? [];
  }

  get isCardOpen(): boolean {
    return this.card !== undefined && !this.isFolded;
  }

  get play(): Play {
    return this.stage.columns.play;
  }

  /** The lesson to begin or go on with. */
  get next(): LessonInfo | undefined {
    const open = this.lessons.filter(({ is_own, done, of }) => !is_own && done < of);
    return open.find(({ is_begun }) => is_begun) ?? open.find(({ is_finished }) => !is_finished);
  }

  /** Which runs have come to an end, wherever they were sent: it is another text after each. */
  get ended(): string {
    const { columns, batches } = this.stage;
    const plays = columns.all.map(({ play }) => play);
    const sent = plays.flatMap((play) => [...play.rosetta.sent.values()].map(({ run }) => run));
    const runs = [...plays.flatMap(({ calls }) => calls), ...sent];
    const { done = 0, failed = 0, stopped = 0 } = batches.batch?.state ?? {};
    const ids = runs.filter(({ isOver }) => isOver).map(({ id }) => id);
    return `${ids.join()} ${done + failed + stopped}`;
  }

  /** Finds out which lessons there are, and how far they are. */
  async read(): Promise<void> {
    try {
      [this.course, this.problem] = [await this.host.course(), undefined];
    } catch (error) {
      this.problem = message(error);
    }
  }

  /** Opens a lesson: begins it, or goes on where it was left. */
  async start(slug: string): Promise<void> {
    if (this.card?.slug !== slug && !(await this.#open(slug))) return;
    if (this.card?.isDone) this.card.readings++;
    this.isFolded = false;
    this.stage.go('play');
  }

  /** Begins a lesson anew. */
  async again(slug: string): Promise<void> {
    if (this.card?.slug === slug) this.leave();
    await this.reset(slug);
    await this.start(slug);
  }

  /** Closes the card, and brings back what was in Play before. */
  leave(): void {
    this.#keep();
    this.card = undefined;
    this.#back?.();
    this.#back = undefined;
    void this.read();
  }

  /** Forgets what was done in a lesson, or in all. */
  async reset(slug: string | null = null): Promise<void> {
    if (this.card && (slug ?? this.card.slug) === this.card.slug) this.leave();
    try {
      const { host } = this;
      this.course = slug === null ? await host.resetCourse() : await host.resetLesson(slug);
      if (slug === null) this.#left.clear();
      else this.#left.delete(slug);
    } catch (error) {
      this.problem = message(error);
    }
  }

  /** Whether the lesson could be opened. */
  async #open(slug: string): Promise<boolean> {
    try {
      const lesson = await this.host.openLesson(slug);
      this.#keep();
      this.#back ??= this.stage.columns.whole();
      const left = this.#left.get(slug);
      this.card = left?.card ?? new Card(this.host, lesson);
      if (left) left.back();
      else {
        const { message: draft, ...start } = lesson.start;
        this.stage.columns.aside({ ...start, draft });
      }
      this.problem = undefined;
      this.stage.onbegin();
      return true;
    } catch (error) {
      this.problem = message(error);
      return false;
    }
  }

  /** Remembers how the lesson that is open stands, and what is in Play. */
  #keep(): void {
    if (this.card)
      this.#left.set(this.card.slug, { card: this.card, back: this.stage.columns.whole() });
  }
}
