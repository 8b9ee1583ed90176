import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import { Batches, type BatchKind } from '../../batch/batches.svelte';
import type { BatchState } from '../../bindings/BatchState';
import type { ModelInfo } from '../../bindings/ModelInfo';
import { FakeHost } from '../../host/fake';
import { FAKE_START } from '../../host/fake-start';
import { UNSET } from '../../parameters';
import { Play } from '../../play.svelte';
import BatchRoom from './BatchRoom.svelte';

const TARGET = { provider: 'practice', base_url: null, dialect: null, model: 'practice-1' };

// jsdom lays nothing out.
globalThis.ResizeObserver ??= class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};

let close: (() => void) | undefined;
afterEach(() => {
  close?.();
  close = undefined;
});

async function show(kind: BatchKind = 'sweep') {
  const host = new FakeHost();
  host.pace = undefined;
  const setup = { target: TARGET, system: 'Be brief.', priceAs: '', parameters: UNSET };
  const play = new Play({ host, draft: 'Why so blue?', ...setup });
  const batches = new Batches(host, () => play);
  batches.begin(kind);
  const seen: string[] = [];
  const models: readonly ModelInfo[] = FAKE_START.models;
  const given = { catalogue: models, providers: FAKE_START.providers, hasKey: () => false };
  const events = { onplay: (run: string) => void seen.push(run), onback: () => seen.push('back') };
  const props = { host, play, batches, ...given, ...events };
  const shown = mount(BatchRoom, { target: document.body, props });
  close = () => void unmount(shown);
  await says('calls');
  return { host, play, batches, seen, id: () => batches.batch?.shape.id ?? '' };
}

const text = () => document.body.textContent.replace(/\s+/g, ' ');
async function says(what: string | RegExp) {
  await expect.poll(text).toMatch(what);
  flushSync();
}
const named = (it: Element) => it.getAttribute('aria-label') ?? it.textContent.trim();
const button = (name: string) =>
  [...document.querySelectorAll('button')].find((it) => named(it).startsWith(name));
function press(name: string): void {
  const found = button(name);
  if (!found) throw new Error(`no button is named ${name}: ${text()}`);
  found.click();
  flushSync();
}
function type(label: string, value: string): void {
  const all = [...document.querySelectorAll<HTMLInputElement>('input, textarea')];
  const field = all.find((it) => it.labels?.[0]?.textContent.startsWith(label));
  if (!field) throw new Error(`no field is named ${label}`);
  field.value = value;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  flushSync();
}
const letters = () =>
  [...document.querySelectorAll('[role=row]')].map((row) =>
    [...row.querySelectorAll('button[role=gridcell]')].map((it) => it.textContent.trim()).join(''),
  );

/** A sweep that was sent, all of whose calls have ended. */
async function swept() {
  const room = await show();
  press('Send 12 calls');
  await says('0 of 12');
  room.host.batches.finish(room.id());
  await says('12 of 12');
  await expect.poll(() => room.batches.batch?.varieties.size).toBe(4);
  flushSync();
  return room;
}

test('the number of calls and what they may cost are said before anything is sent', async () => {
  const { host } = await show();
  expect(text()).toContain('12 calls, free.');
  type('Values', '0, 1');
  await says('6 calls, free.');
  type('Times each', '5');
  await says('10 calls, free.');
  expect(host.batches.started).toHaveLength(0);
  press('Send 10 calls');
  await expect.poll(() => host.batches.started.length).toBe(1);
  expect(host.batches.started[0]?.order).toMatchObject({
    kind: 'sweep',
    axis: { type: 'number', control: 'temperature', values: [0, 1] },
    repeats: 5,
    base: {
      messages: [
        { role: 'system', text: 'Be brief.' },
        { role: 'user', text: 'Why so blue?' },
      ],
    },
  });
});

test('values that are no numbers are told, and nothing can be sent', async () => {
  await show();
  type('Values', '0, warm');
  expect(text()).toContain('“warm” is no number.');
  expect(button('Send')?.disabled).toBe(true);
  type('Values', 'unset 2');
  await says('6 calls');
  expect(text()).not.toContain('is no number');
});

