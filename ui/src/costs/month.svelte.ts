import type { MonthPlan } from '../bindings/MonthPlan';
import type { MonthRow } from '../bindings/MonthRow';
import type { MonthTable } from '../bindings/MonthTable';
import type { Host } from '../host/host';
import { Latest } from '../latest';
import { CLASSIC, FIELDS, planOf, typed, type PlanField, type Typed } from './plan';
import { count } from '../text';
import { refusal, type Refusal } from './refusal';

/** The figures follow what is typed after so many milliseconds. */
const DELAY = 120;

/** What is compared at first: the model of the classic example, and what costs less or more. */
const FIRST_MODELS = [
  'gpt-4o',
  'gpt-6-luna',
  'gpt-6.1-sol',
  'claude-haiku-5-5',
  'claude-sonnet-5-5',
  'gemini-3.8-flash',
];

interface Question {
  plan: MonthPlan;
  models: string[];
  /** Whether a number stands in every field. */
  isWhole: boolean;
}

/** Figures, and the plan that they are of. */
export interface MonthAnswer {
  plan: MonthPlan;
  table: MonthTable;
  csv: string;
}

/** What came of a question: figures, or what is wrong with the plan. */
interface Reply {
  refused: readonly Refusal[];
  answer?: MonthAnswer;
}

/** Many calls, as they are planned, and what they cost month by month. */
export class Month {
  fields = $state.raw<Typed>(typed(CLASSIC));
  models = $state.raw<readonly string[]>(FIRST_MODELS);
  /** The model that the big figure is about. */
  #lead = $state('gpt-4o');
  answer = $state.raw<MonthAnswer>();
  /** Why the plan was refused: what is wrong with each field, or with none of them. */
  refused = $state.raw<readonly Refusal[]>([]);
  readonly #answers: Latest<Question, Reply>;
  readonly #read = $derived(planOf(this.fields));

  constructor(host: Host) {
    this.#answers = new Latest<Question, Reply>(
      async (question) => {
        try {
          if (question.isWhole) return { refused: [], answer: await figures(host, question) };
        } catch (error) {
          if (refusal(error).field === undefined) throw error;
        }
        return { refused: await refusals(host, question.plan) };
      },
      ({ refused, answer }) => {
        this.refused = refused;
        if (answer) this.answer = answer;
      },
      (error) => (this.refused = [refusal(error)]),
    );
  }

  get lead(): MonthRow | undefined {
    const rows = this.answer?.table.rows;
    return rows?.find(({ model }) => model === this.#lead) ?? rows?.[0];
  }

  choose(model: string): void {
    this.#lead = model;
  }

  /** Whether the figures are of another plan than the one that is typed. */
  get isOld(): boolean {
    return this.answer !== undefined && (!this.#isWhole || this.refused.length > 0);
  }

  get #isWhole(): boolean {
    return Object.keys(this.#read.problems).length === 0;
  }

  get isClassic(): boolean {
    return JSON.stringify(this.fields) === JSON.stringify(typed(CLASSIC));
  }

  /** What is wrong with a field, in a sentence. */
  problem(field: PlanField): string | undefined {
    const refused = this.refused.find((it) => it.field === field)?.says;
    const says = refused?.replaceAll(/\d{4,}/g, (number) => count(Number(number)));
    return this.#read.problems[field] ?? says;
  }

  /** What is wrong that no field is the place to say of. */
  get trouble(): string | undefined {
    return this.refused.find((it) => !FIELDS.some(({ id }) => id === it.field))?.says;
  }

  set(field: PlanField, text: string): void {
    this.fields = { ...this.fields, [field]: text };
    this.refused = this.refused.filter((it) => it.field !== field);
    this.read(DELAY);
  }

  reset(): void {
    this.fields = typed(CLASSIC);
    this.read();
  }

  add(model: string): void {
    if (!this.models.includes(model)) this.models = [...this.models, model];
    this.read();
  }

  remove(model: string): void {
    this.models = this.models.filter((it) => it !== model);
    this.read();
  }

  /** Asks for the figures of what is typed, if it is a plan. */
  read(delay = 0): void {
    const { plan } = this.#read;
    this.#answers.want({ plan, models: [...this.models], isWhole: this.#isWhole }, delay);
  }
}

async function figures(host: Host, { plan, models }: Question): Promise<MonthAnswer> {
  const [table, csv] = await Promise.all([host.month(plan, models), host.monthCsv(plan, models)]);
  return { plan, table, csv };
}

/** What is wrong with each field: Rust tells of one at a time, so it is asked until none is left. */
async function refusals(host: Host, plan: MonthPlan): Promise<Refusal[]> {
  const refused: Refusal[] = [];
  const mended = { ...plan };
  while (refused.length < FIELDS.length) {
    try {
      await host.month(mended, []);
      break;
    } catch (error) {
      const why = refusal(error);
      const field = FIELDS.find(({ id }) => id === why.field)?.id;
      refused.push(why);
      if (!field || mended[field] === CLASSIC[field]) break;
      mended[field] = CLASSIC[field];
    }
  }
  return refused;
}
