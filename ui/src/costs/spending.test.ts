import { expect, test } from 'vitest';
import { dayIn } from '../days';
import { FakeHost } from '../host/fake';
import { amountOf, question, usedOf } from './budgets';
import { OtherPlaces, type Call } from './elsewhere.svelte';
import { begins, everyDay } from './spans';
import { SpendingView } from './spending.svelte';

test('a span ends today, and its days have no gaps, whatever the clocks do', () => {
  const today = new Date('2026-11-21T00:00').getTime();
  expect(dayIn(begins('week', today))).toBe('2026-11-15');
  expect(dayIn(begins('month', today))).toBe('2026-11-01');
  const days = everyDay(begins('days', today), today).map(dayIn);
  expect(days).toHaveLength(30);
  expect([days[0], days.at(-1)]).toEqual(['2026-10-23', '2026-11-21']);
  expect(everyDay(begins('year', today), today)).toHaveLength(365);
});

test('spending is asked for by its span, and told by day with the days between', async () => {
  const host = new FakeHost();
  const spending = new SpendingView(host);
  spending.look('week');
  await expect.poll(() => spending.answer).toBeTruthy();
  expect(spending.rows).toHaveLength(7);
  expect(spending.rows.map(({ spent }) => spent.known)).toEqual([0, 0, 0, 0, 0, 0, 12]);
  spending.by = 'models';
  expect(spending.rows.map(({ key }) => key)).toEqual([
    'claude-sonnet-5-5',
    'gpt-6-luna',
    'practice-1',
  ]);
  host.spending = () => Promise.reject({ code: 'failed', message: 'The disk is gone.' });
  spending.read();
  await expect.poll(() => spending.problem).toBe('The disk is gone.');
  expect(spending.answer).toBeTruthy();
});

test.each([
  ['', null],
  [' 2.50 ', '2.50'],
  ['$10', '10'],
  ['0', '0'],
])('the budget %j is %j', (text, amount) => expect(amountOf(text)).toBe(amount));

test.each(['-1', '1,5', '1e3', 'ten', '1.2.3', '.5', '9'.repeat(30)])(
  'the budget %j is none, and says so',
  (text) => expect(amountOf(text)).toHaveProperty('problem'),
);

test('what is asked says what it may cost, and which budget it could pass', () => {
  const passed = { which: 'run', limit: '0.1', spent: '0', in_flight: '0', unknown: 0 } as const;
  expect(question({ runs: 1, bound: '0.42', passed: [passed] })).toEqual([
    'This run may cost up to $0.42.',
    'Your budget for a run is $0.10.',
  ]);
  const day = { which: 'day', limit: '1', spent: '0.9', in_flight: '0.05', unknown: 2 } as const;
  expect(question({ runs: 3, bound: null, passed: [day] })).toEqual([
    'Nobody knows what these 3 runs together may cost at most.',
    'Your budget for today is $1, of which $0.90 is spent, runs under way may take up to $0.05, what 2 calls cost is unknown.',
  ]);
});

test('a budget for a run is used by each anew', () => {
  const state = new FakeHost().budget;
  expect(usedOf('run', state)).toBeUndefined();
  expect(usedOf('day', state)).toEqual({ spent: '0.30', inFlight: '0', unknown: 1 });
});

const USAGE = {
  ...{ input_tokens: 1000, output_tokens: 500, cache_read_tokens: null, cache_write_tokens: null },
  ...{ cache_write_long_tokens: null, reasoning_tokens: null, reported_cost: null },
  malformed: false,
};
const target = { provider: 'openai', base_url: null, dialect: null, model: 'gpt-4o' };
const call: Call = {
  ...{ id: 'a', name: 'Why?', model: 'gpt-4o', target },
  ...{ isFree: false, usage: USAGE, at: 0 },
};

test('a run is priced elsewhere, the cheapest first, and stays in sight when models are narrowed', async () => {
  const host = new FakeHost();
  const elsewhere = new OtherPlaces(host, () => ['gpt-6-luna', 'gemini-1.5-pro']);
  elsewhere.choose(call);
  await expect.poll(() => elsewhere.rows[0]?.model).toBe('gpt-6-luna');
  elsewhere.text = 'claude';
  expect(new Set(elsewhere.rows.map(({ model }) => model))).toEqual(
    new Set(['claude-sonnet-5-5', 'gpt-4o']),
  );
  [elsewhere.isEvery, elsewhere.isThen] = [true, true];
  elsewhere.ask();
  await expect.poll(() => host.askedElsewhere.length).toBe(2);
  expect(host.askedElsewhere).toEqual([
    { others: null, day: null },
    { others: ['gpt-6-luna', 'gemini-1.5-pro'], day: '1970-01-01' },
  ]);
});

test('with no run there is nothing to price, and nothing is asked', async () => {
  const host = new FakeHost();
  const elsewhere = new OtherPlaces(host, () => []);
  await elsewhere.read();
  expect([elsewhere.runs, elsewhere.call, elsewhere.answer]).toEqual([[], undefined, undefined]);
});

test('a sum is said to be of its own days until that of others is there', async () => {
  const spending = new SpendingView(new FakeHost());
  spending.look('week');
  await expect.poll(() => spending.answer?.span).toBe('week');
  spending.look('year');
  expect([spending.span, spending.answer?.span]).toEqual(['year', 'week']);
  await expect.poll(() => spending.answer?.span).toBe('year');
});

test('what another run came to never stands under the one that was chosen since', async () => {
  const host = new FakeHost();
  const { elsewhere } = host;
  const places = new OtherPlaces(host, () => []);
  let answer: () => void = () => undefined;
  host.elsewhere = (...asked) =>
    new Promise((resolve) => (answer = () => resolve(elsewhere(...asked))));
  places.choose({ ...call, id: 'one' });
  host.elsewhere = () => Promise.reject({ code: 'failed', message: 'No such model.' });
  places.choose({ ...call, id: 'other' });
  answer();
  await expect.poll(() => places.problem).toBe('No such model.');
  expect([places.answer, places.own]).toEqual([undefined, undefined]);
});
