import type { Bill } from '../bindings/Bill';
import type { BudgetState } from '../bindings/BudgetState';
import type { Catalogue } from '../bindings/Catalogue';
import type { CatalogueRow } from '../bindings/CatalogueRow';
import type { Elsewhere } from '../bindings/Elsewhere';
import type { FeedDiff } from '../bindings/FeedDiff';
import type { MonthPlan } from '../bindings/MonthPlan';
import type { MonthRow } from '../bindings/MonthRow';
import type { MonthTable } from '../bindings/MonthTable';
import type { OwnPrice } from '../bindings/OwnPrice';
import type { Price } from '../bindings/Price';
import type { Spending } from '../bindings/Spending';
import type { Spent } from '../bindings/Spent';
import type { Usage } from '../bindings/Usage';

/** Money and models as the fake host tells them: few, and near to what the app would say. */

export function price(model: string, input: string, output: string): Price {
  return {
    ...{ model, input, output, valid_from: null, valid_until: null, batch_percent: 50 },
    batch_cache_read: null,
    ...{ cache_read: null, cache_write: null, cache_write_long: null, above: null, note: null },
    ...{ source: 'the maker’s page', date: '2026-11-12', origin: 'built_in' },
  };
}

function row(id: string, provider: string, of: Price | null): CatalogueRow {
  return {
    ...{ id, provider, name: id, aliases: [], context_window: 128_000, max_input: null },
    ...{ max_output: 16_384, price: of, prices: of ? [of] : [], hidden: null, status: 'active' },
    ...{ end: null, origin: 'built_in', note: null, source: 'the maker’s page' },
    date: '2026-11-12',
  };
}

export const FAKE_CATALOGUE: Catalogue = {
  day: '2026-11-20',
  rows: [
    row('gpt-4o', 'openai', { ...price('gpt-4o', '2.5', '10'), cache_read: '1.25' }),
    row('gpt-6-luna', 'openai', price('gpt-6-luna', '0.1', '0.5')),
    row('claude-sonnet-5-5', 'anthropic', price('claude-sonnet-5-5', '2', '10')),
    { ...row('gemini-1.5-pro', 'gemini', price('gemini-1.5-pro', '1.25', '5')), status: 'retired' },
    row('mystery-1', 'openai', null),
  ],
  feed: null,
  checked: ['2026-11-10', '2026-11-20'],
};

/** The catalogue with a price of the person's own. */
export function withOwn(catalogue: Catalogue, own: OwnPrice): Catalogue {
  const written: Price = {
    ...price(own.model, own.input, own.output),
    ...{ cache_read: own.cache_read, origin: 'own', source: 'you' },
  };
  const known = catalogue.rows.find(({ id }) => id === own.model);
  const changed: CatalogueRow = known
    ? { ...known, price: written, hidden: known.price, prices: [written, ...known.prices] }
    : { ...row(own.model, own.provider ?? '', written), origin: 'own' };
  return { ...catalogue, rows: [...catalogue.rows.filter((it) => it !== known), changed] };
}

const theirs = ({ prices }: CatalogueRow) => prices.filter(({ origin }) => origin !== 'own');

export function withoutOwn(catalogue: Catalogue, model: string): Catalogue {
  const rows = catalogue.rows
    .filter(({ id, origin }) => id !== model || origin !== 'own')
    .map((it) =>
      it.id === model ? { ...it, price: it.hidden, hidden: null, prices: theirs(it) } : it,
    );
  return { ...catalogue, rows };
}

export const FAKE_DIFF: FeedDiff = {
  id: 'feed-1',
  format: 'genai_prices',
  source: 'prices.json',
  added: [
    {
      ...{ model: 'gpt-7', provider: 'openai', old: null, own: false, ended: null },
      ...{ new: price('gpt-7', '3', '12'), sentence: 'A model that we do not know yet.' },
    },
  ],
  changed: [
    {
      ...{ model: 'gpt-4o', provider: 'openai', old: price('gpt-4o', '2.5', '10'), own: false },
      ...{ new: price('gpt-4o', '2', '8'), sentence: '', ended: null },
    },
  ],
  ended: [],
  same: 84,
  left_out: [],
};

