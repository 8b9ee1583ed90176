import type { Chat } from './bindings/Chat';
import type { PromptReading } from './bindings/PromptReading';
import type { Target } from './bindings/Target';
import type { Trimming } from './bindings/Trimming';
import type { Host } from './host/host';
import { Latest } from './latest';
import type { Play } from './play.svelte';
import { isSame, type Said } from './speakers';
import { message } from './text';

/** What is asked about a prompt. */
interface Question {
  said: readonly Said[];
  chat: Chat;
  target: Target;
  priceAs: string | null;
  limit: number;
  trimming: Trimming;
}

/** Reads what is written as the model will: its tokens, its price, what has to be left out. */
export class PromptReader {
  reading = $state.raw<PromptReading>();
  /** What was asked last and is answered. */
  #read: Question | undefined;
  /** What is done once it is known what has to be left out. */
  #then = $state.raw<() => void>();
  readonly #questions: Latest<Question, { question: Question; reading: PromptReading }>;

  constructor(
    host: Host,
    private readonly play: Play,
  ) {
    this.#questions = new Latest(
      async (question) => {
        const { chat, target, priceAs, limit, trimming } = question;
        const reading = await host.readPrompt(chat, target, priceAs, limit, trimming);
        return { question, reading };
      },
      ({ question, reading }) => this.#take(question, reading),
      (error) => {
        this.forget();
        play.problem = message(error);
      },
    );
  }

  /** Whether somebody waits for it. */
  get isAwaited(): boolean {
    return this.#then !== undefined;
  }

  /** Brings it up to date, once nothing is typed for a moment. */
  want(): void {
    this.#questions.want(this.#question, 60);
  }

  /** Does `then` as soon as it is known what has to be left out: most of the time, at once. */
  whenRead(then: () => void): void {
    if (this.#isRead) return then();
    this.#then = then;
    this.#questions.want(this.#question);
  }

  /** Nobody waits for it any more. */
  forget(): void {
    this.#then = undefined;
  }

  get #question(): Question {
    const { said, whole: chat, target, tub, replyCut } = this.play;
    const priceAs = this.play.isPractice ? this.play.priceAs : null;
    return { said, chat, target, priceAs, limit: replyCut.spans, trimming: tub.trimming };
  }

  /** Whether it is known what has to be left out of what is written now. */
  get #isRead(): boolean {
    const { target, edited, parameters, said, tub } = this.play;
    const { trimming } = tub;
    if (trimming.type === 'none' || edited !== undefined) return true;
    const read = this.#read;
    return (
      read !== undefined &&
      read.target === target &&
      read.chat.parameters === parameters &&
      JSON.stringify(read.trimming) === JSON.stringify(trimming) &&
      isSame(read.said, said)
    );
  }

  #take(question: Question, reading: PromptReading): void {
    [this.reading, this.#read] = [reading, question];
    this.play.tub.take(question.said, reading.context);
    this.play.findings.judge();
    const then = this.#then;
    if (!then) return;
    // What was changed while it was counted is counted anew.
    if (!this.#isRead) return this.#questions.want(this.#question);
    this.forget();
    then();
  }
}
