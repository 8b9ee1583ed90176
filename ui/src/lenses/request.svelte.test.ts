import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import type { RunEvent } from '../bindings/RunEvent';
import { FakeHost } from '../host/fake';
import { UNSET } from '../parameters';
import { Play } from '../play.svelte';
import ParameterPanel from '../rooms/play/ParameterPanel.svelte';
import RequestLens from './RequestLens.svelte';

const TARGET = { provider: 'practice', base_url: null, dialect: null, model: 'practice-1' };
const DIALECT = {
  id: 'openai-chat',
  name: '',
  controls: ['temperature', 'seed'] as const,
  counts_tokens: true,
};

let close: (() => void)[] = [];
afterEach(() => close.splice(0).forEach((it) => it()));

/** The lens and the parameters beside it, over a question that is being composed. */
async function room(parameters = { ...UNSET, temperature: 0.7 }) {
  const host = new FakeHost();
  host.pace = undefined;
  const setup = { target: TARGET, system: 'Be brief.', parameters, priceAs: 'gpt-6-luna' };
  const play = new Play({ host, draft: 'Why is the sky blue?', ...setup });
  const dialect = { ...DIALECT, controls: [...DIALECT.controls] };
  const lens = mount(RequestLens, {
    target: document.body,
    props: { play, dialect, catalogue: [], explanations: true },
  });
  const panel = mount(ParameterPanel, {
    target: document.body,
    props: {
      parameters,
      finding: () => undefined,
      controls: dialect.controls,
      onchange: () => undefined,
      pointed: play.pointed,
    },
  });
  close = [lens, panel].map((it) => () => void unmount(it));
  play.refresh();
  await expect.poll(() => document.querySelector('[role=tree], pre')).toBeTruthy();
  // The sentences come with the pointer.
  find('.wire').dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));
  await expect.poll(() => play.glossaries.of('openai-chat')).toBeTruthy();
  flushSync();
  return { play, host };
}

function find<E extends HTMLElement>(selector: string): E {
  const found = document.querySelector<E>(selector);
  if (!found) throw new Error(`${selector} is not there`);
  return found;
}
const row = (pointer: string) => find(`[data-pointer="${pointer}"]`);
const fire = (element: HTMLElement, type: string) =>
  flushSync(() => element.dispatchEvent(new MouseEvent(type, { bubbles: true })));
const note = () => find('[aria-label="About the field"]').textContent.replaceAll(/\s+/g, ' ');
const chip = (name: string) =>
  [...document.querySelectorAll<HTMLElement>('.chips button')].find((it) =>
    it.textContent.trim().startsWith(name),
  );
const lit = () =>
  [...document.querySelectorAll('.item.lit')].map((it) => it.getAttribute('data-pointer'));
const press = (name: string) =>
  flushSync(() =>
    [...document.querySelectorAll('button')].find((it) => it.textContent.trim() === name)?.click(),
  );

test('a field that is pointed at is explained, and one that is not known says so', async () => {
  await room();
  expect(note()).toContain('Point at a field');
  fire(row('/messages/1/role'), 'mouseover');
  expect(note()).toContain('messages[1].role');
  expect(note()).toContain('Who speaks.');
  expect(note()).toContain('It is your message.');
  fire(row('/messages/0'), 'mouseover');
  expect(note()).toContain('The whole conversation so far.');
  expect(note()).toContain('It is the system message.');
  fire(row('/messages/0/text'), 'mouseover');
  expect(note()).toContain('We know nothing of this field.');
  fire(find('[role=tree]'), 'mouseleave');
  expect(note()).toContain('Point at a field');
});

test('pointing at a control lights its JSON, in the tree and in the text', async () => {
  await room();
  expect(lit()).toEqual([]);
  fire(chip('temperature') as HTMLElement, 'pointerenter');
  expect(lit()).toEqual(['/temperature']);
  press('Text');
  const lines = () =>
    [...document.querySelectorAll('.line.lit')].map((it) => it.textContent.trim());
  expect(lines()).toEqual(['"temperature": 0.7']);
  fire(chip('temperature') as HTMLElement, 'pointerleave');
  expect(lines()).toEqual([]);
  fire(chip('seed') as HTMLElement, 'pointerenter');
  expect(lines()).toEqual([]);
});

test('pointing at JSON lights its control, in the tree and in the text', async () => {
  await room();
  const isLit = (name: string) => chip(name)?.hasAttribute('data-pointed');
  fire(row('/temperature'), 'mouseover');
  expect([isLit('temperature'), isLit('seed')]).toEqual([true, false]);
  fire(row('/model'), 'mouseover');
  expect(isLit('temperature')).toBe(false);
  press('Text');
  const line = [...document.querySelectorAll<HTMLElement>('pre .line')].find((it) =>
    it.textContent.includes('temperature'),
  );
  fire(line as HTMLElement, 'mouseover');
  expect(isLit('temperature')).toBe(true);
  expect(note()).toContain(
    'How freely each token is drawn. It comes from the parameter temperature.',
  );
  fire(find('pre'), 'mouseleave');
  expect(isLit('temperature')).toBe(false);
});

