import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import type { DialectInfo } from '../bindings/DialectInfo';
import type { ProviderInfo } from '../bindings/ProviderInfo';
import { FakeHost } from '../host/fake';
import RosettaLens from '../lenses/RosettaLens.svelte';
import { UNSET } from '../parameters';
import { Play } from '../play.svelte';
import { targetOf } from './rosetta.svelte';

const TARGET = { provider: 'practice', base_url: null, dialect: null, model: 'practice-1' };

const dialect = (id: string, name: string): DialectInfo => {
  return { id, name, controls: [], counts_tokens: false };
};
const CHAT = dialect('openai-chat', 'Chat Completions');
const MESSAGES = dialect('anthropic', 'Anthropic Messages');
const GEMINI = dialect('gemini', 'Gemini');

function provider(id: string, dialects: DialectInfo[], needs_key = true): ProviderInfo {
  const base_url = id === 'practice' ? null : `https://${id}.example`;
  return { id, name: id, dialects, base_url, needs_key, first_model: `${id}-1`, keys_page: null };
}
const PROVIDERS = [
  provider('practice', [CHAT, MESSAGES, GEMINI], false),
  provider('openai', [CHAT]),
  provider('anthropic', [MESSAGES]),
  provider('google', [GEMINI]),
];

let close: (() => void) | undefined;
function leave(): void {
  close?.();
  close = undefined;
}
afterEach(leave);
// jsdom lays nothing out.
Element.prototype.scrollIntoView = () => undefined;
globalThis.ResizeObserver = class {
  observe = () => undefined;
  unobserve = () => undefined;
  disconnect = () => undefined;
};

async function show(hasKey = false) {
  const host = new FakeHost();
  host.pace = undefined;
  const setup = { target: TARGET, system: 'Be brief.', priceAs: 'gpt-6-luna' };
  const parameters = { ...UNSET, temperature: 0.5 };
  const play = new Play({ host, draft: 'Why so blue?', parameters, ...setup });
  const given = { dialect: CHAT, catalogue: [], explanations: true };
  const props = { play, providers: PROVIDERS, hasKey: () => hasKey, ...given };
  const shown = mount(RosettaLens, { target: document.body, props });
  close = () => void unmount(shown);
  await settled(() => play.rosetta.sheet);
  return { host, play };
}

async function settled(what: () => unknown) {
  await expect.poll(what).toBeTruthy();
  flushSync();
}

const column = (name: string) => document.querySelector(`section[aria-label="${name}"]`);
const list = (name: string) =>
  column(name)?.querySelector<HTMLElement>('[role=listbox]') ?? document.body;
const spoken = (it: Element) => it.querySelector('.text')?.textContent.replace(/\s+/g, ' ').trim();
const lit = (name: string) =>
  [...(column(name)?.querySelectorAll('.lit') ?? [])].map((it) => spoken(it));
function key(name: string, key: string): void {
  list(name).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  flushSync();
}
function press(name: string): void {
  const all = [...document.querySelectorAll('button')];
  const named = (it: Element) => it.getAttribute('aria-label') ?? it.textContent.trim();
  all.find((it) => named(it).startsWith(name))?.click();
  flushSync();
}

function askProviders(): void {
  const select = document.querySelector('select');
  if (!select) throw new Error('nobody can be chosen');
  select.value = 'provider';
  select.dispatchEvent(new Event('change', { bubbles: true }));
  flushSync();
}

