import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test, vi } from 'vitest';
import type { ApiError } from '../../bindings/ApiError';
import type { RunEvent } from '../../bindings/RunEvent';
import { Compare } from '../../compare/compare.svelte';
import { events } from '../../compare/made';
import { Panels } from '../../compare/panels.svelte';
import { FakeHost } from '../../host/fake';
import { UNSET } from '../../parameters';
import { Play } from '../../play.svelte';
import ColumnsRoom from './ColumnsRoom.svelte';

globalThis.CSS ??= {} as typeof CSS;
globalThis.ResizeObserver ??= class {
  observe = () => undefined;
  unobserve = () => undefined;
  disconnect = () => undefined;
};

let close: (() => void) | undefined;
afterEach(() => {
  close?.();
  vi.useRealTimers();
});

const target = (model: string) => ({ provider: 'practice', base_url: null, dialect: null, model });
const nothing = () => undefined;

function room(...asked: (string | { panel: string })[]) {
  const models = asked.filter((it) => typeof it === 'string');
  const panel = asked.find((it) => typeof it !== 'string')?.panel ?? 'race';
  const host = new FakeHost();
  host.pace = undefined;
  const setup = { host, system: '', parameters: UNSET, priceAs: '', draft: 'Why?' };
  const compare = new Compare(host, new Play({ ...setup, target: target(models[0] ?? '') }));
  for (const model of models.slice(1)) compare.add(target(model));
  const panels = new Panels();
  panels.alone(panel);
  const shown = mount(ColumnsRoom, {
    target: document.body,
    props: {
      compare,
      panels,
      width: 1200,
      ...{ catalogue: [], dialect: undefined, explanations: true, priced: [] },
      ...{ providers: [], hasKey: () => false },
      placeOf: () => 'offline, free',
      ...{ onkeys: nothing, onmodel: nothing, onmodels: nothing },
      ...{ oncompare: nothing, onelsewhere: nothing },
    },
  });
  close = () => void unmount(shown);
  flushSync();
  return { host, compare, panels };
}

const text = (selector = 'body') =>
  (document.querySelector(selector)?.textContent ?? '').replace(/\s+/g, ' ');

const press = (name: string) => {
  const all = [...document.querySelectorAll('button')];
  all.find((it) => (it.ariaLabel ?? it.textContent.trim()).startsWith(name))?.click();
  flushSync();
};

test('a race is drawn from the first moment, and told at its end', async () => {
  const { host, compare } = room('a', 'b');
  expect(text('[aria-label=Race]')).toContain('Send something to all columns');
  press('Send to 2');
  await expect.poll(() => document.querySelectorAll('[data-lane]').length).toBe(2);
  const [one, other] = host.comparisons.rounds[0]?.runs ?? [];
  host.comparisons.tell(one?.id ?? '', events('Because.', { first: 40, end: 90 }));
  host.comparisons.tell(
    other?.id ?? '',
    events('So.', { refused: { at: 9, wait: 20 }, headers: 40, first: 60, end: 70 }),
  );
  await expect.poll(() => compare.isRunning).toBe(false);
  flushSync();
  const kinds = [...document.querySelectorAll('[data-lane="1"] [data-kind]')].map(
    (it) => it instanceof HTMLElement && it.dataset['kind'],
  );
  expect(kinds).toEqual(['failed', 'pause', 'wait', 'text', 'tail']);
  expect(text('[aria-label=Race]')).toContain('b was refused once for asking too often');
  // The same as a table, for those who see no bars.
  press('Table');
  expect(text('[aria-label=Race] table')).toMatch(/a ?40 ms/);
});

test('each column is summed up once for those who listen, and never while it comes', async () => {
  const { host, compare } = room('a', 'b');
  const spoken = () =>
    [...document.querySelectorAll('[data-column] > [aria-live]')].map((it) => it.textContent);
  press('Send to 2');
  const [one] = host.comparisons.rounds[0]?.runs ?? [];
  const all = events('Because of air.', { first: 40, end: 90 });
  host.comparisons.tell(one?.id ?? '', all.slice(0, 3));
  flushSync();
  expect(spoken()).toEqual(['', '']);
  host.comparisons.tell(one?.id ?? '', all.slice(3));
  await expect.poll(() => compare.all[0]?.play.isRunning).toBe(false);
  flushSync();
  expect(spoken()).toEqual(['a: done after 90 ms, 4 tokens, free. Because of air.', '']);
});

test('while names are hidden, nothing that would tell them is there', () => {
  const { compare } = room('alpha', 'beta');
  compare.blind.begin();
  flushSync();
  expect(text()).not.toMatch(/alpha|beta/);
  const offered = [...document.querySelectorAll('[aria-label="What is raced in"] button')];
  expect(offered.map((it) => it.textContent)).toEqual(['Time', 'Tokens/s']);
  const lenses = [...document.querySelectorAll<HTMLButtonElement>('[aria-label=Lenses] button')];
  expect(lenses.length > 0 && lenses.every(({ disabled }) => disabled)).toBe(true);
});

