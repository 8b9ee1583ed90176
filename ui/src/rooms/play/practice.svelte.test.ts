import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, test } from 'vitest';
import type { ProviderInfo } from '../../bindings/ProviderInfo';
import { FakeHost } from '../../host/fake';
import { FAKE_START } from '../../host/fake-start';
import { UNSET } from '../../parameters';
import { Play } from '../../play.svelte';
import Conversation from './Conversation.svelte';
import ModelPicker from './ModelPicker.svelte';

const PRACTICE = { provider: 'practice', base_url: null, dialect: null, model: 'practice-1' };
const ELSEWHERE = { provider: 'openai', base_url: null, dialect: null, model: 'gpt-4o' };
const OPENAI: ProviderInfo = {
  id: 'openai',
  name: 'OpenAI',
  dialects: [],
  base_url: null,
  needs_key: true,
  first_model: 'gpt-4o',
  keys_page: null,
};
const nothing = () => undefined;

// jsdom lays nothing out, so nothing ever changes its size.
globalThis.ResizeObserver = class {
  observe = nothing;
  unobserve = nothing;
  disconnect = nothing;
};

HTMLDialogElement.prototype.showModal = nothing;
HTMLDialogElement.prototype.close = nothing;

let close: (() => void) | undefined;
afterEach(() => close?.());
const text = () => document.body.textContent.replaceAll(/\s+/g, ' ');

function picker(target: typeof PRACTICE): void {
  const props = {
    title: 'Choose a model',
    host: new FakeHost(),
    providers: [...FAKE_START.providers, OPENAI],
    catalogue: FAKE_START.models,
    servers: [],
    target,
    ...{ onpick: nothing, onserver: nothing, onkeys: nothing, onclose: nothing },
  };
  const shown = mount(ModelPicker, { target: document.body, props });
  close = () => void unmount(shown);
  flushSync();
}

test('where practice is chosen stands what its models are, and what sets each apart', () => {
  picker(PRACTICE);
  for (const said of [
    'inside this app',
    'some hundred thousand words',
    'often wrong',
    'o200k_base',
  ])
    expect(text()).toContain(said);
  for (const { id, note } of FAKE_START.models)
    expect(text().replaceAll(/\s+/g, ' ')).toMatch(new RegExp(`${id} .*${note}`));
  expect(FAKE_START.models).toHaveLength(4);
});

test('of other models that is not said', () => {
  picker(ELSEWHERE);
  expect(text()).not.toContain('some hundred thousand words');
});

test.each([
  [PRACTICE, true],
  [ELSEWHERE, false],
])('before the first question to %o it is said that replies vary: %s', (target, isSaid) => {
  const host = new FakeHost();
  const play = new Play({ host, target, system: '', parameters: UNSET, priceAs: '', draft: '' });
  const props = { play, onkeys: nothing, onmodel: nothing, onmodels: nothing, oncompare: nothing };
  const shown = mount(Conversation, { target: document.body, props });
  close = () => void unmount(shown);
  flushSync();
  expect(text()).toContain('Press Send.');
  expect(text().includes('sending again gives another reply')).toBe(isSaid);
});
