import type { MonthPlan } from '../bindings/MonthPlan';

/** The example that every price page tells: on $2.50 and $10 it is $1,500 a month. */
export const CLASSIC: MonthPlan = {
  calls_per_day: 5000,
  input_tokens: 2000,
  output_tokens: 500,
  cached_percent: 0,
  batch_percent: 0,
  growth_percent: 0,
  months: 12,
};

export type PlanField = keyof MonthPlan;

interface Field {
  id: PlanField;
  name: string;
  unit: string;
  /** What it is, in a sentence. */
  says: string;
}

/** What a plan is made of, in the order in which it is asked. What is out of range, Rust says. */
export const FIELDS: readonly Field[] = [
  {
    id: 'calls_per_day',
    name: 'Calls a day',
    unit: '',
    says: 'How often your program asks.',
  },
  {
    id: 'input_tokens',
    name: 'Input tokens',
    unit: '',
    says: 'The whole prompt of a call; 3 English words are about 4.',
  },
  {
    id: 'output_tokens',
    name: 'Output tokens',
    unit: '',
    says: 'The reply to it, hidden reasoning included.',
  },
  {
    id: 'cached_percent',
    name: 'Input from a cache',
    unit: '%',
    says: 'What is the same each time, and read from the cache.',
  },
  {
    id: 'batch_percent',
    name: 'Sent in batches',
    unit: '%',
    says: 'Calls that can wait up to a day for the reply.',
  },
  {
    id: 'growth_percent',
    name: 'Growth a month',
    unit: '%',
    says: 'More calls in each month than in the one before.',
  },
  { id: 'months', name: 'Months', unit: '', says: 'How far ahead to look. A month has 30 days.' },
];

/** The fields as they are typed. */
export type Typed = Record<PlanField, string>;

export function typed(plan: MonthPlan): Typed {
  const entries = Object.entries(plan).map(([field, value]) => [field, String(value)]);
  return Object.fromEntries(entries) as Typed;
}

/** A number as people write it, with commas or spaces between its thousands; none if it is none. */
export function numberOf(text: string): number | undefined {
  const plain = text.trim().replaceAll(/(?<=\d)[ ,_](?=\d{3}(?!\d))/g, '');
  if (!/^-?\d+(\.\d+)?(e\d{1,3})?$/i.test(plain)) return undefined;
  // What is beyond all limits is a number as well, and Rust says which the limit is.
  return Math.min(Math.max(Number(plain), -1e18), 1e18);
}

/**
 * The plan that is typed, and a sentence for every field in which no number stands: there the plan
 * has that of the example.
 */
export function planOf(fields: Typed): { plan: MonthPlan; problems: Partial<Typed> } {
  const problems: Partial<Typed> = {};
  const plan = { ...CLASSIC };
  for (const { id, unit } of FIELDS) {
    const value = numberOf(fields[id]);
    if (value === undefined)
      problems[id] = `Write a number, such as ${unit === '' ? '500' : '20'}.`;
    else plan[id] = value;
  }
  return { plan, problems };
}
