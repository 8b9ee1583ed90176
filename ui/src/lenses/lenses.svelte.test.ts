import { readFileSync } from 'node:fs';
import { flushSync, mount, unmount, type Component } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import type { RunEvent } from '../bindings/RunEvent';
import { FakeHost } from '../host/fake';
import { UNSET } from '../parameters';
import { Play } from '../play.svelte';
import CostLens from './CostLens.svelte';
import { Layout } from './layout.svelte';
import { LENSES, type LensProps } from './lenses';
import RequestLens from './RequestLens.svelte';
import TokensLens from './TokensLens.svelte';

const TARGET = { provider: 'practice', base_url: null, dialect: null, model: 'practice-1' };
const DIALECT = { id: 'openai-chat', name: '', controls: [], counts_tokens: true };

let close: (() => void) | undefined;
afterEach(() => close?.());

/** A lens over a Play room in which one question was sent. */
function show(lens: Component<LensProps>): { play: Play; host: FakeHost } {
  const host = new FakeHost();
  host.pace = undefined;
  const setup = { target: TARGET, system: '', parameters: UNSET, priceAs: 'gpt-6-luna' };
  const play = new Play({ host, draft: 'Why so blue?', ...setup });
  play.send();
  const props = { play, dialect: DIALECT, catalogue: [], explanations: false };
  const shown = mount(lens, { target: document.body, props });
  close = () => void unmount(shown);
  flushSync();
  return { play, host };
}

/** Does something, and lets the page follow. */
function then(happens: () => void): void {
  happens();
  flushSync();
}

function word(text: string): RunEvent {
  const deltas = [{ type: 'text' as const, choice: 0, text }];
  return { type: 'frame', index: 0, at_us: 1, offset: 0, raw: text, deltas };
}

const finished: RunEvent = { type: 'finished', at_us: 1 };

const buttons = () => [...document.querySelectorAll('button')];
const press = (name: string) =>
  then(() =>
    buttons()
      .find((it) => it.textContent.startsWith(name))
      ?.click(),
  );
const view = () =>
  buttons()
    .find((it) => it.ariaPressed === 'true')
    ?.textContent.split(' ')[0];

/** The Tokens lens over a question that is being composed. */
async function tokens() {
  const room = show(TokensLens);
  const { play, host } = room;
  const chat = { messages: [{ role: 'user' as const, text: 'Why so blue?' }], parameters: UNSET };
  const prompt = await host.readPrompt(chat, TARGET, null, 100, { type: 'none' });
  const cut = await host.cut('It scatters.', '', 100);
  then(() => {
    play.draft = 'And';
    play.prompts.reading = prompt;
    play.replyCut.cut = cut;
  });
  return room;
}

test('the Tokens lens shows the reply unless something is being composed', async () => {
  const { play, host } = await tokens();
  expect(view()).toBe('Prompt');
  then(() => (play.draft = ''));
  expect(view()).toBe('Prompt');
  then(() => host.tell([word('It scatters.')]));
  expect(view()).toBe('Reply');
  then(() => (play.draft = 'And'));
  expect(view()).toBe('Prompt');
});

test('a press on the other view holds until something happens', async () => {
  const { play, host } = await tokens();
  then(() => host.tell([word('It scatters.')]));
  then(() => (play.draft = ''));
  press('Prompt');
  then(() => host.tell([word(' Again.')]));
  expect(view()).toBe('Prompt');
  then(() => (play.draft = 'And'));
  then(() => (play.draft = ''));
  expect(view()).toBe('Reply');
});

