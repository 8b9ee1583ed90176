import type { AnswerVerdict } from '../bindings/AnswerVerdict';
import type { Course } from '../bindings/Course';
import type { JudgedGuess } from '../bindings/JudgedGuess';
import type { LessonAnswer } from '../bindings/LessonAnswer';
import type { LessonInfo } from '../bindings/LessonInfo';
import type { LessonPart } from '../bindings/LessonPart';
import type { LessonState } from '../bindings/LessonState';
import type { OpenLesson } from '../bindings/OpenLesson';
import type { PartState } from '../bindings/PartState';
import type { TextBlock } from '../bindings/TextBlock';
import { UNSET } from '../parameters';

export const paragraph = (text: string): TextBlock => ({
  type: 'paragraph',
  spans: [{ type: 'text', text }],
});
const ask = (text: string) => [paragraph(text)];
const words = (text: string) => [{ type: 'text' as const, text }];

/** Every kind of part that a lesson can have, with what answers it. */
const PARTS: readonly { part: LessonPart; right?: LessonAnswer }[] = [
  {
    part: {
      type: 'text',
      id: 'text-1',
      blocks: [
        {
          type: 'paragraph',
          spans: [
            { type: 'text', text: 'A reply has a limit, ' },
            {
              type: 'link',
              to: { type: 'control', control: 'max_tokens' },
              spans: words('max tokens'),
            },
            { type: 'text', text: ', and its bill is told by ' },
            {
              type: 'link',
              to: { type: 'field', place: 'usage', says: 'What was counted.' },
              spans: [{ type: 'code', text: 'usage' }],
            },
            { type: 'text', text: '.' },
          ],
        },
      ],
    },
  },
  {
    part: {
      type: 'predict',
      id: 'predict-1',
      ask: ask('How many tokens will the reply have?'),
      form: { type: 'number', unit: 'tokens', within: 20 },
    },
  },
  {
    part: {
      type: 'step',
      id: 'step-1',
      ask: ask('Send it as it stands.'),
      point: 'send',
      hints: [words('The blue button sends.'), words('So does Ctrl Enter.')],
    },
  },
  { part: { type: 'text', id: 'text-2', blocks: ask('The explanation comes after.') } },
  {
    part: {
      type: 'quiz',
      id: 'quiz-1',
      ask: ask('Which word tells it?'),
      form: { type: 'choice', options: [words('stop'), words('length')] },
      hints: [],
    },
    right: { type: 'choice', chosen: 1 },
  },
  {
    part: {
      type: 'quiz',
      id: 'quiz-2',
      ask: ask('Which field sets it?'),
      form: { type: 'field' },
      hints: [words('It is a number.')],
    },
    right: { type: 'field', place: '/max_tokens' },
  },
  {
    part: {
      type: 'quiz',
      id: 'quiz-3',
      ask: ask('What does it cost?'),
      form: { type: 'number', unit: 'dollars', within: 1 },
      hints: [],
    },
    right: { type: 'number', value: 0.02 },
  },
  {
    part: {
      type: 'quiz',
      id: 'quiz-4',
      ask: ask('What is that called?'),
      form: { type: 'phrase' },
      hints: [],
    },
    right: { type: 'phrase', text: 'token' },
  },
  {
    part: {
      type: 'mistake',
      id: 'mistake-1',
      ask: ask('Which line is out of date?'),
      language: 'python',
      lines: ['ask(', '    model="practice-0",', ')'],
    },
    right: { type: 'line', line: 2 },
  },
];

const TITLES = [
  ['first-call', 'Your first call', 'What does it take to ask a model something?'],
  ['make-it-stop', 'Make it stop', 'Why does a reply break off in the middle of a word?'],
] as const;

/** A course of two lessons, as the fake host tells it: a test says when a step is passed. */
export class FakeCourse {
  readonly asked: string[] = [];
  problems: string[] = [];
  guesses: JudgedGuess[] = [];
  /** What was answered, and which steps are passed: by the lesson and the part. */
  readonly #answers = new Map<string, LessonAnswer>();
  readonly #done = new Set<string>();
  readonly #begun = new Set<string>();
  /** Those that were finished before they were begun anew, and guesses that are left out. */
  readonly #finished = new Set<string>();
  readonly leftOut = new Set<string>();