test('stepping to a part lights what means the same in every column, and says how', async () => {
  await show();
  list('Chat Completions').focus();
  flushSync();
  for (let step = 0; step < 3; step++) key('Chat Completions', 'ArrowDown');
  expect(lit('Chat Completions')[0]).toMatch(/^System\. It is messages\[0\]\. \{/);
  expect(lit('Anthropic Messages')[0]).toMatch(/^System\. It is system\. "system"/);
  const said = document.querySelector('[aria-label=Rosetta] footer')?.textContent;
  expect(said).toMatch(/System, in a sentence.*It is messages\[0\].*It is system/s);

  key('Chat Completions', 'ArrowRight');
  expect(document.activeElement).toBe(list('Anthropic Messages'));
  expect(list('Anthropic Messages').getAttribute('aria-activedescendant')).toBe(
    column('Anthropic Messages')?.querySelector('.active')?.id,
  );
  key('Anthropic Messages', 'End');
  expect(lit('Anthropic Messages')[0]).toBe(
    'Temperature, no counterpart. Temperature This format has no such field.',
  );
});

test('the same meaning has the same number and colour, and what has no counterpart is hatched', async () => {
  await show();
  const parts = (name: string) =>
    [...(column(name)?.querySelectorAll<HTMLElement>('.part:has(i)') ?? [])].map((it) => [
      it.querySelector('i')?.textContent,
      it.style.getPropertyValue('--tint'),
    ]);
  const [chat, messages] = [parts('Chat Completions'), parts('Anthropic Messages')];
  const colours = new Map(chat.map(([mark, tint]) => [mark, tint]));
  expect(messages.length).toBeGreaterThan(5);
  for (const [mark, tint] of messages) expect(colours.get(mark ?? '')).toBe(tint);
  const hatched = (name: string) =>
    [...(column(name)?.querySelectorAll('.hatched') ?? [])].map((it) => [
      it.querySelector('i')?.textContent,
      it.querySelector('.line')?.textContent.trim(),
    ]);
  expect(hatched('Chat Completions')).toEqual([['7', '"temperature": 0.5']]);
  expect(hatched('Anthropic Messages')).toEqual([['7', 'Temperature']]);
});

test('a format more is a column more, and two always stay', async () => {
  const { play } = await show();
  press('Gemini');
  await settled(() => column('Anthropic Messages') && play.rosetta.sheet?.columns.length === 3);
  expect(play.rosetta.dialects).toEqual(['openai-chat', 'anthropic', 'gemini']);
  press('Chat Completions');
  press('Anthropic');
  expect(play.rosetta.dialects).toEqual(['anthropic', 'gemini']);
});

test('a column is sent as it stands, and its reply has the meanings of the others', async () => {
  const { host, play } = await show();
  press('Send as Anthropic Messages');
  expect(host.started[0]).toMatchObject({
    target: { provider: 'practice', dialect: 'anthropic', model: 'practice-1' },
    chat: play.chat,
  });
  host.tell([{ type: 'finished', at_us: 9 }]);
  await settled(() => column('Anthropic Messages')?.querySelector('[role=listbox]'));
  const said = column('Anthropic Messages')?.textContent.replace(/\s+/g, ' ') ?? '';
  expect(said).toMatch(/frames 0 to 2, 3 alike.*"role": "model"/);
  expect(column('Chat Completions')?.textContent).toContain('Nothing was sent as Chat');
});

test('who listens hears that it left and how it ended, and no frame between', async () => {
  const { host } = await show();
  press('Send as Anthropic Messages');
  const heard: string[] = [];
  const hear = () => {
    flushSync();
    const now = column('Anthropic Messages')?.querySelector('[role=status]')?.textContent ?? '';
    if (heard.at(-1) !== now) heard.push(now);
  };
  hear();
  for (let index = 0; index < 3; index++) {
    host.tell([{ type: 'frame', index, at_us: index, offset: 0, raw: '', deltas: [] }]);
    hear();
    expect(column('Anthropic Messages')?.textContent).toContain(
      `${String(index + 1)} frames so far`,
    );
  }
  host.tell([{ type: 'finished', at_us: 9 }]);
  hear();
  const sentences = heard.map((it) => it.replace(/\s+/g, ' ').trim());
  expect(sentences).toEqual(['Anthropic Messages: Sent.', 'Anthropic Messages: 3 frames.']);
});

test('a reply that is coming can be stopped', async () => {
  const { host } = await show();
  press('Send as Anthropic Messages');
  await settled(() => host.started.length === 1);
  press('Stop the reply as Anthropic Messages');
  expect(host.cancelled).toEqual([host.started[0]?.id]);
  host.tell([{ type: 'cancelled', at_us: 9 }]);
  await settled(() => column('Anthropic Messages')?.querySelector('[aria-label^="Send as"]'));
});

test('a reply to an earlier chat says so, and one of another conversation is gone', async () => {
  const { host, play } = await show();
  press('Send as Anthropic Messages');
  host.tell([{ type: 'finished', at_us: 9 }]);
  const earlier = () => column('Anthropic Messages')?.textContent.includes('as it was before');
  await settled(() => play.rosetta.sent.get('anthropic')?.anatomy);
  expect(earlier()).toBe(false);
  play.draft = 'And why so far?';
  flushSync();
  expect(earlier()).toBe(true);
  play.send();
  host.tell([{ type: 'finished', at_us: 9 }]);
  play.rosetta.send(play.chat, { ...TARGET, dialect: 'gemini' });
  play.clear();
  expect(play.rosetta.sent.size).toBe(0);
  expect(host.cancelled).toEqual([host.started.at(-1)?.id]);
});

test('without a key a provider is not asked, and with one it is', async () => {
  await show();
  askProviders();
  await settled(() => column('Anthropic Messages')?.textContent.includes('anthropic-1'));
  const send = () =>
    column('Anthropic Messages')?.querySelector<HTMLButtonElement>('[aria-label^="Send as"]');
  expect(send()?.disabled).toBe(true);
  leave();
  await show(true);
  askProviders();
  await settled(() => column('Anthropic Messages')?.textContent.includes('anthropic-1'));
  expect(send()?.disabled).toBe(false);
});

test('a budget that could be passed asks before a column is sent', async () => {
  const { host } = await show();
  host.over = { bound: '1', passed: [] } as never;
  press('Send as Chat');
  await settled(() => document.querySelector('[role=alertdialog]'));
  expect(host.started).toHaveLength(0);
  press('Send anyway');
  await settled(() => host.started.length === 1);
});

test('each format is asked where it is spoken', () => {
  const openai = { provider: 'openai', base_url: null, dialect: 'openai-chat', model: 'gpt' };
  expect(targetOf('anthropic', 'practice', openai, PROVIDERS).model).toBe('practice-1');
  expect(targetOf('openai-chat', 'provider', openai, PROVIDERS)).toBe(openai);
  expect(targetOf('gemini', 'provider', openai, PROVIDERS)).toMatchObject({
    provider: 'google',
    model: 'google-1',
  });
});
