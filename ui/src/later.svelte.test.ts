import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import Root from './App.svelte';
import { App } from './app.svelte';
import { FakeHost } from './host/fake';

// jsdom draws nothing and lays nothing out, and its dialogs do not open.
globalThis.CSS ??= {} as typeof CSS;
globalThis.ResizeObserver = class {
  observe = () => undefined;
  unobserve = () => undefined;
  disconnect = () => undefined;
};
globalThis.matchMedia = () => ({ addEventListener: () => undefined }) as unknown as MediaQueryList;
HTMLDialogElement.prototype.showModal = () => undefined;

/** So long a busy machine may take to load a room. */
const PATIENCE = { timeout: 30_000 };

let app: App;
let close: () => void;
beforeEach(async () => {
  const host = new FakeHost();
  host.pace = undefined;
  app = new App(host, await host.start());
  const shown = mount(Root, { target: document.body, props: { app } });
  close = () => void unmount(shown);
  flushSync();
});
afterEach(() => close());

const play = () => document.querySelector('[aria-label=Conversation]');
const runs = () => document.querySelector('main[aria-label=Runs]');
const title = () => document.querySelector('dialog h2')?.textContent;

test('Play stays until the room that was wanted is there, and is at once when one comes back', async () => {
  app.go('runs');
  flushSync();
  expect([play(), runs()].map((it) => it !== null)).toEqual([true, false]);
  await vi.waitFor(() => expect(runs()).not.toBeNull(), PATIENCE);
  expect(play()).toBeNull();
  app.go('play');
  flushSync();
  app.go('runs');
  flushSync();
  expect(runs()).not.toBeNull();
});

test.each([
  ['settings', 'Settings and keys'],
  ['help', 'Help'],
] as const)('%s opens when it has come, and gives the focus back', async (dialog, name) => {
  const button = [...document.querySelectorAll('button')].find((it) => it.ariaLabel === null);
  button?.focus();
  app.dialog = dialog;
  await vi.waitFor(() => expect(title()).toBe(name), PATIENCE);
  app.dialog = undefined;
  flushSync();
  expect([title(), document.activeElement]).toEqual([undefined, button]);
});

test('a dialog that is no longer wanted when it comes does not open', async () => {
  app.dialog = 'help';
  flushSync();
  app.dialog = undefined;
  await import('./rooms/Help.svelte');
  await Promise.resolve();
  flushSync();
  expect(title()).toBeUndefined();
});