  readonly course = (): Course => ({
    lessons: TITLES.map((_, at) => this.#info(at)),
    folder: '/home/me/lessons',
    problems: this.problems,
    guesses: this.guesses,
  });

  open(slug: string): OpenLesson {
    this.asked.push(`open ${slug}`);
    this.#begun.add(slug);
    const at = TITLES.findIndex(([it]) => it === slug);
    return {
      info: this.#info(at),
      takeaway: 'A limit cuts, it does not shorten.',
      dated: null,
      next: TITLES[at + 1]?.[0] ?? null,
      start: {
        target: {
          provider: 'practice',
          base_url: null,
          dialect: 'openai-chat',
          model: 'practice-1',
        },
        system: 'Be brief.',
        message: `Tell me of ${slug}.`,
        parameters: { ...UNSET, max_tokens: 30 },
      },
      parts: PARTS.map(({ part }) => part),
      state: this.state(slug),
    };
  }

  /** What was sent passes a step. */
  pass(slug: string, part: string): void {
    this.#done.add(`${slug} ${part}`);
  }

  state(slug: string): LessonState {
    const parts = PARTS.map(({ part }) => this.#part(slug, part));
    return { parts, is_done: parts.every(({ done }) => done) };
  }

  answer(slug: string, id: string, answer: LessonAnswer): LessonState {
    this.asked.push(`answer ${slug} ${id} ${JSON.stringify(answer)}`);
    this.#answers.set(`${slug} ${id}`, answer);
    if (this.#isRight(slug, id) !== false) this.pass(slug, id);
    return this.state(slug);
  }

  reset(slug: string | null): Course {
    this.asked.push(`reset ${slug}`);
    for (const { slug: each, is_finished } of this.course().lessons)
      if (slug !== null && is_finished) this.#finished.add(each);
    if (slug === null) this.#finished.clear();
    for (const kept of [this.#answers, this.#done, this.#begun])
      for (const key of kept.keys())
        if (slug === null || key.split(' ')[0] === slug) kept.delete(key);
    return this.course();
  }

  /** Null for what is right or wrong only later. */
  #isRight(slug: string, id: string): boolean | null {
    const right = PARTS.find(({ part }) => part.id === id)?.right;
    const answer = this.#answers.get(`${slug} ${id}`);
    return right ? JSON.stringify(right) === JSON.stringify(answer) : null;
  }

  #part(slug: string, { id, type }: LessonPart): PartState {
    const answer = this.#answers.get(`${slug} ${id}`) ?? null;
    const is_left_out = this.leftOut.has(id);
    const done = type === 'text' || is_left_out || this.#done.has(`${slug} ${id}`);
    const missing = done ? null : 'A run that ended by its limit (length) is still missing.';
    const step = type === 'step' ? { met: done ? 1 : 0, of: 1, missing } : null;
    const verdict = answer && this.#verdict(slug, id, type);
    return { id, done, is_left_out, answer, verdict, step };
  }

  #verdict(slug: string, id: string, type: LessonPart['type']): AnswerVerdict {
    const right = this.#isRight(slug, id);
    const start = { ...this.#start, message: 'Prove it.' };
    const proof =
      type === 'mistake' && right
        ? { start, body: null, proves: ask('There is no such model.') }
        : null;
    return { right, truth: null, why: right ? ask('So it is.') : [], proof };
  }

  readonly #start = {
    target: { provider: 'practice', base_url: null, dialect: 'openai-chat', model: 'practice-0' },
    system: '',
    parameters: UNSET,
  };

  #info(at: number): LessonInfo {
    const [slug, title, question] = TITLES[at] ?? TITLES[0];
    const exercises = PARTS.filter(({ part }) => part.type !== 'text');
    const done = exercises.filter(({ part }) => this.#done.has(`${slug} ${part.id}`)).length;
    return {
      ...{ slug, title, question, number: at + 1, goal: `G${at + 1}`, minutes: 6, is_own: false },
      is_begun: this.#begun.has(slug),
      done,
      of: exercises.length,
      is_finished: done === exercises.length || this.#finished.has(slug),
    };
  }
}
