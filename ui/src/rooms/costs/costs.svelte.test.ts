import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import { Costs, type Section } from '../../costs/costs.svelte';
import type { Usage } from '../../bindings/Usage';
import { FakeHost } from '../../host/fake';
import { usage } from '../../host/replied';
import { FAKE_START } from '../../host/fake-start';
import CostsRoom from './CostsRoom.svelte';

// jsdom lays nothing out.
globalThis.ResizeObserver ??= class {
  observe = () => undefined;
  unobserve = () => undefined;
  disconnect = () => undefined;
};

let close: (() => void)[] = [];
afterEach(() => close.splice(0).forEach((it) => it()));

async function room(section: Section, host = new FakeHost()) {
  const costs = new Costs(host, () => undefined);
  costs.section = section;
  const kept: unknown[] = [];
  const props = {
    ...{ costs, providers: FAKE_START.providers, settings: FAKE_START.settings },
    onkeep: (changes: unknown) => Promise.resolve(void kept.push(changes)),
  };
  const mounted = mount(CostsRoom, { target: document.body, props });
  close = [() => void unmount(mounted)];
  await expect.poll(() => (flushSync(), document.querySelector('table, .said'))).toBeTruthy();
  return { costs, host, kept };
}

const text = (selector: string) =>
  [...document.querySelectorAll(selector)].map((it) =>
    it.textContent.replaceAll(/\s+/g, ' ').trim(),
  );
function press(name: string): void {
  const found = [...document.querySelectorAll('button')].find((it) =>
    (it.getAttribute('aria-label') ?? it.textContent).trim().startsWith(name),
  );
  if (!found) throw new Error(`no button ${name}`);
  flushSync(() => found.click());
}
function type(label: string, value: string): void {
  const labels = [...document.querySelectorAll('label')];
  const at = labels.find((it) => it.textContent.trim() === label)?.htmlFor ?? '';
  const field = document.getElementById(at) as HTMLInputElement;
  flushSync(() => {
    field.value = value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
  });
}

test('the answer is the first thing: what the calls come to in a month', async () => {
  await room('month');
  await expect.poll(() => (flushSync(), text('.big')[0])).toBe('$1,500 a month');
  expect(text('.said')[0]).toContain('$0.01 a call, $50 a day');
  const unknown = text('tbody tr').find((row) => row.startsWith('gpt-6.1-sol'));
  expect(unknown).toContain('unknown');
  expect(unknown).not.toContain('$0');
});

test('a field that is wrong is tied to the sentence that says so', async () => {
  await room('month');
  type('Calls a day', 'lots');
  const field = document.querySelector('[aria-invalid]');
  const sentence = document.getElementById(field?.getAttribute('aria-describedby') ?? '');
  expect(sentence?.textContent).toContain('Write a number');
  expect(text('[role=status]')[0]).toContain('last plan');
});

test('every field that is wrong is marked, with its limit', async () => {
  const host = new FakeHost();
  const month = host.month.bind(host);
  host.month = (plan, models) => {
    const bad = (field: string, why: string) =>
      Promise.reject(Object.assign(new Error(why), { code: 'failed', field }));
    if (plan.calls_per_day > 1e9)
      return bad('calls_per_day', 'Write a whole number from 0 to 1000000000.');
    if (plan.cached_percent > 100) return bad('cached_percent', 'Write a percentage to 100.');
    return month(plan, models);
  };
  await room('month', host);
  await expect.poll(() => (flushSync(), text('.big')[0])).toBe('$1,500 a month');
  type('Calls a day', '1e15');
  type('Input from a cache', '150');
  type('Months', 'many');
  await expect
    .poll(() => (flushSync(), text('[role=alert]')))
    .toEqual([
      'Write a whole number from 0 to 1,000,000,000.',
      'Write a percentage to 100.',
      'Write a number, such as 500.',
    ]);
  expect(document.querySelectorAll('[aria-invalid]')).toHaveLength(3);
});

test('a plan without calls is calm: nothing is cheapest and nothing saves', async () => {
  await room('month');
  type('Calls a day', '0');
  await expect.poll(() => (flushSync(), text('.big')[0])).toBe('$0 a month');
  expect(document.querySelectorAll('.tag, .bar i:not(.unknown)')).toHaveLength(0);
  expect(text('h3')).not.toContain('What saves most');
});

test('a count that nobody knows is not 0 elsewhere, and odd counts are marked by the figure', async () => {
  const host = new FakeHost();
  const bill = host.bill.bind(host);
  const odd = ['More tokens came from the cache than the prompt has.'];
  host.bill = async (...asked) => {
    const answer = await bill(...asked);
    return { ...answer, bill: { ...answer.bill, odd } };
  };
  const { costs } = await room('elsewhere', host);
  const told = { ...usage, input_tokens: null, output_tokens: null } as unknown as Usage;
  costs.elsewhere.choose({
    ...{ id: 'odd', name: 'Odd', model: 'gpt-4o', isFree: false, usage: told, at: Date.now() },
    target: { provider: 'openai', base_url: null, dialect: null, model: 'gpt-4o' },
  });
  await expect
    .poll(() => (flushSync(), text('.big, [role=alert]')[0] ?? ''))
    .toContain('odd counts');
  expect(text('.said')[0]).toContain('An unknown number of tokens in, unknown out.');
  expect(text('section p').filter((it) => it === odd[0])).toHaveLength(1);
  expect(text('tbody small').filter((it) => it.includes('..'))).toEqual([]);
});

test('a head tells how the table is sorted', async () => {
  await room('catalogue');
  press('Input');
  const heads = () =>
    [...document.querySelectorAll('th[aria-sort]')].map((it) => [
      it.textContent.replaceAll(/\s+/g, ''),
      it.getAttribute('aria-sort'),
    ]);
  expect(heads()).toEqual([['Input↑', 'ascending']]);
  press('Input');
  expect(heads()).toEqual([['Input↓', 'descending']]);
});

test('a budget that is no amount is not kept, and one that is goes to the settings', async () => {
  const { kept } = await room('spending');
  type('For a run', '1,5');
  await expect.poll(() => (flushSync(), text('[role=alert]')[0])).toContain('amount in dollars');
  expect(kept).toEqual([]);
  type('For a run', '1.5');
  await expect.poll(() => kept).toEqual([{ budget: { run: '1.5', day: null, month: null } }]);
});

test('a day whose calls cost nobody knows what is marked, and never free', async () => {
  const host = new FakeHost();
  const unknown = { cost: '0', known: 0, unknown: 2, practice: 0 };
  host.spendings = { ...host.spendings, models: [{ key: 'mystery-1', spent: unknown }] };
  await room('spending', host);
  press('By model');
  expect(text('tbody tr > *')).toEqual(['mystery-1', '2', '2', 'unknown', '']);
});