test('the token of a reply stays lit, and is none of the prompt', async () => {
  const { play, host } = await tokens();
  const chosen = () => document.querySelector('[aria-selected=true]')?.textContent;
  const select = () => document.querySelector<HTMLElement>('[role=option]')?.click();
  then(select);
  expect(chosen()).toBe('Why');
  then(() => host.tell([word('It scatters.')]));
  then(() => (play.draft = ''));
  expect(chosen()).toBeUndefined();
  then(select);
  expect(chosen()).toBe('It');
  const cut = await host.cut('It scatters. Always.', '', 100);
  then(() => (play.replyCut.cut = cut));
  expect(chosen()).toBe('It');
  press('Prompt');
  expect(chosen()).toBeUndefined();
  press('Reply');
  expect(chosen()).toBe('It');
  expect(play.selection.range).toEqual({ from: 0, to: 2 });
  then(() => play.selection.pin({ from: 5, to: 6 }));
  expect(chosen()).toBe(' scatters.');
});

test('the Cost lens shows the bill of a run that is over, and the next call before that', () => {
  const { play, host } = show(CostLens);
  expect(view()).toBe('Next');
  then(() => host.tell([word('So.'), finished]));
  expect(view()).toBe('This');
  then(() => (play.draft = 'And'));
  expect(view()).toBe('Next');
  press('This');
  expect(view()).toBe('This');
});

test('a call that failed has no bill to show', () => {
  const { host } = show(CostLens);
  then(() => host.tell([{ type: 'failed', at_us: 1, error: {} } as RunEvent]));
  expect(view()).toBe('Next');
});

test('a cost is not called unknown while it is being worked out', () => {
  const { host } = show(CostLens);
  const usage = { type: 'usage', input_tokens: 3, output_tokens: 4 };
  const frame = { type: 'frame', deltas: [usage], raw: '' } as unknown as RunEvent;
  then(() => host.tell([frame, finished]));
  expect(view()).toBe('This');
  expect(document.body.textContent).not.toContain('unknown');
});

test('the count of the provider stands beside ours', async () => {
  const { play } = await tokens();
  expect(buttons().some((it) => it.textContent.startsWith('Count at the provider'))).toBe(true);
  then(() => (play.serverCount.tokens = 4711));
  expect(document.body.textContent).toContain('4,711 tokens');
  expect(document.body.textContent).toContain(`${play.prompt?.tokens.total} by our count`);
});

test('the Request lens says when a proxy is in the way, and which', () => {
  const { play } = show(RequestLens);
  const request = { method: 'POST' as const, url: 'https://a.example/v1', headers: [], body: '{}' };
  then(() => (play.request = request));
  expect(document.body.textContent).not.toContain('proxy');
  then(() => (play.proxy = 'proxy.example:3128'));
  expect(document.body.textContent).toContain('through the proxy proxy.example:3128');
});

test('at most four lenses are open and at least one, whatever is pressed', () => {
  const names = LENSES.map(({ id }) => id);
  const layout = new Layout([]);
  let random = 7;
  for (let step = 0; step < 2000; step++) {
    random = (random * 16807) % 2147483647;
    const [id, isNarrow] = [names[random % names.length] ?? 'request', random % 3 === 0];
    const before = [...layout.open];
    if (random % 11 === 0) layout.alone(id);
    else layout.toggle(id, isNarrow);
    const { open } = layout;
    expect(open.length).toBeGreaterThan(0);
    expect(open.length).toBeLessThanOrEqual(4);
    expect(new Set(open).size).toBe(open.length);
    if (isNarrow || !before.includes(id)) expect(layout.shown(true).at(0)?.id).toBe(id);
  }
});

test('lenses of a former session open again, and names that mean nothing do not', () => {
  expect(new Layout(['cost', 'nonsense', 'frames', 'cost']).open).toEqual(['cost', 'frames']);
  expect(new Layout(['nonsense']).open).toHaveLength(1);
});

test('the README has every lens with the sentence of its tab', () => {
  const readme = readFileSync('../README.md', 'utf8').replaceAll(/\s+/g, ' ');
  for (const { name, shows } of LENSES)
    expect(readme.includes(`- **${name}.** ${shows}`), name).toBe(true);
});