test('while names are hidden, no failure, price or former reply tells one', async () => {
  const { host, compare } = room('alpha', 'beta');
  const [alpha, beta] = compare.all;
  if (!alpha || !beta) return;
  alpha.play.target = { ...alpha.play.target, provider: 'openai' };
  compare.blind.begin();
  const error = {
    ...{ kind: 'not_found', title: 'Not found', status: 404, said: 'No model alpha at OpenAI.' },
    ...{ body: '{"model": "alpha"}', fixes: [], meaning: '', advice: '', retry_after_ms: null },
  } as unknown as ApiError;
  const round = async (begins: string) => {
    press(begins);
    for (const { id, target } of host.comparisons.rounds.at(-1)?.runs ?? []) {
      const fails: RunEvent[] = [{ type: 'failed', at_us: 9, error }];
      const says = events('Because of air.', { first: 40, end: 90 });
      host.comparisons.tell(id, target.model === 'alpha' ? fails : says);
    }
    await expect.poll(() => compare.isRunning).toBe(false);
    flushSync();
  };
  await round('Send to 2');
  await round('Send again to 2');
  const bound = text('.bound');
  for (const [muted, other] of [
    [alpha, beta],
    [beta, alpha],
  ] as const) {
    compare.mute(muted, true);
    compare.mute(other, false);
    flushSync();
    expect(text('.bound'), 'it is of all, so it tells of none').toBe(bound);
  }
  const page = document.documentElement.outerHTML;
  expect(page).toContain('Because of air.');
  expect(page).toContain('Not found');
  expect(page).not.toMatch(/alpha|beta|OpenAI/);
  expect(page).not.toMatch(/tokens?[,<]|\$0|free<|compare with the one before/);
});

test('where a letter stood a name is told, and nobody hears the column anew', async () => {
  const { host, compare } = room('alpha', 'beta');
  const spoken = () =>
    [...document.querySelectorAll('[data-column] > [aria-live]')].map((it) => it.textContent);
  compare.blind.begin();
  press('Send to 2');
  for (const { id } of host.comparisons.rounds.at(-1)?.runs ?? [])
    host.comparisons.tell(id, events('Because.', { first: 40, end: 90 }));
  await expect.poll(() => compare.blind.canChoose).toBe(true);
  flushSync();
  const heard = ['A: done after 90 ms. Because.', 'B: done after 90 ms. Because.'];
  expect(spoken()).toEqual(heard);
  press('A is better');
  await expect.poll(() => compare.blind.chosen).toBeDefined();
  flushSync();
  expect(text('[data-column="0"] header')).toMatch(/alpha|beta/);
  expect(spoken()).toEqual(heard);
  // The columns are still shuffled: there is no left and right to move to.
  press('More: column 1');
  expect(text('[role=menu]')).toContain('Repeat');
  expect(text('[role=menu]')).not.toContain('Move');
});

test('a column is heard once, with its price where that is known soon', async () => {
  const { host, compare } = room('alpha', 'beta');
  const [alpha] = compare.all;
  if (alpha) alpha.play.target = { ...alpha.play.target, provider: 'openai' };
  const spoken = () => text('[data-column="0"] > [aria-live]');
  const waiting: (() => void)[] = [];
  const bill = () => waiting.splice(0).forEach((go) => go());
  const asked = host.bill.bind(host);
  host.bill = async (...of) => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return asked(...of);
  };
  const round = async (begins: string, words: string) => {
    press(begins);
    for (const { id } of host.comparisons.rounds.at(-1)?.runs ?? [])
      host.comparisons.tell(id, events(words, { first: 40, end: 90 }));
    await expect.poll(() => compare.isRunning).toBe(false);
    flushSync();
  };
  await round('Send to 2', 'Because.');
  expect(spoken(), 'its price is yet to come').toBe('');
  bill();
  await expect.poll(spoken).toMatch(/^alpha: done after 90 ms, 4 tokens, \$/);

  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await round('Send again to 2', 'So.');
  vi.advanceTimersByTime(1000);
  flushSync();
  const heard = 'alpha: done after 90 ms, 4 tokens. So.';
  expect(spoken(), 'it is not waited for long').toBe(heard);
  bill();
  await expect.poll(() => alpha?.play.run?.bill).toBeDefined();
  flushSync();
  expect(spoken(), 'and is not told after it').toBe(heard);
});

