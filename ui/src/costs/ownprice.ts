import type { CatalogueRow } from '../bindings/CatalogueRow';
import type { OwnPrice } from '../bindings/OwnPrice';
import { count } from '../text';
import { numberOf } from './plan';

/** The fields of the form as they are typed; an empty one says nothing. */
export type OwnFields = Record<OwnField, string>;

/** What is wrong with a field, in a sentence. */
export type Problems = Partial<Record<OwnField, string | undefined>>;

interface Field {
  id: string;
  name: string;
  kind: 'text' | 'money' | 'count' | 'percent' | 'day';
  says?: string;
}

/** What can be said of a price of one's own. Rust judges the money; the page only reads counts. */
export const OWN_FIELDS = [
  { id: 'model', name: 'Model', kind: 'text', says: 'What a request names it, letter by letter.' },
  { id: 'input', name: 'Input', kind: 'money' },
  { id: 'output', name: 'Output', kind: 'money' },
  { id: 'cache_read', name: 'Input from the cache', kind: 'money' },
  { id: 'cache_write', name: 'Input into the cache', kind: 'money' },
  { id: 'cache_write_long', name: 'Into the cache, kept longer', kind: 'money' },
  { id: 'batch_percent', name: 'A batch costs', kind: 'percent' },
  { id: 'above', name: 'Long prompts are above', kind: 'count' },
  { id: 'above_input', name: 'Input of long prompts', kind: 'money' },
  { id: 'above_output', name: 'Output of long prompts', kind: 'money' },
  { id: 'valid_from', name: 'Holds from', kind: 'day' },
  { id: 'valid_until', name: 'Holds until, that day not included', kind: 'day' },
  { id: 'context_window', name: 'Window', kind: 'count' },
  { id: 'max_output', name: 'Longest reply', kind: 'count' },
  { id: 'note', name: 'Note', kind: 'text' },
] as const satisfies readonly Field[];

export type OwnField = (typeof OWN_FIELDS)[number]['id'];

/** What Rust calls a field. */
export const FIELD_NAMES: Partial<Record<string, OwnField>> = {
  'above.prompt_tokens': 'above',
  'above.input': 'above_input',
  'above.output': 'above_output',
};

/** The form for a model: what is known of it, and its own price if it has one. */
export function fieldsOf(row: CatalogueRow | undefined, model: string): OwnFields {
  const price = row?.prices.find(({ origin }) => origin === 'own') ?? row?.price;
  const isOwn = price?.origin === 'own';
  const text = (value: string | number | null | undefined) => (value == null ? '' : String(value));
  return {
    model,
    input: text(price?.input),
    output: text(price?.output),
    cache_read: text(price?.cache_read),
    cache_write: text(price?.cache_write),
    cache_write_long: text(price?.cache_write_long),
    batch_percent: text(price?.batch_percent),
    above: text(price?.above?.prompt_tokens),
    above_input: text(price?.above?.input),
    above_output: text(price?.above?.output),
    valid_from: isOwn ? text(price.valid_from) : '',
    valid_until: isOwn ? text(price.valid_until) : '',
    context_window: row?.origin === 'own' ? text(row.context_window) : '',
    max_output: row?.origin === 'own' ? text(row.max_output) : '',
    note: isOwn ? text(price.note) : '',
  };
}

/** The price that is typed, and a sentence for each field in which no whole number stands. */
export function ownPriceOf(
  fields: OwnFields,
  provider: string | null,
): { own?: OwnPrice; problems: Problems } {
  const problems: Problems = {};
  const whole = (id: 'batch_percent' | 'above' | 'context_window' | 'max_output', most = 1e9) => {
    if (fields[id].trim() === '') return null;
    const value = numberOf(fields[id]) ?? NaN;
    if (Number.isInteger(value) && value >= 0 && value <= most) return value;
    problems[id] = `Write a whole number up to ${count(most)}, or leave it empty.`;
    return null;
  };
  const text = (id: OwnField) => fields[id].trim() || null;
  const above = whole('above');
  const own: OwnPrice = {
    ...{ model: fields.model.trim(), provider, name: null },
    ...{ context_window: whole('context_window'), max_output: whole('max_output') },
    ...{ input: fields.input.trim(), output: fields.output.trim(), note: text('note') },
    ...{ cache_read: text('cache_read'), cache_write: text('cache_write') },
    ...{ cache_write_long: text('cache_write_long'), batch_percent: whole('batch_percent', 100) },
    ...{ valid_from: text('valid_from'), valid_until: text('valid_until') },
    above:
      above === null
        ? null
        : {
            ...{ prompt_tokens: above, cache_read: null, cache_write: null },
            ...{ input: fields.above_input.trim(), output: fields.above_output.trim() },
            cache_write_long: null,
          },
  };
  return Object.keys(problems).length > 0 ? { problems } : { own, problems };
}