const decimal = (value: number) => value.toFixed(12).replace(/\.?0+$/, '');

/** A month has 30 days here too; caches and growth are left to Rust. */
export function month(plan: MonthPlan, models: readonly string[]): MonthTable {
  const rows = models.map((model): MonthRow => {
    const of = FAKE_CATALOGUE.rows.find(({ id }) => id === model)?.price;
    const nothing = { model, name: model, above: null, note: null, levers: [] };
    if (!of) {
      const unknown = { per_call: null, per_day: null, per_month: null, months: [], total: null };
      return { ...nothing, ...unknown, missing: `No price is known for ${model}.` };
    }
    const input = plan.input_tokens * Number(of.input);
    const call = (input + plan.output_tokens * Number(of.output)) / 1e6;
    const each = call * plan.calls_per_day * 30;
    const saving = each * plan.months * 0.5;
    return {
      ...nothing,
      ...{ per_call: decimal(call), per_day: decimal(call * plan.calls_per_day) },
      ...{ per_month: decimal(each), total: decimal(each * plan.months), missing: null },
      months: Array.from({ length: plan.months }, () => decimal(each)),
      levers: [
        {
          ...{ kind: 'batch', sentence: 'Send everything in batches.', model: null, missing: null },
          ...{ total: decimal(saving), saving: decimal(saving), saving_percent: 50 },
        },
      ],
    };
  });
  return { rows, calls: Array.from({ length: plan.months }, () => plan.calls_per_day * 30) };
}

export function monthCsv(plan: MonthPlan, models: readonly string[]): string {
  const lines = month(plan, models).rows.map((it) => [it.model, it.per_call, it.per_month]);
  return [['model', 'per_call', 'per_month'], ...lines].map((it) => it.join(',')).join('\n');
}

const spent = (cost: string, known: number, unknown = 0, practice = 0): Spent => {
  return { cost, known, unknown, practice };
};

export const FAKE_NOTHING: Spent = spent('0', 0);

export const FAKE_SPENDING: Spending = {
  total: spent('0.42', 12, 1, 5),
  days: [],
  models: [
    { key: 'claude-sonnet-5-5', spent: spent('0.34', 5) },
    { key: 'gpt-6-luna', spent: spent('0.08', 7, 1) },
    { key: 'practice-1', spent: spent('0', 0, 0, 5) },
  ],
  providers: [
    { key: 'anthropic', spent: spent('0.34', 5) },
    { key: 'openai', spent: spent('0.08', 7, 1) },
    { key: 'practice', spent: spent('0', 0, 0, 5) },
  ],
  conversations: [
    { key: 'Why is the sky blue?', spent: spent('0.4', 11) },
    { key: 'Two names for a pelican', spent: spent('0.02', 1, 1) },
  ],
};

export const FAKE_BUDGET: BudgetState = {
  ...{ day: spent('0.30', 8, 1), month: spent('0.42', 12, 1), in_flight: '0' },
  budget: { run: '0.10', day: '1', month: null },
};

export function elsewhere(usage: Usage, models: readonly string[]): Elsewhere {
  const rows = models.map((model) => {
    const known = FAKE_CATALOGUE.rows.find(({ id }) => id === model);
    const tokens = [usage.input_tokens ?? 0, usage.output_tokens ?? 0] as const;
    const of = known?.price;
    const total = of && (tokens[0] * Number(of.input) + tokens[1] * Number(of.output)) / 1e6;
    const cost = total == null ? null : decimal(total);
    const bill: Bill = {
      ...{ lines: [], total: cost, missing: cost === null ? 'price' : null, above: null },
      ...{ odd: [], batch_percent: null, reported: null },
    };
    return {
      ...{ model, name: model, provider: known?.provider ?? '', bill },
      ...{ unknown: cost === null ? `No price is known for ${model}.` : null },
      ...{ low: cost, high: cost, sentence: 'Counted as here.' },
    };
  });
  const cost = ({ bill }: { bill: Bill }) => Number(bill.total ?? Infinity);
  rows.sort((one, other) => cost(one) - cost(other));
  return { rows, caveat: 'Other tokenizers count the same words differently.' };
}
