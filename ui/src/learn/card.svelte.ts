import type { LessonAnswer } from '../bindings/LessonAnswer';
import type { LessonPart } from '../bindings/LessonPart';
import type { LessonProof } from '../bindings/LessonProof';
import type { LessonState } from '../bindings/LessonState';
import type { OpenLesson } from '../bindings/OpenLesson';
import type { PageControl } from '../bindings/PageControl';
import type { PartState } from '../bindings/PartState';
import { SvelteMap } from 'svelte/reactivity';
import { messages } from '../conversation.svelte';
import type { Host } from '../host/host';
import { Run } from '../run.svelte';
import { Layout } from '../lenses/layout.svelte';
import { message } from '../text';

/** A part of one kind. */
export type PartOf<Type extends LessonPart['type']> = Extract<LessonPart, { type: Type }>;

/** A part with something to do. */
export type Exercise = Exclude<LessonPart, { type: 'text' }>;

/** The card of a lesson that is open: how far it is, and what helps with it. */
export class Card {
  state = $state.raw<LessonState>() as LessonState;
  problem = $state<string>();
  /** What a screen reader is to say. */
  said = $state('');
  /** How often it was opened again to be read, when all of it was done. */
  readings = $state(0);
  /** The lenses beside it: few, since it takes some of their room. */
  readonly layout = new Layout(['tokens', 'request']);
  /** How many hints of a part are shown. */
  readonly #hints = new SvelteMap<string, number>();
  /** The runs that prove something, by the part. */
  readonly #proofs = new SvelteMap<string, Run>();
  /** What was asked last: an answer that was overtaken says nothing new. */
  #asked = 0;

  constructor(
    private readonly host: Host,
    readonly lesson: OpenLesson,
  ) {
    this.state = lesson.state;
  }

  get slug(): string {
    return this.lesson.info.slug;
  }

  get isDone(): boolean {
    return this.state.is_done;
  }

  /** What there is to do first; nothing once all of it is done. */
  get current(): LessonPart | undefined {
    return this.lesson.parts.find(({ id }) => !this.of(id)?.done);
  }

  /** All up to what there is to do: what stands behind a guess would give it away. */
  get shown(): readonly LessonPart[] {
    const { current, asked } = this;
    return current ? asked.slice(0, asked.indexOf(current) + 1) : asked;
  }

  /** All but guesses of which there is no need. */
  get asked(): readonly LessonPart[] {
    return this.lesson.parts.filter(({ id }) => !this.of(id)?.is_left_out);
  }

  /** Of everything that there is to do, whether it is done. */
  get exercises(): readonly boolean[] {
    const all = this.asked.filter(({ type }) => type !== 'text');
    return all.map(({ id }) => this.of(id)?.done ?? false);
  }

  /** How a part stands. */
  of(id: string): PartState | undefined {
    return this.state.parts.find((it) => it.id === id);
  }

  /** What was answered in a part, and what there is to say to that. */
  answered(id: string) {
    const { done: isDone = false, answer, verdict } = this.of(id) ?? {};
    return { isDone, answer, verdict, right: verdict?.right ?? null };
  }

  /** The control that there is something to be done with. */
  get point(): PageControl | undefined {
    return this.current?.type === 'step' ? (this.current.point ?? undefined) : undefined;
  }

  /** The question that is answered in the Request lens, while it is asked. */
  get fieldQuestion(): PartOf<'quiz'> | undefined {
    const { current } = this;
    return current?.type === 'quiz' && current.form.type === 'field' ? current : undefined;
  }

  hintsOf(id: string): number {
    return this.#hints.get(id) ?? 0;
  }

  hint(id: string): void {
    this.#hints.set(id, this.hintsOf(id) + 1);
  }

  proofOf(id: string): Run | undefined {
    return this.#proofs.get(id);
  }

  /** Finds out whether what was sent is what is waited for. */
  look(): Promise<void> {
    return this.#take(this.host.lookAtLesson(this.slug));
  }

  /** Answers a question, or makes a guess. */
  answer(part: string, answer: LessonAnswer): Promise<void> {
    return this.#take(this.host.answer(this.slug, part, answer), part);
  }

  /** Sends what shows a mistake. */
  async prove(part: string, { start, body }: LessonProof): Promise<void> {
    const run = new Run(crypto.randomUUID(), start.target);
    this.#proofs.set(part, run);
    const { system, message: question, parameters, target } = start;
    const chat = { messages: messages(system, [], question), parameters };
    await this.host
      .startRun(run.id, chat, target, body, true, (events) => run.apply(events))
      .catch((error: unknown) => run.refuse(message(error)));
  }

  async #take(asked: Promise<LessonState>, answered?: string): Promise<void> {
    const number = ++this.#asked;
    try {
      const state = await asked;
      if (number !== this.#asked) return;
      const before = this.current;
      [this.state, this.problem] = [state, undefined];
      this.#say(before, answered);
    } catch (error) {
      this.problem = message(error);
    }
  }

  /** Says what has changed, once. */
  #say(before: LessonPart | undefined, answered: string | undefined): void {
    const { current, isDone } = this;
    const right = answered === undefined ? null : (this.of(answered)?.verdict?.right ?? null);
    const judged = right === null ? '' : right ? 'Right. ' : 'Not quite. ';
    if (isDone && before) this.said = `${judged}Lesson done. ${this.lesson.takeaway}`;
    else if (before !== current) this.said = `${judged}Done. The lesson goes on.`;
    else if (judged) this.said = judged.trim();
    else this.said = (current && this.of(current.id)?.step?.missing) ?? '';
  }
}
