import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import type { Kept } from '../../bindings/Kept';
import type { RunEvent } from '../../bindings/RunEvent';
import { Comparison } from '../../comparison.svelte';
import { FakeHost } from '../../host/fake';
import { UNSET } from '../../parameters';
import CompareRoom from './CompareRoom.svelte';

const TARGET = { provider: 'practice', base_url: null, dialect: null, model: 'practice-1' };

let close: (() => void) | undefined;
afterEach(() => close?.());

interface Told {
  text: string;
  body: string;
}

async function show(a: Told, b: Told, ids: [string, string] = ['a', 'b']) {
  const host = new FakeHost();
  const keep = (id: string, started_ms: number, { text, body }: Told) => {
    const summary = { id, started_ms, target: TARGET, question: 'Why?' } as Kept['summary'];
    const chat = { messages: [], parameters: UNSET };
    const request = { method: 'POST' as const, url: '', headers: [], body };
    const deltas = text ? [{ type: 'text' as const, choice: 0, text }] : [];
    const events: RunEvent[] = [
      { type: 'attempt_started', at_us: 0, attempt: 1, request },
      { type: 'frame', index: 0, at_us: 5, offset: 0, raw: '', deltas },
      { type: 'finished', at_us: 9 },
    ];
    host.kept.push({ run: { summary, chat, price: null }, events });
  };
  keep('a', 1, a);
  keep('b', 2, b);
  let isBack = false;
  const comparison = new Comparison(host, ids);
  const props = { comparison, onback: () => (isBack = true) };
  const shown = mount(CompareRoom, { target: document.body, props });
  close = () => void unmount(shown);
  await expect.poll(() => comparison.sides ?? comparison.problem).toBeDefined();
  flushSync();
  return { isBack: () => isBack };
}

const text = () => document.body.textContent.replace(/\s+/g, ' ');
const marked = (tag: string) =>
  [...document.querySelectorAll(`[aria-label="Replies"] ${tag}`)].map((it) => it.textContent);
function press(name: string): void {
  const all = [...document.querySelectorAll('button')];
  all.find((it) => it.textContent.trim().startsWith(name))?.click();
  flushSync();
}

test('what differs in two runs is marked by more than a colour', async () => {
  const { isBack } = await show(
    { text: 'The sky is blue.', body: '{\n  "seed": 1\n}' },
    { text: 'The sea is blue.', body: '{\n  "seed": 2\n}' },
  );
  expect([marked('del'), marked('ins')]).toEqual([['removed: sky'], ['added: sea']]);
  expect(text()).toContain('The first word is the same; 1 word is only in A, 1 only in B.');
  expect(text()).toMatch(/\/seed differs A: 1 ?B: 2/);
  press('By lines');
  expect(text()).toContain('removed: "seed": 1');
  press('By tokens');
  await expect.poll(text).toContain('1 token is only in A');
  press('Back');
  expect(isBack()).toBe(true);
});

test('two runs that are the same say so', async () => {
  await show({ text: 'Yes.', body: '{}' }, { text: 'Yes.', body: '{}' });
  expect(text()).toContain('The replies are the same, word for word.');
  expect(text()).toContain('Both sent the same body, to the last character.');
});

test.each([
  [{ text: '', body: '{' }, { text: '', body: '{}' }, 'Neither of them said anything.'],
  [{ text: '', body: '{' }, { text: '', body: '{}' }, 'One of the bodies is no JSON'],
  [{ text: '', body: '{ }' }, { text: '', body: '{}' }, 'only the writing differs'],
])('%j and %j: %s', async (a, b, says) => {
  await show(a, b);
  expect(text()).toContain(says);
});

test('a run that was deleted is said to be gone', async () => {
  await show({ text: '', body: '' }, { text: '', body: '' }, ['a', 'gone']);
  expect(document.querySelector('[role=alert]')?.textContent).toContain('no such run');
});
