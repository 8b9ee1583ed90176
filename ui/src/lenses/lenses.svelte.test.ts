import { flushSync, mount, unmount, type Component } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import type { Cut } from '../bindings/Cut';
import type { RunEvent } from '../bindings/RunEvent';
import { FakeHost } from '../host/fake';
import { UNSET } from '../parameters';
import { Run } from '../run.svelte';
import { Selection } from '../selection.svelte';
import CostLens from './CostLens.svelte';
import RequestLens from './RequestLens.svelte';
import TokensLens from './TokensLens.svelte';

const TARGET = { provider: 'practice', base_url: null, dialect: null, model: 'practice-1' };
const host = new FakeHost();

let close: (() => void) | undefined;
afterEach(() => close?.());

function show<Props extends Record<string, unknown>>(lens: Component<Props>, props: Props): void {
  const shown = mount(lens, { target: document.body, props });
  close = () => void unmount(shown);
  flushSync();
}

/** Does something, and lets the page follow. */
function then(happens: () => void): void {
  happens();
  flushSync();
}

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

async function tokens() {
  const reply: Cut = await host.cut('It scatters.', '', 100);
  const chat = { messages: [{ role: 'user' as const, text: 'Why so blue?' }], parameters: UNSET };
  const prompt = await host.readPrompt(chat, TARGET, null, 100);
  const rest = {
    replyProblem: undefined,
    selection: new Selection(),
    explanations: false,
    onmore: () => undefined,
    counts: true,
    serverCount: undefined as { tokens: number } | undefined,
    oncount: () => undefined,
  };
  const props = $state({ prompt, reply, hasReply: false, isComposing: true, ...rest });
  show(TokensLens, props);
  return props;
}

test('the Tokens lens shows the reply unless something is being composed', async () => {
  const props = await tokens();
  expect(view()).toBe('Prompt');
  then(() => (props.isComposing = false));
  expect(view()).toBe('Prompt');
  then(() => (props.hasReply = true));
  expect(view()).toBe('Reply');
  then(() => (props.isComposing = true));
  expect(view()).toBe('Prompt');
});

test('a press on the other view holds until something happens', async () => {
  const props = await tokens();
  then(() => Object.assign(props, { hasReply: true, isComposing: false }));
  press('Prompt');
  then(() => Object.assign(props.reply, { count: 3 }));
  expect(view()).toBe('Prompt');
  then(() => (props.isComposing = true));
  then(() => (props.isComposing = false));
  expect(view()).toBe('Reply');
});

test('the token of a reply stays lit, and is none of the prompt', async () => {
  const props = await tokens();
  const chosen = () => document.querySelector('[aria-selected=true]')?.textContent;
  const select = () => document.querySelector<HTMLElement>('[role=option]')?.click();
  then(select);
  expect(chosen()).toBe('Why');
  then(() => Object.assign(props, { hasReply: true, isComposing: false }));
  expect(chosen()).toBeUndefined();
  then(select);
  expect(chosen()).toBe('It');
  then(() => Object.assign(props.reply, { count: 3 }));
  expect(chosen()).toBe('It');
  press('Prompt');
  expect(chosen()).toBeUndefined();
  press('Reply');
  expect(chosen()).toBe('It');
  expect(props.selection.range).toEqual({ from: 0, to: 2 });
  then(() => props.selection.choose({ from: 5, to: 6 }));
  expect(chosen()).toBe(' scatters.');
});

function cost(...events: RunEvent[]) {
  const run = new Run('a', TARGET);
  run.apply(events);
  const rest = { priceAs: 'gpt-6-luna', priced: [], explanations: false, onprice: () => undefined };
  const props = $state({ estimates: [], run, isPractice: true, isComposing: false, ...rest });
  show(CostLens, props);
  return props;
}

const finished: RunEvent = { type: 'finished', at_us: 1 };

test('the Cost lens shows the bill of a run that is over, and the next call before that', () => {
  const props = cost();
  expect(view()).toBe('Next');
  then(() => props.run.apply([finished]));
  expect(view()).toBe('This');
  then(() => (props.isComposing = true));
  expect(view()).toBe('Next');
  press('This');
  expect(view()).toBe('This');
});

test('a call that failed has no bill to show', () => {
  cost({ type: 'failed', at_us: 1, error: {} } as RunEvent);
  expect(view()).toBe('Next');
});

test('a cost is not called unknown while it is being worked out', () => {
  const usage = { type: 'usage', input_tokens: 3, output_tokens: 4 };
  cost({ type: 'frame', deltas: [usage], raw: '' } as unknown as RunEvent, finished);
  expect(view()).toBe('This');
  expect(document.body.textContent).not.toContain('unknown');
});

test('the count of the provider stands beside ours', async () => {
  const props = await tokens();
  expect(buttons().some((it) => it.textContent.startsWith('Count at the provider'))).toBe(true);
  then(() => Object.assign(props, { serverCount: { tokens: 4711 } }));
  expect(document.body.textContent).toContain('4,711 tokens');
  expect(document.body.textContent).toContain(`${props.prompt.tokens.total} by our count`);
});

test('the Request lens says when a proxy is in the way, and which', () => {
  const request = { method: 'POST' as const, url: 'https://a.example/v1', headers: [], body: '{}' };
  const onedit = () => undefined;
  const rest = {
    problem: undefined,
    sent: undefined,
    edited: undefined,
    dropped: undefined,
    onedit,
  };
  const props = $state({ request, dialect: 'openai-chat', proxy: null as string | null, ...rest });
  show(RequestLens, props);
  expect(document.body.textContent).not.toContain('proxy');
  then(() => (props.proxy = 'proxy.example:3128'));
  expect(document.body.textContent).toContain('through the proxy proxy.example:3128');
});