test('each value has its replies grouped, its braid, and the same as a table', async () => {
  await swept();
  expect(letters()).toEqual(['AAA', 'ABC', 'ABC', 'ABC']);
  const braids = [...document.querySelectorAll('svg[role=img]')].map(named);
  expect(braids[0]).toBe('Braid of tokens. All 3 replies are the same.');
  expect(braids[3]).toBe('Braid of tokens. 3 replies, 3 different.');
  const strands = [...document.querySelectorAll('svg[role=img]')].map(
    (svg) => svg.querySelectorAll('path').length,
  );
  expect(strands).toEqual([1, 4, 4, 4]);
  const rows = [...document.querySelectorAll('details table:first-of-type tbody tr')].map((row) =>
    [...row.children].map((it) => it.textContent),
  );
  expect(rows[0]?.slice(0, 3)).toEqual(['temperature 0', '3', '1']);
  expect(rows[3]?.slice(0, 3)).toEqual(['temperature 1.5', '3', '3']);
});

test('the arrows walk from call to call, and Enter opens one beside', async () => {
  const { seen } = await swept();
  const place = () => (document.activeElement as HTMLElement).dataset['place'];
  document.querySelector<HTMLElement>('[data-place="0 0"]')?.focus();
  for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowDown']) {
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    flushSync();
  }
  expect(place()).toBe('2 2');
  expect(named(document.activeElement ?? document.body)).toMatch(/^temperature 1, reply 3: says C/);
  (document.activeElement as HTMLElement).click();
  flushSync();
  const beside = document.querySelector('aside')?.textContent;
  expect(beside).toContain('temperature 1, reply 3');
  press('Open in Play');
  expect(seen).toEqual(['run 0 2 2']);
  // Esc is for a dialog above it.
  const dialog = Object.assign(document.createElement('dialog'), { open: true });
  document.body.append(dialog);
  document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
  flushSync();
  expect(document.querySelector('aside')).not.toBeNull();
  dialog.remove();
  const escape = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true });
  let isHeard = false;
  const hear = () => (isHeard = true);
  addEventListener('keydown', hear);
  document.activeElement?.dispatchEvent(escape);
  removeEventListener('keydown', hear);
  flushSync();
  expect(isHeard).toBe(false);
  expect(document.querySelector('aside')).toBeNull();
  expect(place()).toBe('2 2');
});

test('a sweep can be paused, resumed and stopped', async () => {
  const { host, id } = await show();
  press('Send 12 calls');
  await says('0 of 12');
  host.batches.finish(id(), 5);
  await says('5 of 12');
  press('Pause');
  await says('7 calls not sent yet');
  press('Resume');
  await says('Pause');
  press('Stop');
  await says('Stopped: 7 calls not sent');
  expect(host.batches.asked.map((it) => it.split(' ')[0])).toEqual([
    'paused',
    'running',
    'stopped',
  ]);
});

test('a call that failed says why, and can be sent once more', async () => {
  const { host, id } = await show();
  press('Send 12 calls');
  await says('0 of 12');
  host.batches.failing.add('0 1 2');
  host.batches.finish(id());
  await says('1 failed');
  expect(text()).toContain('Reply 3: Too many requests.');
  expect(letters()[0]).toBe('AAA');
  press('temperature 0.7, reply 3: failed: Too many requests.');
  press('Send once more');
  expect(host.batches.asked).toEqual([`resend ${id()} 0 1 2`]);
});

test('a budget that could be passed asks before anything is sent', async () => {
  const { host } = await show();
  host.batches.over = { bound: '1', passed: [] } as never;
  press('Send 12 calls');
  await says('Nothing has been sent');
  expect(host.batches.started).toHaveLength(0);
  // Esc is its own: the room stays.
  let isHeard = false;
  const hear = () => (isHeard = true);
  addEventListener('keydown', hear);
  document.activeElement?.dispatchEvent(
    new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }),
  );
  removeEventListener('keydown', hear);
  await says('What changes');
  expect(isHeard).toBe(false);
  press('Send 12 calls');
  await says('Nothing has been sent');
  press('Leave it');
  await says('What changes');
  press('Send 12 calls');
  await says('Nothing has been sent');
  press('Send anyway');
  await says('0 of 12');
});

test('why nothing goes on is said, and a wait can be skipped', async () => {
  const { host, id } = await show();
  press('Send 12 calls');
  await says('0 of 12');
  const state = host.batches.states.get(id()) as BatchState;
  const pace = [
    { provider: 'practice', concurrency: 1, wait_ms: 4000, sentence: 'Asked too often.' },
  ];
  host.batches.say({ ...state, pace });
  await says('Asked too often. The next call leaves in about 4 s.');
  press('Send now');
  expect(host.batches.asked).toEqual([`skip ${id()}`]);
  host.batches.say({ ...state, state: 'paused', why: 'The window was closed.' });
  await says('The window was closed.');
});