test('a message lights up, whoever says it', async () => {
  const { play } = await room();
  expect([play.makerOf('system'), play.makerOf('draft')]).toEqual(['message 0', 'message 1']);
  flushSync(() => (play.system = ''));
  expect([play.makerOf('system'), play.makerOf('draft')]).toEqual([undefined, 'message 0']);
  play.send();
  flushSync();
  const turn = play.exchanges[0];
  expect(play.makerOf(turn)).toBe('message 0');
  const text = [{ type: 'text' as const, choice: 0, text: 'Air.' }];
  flushSync(() =>
    play.run?.apply([{ type: 'frame', index: 0, at_us: 1, offset: 0, raw: 'x', deltas: text }]),
  );
  flushSync(() => (play.draft = 'And?'));
  const all = [turn, play.run, 'draft' as const].map((it) => play.makerOf(it));
  expect(all).toEqual(['message 0', 'message 1', 'message 2']);
});

test('the keyboard reads, folds and finds', async () => {
  await room();
  const tree = find('[role=tree]');
  const key = (name: string) =>
    flushSync(() => tree.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true })));
  const active = () => find('[aria-selected=true]').dataset['pointer'];
  flushSync(() => tree.focus());
  expect(active()).toBe('/model');
  expect(note()).toContain('The id of the model that is to answer.');
  key('ArrowDown');
  expect(active()).toBe('/messages');
  key('ArrowLeft');
  expect(row('/messages').ariaExpanded).toBe('false');
  key('ArrowDown');
  expect(active()).toBe('/temperature');
  key('ArrowUp');
  key('ArrowRight');
  key('ArrowRight');
  expect(active()).toBe('/messages/0');
  key('End');
  expect(active()).toBe('/temperature');
  key('Home');
  expect(tree.getAttribute('aria-activedescendant')).toBe(row('/model').id);
  const input = find<HTMLInputElement>('input[type=search]');
  input.value = 'e';
  flushSync(() => input.dispatchEvent(new Event('input', { bubbles: true })));
  const [first] = [active()];
  expect(document.querySelectorAll('mark').length).toBeGreaterThan(3);
  const enter = (shiftKey: boolean) =>
    flushSync(() =>
      input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', shiftKey, bubbles: true })),
    );
  enter(false);
  enter(false);
  enter(false);
  expect(active()).not.toBe(first);
  enter(true);
  enter(true);
  enter(true);
  expect(active()).toBe(first);
});

test('a body that was written by hand comes from no control, and one that is no JSON is text', async () => {
  const { play } = await room();
  flushSync(() => play.edit('{ "temperature": 1.0, "temperature": 1e400 }'));
  const values = () => [...document.querySelectorAll('.value')].map((it) => it.textContent);
  expect(values()).toEqual(['1.0', '1e400']);
  fire(row('/temperature'), 'mouseover');
  expect(note()).toContain('How freely');
  expect(note()).not.toContain('parameter');
  expect(chip('temperature')?.hasAttribute('data-pointed')).toBe(false);
  flushSync(() => play.edit('{ "temperature": }'));
  expect(document.body.textContent).toContain('This is not JSON. Line 1, column 18');
  expect(find('pre').textContent).toBe('{ "temperature": }');
});

test('ten thousand values are in the tree, and few in the page', async () => {
  const { play } = await room();
  const body = JSON.stringify({ items: Array.from({ length: 10_000 }, (_, n) => n) }, null, 2);
  flushSync(() => (play.request = { method: 'POST', url: 'http://a/', headers: [], body }));
  press('Unfold all');
  expect(find('[role=tree]').style.height).toBe(`${10_001 * 24}px`);
  expect(document.querySelectorAll('[role=treeitem]').length).toBeLessThan(100);
});

test('the headers of the response stand below, each with its sentence', async () => {
  const { play } = await room();
  play.send();
  const headers = [
    { name: 'x-ratelimit-limit-tokens', value: '10' },
    { name: 'x-dragons', value: 'here' },
  ];
  const events = [
    { type: 'attempt_started', at_us: 0, attempt: 1, request: play.request },
    { type: 'response_started', at_us: 1, status: 429, version: 'HTTP/1.1', headers },
  ] as RunEvent[];
  flushSync(() => play.run?.apply(events));
  const said = find('details').textContent.replaceAll(/\s+/g, ' ');
  expect(said).toContain('status 429');
  expect(said).toContain('x-ratelimit-limit-tokens: 10 A rate limit.');
  expect(said).toContain('x-dragons: here We know nothing of this header.');
});
