import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import type { ModelEstimate } from '../bindings/ModelEstimate';
import BillTable from '../parts/BillTable.svelte';
import NextCost from './NextCost.svelte';

let close: (() => void) | undefined;
afterEach(() => close?.());

const says = () => document.body.textContent.replaceAll(/\s+/g, ' ');

const CERTAINTY = {
  ...{ exact: false, low_tokens: 20, high_tokens: 26, low_cost: null, high_cost: null },
  sentence: '± (−10 to +30 %): assumed.',
};
const ESTIMATE: ModelEstimate = {
  ...{ model: 'gpt-6-luna', input_tokens: 22, certainty: CERTAINTY, price: null, saves: null },
  estimate: {
    ...{ input: '0.0000022', input_bound: '0.00002825', bound_tokens: 226, bound_is_cached: true },
    ...{ output_bound: '0.064', upper_bound: '0.06402825', output_limit: 128_000 },
    limit_from: 'model',
  },
};

function show(estimate: ModelEstimate): void {
  const shown = mount(NextCost, {
    target: document.body,
    props: { estimate, explanations: false },
  });
  close = () => void unmount(shown);
  flushSync();
}

test('a bound is rounded up, and says what it takes in', () => {
  show(ESTIMATE);
  expect(says()).toContain('≤ $0.0641');
  expect(says()).toContain(
    'at most 226 tokens with what the provider may add, written to a cache ≤ $0.0000283',
  );
  expect(says()).not.toContain('if it is cached');
});

test('where nothing is added the bound speaks of the tokens alone', () => {
  const known = ESTIMATE.estimate && { ...ESTIMATE.estimate, bound_tokens: 26 };
  show({ ...ESTIMATE, estimate: known && { ...known, bound_is_cached: false } });
  expect(says()).toContain('at most 26 tokens ≤ $0.0000283');
});

test('counts that cannot be are marked beside the total, and told below it', () => {
  const bill = {
    ...{ lines: [], total: '0.000725', missing: null, above: null, batch_percent: null },
    ...{ reported: null, odd: ['500 of 100 tokens came from the cache.'] },
  };
  const props = {
    bill: { model: 'gpt-4o', bill, price: null, unknown: null },
    ...{
      explanations: false,
      lines: { rows: [], at: undefined, onpoint: () => 0, onchoose: () => 0 },
    },
  };
  const shown = mount(BillTable, { target: document.body, props });
  close = () => void unmount(shown);
  flushSync();
  const [figure, note] = [...document.querySelectorAll('p')].map((it) => it.textContent.trim());
  expect(figure).toMatch(/^\$0\.000725\s+odd counts$/);
  expect(note).toBe('500 of 100 tokens came from the cache.');
});
