import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import { FakeHost } from '../host/fake';
import { Resent, type Composed } from '../resent.svelte';
import { Run } from '../run.svelte';
import { UNSET } from '../parameters';
import RequestChanges from './RequestChanges.svelte';

const TARGET = { provider: 'openai', base_url: null, dialect: null, model: 'gpt-6-luna' };

let close: (() => void) | undefined;
afterEach(() => close?.());

const chat = (...texts: string[]) => ({
  messages: texts.map((text) => ({ role: 'user' as const, text })),
  parameters: UNSET,
});
const request = (body: string) => ({ method: 'POST' as const, url: '', headers: [], body });
const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index}\n`).join('');

/** What is shown of a request with `body`, after one with `before`. */
function show(body: string, before?: string) {
  const run = new Run('a', TARGET);
  if (before !== undefined)
    run.apply([{ type: 'attempt_started', at_us: 0, attempt: 1, request: request(before) }]);
  const composed: Composed = {
    chat: chat('a b', 'c'),
    target: TARGET,
    run: before === undefined ? undefined : run,
    request: request(body),
    edited: undefined,
    isComposing: true,
  };
  const resent = new Resent(new FakeHost(), composed);
  resent.note(run, { chat: chat('a b'), before: undefined });
  const shown = mount(RequestChanges, { target: document.body, props: { resent } });
  close = () => void unmount(shown);
  flushSync();
}

const rows = () =>
  [...document.querySelectorAll('.lines > *')].map((it) =>
    it.textContent.replace(/\s+/g, ' ').trim(),
  );

test('the first request has nothing to be compared with', () => {
  show('x');
  expect(document.body.textContent).toContain('Nothing was sent before this request');
});

test('what was sent before is folded and counted, what is new is marked in words too', async () => {
  show(lines(0, 10) + 'new\n', lines(0, 10));
  expect(rows()).toEqual(['7 lines the same', 'line 7', 'line 8', 'line 9', '+ added: new']);
  document.querySelector<HTMLElement>('.lines button')?.click();
  flushSync();
  expect(rows().length).toBe(11);
  const told = () => document.querySelector('.figure')?.textContent;
  await expect.poll(told).toMatch(/^9 of 14 input tokens.*paid for again\.$/);
});

test('the same request once more says so', () => {
  show('{}\n', '{}\n');
  expect(document.body.textContent).toContain('the same request once more');
});