test('who listens hears what begins and ends, and no call or second between', async () => {
  const { host, id } = await show();
  press('Send 12 calls');
  await says('0 of 12');
  const begun = host.batches.states.get(id()) as BatchState;
  const all: string[] = [];
  const hear = (told: Partial<BatchState>) => {
    host.batches.say({ ...begun, state: 'running', ...told });
    flushSync();
    const now = [...document.querySelectorAll('[role=status]')].map((it) => it.textContent);
    if (all.at(-1) !== now.join(' ')) all.push(now.join(' '));
  };
  const slow = { provider: 'practice', concurrency: 1, sentence: 'Asked too often.' };
  for (const [done, running] of [
    [0, 4],
    [1, 3],
    [1, 4],
  ] as const)
    hear({ done, running });
  for (const wait_ms of [4000, 3900, 1000, null]) hear({ pace: [{ ...slow, wait_ms }] });
  hear({ done: 5, running: 2 });
  for (const running of [2, 1]) hear({ state: 'pausing', running });
  hear({ state: 'paused', running: 0 });
  expect(all).toEqual([
    '12 calls under way.',
    '12 calls under way. Practice asked for a pause.',
    '12 calls under way.',
    'Pausing',
    'Paused: 12 calls not sent yet',
  ]);
});

test('a set is a table of prompts and models, and is exported', async () => {
  const { host, id } = await show('set');
  const boxes = [...document.querySelectorAll<HTMLInputElement>('[type=checkbox]')];
  boxes.find((it) => it.labels?.[0]?.textContent.includes('practice-mini'))?.click();
  flushSync();
  type('Prompts', 'One?\n\nTwo?\nThree?');
  await says('6 calls');
  press('Send 6 calls');
  await says('0 of 6');
  host.batches.finish(id());
  await says('6 of 6');
  const rows = [...document.querySelectorAll('tbody tr')].map((row) => [
    row.querySelector('th')?.textContent.replace(/\s+/g, ' '),
    row.querySelectorAll('[role=gridcell]').length,
  ]);
  expect(rows).toEqual([
    ['1One?', 2],
    ['2Two?', 2],
    ['3Three?', 2],
  ]);
  press('Export CSV');
  await says('6 replies were written.');
  host.batches.exported = null;
  press('Dismiss');
  press('JSONL');
  expect(text()).not.toContain('written');
});

test('prompts come out of a file, and what was left out is said', async () => {
  const { host } = await show('set');
  host.batches.file = {
    ...{ name: 'questions.csv', form: 'csv', fields: ['id', 'prompt'], field: 'prompt' },
    prompts: [{ label: '7', line: 2, messages: [{ role: 'user', text: 'From a file?' }] }],
    left_out: ['Line 3 is empty.'],
  };
  press('Open a file');
  await says('questions.csv');
  expect(text()).toMatch(/1 prompt, CSV.*From a file\?.*Line 3 is empty\./);
  await says('1 calls, free.');
  press('Send 1 call');
  await expect.poll(() => host.batches.started.length).toBe(1);
});

test('the last sweep is there again, and a new one asks what Play says by now', async () => {
  const { batches, play } = await swept();
  batches.begin('sweep');
  expect(batches.batch?.state?.state).toBe('done');
  play.draft = 'And the sea?';
  press('New');
  await says('What changes');
  expect(batches.order.question).toBe('And the sea?');
  batches.order.question = 'My own?';
  play.draft = 'Something else?';
  batches.begin('sweep');
  expect(batches.order.question).toBe('My own?');
});

test('a server of one’s own can be chosen again, and what needs no key is offered', async () => {
  const { batches } = await show('set');
  const mine = {
    ...TARGET,
    provider: 'custom',
    base_url: 'http://127.0.0.1:8900/v1',
    model: 'mine',
  };
  batches.order.targets = [mine];
  flushSync();
  const box = () =>
    [...document.querySelectorAll<HTMLInputElement>('[type=checkbox]')].find((it) =>
      it.labels?.[0]?.textContent.includes('mine'),
    );
  box()?.click();
  flushSync();
  expect([box()?.checked, batches.order.targets]).toEqual([false, []]);
  box()?.click();
  expect(batches.order.targets).toEqual([mine]);
});
