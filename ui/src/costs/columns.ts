import type { CatalogueRow } from '../bindings/CatalogueRow';
import type { Price } from '../bindings/Price';
import { count, dollars } from '../text';

/** What is not known sorts last, whichever way the others go. */
type Value = string | number | null;

export interface Column {
  id: string;
  name: string;
  /** Whether it is a figure, which stands at the right. */
  isNumber?: boolean;
  value: (row: CatalogueRow) => Value;
  /** As it is shown; null if it is not known. */
  text: (row: CatalogueRow) => string | null;
}

const figure = (id: keyof Price & ('input' | 'output' | 'cache_read'), name: string): Column => ({
  id,
  name,
  isNumber: true,
  value: ({ price }) => (price?.[id] == null ? null : Number(price[id])),
  text: ({ price }) => (price?.[id] == null ? null : dollars(price[id])),
});

const size = (id: 'context_window' | 'max_output', name: string): Column => ({
  id,
  name,
  isNumber: true,
  value: (row) => row[id],
  text: (row) => (row[id] === null ? null : count(row[id])),
});

const day = (id: 'valid_from' | 'valid_until', name: string, none: string): Column => ({
  id,
  name,
  value: ({ price }) => price?.[id] ?? null,
  text: ({ price }) => (price ? (price[id] ?? none) : null),
});

/** What it costs to write into the cache, for its short time and for its long. */
function writes(price: Price | null): string | null {
  if (price?.cache_write == null) return null;
  const long = price.cache_write_long;
  return [price.cache_write, ...(long === null ? [] : [long])].map(dollars).join(' / ');
}

/** What a long prompt costs instead: input and output. */
function tier(price: Price | null): string | null {
  if (!price) return null;
  if (!price.above) return 'none';
  const { prompt_tokens, input, output } = price.above;
  return `above ${count(prompt_tokens)}: ${dollars(input)} in, ${dollars(output)} out`;
}

export const STATUSES: Record<CatalogueRow['status'], string> = {
  active: 'active',
  retires: 'ends on a day',
  retired: 'retired',
  rerouted: 'another answers',
};

/** What the catalogue tells of a model, after its name. Prices are dollars for a million tokens. */
export const COLUMNS: readonly Column[] = [
  figure('input', 'Input'),
  figure('cache_read', 'Cached'),
  {
    id: 'cache_write',
    name: 'Cache write',
    isNumber: true,
    value: ({ price }) => (price?.cache_write == null ? null : Number(price.cache_write)),
    text: ({ price }) => writes(price),
  },
  figure('output', 'Output'),
  size('context_window', 'Window'),
  size('max_output', 'Longest reply'),
  {
    id: 'above',
    name: 'Long prompts',
    value: ({ price }) => price?.above?.prompt_tokens ?? null,
    text: ({ price }) => tier(price),
  },
  {
    id: 'batch',
    name: 'Batch',
    isNumber: true,
    value: ({ price }) => price?.batch_percent ?? null,
    text: ({ price }) => (price?.batch_percent == null ? null : `${String(price.batch_percent)} %`),
  },
  {
    id: 'status',
    name: 'Status',
    value: ({ status }) => STATUSES[status],
    text: ({ status, end }) => (end?.day ? `${STATUSES[status]}, ${end.day}` : STATUSES[status]),
  },
  day('valid_from', 'Valid from', 'the start'),
  day('valid_until', 'Valid until', 'no end known'),
  {
    id: 'source',
    name: 'Source',
    value: ({ price, source }) => price?.source ?? source,
    text: ({ price, source }) => price?.source ?? source,
  },
  {
    id: 'date',
    name: 'Source of',
    value: ({ price, date }) => price?.date ?? date,
    text: ({ price, date }) => price?.date ?? date,
  },
];

export const NAME: Column = {
  id: 'id',
  name: 'Model',
  value: ({ id }) => id,
  text: ({ id }) => id,
};
export const PROVIDER: Column = {
  id: 'provider',
  name: 'Provider',
  value: ({ provider }) => provider || null,
  text: ({ provider }) => provider || null,
};

/** `rows` in the order of a column; what is not known comes last. */
export function sorted(rows: readonly CatalogueRow[], by: Column, isUp: boolean): CatalogueRow[] {
  const sign = isUp ? 1 : -1;
  return [...rows].sort((one, other) => {
    const [a, b] = [by.value(one), by.value(other)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
    return sign * String(a).localeCompare(String(b), 'en', { numeric: true });
  });
}