test('the race of an earlier round is there to be looked at again', async () => {
  const { host, compare } = room('a', 'b');
  const round = async (words: string, first: number) => {
    if (words !== '') compare.draft = words;
    flushSync();
    press('Send to 2');
    for (const { id } of host.comparisons.rounds.at(-1)?.runs ?? [])
      host.comparisons.tell(id, events('Because.', { first, end: first + 50 }));
    await expect.poll(() => compare.isRunning).toBe(false);
    flushSync();
  };
  const select = () => document.querySelector<HTMLSelectElement>('[aria-label=Round]');
  const times = () => text('[aria-label=Race] tbody tr');
  await round('', 40);
  expect(select(), 'there is but one').toBeNull();
  await round('And at night?', 70);
  press('Table');
  await expect.poll(times).toContain('70 ms');
  const options = [...(select()?.options ?? [])].map((it) => it.text);
  expect([options, select()?.value]).toEqual([['Round 1 of 2', 'Round 2 of 2'], '1']);

  const choose = () => {
    const it = select();
    if (it) it.value = '0';
    it?.dispatchEvent(new Event('change', { bubbles: true }));
    flushSync();
  };
  choose();
  expect(times()).toContain('40 ms');
  press('Tokens/s');
  await expect.poll(() => text('[aria-label=Race] tbody tr')).toMatch(/a ?4 ?8/);
  document.querySelector<HTMLButtonElement>('[aria-label="What is raced in"] button')?.click();
  compare.blind.begin();
  flushSync();
  expect(select(), 'an earlier round could tell who is who').toBeNull();
  expect(times()).toContain('70 ms');
  compare.blind.end();
  flushSync();
  choose();
  await round('And on Mars?', 75);
  await expect.poll(times, { message: 'another Send is looked at' }).toContain('75 ms');
});

test('replies that say the same are cut by the models that wrote them', async () => {
  const { host, compare, panels } = room('a', 'b', 'c');
  const models: string[] = [];
  const cut = host.cut.bind(host);
  host.cut = (text, model, limit) => {
    // The columns cut what they show too, and less of it.
    if (limit < 20_000) return cut(text, model, limit);
    models.push(model);
    return model === 'b' ? Promise.reject(new Error('No such encoding.')) : cut(text, model, limit);
  };
  press('Send to 3');
  for (const { id } of host.comparisons.rounds.at(-1)?.runs ?? [])
    host.comparisons.tell(id, events('Because.', { first: 40, end: 90 }));
  await expect.poll(() => compare.isRunning).toBe(false);
  panels.alone('differences');
  flushSync();
  press('By tokens');
  const says = () => text('[aria-label=Differences]');
  await expect.poll(says).toContain('No such encoding.');
  expect(models).toEqual(['a', 'b']);
  const column = document.querySelector<HTMLSelectElement>('[aria-label="Column B"]');
  if (column) column.value = '2';
  column?.dispatchEvent(new Event('change', { bubbles: true }));
  await expect.poll(says).toContain('The replies are the same, token for token.');
  expect(models).toEqual(['a', 'b', 'a', 'c']);
  expect(says(), 'that was said of others').not.toContain('No such encoding.');
});

test('the box says whom it asks, and a removed column comes back', () => {
  const { compare } = room('a', 'b', 'c');
  const box = () => document.querySelector<HTMLTextAreaElement>('.shared textarea');
  expect(box()?.placeholder).toBe('Ask all three…');
  const [, b] = compare.all;
  if (b) compare.mute(b, true);
  flushSync();
  expect(text('.shared')).toContain('Send to 2');
  if (b) compare.remove(b);
  flushSync();
  expect(text('.shared')).toContain('b was removed');
  press('Undo');
  expect(document.querySelectorAll('[data-column]')).toHaveLength(3);
});

test('who comes back to the columns finds all of them at their end', async () => {
  const { host, compare } = room('a', 'b');
  press('Send to 2');
  for (const { id } of host.comparisons.rounds[0]?.runs ?? [])
    host.comparisons.tell(id, events('Because.', { first: 40, end: 90 }));
  await expect.poll(() => compare.isRunning).toBe(false);
  flushSync();
  compare.clock.goTo(20_000);
  expect(compare.clock.isPast).toBe(true);
  close?.();
  close = undefined;
  flushSync();
  expect([compare.clock.isPast, compare.lanes.map(({ time }) => time.isPast)]).toEqual([
    false,
    [false, false],
  ]);
});

test('the formats of columns are shown, until the person chooses some', () => {
  const { compare } = room('a', 'b', { panel: 'rosetta' });
  const speak = (at: number, dialect: string) => {
    const play = compare.all[at]?.play;
    if (play) play.target = { ...play.target, dialect };
    flushSync();
  };
  speak(0, 'openai-chat');
  speak(1, 'gemini');
  const { rosetta } = compare.play;
  expect(rosetta.dialects).toEqual(['openai-chat', 'gemini']);
  rosetta.toggle('anthropic', ['openai-chat', 'anthropic', 'gemini']);
  speak(0, 'openai-responses');
  expect(rosetta.dialects).toEqual(['openai-chat', 'anthropic', 'gemini']);
});
